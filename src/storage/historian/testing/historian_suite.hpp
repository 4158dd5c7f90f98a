// The Historian on every engine: the tests are in historian_test.cpp and its neighbours, an engine
// joins with INSTANTIATE_TEST_SUITE_P(<engine>, HistorianSuite, testing::Values(<make>)).
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "storage/historian/historian.hpp"
#include "storage/historian/testing/memory_tables.hpp"
#include "storage/sqlite/scratch_database.hpp"
#include "storage/testing/tables_contract.hpp"

namespace wl::storage {

/// In memory: what tests of decisions run on.
class MemoryEngine : public TestEngine {
 public:
  std::unique_ptr<Tables> open() override { return std::make_unique<MemoryTables>(content_); }
  MemoryContent& content() { return *content_; }

 private:
  std::shared_ptr<MemoryContent> content_ = std::make_shared<MemoryContent>();
};

inline std::unique_ptr<TestEngine> make_memory_engine() {
  return std::make_unique<MemoryEngine>();
}

inline std::unique_ptr<Historian> historian_on(std::unique_ptr<Tables> tables, const Plant& plant,
                                               const std::string& zone = "UTC") {
  return std::make_unique<Historian>(std::move(tables), plant, Calendar::of(zone).value());
}

/// small_plant() and a status and a counter of its first device; the line's counters.
inline Plant suite_plant() {
  Plant plant = small_plant();
  plant.devices.push_back({.id = "total", .name = {}, .description = {}, .type = "line"});
  plant.points.push_back(point_spec("conveyor", "status", 0));
  plant.points.back().words = {"standby", "running", "fault"};
  plant.points.push_back(point_spec("conveyor", "energy_kwh", 0));
  plant.points.push_back(point_spec("total", "product_count", 2));
  return plant;
}

class HistorianSuite : public ::testing::TestWithParam<MakeTestEngine> {
 protected:
  HistorianSuite() : engine_(GetParam()()) { reopen(); }

  void reopen() {
    store_.reset();
    store_ = historian_on(engine_->open(), plant_);
  }

  void write(std::uint64_t seq, std::vector<Sample> samples,
             std::vector<LinkInterval> intervals = {}) {
    Batch batch{"test", seq, std::move(samples), std::move(intervals), {}, {}};
    const auto written = store_->write_batch(batch);
    ASSERT_TRUE(written) << written.error().what;
  }

  RawAnswer read(std::vector<std::uint32_t> points, std::int64_t from, std::int64_t to,
                 std::uint32_t limit = 1000) {
    RawQuery query{.points = {}, .from = at(from), .to = at(to), .limit = limit};
    for (const std::uint32_t index : points) query.points.push_back(PointId{index});
    return store_->read_raw(query).value();
  }

  /// Upkeep until there is no more to do; at most `limit` steps.
  UpkeepReport keep_up(Timestamp now, const RetentionRules& rules = {}, int limit = 1000) {
    UpkeepReport sum;
    for (int step = 0; step < limit; ++step) {
      const UpkeepReport report = store_->upkeep(now, rules).value();
      sum.chunks_written += report.chunks_written;
      sum.chunks_removed += report.chunks_removed;
      if (!report.more) return sum;
    }
    sum.more = true;
    return sum;
  }

  Plant plant_ = suite_plant();
  std::unique_ptr<TestEngine> engine_;
  std::unique_ptr<Historian> store_;
};

}  // namespace wl::storage
