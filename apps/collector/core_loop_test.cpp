#include "apps/collector/core_loop.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <new>
#include <optional>
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

/// A store of which the first write throws; keeps the values of the others.
class FailingOnce : public storage::CollectorStore {
 public:
  explicit FailingOnce(std::atomic<int>& stored) : stored_(stored) {}

  Result<std::uint64_t> last_seq(const std::string&) override { return 0; }
  Result<std::optional<Timestamp>> covered_until() override { return std::nullopt; }
  Result<void> write_batch(const storage::Batch&) override {
    if (std::exchange(fails_, false)) throw std::bad_alloc();
    ++stored_;
    return {};
  }
  Result<void> checkpoint() override { return {}; }
  Result<std::vector<Sample>> latest() override { return {}; }
  Result<storage::RawAnswer> read_raw(const storage::RawQuery&) override { return {}; }
  Result<std::optional<std::pair<Timestamp, Timestamp>>> extent() override { return std::nullopt; }
  Result<storage::StatisticsAnswer> statistics(const storage::StatisticsQuery&) override {
    return {};
  }
  Result<std::vector<storage::EnergySeries>> energy(const storage::EnergyQuery&) override {
    return {};
  }
  Result<std::vector<MeterEvent>> meter_events(Timestamp, Timestamp, std::size_t) override {
    return {};
  }
  Result<std::string> ledger_state() override { return std::string(); }
  Result<std::vector<ThresholdRow>> rules() override { return {}; }
  Result<std::vector<AlarmRow>> open_alarms(Timestamp) override { return {}; }
  Result<std::uint64_t> last_alarm_id() override { return 0; }
  Result<storage::UpkeepReport> upkeep(Timestamp, const storage::RetentionRules&) override {
    return {};
  }

 private:
  std::atomic<int>& stored_;
  bool fails_ = true;
};

/// A core with a writer; the live output throws as often as `live_fails`.
struct Running {
  Plant plant = plant_of_one();
  std::atomic<int> stored = 0;
  std::atomic<int> live_fails = 0;
  std::unique_ptr<CoreLoop> loop;
  std::unique_ptr<StoreWriter> writer;

  Running() {
    collector::CoreOptions options;
    options.tick_interval = Milliseconds{100};
    options.batch_interval = Milliseconds{100};
    options.cache_bytes = 1 << 20;
    options.first_seq = 1;
    StoreWriter::Parts parts;
    parts.store = std::make_unique<FailingOnce>(stored);
    parts.ledger = std::make_unique<BatchLedger>(plant, BatchLedger::Options{}, "");
    parts.source = "test";
    writer = std::make_unique<StoreWriter>(std::move(parts),
                                           [this](WriteDone done) { loop->post(std::move(done)); });
    CoreOutputs outputs{.live =
                            [this](LiveMessage) {
                              if (live_fails.fetch_sub(1) > 0) throw std::bad_alloc();
                            },
                        .write = [this](auto batch) { writer->write(std::move(batch)); },
                        .acknowledge = [](std::uint64_t) {}};
    loop = std::make_unique<CoreLoop>(plant, options, std::move(outputs));
    loop->start();
  }
  ~Running() {
    loop->finish(Milliseconds{0});
    writer.reset();
  }

  void one_value() {
    loop->post(LinkEvent{true, "", wall_now()});
    loop->post(collector::Delivery{
        1, wall_now(), {{PointId{0}, {4.5, quality::good, wall_now()}, false}}});
  }
};

TEST(CoreLoop, a_store_that_throws_is_a_failed_write_and_tried_again) {
  Running running;
  running.one_value();

  EXPECT_TRUE(running.loop->finish(Milliseconds{10'000}));

  EXPECT_GE(running.stored, 1);
}

TEST(CoreLoop, an_output_that_throws_does_not_keep_values_from_the_store) {
  Running running;
  running.live_fails = 1;
  running.one_value();

  EXPECT_TRUE(running.loop->finish(Milliseconds{10'000}));

  EXPECT_GE(running.stored, 1);
}

}  // namespace
}  // namespace wl
