// Seeded random histories, their statistics over every interval, and the same counted again from
// the raw samples, one stretch of time after the other, without the code under test.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <set>

#include "storage/rollup/bucket_math.hpp"
#include "storage/rollup/calendar.hpp"
#include "storage/rollup/compose.hpp"
#include "storage/rollup/testing/buckets.hpp"

namespace wl::storage {
namespace {

using Random = std::mt19937_64;

struct History {
  std::vector<Sample> samples;
  std::vector<LinkInterval> links;
};

double random_value(Random& random) {
  if (random() % 60 == 0) return std::numeric_limits<double>::quiet_NaN();
  if (random() % 200 == 0) return std::numeric_limits<double>::infinity();
  return static_cast<double>(static_cast<std::int64_t>(random() % 20'001) - 5000) / 1000;
}

/// Changes `pace` apart on average, some far more, many at the edges of minutes, over `length`.
std::vector<Sample> random_samples(Random& random, Timestamp from, Milliseconds length,
                                   std::int64_t pace) {
  std::vector<Sample> samples;
  Quality quality = quality::good;
  for (Timestamp time = from; time < from + length;) {
    if (random() % 20 == 0) quality = random() % 3 == 0 ? quality::bad : quality::good;
    samples.push_back({PointId{1}, random_value(random), quality, time});
    const auto step = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(2 * pace));
    time += Milliseconds{1 + (random() % 30 == 0 ? 40 * step : step)};
    if (random() % 10 == 0)
      time = floor_to(time, std::chrono::minutes{1}) + std::chrono::minutes{1};
  }
  return samples;
}

std::vector<LinkInterval> random_links(Random& random, Timestamp from, Milliseconds length) {
  std::vector<LinkInterval> links;
  const auto longest = static_cast<std::uint64_t>(length.count() / 5);
  for (Timestamp time = from; time < from + length;) {
    const Timestamp end = time + Milliseconds{1 + static_cast<std::int64_t>(random() % longest)};
    const bool alive = random() % 4 != 0;
    links.push_back({time, end, alive, alive ? "" : "link lost"});
    time = end;
  }
  return links;
}

History random_history(std::uint64_t seed, Timestamp from, Milliseconds length) {
  Random random(seed);
  const std::int64_t pace = length.count() / static_cast<std::int64_t>(20 + random() % 1500) + 1;
  const Milliseconds late{static_cast<std::int64_t>(random() % 3) * length.count() / 4};
  return {random_samples(random, from + late, length - late, pace),
          random_links(random, from, length)};
}

/// The signal: what was held at a time, if it could be used and life was proven.
class Signal {
 public:
  explicit Signal(const History& history) : history_(history) {
    for (const Sample& sample : history.samples) breaks_.insert(sample.source_time);
    for (const LinkInterval& link : history.links) breaks_.insert({link.from, link.to});
  }

  std::optional<double> at(Timestamp time) const {
    const bool alive = std::ranges::any_of(history_.links, [time](const LinkInterval& link) {
      return link.alive && link.from <= time && time < link.to;
    });
    const auto next = std::ranges::upper_bound(history_.samples, time, {}, &Sample::source_time);
    if (!alive || next == history_.samples.begin()) return std::nullopt;
    const Sample& newest = *(next - 1);
    if (newest.quality.is_bad() || !std::isfinite(newest.value)) return std::nullopt;
    return newest.value;
  }

  /// Times in [from, to) from which on the signal may be another; `to` at the end.
  std::vector<Timestamp> pieces(Timestamp from, Timestamp to) const {
    std::vector<Timestamp> times{from};
    times.insert(times.end(), breaks_.upper_bound(from), breaks_.lower_bound(to));
    times.push_back(to);
    return times;
  }

 private:
  const History& history_;
  std::set<Timestamp> breaks_;
};

void include(StatisticsBucket& bucket, double value) {
  bucket.min = std::min(bucket.min.value_or(value), value);
  bucket.max = std::max(bucket.max.value_or(value), value);
}

void count_samples(StatisticsBucket& bucket, const History& history) {
  for (const Sample& sample : history.samples) {
    if (sample.source_time < bucket.from || sample.source_time >= bucket.to) continue;
    ++bucket.count;
    if (sample.quality.is_bad() || !std::isfinite(sample.value)) continue;
    ++bucket.usable;
    bucket.sum += sample.value;
    include(bucket, sample.value);
    if (!bucket.first) bucket.first = sample.value;
    bucket.last = sample.value;
  }
}

Timestamp first_sample_in(const StatisticsBucket& bucket, const History& history) {
  const auto sample =
      std::ranges::lower_bound(history.samples, bucket.from, {}, &Sample::source_time);
  return sample == history.samples.end() ? bucket.to : std::min(bucket.to, sample->source_time);
}

StatisticsBucket naive(Timestamp from, Timestamp to, const History& history, const Signal& signal) {
  StatisticsBucket bucket;
  bucket.from = from;
  bucket.to = to;
  count_samples(bucket, history);
  const Timestamp head_end = first_sample_in(bucket, history);
  const std::vector<Timestamp> pieces = signal.pieces(from, to);
  double integral = 0, good_ms = 0;
  for (std::size_t i = 0; i + 1 < pieces.size(); ++i) {
    const std::optional<double> value = signal.at(pieces[i]);
    if (!value) continue;
    const auto length = static_cast<double>((pieces[i + 1] - pieces[i]).count());
    integral += *value * length;
    good_ms += length;
    include(bucket, *value);
    if (pieces[i] < head_end) bucket.first = value;
    if (pieces[i] < head_end && bucket.usable == 0) bucket.last = value;
  }
  if (good_ms > 0)
    bucket.mean = integral / good_ms;
  else if (bucket.usable > 0)
    bucket.mean = bucket.sum / static_cast<double>(bucket.usable);
  bucket.good_share = good_ms / static_cast<double>((to - from).count());
  return bucket;
}

bool near(double a, double b) {
  return std::abs(a - b) <= 1e-9 * (1 + std::abs(a));
}

bool agree(const StatisticsBucket& a, const StatisticsBucket& b) {
  const bool exact = a.from == b.from && a.to == b.to && a.count == b.count &&
                     a.usable == b.usable && a.min == b.min && a.max == b.max &&
                     a.first == b.first && a.last == b.last;
  const bool means =
      a.mean.has_value() == b.mean.has_value() && (!a.mean || near(*a.mean, *b.mean));
  return exact && means && near(a.sum, b.sum) && near(a.good_share, b.good_share);
}

/// What is stored and read again: the buckets of all blocks that hold [from, to).
std::vector<Bucket> stored_buckets(Tier tier, const History& history) {
  const AliveTimeline alive(history.links);
  std::map<Timestamp, std::vector<Bucket>> blocks;
  for (const Bucket& bucket : build_buckets(tier, history.samples, alive))
    blocks[block_start(tier, bucket.start)].push_back(bucket);
  std::vector<Bucket> buckets;
  for (const auto& [start, block] : blocks) {
    const auto back = decode_buckets(tier, encode_buckets(tier, block));
    if (back) buckets.insert(buckets.end(), back->begin(), back->end());
  }
  return buckets;
}

struct Question {
  std::string zone;
  Interval interval;
  Timestamp from;
  Milliseconds length;
};

bool answered_right(const Question& question, std::uint64_t seed) {
  const History history = random_history(seed, question.from, question.length);
  const Calendar calendar = Calendar::of(question.zone).value();
  const Timestamp from = question.from + question.length / 10;
  const Timestamp to = question.from + question.length;
  const Tier tier = calendar.tier_for(question.interval, from, to);
  const auto edges = calendar.edges(question.interval, from, to, 5000).value();
  const std::vector<Bucket> buckets = stored_buckets(tier, history);
  const auto next = std::ranges::lower_bound(buckets, edges.front(), {}, &Bucket::start);
  const auto before = next == buckets.begin() ? std::nullopt : std::optional(*(next - 1));
  const AliveTimeline alive(history.links);
  const auto answer = compose(edges, before, std::span(next, buckets.end()), alive);
  if (answer.size() + 1 != edges.size()) return false;
  const Signal signal(history);
  for (std::size_t i = 0; i < answer.size(); ++i)
    if (!agree(answer[i], naive(edges[i], edges[i + 1], history, signal))) return false;
  return true;
}

std::vector<std::uint64_t> seeds_answered_wrong(const Question& question, std::uint64_t runs) {
  std::vector<std::uint64_t> wrong;
  for (std::uint64_t seed = 1; seed <= runs; ++seed)
    if (!answered_right(question, seed)) wrong.push_back(seed);
  return wrong;
}

Timestamp at(std::string_view text) {
  return parse_iso8601(text).value();
}

TEST(StatisticsProperty, minutes_and_quarters_and_hours_are_those_of_the_raw_samples) {
  const Timestamp from = at("2026-03-01T10:07:31.500");
  using std::chrono::hours;

  EXPECT_THAT(seeds_answered_wrong({"UTC", Interval::minute, from, hours{1}}, 80),
              ::testing::IsEmpty());
  EXPECT_THAT(seeds_answered_wrong({"UTC", Interval::quarter, from, hours{9}}, 80),
              ::testing::IsEmpty());
  EXPECT_THAT(seeds_answered_wrong({"UTC", Interval::hour, from, hours{50}}, 80),
              ::testing::IsEmpty());
}

TEST(StatisticsProperty, days_over_a_clock_change_are_those_of_the_raw_samples) {
  using std::chrono::days;

  EXPECT_THAT(
      seeds_answered_wrong({"Europe/Berlin", Interval::day, at("2026-03-26T05:00"), days{6}}, 60),
      ::testing::IsEmpty());
  EXPECT_THAT(
      seeds_answered_wrong({"Europe/Berlin", Interval::day, at("2026-10-22T05:00"), days{6}}, 60),
      ::testing::IsEmpty());
  EXPECT_THAT(
      seeds_answered_wrong({"Asia/Kathmandu", Interval::day, at("2026-10-22T05:00"), days{6}}, 60),
      ::testing::IsEmpty());
}

TEST(StatisticsProperty, weeks_and_months_are_those_of_the_raw_samples) {
  using std::chrono::days;

  EXPECT_THAT(seeds_answered_wrong(
                  {"Australia/Lord_Howe", Interval::week, at("2026-03-20T05:00"), days{30}}, 40),
              ::testing::IsEmpty());
  EXPECT_THAT(seeds_answered_wrong(
                  {"America/St_Johns", Interval::month, at("2026-02-20T05:00"), days{100}}, 40),
              ::testing::IsEmpty());
}

/// Life becomes known up to each sample as it comes, and is forgotten behind it.
std::vector<Bucket> grown(Tier tier, const History& history) {
  AliveTimeline alive;
  std::vector<Bucket> buckets;
  auto link = history.links.begin();
  for (const Sample& sample : history.samples) {
    for (; link != history.links.end() && link->from < sample.source_time; ++link) alive.add(*link);
    const bool joins =
        !buckets.empty() && bucket_start(tier, sample.source_time) == buckets.back().start;
    if (joins)
      extend(buckets.back(), sample, alive);
    else
      buckets.push_back(first_bucket(tier, sample));
    alive.forget_before(sample.source_time);
  }
  return buckets;
}

std::vector<std::uint64_t> seeds_grown_otherwise(Tier tier, std::uint64_t runs) {
  std::vector<std::uint64_t> otherwise;
  for (std::uint64_t seed = 1; seed <= runs; ++seed) {
    const History history = random_history(seed, at("2026-03-01"), std::chrono::hours{5});
    const auto built = build_buckets(tier, history.samples, AliveTimeline(history.links));
    if (!testing::same_buckets(grown(tier, history), built)) otherwise.push_back(seed);
  }
  return otherwise;
}

TEST(StatisticsProperty, a_bucket_that_grew_has_the_bits_of_one_built_at_once) {
  EXPECT_THAT(seeds_grown_otherwise(Tier::minute, 100), ::testing::IsEmpty());
  EXPECT_THAT(seeds_grown_otherwise(Tier::quarter, 100), ::testing::IsEmpty());
  EXPECT_THAT(seeds_grown_otherwise(Tier::hour, 100), ::testing::IsEmpty());
}

}  // namespace
}  // namespace wl::storage
