// Explains every mistake in plant.json and gateway.json before a process meets it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/gateway_config.hpp"
#include "model/alarm_row.hpp"
#include "model/command_spec.hpp"
#include "model/plant.hpp"

namespace wl::plant_check {

struct ConfigText {
  std::string name;  ///< As it is to be named in findings.
  std::string text;
};

struct Input {
  ConfigText plant;
  ConfigText gateway;
  std::map<std::string, std::string> variables;  ///< Of endpoints in gateway.json.
};

/// What the database knows by name, if there is one.
struct Stored {
  std::vector<std::string> points;  ///< Keys of all that ever had a sample.
  std::vector<ThresholdRow> thresholds;
};

enum class Weight {
  error,    ///< A process refuses the file, or a value would be wrong.
  warning,  ///< It works, and is perhaps not meant.
};

struct Finding {
  Weight weight = Weight::error;
  std::string file;
  int line = 0;       ///< 0: the whole file.
  std::string place;  ///< `/devices/0/points/1/tag`; may be empty.
  std::string text;   ///< Cause and next step.
};

/// `config/plant.json:12: /devices/…: reason`.
std::string to_text(const Finding& finding);

struct Report {
  std::vector<Finding> findings;  ///< Errors first, each kind in file order.
  std::optional<Plant> plant;     ///< When it could be read.
  CommandTable commands;          ///< Of the devices of the plant.
  std::optional<gateway::GatewayConfig> gateway;

  bool sound() const;  ///< No errors.
};

/// Pure. When one file cannot be read, its mistakes are told and the two are not compared.
Report check(const Input& input, const Stored& stored = {});

/// A table: device, point, kind, unit, range, tag.
std::string list(const Plant& plant, const gateway::GatewayConfig& gateway);

}  // namespace wl::plant_check
