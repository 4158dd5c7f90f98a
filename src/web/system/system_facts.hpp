// What the machine, the processes and the stores of the installation said at one moment.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/host/host_figures.hpp"
#include "base/host/process_state.hpp"
#include "mail/outbox.hpp"
#include "storage/store.hpp"

namespace wl::web {

/// Nothing: not known, which is not 0.
struct ProcessFacts {
  ProcessState state;
  std::optional<double> cpu_percent;  ///< Of one processor, since the look before.
  std::optional<double> cpu_seconds;  ///< Since its start.
  std::optional<double> memory_mb;
};

struct HostFacts {
  std::optional<double> cpu_percent;  ///< 0 to 100 over all processors, since the look before.
  unsigned processors = 1;
  std::optional<MemoryRoom> memory;
  std::optional<DiskRoom> disk;  ///< That of the data directory.
};

struct DatabaseFacts {
  std::string type;                          ///< `sqlite` or `mysql`.
  std::optional<std::uint64_t> bytes;        ///< Of a server: at most a minute old.
  std::optional<storage::PoolFigures> pool;  ///< Connections of the web process; not of SQLite.
};

struct SystemFacts {
  Timestamp at{};
  std::vector<ProcessFacts> processes;  ///< The supervisor first.
  HostFacts host;
  DatabaseFacts database;
  std::optional<mail::OutboxStatus> outbox;

  /// Null for another name.
  const ProcessFacts* process(std::string_view name) const;
  /// A figure of a process that tells now, as its status file has it: a figure of one that hung or
  /// ended is not known any more.
  std::optional<double> figure(std::string_view process_name, std::string_view detail) const;
};

/// Nothing for text that is no number.
std::optional<double> number_of(std::string_view text);

}  // namespace wl::web
