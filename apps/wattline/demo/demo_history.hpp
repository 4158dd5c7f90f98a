// A history for the built-in line, made on a virtual clock.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "apps/settings/settings.hpp"
#include "base/stop_signal.hpp"
#include "model/plant.hpp"

namespace wl::demo {

/// The first reason why this installation must not get a demo history, with what to do about it;
/// nothing when it may: the gateway and the PLC are the built-in ones, the database is initialised
/// and empty, and the PLC has never run.
std::optional<std::string> why_no_demo_history(const Settings& settings, const Plant& plant);

struct DemoHistory {
  int days = 7;
  std::optional<std::uint32_t> seed;  ///< Nothing: the program's own.
  std::filesystem::path programs;     ///< The folder of wattline-plc and wattline-collector.
};

enum class Filled {
  whole,
  cut,     ///< Somebody stopped it; what is there is whole up to there, and life goes on from it.
  failed,  ///< The reason was told.
};

/// Precondition: why_no_demo_history() is nothing, and no process of the installation runs. Ends at
/// the present. The collector shows its progress on stdout; `say` gets whole lines.
Filled fill_demo_history(const Settings& settings, const DemoHistory& wanted, StopSignal& stop,
                         const std::function<void(const std::string&)>& say);

}  // namespace wl::demo
