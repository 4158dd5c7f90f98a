#include "apps/collector/day_file.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

namespace wl {
namespace {

namespace fs = std::filesystem;

Plant metered_plant() {
  Plant plant;
  plant.devices.push_back({.id = "line", .name = {}, .description = {}, .type = "line"});
  PointSpec energy;
  energy.key = "line.energy_kwh";
  energy.name = "energy_kwh";
  energy.kind = PointKind::counter;
  PointSpec day;
  day.key = "line.energy_kwh_day";
  day.name = "energy_kwh_day";
  day.tag = "=day(energy_kwh)";
  plant.points = {energy, day};
  return plant;
}

class DayFileTest : public ::testing::Test {
 protected:
  DayFileTest() {
    std::string name = (fs::temp_directory_path() / "wl-day-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
  }
  ~DayFileTest() override { fs::remove_all(directory_); }

  collector::DayCounters::DayOf days() const {
    return local_days(storage::Calendar::of("Asia/Shanghai").value());
  }
  static Sample energy(double kwh, const char* at) {
    return {PointId{0}, kwh, quality::good, parse_iso8601(at).value()};
  }
  /// What the derived point shows after that reading.
  static double shown(collector::DayCounters& counters, const Sample& sample) {
    return *to_number(counters.on_sample(sample).at(0).value.value);
  }

  const Plant plant_ = metered_plant();
  fs::path directory_;
};

TEST_F(DayFileTest, the_day_goes_on_over_a_restart) {
  collector::DayCounters before(plant_, days());
  DayFile file(directory_);
  shown(before, energy(100, "2026-11-28T01:00:00Z"));
  shown(before, energy(103, "2026-11-28T02:00:00Z"));
  file.write(before.save());

  collector::DayCounters after(plant_, days());
  file.read(after);

  EXPECT_DOUBLE_EQ(shown(after, energy(107, "2026-11-28T05:00:00Z")), 7);
}

TEST_F(DayFileTest, a_day_ends_at_the_midnight_of_the_plant) {
  collector::DayCounters counters(plant_, days());
  shown(counters, energy(100, "2026-11-28T15:00:00Z"));

  EXPECT_DOUBLE_EQ(shown(counters, energy(104, "2026-11-28T15:59:59Z")), 4);
  // Shanghai is 8 h ahead: one of these two seconds is of the new day.
  EXPECT_DOUBLE_EQ(shown(counters, energy(106, "2026-11-28T16:00:01Z")), 1);
}

TEST_F(DayFileTest, a_file_that_cannot_be_read_does_not_stop_the_start) {
  std::ofstream(directory_ / "day_counters.json") << "{";
  collector::DayCounters counters(plant_, days());

  DayFile(directory_).read(counters);

  EXPECT_DOUBLE_EQ(shown(counters, energy(100, "2026-11-28T15:00:00Z")), 0);
}

TEST_F(DayFileTest, an_unknown_zone_is_a_start_error) {
  Settings settings;
  settings.time_zone = "Mars/Olympus";

  EXPECT_THROW(plant_calendar(settings, plant_), StartError);
}

}  // namespace
}  // namespace wl
