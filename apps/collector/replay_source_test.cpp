#include "apps/collector/replay_source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/collector/recording_store.hpp"
#include "apps/collector/replay_run.hpp"

namespace wl {
namespace {

using testing::ElementsAre;
using testing::Ge;
using testing::Le;

constexpr Timestamp start{std::chrono::days{20'000}};

PointSpec point(std::string name, std::string tag) {
  PointSpec spec;
  spec.key = "line." + name;
  spec.name = std::move(name);
  spec.tag = std::move(tag);
  spec.high = 1e9;
  return spec;
}

Plant plant_of_three() {
  Plant plant;
  plant.devices.push_back({.id = "line", .name = {}, .description = {}, .type = "line"});
  plant.points = {point("scan_count", "C.D.G.Scan"), point("power_kw", "C.D.G.Power"),
                  point("lost", "C.D.G.Nobody")};
  return plant;
}

gateway::TagConfig tag(std::string name, std::string address, DataType type, int scan_ms) {
  gateway::TagConfig config;
  config.name = name;
  config.path = "C.D.G." + name;
  config.address = std::move(address);
  config.type = type;
  config.scan = Milliseconds{scan_ms};
  return config;
}

gateway::GatewayConfig gateway_of_two() {
  gateway::GatewayConfig config;
  config.channels.push_back({.name = "C", .driver = "opcua", .endpoint = "", .devices = {}});
  config.channels[0].devices.push_back(
      {.name = "D",
       .groups = {{.name = "G",
                   .tags = {tag("Scan", "PLC_PRG.udiScan", DataType::uint32, 100),
                            tag("Power", "plc_prg.rpower", DataType::float32, 1000)}}}});
  return config;
}

FeedHead feed_head() {
  return {.first = start,
          .expected_end = start + std::chrono::minutes{1},
          .variables = {{DataType::uint32, "PLC_PRG.udiScan"},
                        {DataType::float32, "PLC_PRG.rPower"},
                        {DataType::boolean, "PLC_PRG.bOther"}}};
}

/// Every 100 ms another scan count and another power.
std::vector<FeedChange> scan(int number) {
  return {{0, Value{static_cast<std::uint64_t>(number)}}, {1, Value{number / 8.0}}, {2, true}};
}

struct Counts {
  int scan_counts = 0;
  int powers = 0;
};

Counts changes_of_scans(ReplaySource& source, int scans) {
  Counts counts;
  for (int i = 0; i < scans; ++i) {
    source.take(start + Milliseconds{100 * i}, scan(i + 1));
    for (const collector::PointChange& change : source.deliver())
      ++(change.point == PointId{0} ? counts.scan_counts : counts.powers);
  }
  return counts;
}

TEST(ReplaySource, a_tag_changes_as_often_as_the_gateway_scans_it) {
  ReplaySource source(plant_of_three(), gateway_of_two(), feed_head());

  const Counts counts = changes_of_scans(source, 600);

  EXPECT_EQ(counts.scan_counts, 600);
  EXPECT_THAT(counts.powers, testing::AllOf(Ge(59), Le(61)));
}

TEST(ReplaySource, a_tag_that_nothing_serves_is_named) {
  const ReplaySource source(plant_of_three(), gateway_of_two(), feed_head());

  EXPECT_THAT(source.unserved(), ElementsAre("ns=2;s=C.D.G.Nobody"));
}

StoreWriter::Parts writer_of(const Plant& plant, StoreRecord& record) {
  StoreWriter::Parts parts;
  parts.store = std::make_unique<RecordingStore>(record);
  parts.ledger = std::make_unique<BatchLedger>(plant, BatchLedger::Options{}, "");
  parts.source = "replay-test";
  return parts;
}

/// `hours` of scans each 100 ms; stops when the run does.
void feed(ReplayRun& run, int hours) {
  bool goes_on = true;
  for (int i = 0; goes_on && i < hours * 36'000; ++i)
    goes_on = run.take(start + Milliseconds{100 * i}, scan(i + 1));
}

std::size_t samples_in(const StoreRecord& record) {
  std::size_t samples = 0;
  for (const storage::Batch& batch : record.written) samples += batch.samples.size();
  return samples;
}

TEST(ReplayRun, every_sample_of_the_feed_is_stored_in_batches_of_an_hour) {
  const Plant plant = plant_of_three();
  StoreRecord record;
  ReplayRun run({plant,
                 {},
                 ReplaySource(plant, gateway_of_two(), feed_head()),
                 writer_of(plant, record),
                 start});

  feed(run, 3);

  EXPECT_TRUE(run.finish());
  EXPECT_THAT(record.written.size(), testing::AllOf(Ge(3u), Le(4u)));
  EXPECT_EQ(samples_in(record), run.samples());
  EXPECT_THAT(run.samples(), Ge(3 * 36'000u + 3 * 3'600u - 3));
  EXPECT_EQ(record.written.front().intervals.front().from, start);
  EXPECT_EQ(record.written.back().intervals.back().to, run.reached());
}

TEST(ReplayRun, a_write_that_fails_ends_the_replay_with_its_reason) {
  const Plant plant = plant_of_three();
  StoreRecord record;
  record.fail_writes = 1;
  ReplayRun run({plant,
                 {},
                 ReplaySource(plant, gateway_of_two(), feed_head()),
                 writer_of(plant, record),
                 start});

  feed(run, 6);

  EXPECT_FALSE(run.finish());
  EXPECT_EQ(run.error(), "the disk is full");
  EXPECT_TRUE(record.written.empty());
}

}  // namespace
}  // namespace wl
