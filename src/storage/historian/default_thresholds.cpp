#include "storage/historian/default_thresholds.hpp"

namespace wl::storage {
namespace {

struct Limit {
  const char* device;
  const char* parameter;
  double value;
  const char* level;
};

constexpr Limit limits[] = {
    {"conveyor", "power_kw", 3.0, "warning"},    {"conveyor", "power_kw", 4.0, "critical"},
    {"station1", "power_kw", 5.5, "warning"},    {"station1", "power_kw", 6.0, "critical"},
    {"station2", "power_kw", 5.5, "warning"},    {"station2", "power_kw", 6.0, "critical"},
    {"reject", "power_kw", 1.5, "warning"},      {"total", "power_kw", 12.5, "warning"},
    {"total", "power_kw", 15.0, "critical"},     {"total", "energy_kwh_day", 100, "warning"},
    {"total", "energy_kwh_day", 150, "critical"}};

}  // namespace

std::vector<ThresholdRow> default_thresholds() {
  std::vector<ThresholdRow> rows;
  for (const Limit& limit : limits) {
    ThresholdRow row;
    row.device_id = limit.device;
    row.parameter_name = limit.parameter;
    row.threshold_value = limit.value;
    row.alarm_level = limit.level;
    row.updated_by = "wattline";
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string default_threshold_name(const ThresholdRow& row) {
  return row.device_id + "." + row.parameter_name + " " + row.alarm_level;
}

}  // namespace wl::storage
