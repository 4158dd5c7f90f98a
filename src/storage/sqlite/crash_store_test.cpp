// The whole historian on a disk that loses power: batches, folding, retention, checkpoints.
#include <map>

#include "model/quality.hpp"
#include "storage/historian/historian.hpp"
#include "storage/sqlite/scratch_database.hpp"
#include "storage/sqlite/testing/crash_rig.hpp"

namespace wl::storage {
namespace {

constexpr int all_batches = 24;
constexpr std::uint32_t all_points = 3;
constexpr Milliseconds raw_kept = std::chrono::hours{5};
constexpr const char* source = "spool";

/// Samples by point and time, the later batch winning.
using Raw = std::map<std::pair<std::uint32_t, Timestamp>, Sample>;

Timestamp origin() {
  return floor_to(at(0), std::chrono::hours{1});
}

/// About 20 minutes each, some samples up to three hours late, some bad.
std::vector<Batch> batches_of(std::uint64_t seed) {
  std::mt19937_64 random(seed * 31 + 7);
  std::vector<Batch> batches;
  Timestamp now = origin();
  for (int number = 1; number <= all_batches; ++number) {
    Batch batch{source, static_cast<std::uint64_t>(number), {}, {}, {}, {}};
    const Timestamp begin = now;
    now += std::chrono::minutes{10 + random() % 20};
    batch.intervals.push_back({begin, now, true, ""});
    for (std::uint64_t left = 1 + random() % 12; left > 0; --left) {
      const bool late = random() % 8 == 0;
      const Milliseconds back{static_cast<std::int64_t>(random() % (late ? 10'800'000 : 600'000))};
      batch.samples.push_back({.point = PointId{static_cast<std::uint32_t>(random() % all_points)},
                               .value = static_cast<double>(random() % 500) / 4,
                               .quality = random() % 10 == 0 ? quality::bad : quality::good,
                               .source_time = std::max(origin(), now - back - Milliseconds{1})});
    }
    batches.push_back(std::move(batch));
  }
  return batches;
}

void add(const Batch& batch, Raw& raw) {
  for (const Sample& one : batch.samples) raw[{one.point.value, one.source_time}] = one;
}

RetentionRules rules_of(std::uint64_t seed) {
  RetentionRules rules;
  if (seed % 2 == 1) rules.raw = raw_kept;
  return rules;
}

class Run {
 public:
  explicit Run(std::uint64_t seed)
      : rig_(seed), random_(seed), rules_(rules_of(seed)), batches_(batches_of(seed)) {}

  /// Power losses at random calls until all batches are stored. Returns how many there were.
  int survive() {
    for (int losses = 0; losses < 20 && !testing::Test::HasFailure(); ++losses) {
      rig_.disk.cut_power_at(1 + random_() % 250);
      open_and_work();
      if (rig_.disk.powered()) {
        EXPECT_EQ(acknowledged_, static_cast<std::uint64_t>(all_batches));
        return losses;
      }
      rig_.disk.power_on();
    }
    return 20;
  }

 private:
  void open_and_work() {
    try {
      auto tables = rig_.open();
      EXPECT_THAT(tables->integrity(), testing::IsEmpty());
      Historian historian(std::move(tables), plant_, Calendar::of("UTC").value());
      check(historian);
      while (acknowledged_ < batches_.size() && work_on(historian)) {
      }
      if (acknowledged_ == batches_.size()) check(historian);
    } catch (const DatabaseError&) {
    } catch (const SQLite::Exception&) {
    }
  }

  bool work_on(Historian& historian) {
    const Batch& batch = batches_[acknowledged_];
    if (!historian.write_batch(batch)) return false;
    ++acknowledged_;
    for (int step = 0; step < 3; ++step) {
      const auto report = historian.upkeep(batch.intervals.back().to, rules_);
      if (!report) return false;
      if (!report->more) break;
    }
    return acknowledged_ % 9 != 0 || historian.checkpoint().has_value();
  }

  void check(Historian& historian) {
    const auto last = historian.last_seq(source);
    if (!last) return;  // The power went meanwhile.
    EXPECT_GE(*last, acknowledged_) << "an acknowledged batch is lost";
    EXPECT_LE(*last, acknowledged_ + 1);
    acknowledged_ = *last;
    Raw expected;
    for (std::uint64_t number = 0; number < *last; ++number) add(batches_[number], expected);
    for (std::uint32_t point = 0; point < all_points; ++point) {
      check_raw(historian, point, expected);
      check_rollups(historian, point, expected);
    }
  }

  void check_raw(Historian& historian, std::uint32_t point, const Raw& expected) {
    RawQuery query{.points = {PointId{point}}, .from = origin(), .to = {}};
    query.to = origin() + std::chrono::hours{24};
    const auto answer = historian.read_raw(query);
    if (!answer && !rig_.disk.powered()) return;
    ASSERT_TRUE(answer) << answer.error().what;
    const auto& found = answer->series[0].samples;
    std::vector<Sample> wanted;
    // Retention removes whole hours: what is found first tells from where on all must be there.
    const Timestamp kept_from = oldest_kept(expected);
    for (const auto& [key, one] : expected) {
      const bool old = rules_.raw && one.source_time < kept_from;
      const bool removed = old && (found.empty() || one.source_time < found[0].source_time);
      if (key.first == point && !removed) wanted.push_back(one);
    }
    EXPECT_EQ(found, wanted) << "point " << point;
  }

  Timestamp oldest_kept(const Raw& expected) const {
    Timestamp newest = origin();
    for (const auto& [key, one] : expected) newest = std::max(newest, one.source_time);
    return newest - raw_kept;
  }

  void check_rollups(Historian& historian, std::uint32_t point, const Raw& expected) {
    StatisticsQuery query;
    query.points = {PointId{point}};
    query.from = origin();
    query.to = origin() + std::chrono::hours{24};
    query.interval = Interval::quarter;
    const auto answer = historian.statistics(query);
    if (!answer && !rig_.disk.powered()) return;
    ASSERT_TRUE(answer) << answer.error().what;
    for (const StatisticsBucket& bucket : answer->series[0].buckets) {
      std::uint64_t count = 0;
      double sum = 0;
      for (const auto& [key, one] : expected) {
        if (key.first != point || one.source_time < bucket.from || one.source_time >= bucket.to) {
          continue;
        }
        ++count;
        if (!one.quality.is_bad()) sum += one.value;
      }
      ASSERT_EQ(bucket.count, count) << to_iso8601(bucket.from) << " of point " << point;
      ASSERT_EQ(bucket.sum, sum) << to_iso8601(bucket.from) << " of point " << point;
    }
  }

  CrashRig rig_;
  std::mt19937_64 random_;
  RetentionRules rules_;
  Plant plant_ = small_plant();
  std::vector<Batch> batches_;
  std::uint64_t acknowledged_ = 0;
};

int survive_seeds(std::uint64_t first, std::uint64_t last) {
  int losses = 0;
  for (std::uint64_t seed = first; seed <= last && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    losses += Run(seed).survive();
  }
  return losses;
}

/// Slices of the seeds, so that CTest runs them side by side.
class CrashStore : public testing::TestWithParam<std::uint64_t> {};
constexpr std::uint64_t slice = 50;

TEST_P(CrashStore, every_acknowledged_batch_is_there_once_and_the_rollups_equal_the_raw_samples) {
  EXPECT_GT(survive_seeds(GetParam() * slice + 1, (GetParam() + 1) * slice), 50);
}

INSTANTIATE_TEST_SUITE_P(seeds, CrashStore, testing::Range<std::uint64_t>(0, 8));

}  // namespace
}  // namespace wl::storage
