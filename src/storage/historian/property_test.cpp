// Random batches of every kind of trouble; the Historian must answer as the plain history does.
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <random>

#include "storage/historian/testing/historian_suite.hpp"
#include "storage/historian/testing/plain_history.hpp"

namespace wl::storage {
namespace {

constexpr std::uint32_t points = 5;
constexpr std::int64_t hour_ms = 3'600'000;

/// Batches in the order in which they are written, by one seed.
class Trouble {
 public:
  explicit Trouble(std::uint64_t seed) : random_(seed) {}

  Batch next() {
    Batch batch{"test", ++seq_, {}, {}, {}, {}};
    if (seq_ > 1 && chance(0.1)) batch.seq = 1 + random_() % (seq_ - 1);  // Known already.
    const std::int64_t from = now_;
    now_ += 1 + below(chance(0.1) ? 5 * hour_ms : 20 * 60'000);
    const bool alive = !chance(0.2);
    batch.intervals.push_back({at(from), at(now_), alive, alive ? "" : "link lost"});
    if (batch.seq != seq_) batch.intervals.clear();
    if (batch.intervals.empty()) now_ = from;
    const std::int64_t count = chance(0.1) ? 0 : below(150);
    for (std::int64_t i = 0; i < count; ++i) batch.samples.push_back(one(from));
    return batch;
  }

  Timestamp some_time() {
    if (chance(0.05)) return from_unix_ms(below(2 * hour_ms) - hour_ms);  // Around 1970.
    return at(below(now_ + 3 * hour_ms) - hour_ms);
  }
  Timestamp now() const { return at(now_); }
  bool chance(double share) { return std::uniform_real_distribution<>(0, 1)(random_) < share; }
  std::int64_t below(std::int64_t end) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(end));
  }

 private:
  Sample one(std::int64_t from) {
    Sample made{.point = PointId{static_cast<std::uint32_t>(below(points))},
                .value = value(),
                .quality = chance(0.05) ? quality::bad : quality::good,
                .source_time = at(from + below(now_ - from + 1))};
    if (chance(0.02)) made.quality = quality::uncertain_last_usable;
    if (chance(late_)) made.source_time = at(below(now_ + 1));
    if (chance(0.02)) made.source_time = hour_of(made.source_time);
    if (chance(0.02)) made.source_time = last_time_;  // Perhaps of the same point.
    if (chance(0.003)) made.source_time = strange_time();
    last_time_ = made.source_time;
    return made;
  }
  double value() {
    if (chance(0.01)) return std::numeric_limits<double>::quiet_NaN();
    if (chance(0.005)) return -std::numeric_limits<double>::infinity();
    if (chance(0.01)) return -0.0;
    if (chance(0.01)) return 1e300;
    return std::round(std::normal_distribution<>(2, 1)(random_) * 1000) / 1000;
  }
  Timestamp strange_time() {
    // 2038, 1970, before it, far ahead. None is ever reached by the proof of life.
    const std::int64_t times[] = {2'147'483'648'000, 0, -5, -86'400'000, 1'800'000'000'000};
    return from_unix_ms(times[below(5)]);
  }

  std::mt19937_64 random_;
  std::uint64_t seq_ = 0;
  std::int64_t now_ = 0;
  double late_ = chance(0.5) ? 0.05 : 0.0;
  Timestamp last_time_ = at(0);
};

/// Writes batches, with upkeep and restarts in between, and asks. The first difference, or nothing.
class Comparison {
 public:
  Comparison(TestEngine& engine, std::uint64_t seed) : engine_(engine), trouble_(seed) { reopen(); }

  std::string run(int batches) {
    for (int i = 0; i < batches; ++i) {
      const Batch batch = trouble_.next();
      if (const auto written = store_->write_batch(batch); !written) return written.error().what;
      plain_.write(batch);
      if (trouble_.chance(0.3)) upkeep();
      if (trouble_.chance(0.05)) reopen();
    }
    std::string difference = compare_newest();
    for (int i = 0; i < 30 && difference.empty(); ++i) difference = compare_raw();
    for (int i = 0; i < 30 && difference.empty(); ++i) difference = compare_statistics();
    return difference;
  }

