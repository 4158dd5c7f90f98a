// For tests: a directory of its own, a small plant and short ways to make samples.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

#include "base/durable_file.hpp"
#include "model/quality.hpp"
#include "storage/store.hpp"

namespace wl::storage {

/// Removes its directory at the end.
class ScratchDatabase : public testing::Test {
 protected:
  ScratchDatabase() {
    std::string pattern = (std::filesystem::temp_directory_path() / "wl-store-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
    options_.sqlite_path = (directory_ / "wattline.db").string();
  }
  ~ScratchDatabase() override { std::filesystem::remove_all(directory_); }

  std::string content() const { return read_file(options_.sqlite_path, 1u << 30).value_or(""); }
  void put_file(std::string_view bytes) const {
    ASSERT_TRUE(write_file(options_.sqlite_path, bytes, Durability::visible));
  }

  std::filesystem::path directory_;
  DatabaseOptions options_;
};

inline PointSpec point_spec(std::string device, std::string name, std::uint32_t device_index) {
  PointSpec point;
  point.key = device + "." + name;
  point.name = std::move(name);
  point.device = DeviceId{device_index};
  point.unit = "kW";
  return point;
}

/// conveyor.power_kw 0, conveyor.speed 1, station1.power_kw 2.
inline Plant small_plant() {
  Plant plant;
  plant.devices.push_back({.id = "conveyor", .name = {}, .description = {}, .type = "conveyor"});
  plant.devices.push_back({.id = "station1", .name = {}, .description = {}, .type = "station"});
  plant.points = {point_spec("conveyor", "power_kw", 0), point_spec("conveyor", "speed", 0),
                  point_spec("station1", "power_kw", 1)};
  return plant;
}

inline Timestamp at(std::int64_t ms) {
  return from_unix_ms(1'700'000'000'000 + ms);
}

inline Sample sample(std::uint32_t point, std::int64_t ms, double value,
                     Quality quality = quality::good) {
  return {.point = PointId{point}, .value = value, .quality = quality, .source_time = at(ms)};
}

}  // namespace wl::storage
