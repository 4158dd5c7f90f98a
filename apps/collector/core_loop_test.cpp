#include "apps/collector/core_loop.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <new>
#include <utility>

namespace wl {
namespace {

Plant plant_of_one() {
  PointSpec spec;
  spec.key = "conveyor.power_kw";
  spec.name = "power_kw";
  spec.tag = "Ch.Dev.Power";
  spec.high = 1e9;
  Plant plant;
  plant.devices.push_back({.id = "conveyor", .name = {}, .description = {}, .type = "conveyor"});
  plant.points = {spec};
  return plant;
}

/// A core whose records are on disk at once; the outputs throw as often as they are told.
struct Running {
  Plant plant = plant_of_one();
  std::atomic<int> kept = 0;  ///< Samples.
  std::atomic<int> live_fails = 0;
  std::atomic<int> keep_fails = 0;
  std::unique_ptr<CoreLoop> loop;

  Running() {
    collector::CoreOptions options;
    options.tick_interval = Milliseconds{100};
    options.first_seq = 1;
    CoreOutputs outputs{.live =
                            [this](LiveMessage) {
                              if (live_fails.fetch_sub(1) > 0) throw std::bad_alloc();
                            },
                        .keep = [this](collector::Record record) { keep(record); },
                        .acknowledge = [](std::uint64_t) {}};
    loop = std::make_unique<CoreLoop>(plant, options, std::move(outputs));
    loop->start();
  }

  void keep(const collector::Record& record) {
    if (keep_fails.fetch_sub(1) > 0) throw std::bad_alloc();
    kept += static_cast<int>(record.samples.size());
    loop->post(DurableEvent{record.seq});
  }

  void one_value() {
    loop->post(LinkEvent{true, "", wall_now()});
    loop->post(collector::Delivery{
        1, wall_now(), {{PointId{0}, {4.5, quality::good, wall_now()}, false}}});
  }
};

TEST(CoreLoop, the_last_record_is_on_disk_when_it_ends) {
  Running running;
  running.one_value();

  EXPECT_TRUE(running.loop->finish(Milliseconds{10'000}));

  EXPECT_EQ(running.kept, 1);
}

TEST(CoreLoop, an_output_that_throws_does_not_keep_values_from_the_disk) {
  Running running;
  running.live_fails = 1;
  running.one_value();

  EXPECT_TRUE(running.loop->finish(Milliseconds{10'000}));

  EXPECT_EQ(running.kept, 1);
}

TEST(CoreLoop, a_record_that_nobody_keeps_is_not_taken_for_stored) {
  Running running;
  running.keep_fails = 1;
  running.one_value();

  EXPECT_FALSE(running.loop->finish(Milliseconds{500}));
}

}  // namespace
}  // namespace wl
