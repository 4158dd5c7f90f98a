#include "apps/wattline/plant_check/point_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace wl::plant_check {
namespace {

bool is_float(DataType type) {
  return type == DataType::float32 || type == DataType::float64;
}

/// Where an integer of this type begins at 0 again; 0 for the wide ones, which never get there.
double rolls_over_at(DataType type) {
  switch (type) {
    case DataType::sbyte:
      return 128;
    case DataType::byte:
      return 256;
    case DataType::int16:
      return 32'768;
    case DataType::uint16:
      return 65'536;
    default:
      return 0;
  }
}

void judge_type(const PointSpec& point, const gateway::TagConfig& tag, std::vector<Verdict>& out) {
  const auto name = data_type_name(tag.type);
  const bool state = point.kind == PointKind::state;
  if (tag.type == DataType::string)
    out.push_back({Weight::error,
                   fmt::format("'{}' is a String, and a point needs a number: every value would be "
                               "stored as Bad_TypeMismatch",
                               tag.path)});
  else if (tag.type == DataType::boolean && !state)
    out.push_back({Weight::error, fmt::format("'{}' is a Boolean: make the point a state with two "
                                              "words, or choose a number",
                                              tag.path)});
  else if (tag.type == DataType::boolean && point.words.size() != 2)
    out.push_back({Weight::warning, fmt::format("'{}' is a Boolean and has two codes, and the "
                                                "state has {} words",
                                                tag.path, point.words.size())});
  else if (state && is_float(tag.type))
    out.push_back({Weight::error,
                   fmt::format("'{}' is a {}, and a state needs whole numbers", tag.path, name)});
  const double end = rolls_over_at(tag.type);
  if (point.kind == PointKind::counter && end > 0 && point.modulus_kwh == 0)
    out.push_back({Weight::warning,
                   fmt::format("'{}' is a {}, which begins at 0 again after {}: choose a wider "
                               "type{}",
                               tag.path, name, end,
                               point.name == "energy_kwh" ? ", or give 'modulus_kwh'" : "")});
}

void judge_power(const PointSpec& point, const DeviceSpec& device, std::vector<Verdict>& out) {
  if (point.kind != PointKind::measurement)
    out.push_back({Weight::error, "power_kw is a measurement: the ledger reads no other kind"});
  if (device.rated_power_kw > point.high)
    out.push_back({Weight::error,
                   fmt::format("'high' is {} kW, below the rated power of the device ({} kW): what "
                               "it draws at full load would be doubted",
                               point.high, device.rated_power_kw)});
}

}  // namespace

std::vector<Verdict> judge(const PointSpec& point, const DeviceSpec& device) {
  std::vector<Verdict> out;
  if (point.name == "power_kw") judge_power(point, device, out);
  if (point.name == "energy_kwh" && point.kind != PointKind::counter)
    out.push_back({Weight::error, "energy_kwh is a counter: the ledger reads no other kind"});
  if (point.kind == PointKind::counter && point.low > 0)
    out.push_back(
        {Weight::error,
         fmt::format("a counter begins at 0: below 'low' ({}) it would be doubted", point.low)});
  const bool unbounded = point.high == std::numeric_limits<double>::max();
  if (point.kind == PointKind::measurement && unbounded)
    out.push_back({Weight::warning, "without 'low' and 'high' no value of it is ever doubted"});
  if (point.max_rate > 0 && point.max_rate >= point.high - point.low)
    out.push_back({Weight::warning,
                   fmt::format("'max_rate' {} lets it cross its whole range in a second: it doubts "
                               "nothing",
                               point.max_rate)});
  return out;
}

std::vector<Verdict> judge(const PointSpec& point, const gateway::TagConfig& tag) {
  std::vector<Verdict> out;
  judge_type(point, tag, out);
  if (!point.unit.empty() && !tag.unit.empty() && point.unit != tag.unit)
    out.push_back({Weight::error,
                   fmt::format("the point is in {} and the tag in {}: give the tag a 'scaling', or "
                               "mend the unit",
                               point.unit, tag.unit)});
  return out;
}

std::vector<Verdict> judge(const CommandSpec& command, const gateway::TagConfig& tag) {
  std::vector<Verdict> out;
  if (tag.access != gateway::TagAccess::read_write)
    out.push_back(
        {Weight::error, fmt::format("'{}' is read only: every '{}' would be refused. Give the tag "
                                    "access RW",
                                    tag.path, command.name)});
  const bool is_number = tag.type != DataType::boolean && tag.type != DataType::string;
  const bool fits = command.kind == CommandKind::number ? is_number : tag.type == DataType::boolean;
  if (!fits)
    out.push_back({Weight::error,
                   fmt::format("'{}' is a {}, and '{}' writes {}", tag.path,
                               data_type_name(tag.type), command.name,
                               command.kind == CommandKind::number ? "a number" : "a Boolean")});
  return out;
}

}  // namespace wl::plant_check
