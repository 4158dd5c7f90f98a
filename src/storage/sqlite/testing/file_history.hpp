// For tests: a database in a real file, with some hours of history.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "storage/sqlite/scratch_database.hpp"

namespace wl::storage {

class FileHistory : public ScratchDatabase {
 protected:
  static constexpr std::int64_t hour_ms = 3'600'000;

  FileHistory() {
    options_.busy_timeout = Milliseconds{20};
    EXPECT_TRUE(migrate(options_));
  }
  std::unique_ptr<CollectorStore> open() const {
    return open_collector_store(options_, plant_).value();
  }

  /// Ten minutes of three points.
  static Batch batch(std::int64_t number) {
    Batch batch{"test", static_cast<std::uint64_t>(number), {}, {}, {}, {}};
    const std::int64_t start = number * 600'000;
    for (std::int64_t i = 0; i < 60; ++i) {
      batch.samples.push_back(sample(static_cast<std::uint32_t>(i % 3), start + i * 10'000,
                                     static_cast<double>(i * 37 % 101) / 8));
    }
    batch.intervals = {{at(start), at(start + 600'000), true, ""}};
    return batch;
  }
  static void fill(CollectorStore& store, std::int64_t first, std::int64_t last) {
    for (std::int64_t i = first; i <= last; ++i) ASSERT_TRUE(store.write_batch(batch(i)));
  }
  static UpkeepReport keep_up(CollectorStore& store) {
    UpkeepReport sum{.more = true};
    for (int step = 0; step < 200 && sum.more; ++step) {
      const auto report = store.upkeep(at(1000 * hour_ms), {});
      if (!report) {
        ADD_FAILURE() << report.error().what;
        return sum;
      }
      sum.chunks_written += report->chunks_written;
      sum.more = report->more;
    }
    return sum;
  }
  static std::size_t samples_in(Store& store) {
    std::size_t count = 0;
    const RawQuery query{
        .points = {PointId{0}, PointId{1}, PointId{2}}, .from = at(0), .to = at(1000 * hour_ms)};
    const RawAnswer answer = store.read_raw(query).value();
    for (const RawSeries& series : answer.series) count += series.samples.size();
    return count;
  }

  std::string path() const { return options_.sqlite_path; }

  Plant plant_ = small_plant();
};

}  // namespace wl::storage