 private:
  void reopen() { store_ = historian_on(engine_.open(), plant_, "Asia/Kathmandu"); }

  void upkeep() {
    const RetentionRules keep_all{.raw = {}, .minutes = std::chrono::years{200}};
    for (int step = 0; step < 100; ++step) {
      const auto report = store_->upkeep(trouble_.now(), keep_all);
      if (!report || !report->more) return;
    }
  }

  std::string compare_newest() {
    if (store_->extent().value() != plain_.extent()) return "extent differs";
    const std::vector<Sample> latest = store_->latest().value();
    for (const Sample& sample : latest) {
      const auto newest = plain_.newest(sample.point);
      if (!newest || newest->source_time != sample.source_time)
        return fmt::format("latest of point {} differs", sample.point.value);
      if (std::isfinite(newest->value) && !same_sample(*newest, sample))
        return fmt::format("newest value of point {} differs", sample.point.value);
    }
    return "";
  }

  std::string compare_raw() {
    RawQuery query{.points = {PointId{0}, PointId{3}, PointId{4}}, .from = trouble_.some_time()};
    query.to = query.from + Milliseconds{trouble_.below(8 * hour_ms)};
    const RawAnswer answer = store_->read_raw(query).value();
    for (const RawSeries& series : answer.series) {
      const auto expected = plain_.range(series.point, query.from, query.to);
      if (!std::ranges::equal(series.samples, expected, same_sample))
        return fmt::format("point {} has {} samples from {}, not {}", series.point.value,
                           series.samples.size(), to_iso8601(query.from), expected.size());
      const auto before = plain_.before(series.point, query.from);
      if (series.before.has_value() != before.has_value() ||
          (before && !same_sample(*before, *series.before)))
        return fmt::format("point {} holds another value at {}", series.point.value,
                           to_iso8601(query.from));
    }
    return "";
  }

  std::string compare_statistics() {
    StatisticsQuery query;
    query.points = {PointId{1}, PointId{2}};
    query.from = trouble_.some_time();
    query.to = query.from + Milliseconds{1 + trouble_.below(12 * hour_ms)};
    query.interval = static_cast<Interval>(trouble_.below(6));
    const StatisticsAnswer answer = store_->statistics(query).value();
    const Calendar calendar = Calendar::of("Asia/Kathmandu").value();
    const auto edges =
        calendar.edges(*query.interval, query.from, query.to, query.max_buckets).value();
    const Tier tier = calendar.tier_for(*query.interval, edges.front(), edges.back());
    for (const StatisticsSeries& series : answer.series) {
      const auto expected = plain_.statistics(series.point, tier, edges);
      for (std::size_t i = 0; i < expected.size(); ++i) {
        if (text_of(series.buckets[i]) != text_of(expected[i]))
          return fmt::format("point {} {}:\n  {}\nnot {}", series.point.value,
                             name_of(*query.interval), text_of(series.buckets[i]),
                             text_of(expected[i]));
      }
    }
    return "";
  }

  TestEngine& engine_;
  Plant plant_ = suite_plant();
  Trouble trouble_;
  PlainHistory plain_;
  std::unique_ptr<Historian> store_;
};

std::string first_difference(MakeTestEngine make, int seeds) {
  for (int seed = 1; seed <= seeds; ++seed) {
    const auto engine = make();
    const std::string found = Comparison(*engine, static_cast<std::uint64_t>(seed)).run(40);
    if (!found.empty()) return fmt::format("seed {}: {}", seed, found);
  }
  return "";
}

TEST(HistorianProperties, answers_as_a_plain_history_does) {
  EXPECT_EQ(first_difference(make_memory_engine, 20), "");
}

}  // namespace

TEST_P(HistorianSuite, answers_as_a_plain_history_does) {
  EXPECT_EQ(first_difference(GetParam(), 2), "");
}

}  // namespace wl::storage
