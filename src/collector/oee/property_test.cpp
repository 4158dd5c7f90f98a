// Random lines against a recomputation that looks at each second by itself.
#include <algorithm>
#include <array>
#include <random>

#include "collector/oee/saved_state.hpp"
#include "collector/oee/test_line.hpp"

namespace wl::collector::oee {
namespace {

constexpr int seconds = 6 * 3600;
constexpr int no_state = -1;

/// What happened, a value for each second.
struct Story {
  std::array<bool, seconds> alive{};
  std::array<int, seconds> state{};
  std::array<bool, seconds> planned{};
  std::array<int, seconds> made{};  ///< Pieces counted at its begin.
};

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  int upto(int highest) { return std::uniform_int_distribution<int>(0, highest)(engine_); }
  bool one_of(int many) { return upto(many - 1) == 0; }
  std::mt19937& engine() { return engine_; }

 private:
  std::mt19937 engine_;
};

Story story_of(Random& random) {
  Story story;
  int state = running;
  int silent = 0;
  for (int s = 0; s < seconds; ++s) {
    if (random.one_of(400)) state = random.upto(4) - 1;
    if (random.one_of(300)) state = running;
    if (s > 60 && random.one_of(5000)) silent = 4 + random.upto(900);
    story.alive[s] = silent == 0 || --silent == 0;
    story.state[s] = state;
    story.made[s] = s > 0 && random.one_of(40) ? 1 : 0;
  }
  story.alive[seconds - 1] = true;  // What comes after the last proof of life nobody counts.
  for (int from = random.upto(3000); from < seconds; from += 1800 + random.upto(7200)) {
    const int to = std::min(seconds, from + 900 + random.upto(4000));
    std::fill(story.planned.begin() + from, story.planned.begin() + to, true);
    from = to;
  }
  return story;
}

/// Second by second; a stop is looked at twice, so that its length is known.
std::map<Timestamp, OeeSums> naive(const Story& story, const LineRules& rules) {
  std::map<Timestamp, OeeSums> quarters;
  for (int s = 0; s < seconds;) {
    const auto stands = [&](int at) {
      return at < seconds && story.planned[at] && story.alive[at] && story.state[at] != no_state &&
             story.state[at] != running;
    };
    int end = s + 1;
    while (stands(s) && stands(end)) ++end;
    const bool minor = end - s < rules.minor_stop.count() / 1000;
    for (; s < end; ++s) {
      if (!story.planned[s]) continue;
      OeeSums& sums = quarters[quarter_of(at_s(s))];
      sums.planned_ms += 1000;
      if (!story.alive[s] || story.state[s] == no_state) {
        sums.unknown_ms += 1000;
      } else if (story.state[s] == running) {
        sums.running_ms += 1000;
      } else if (minor) {
        sums.minor_stop_ms += 1000;
      } else if (story.state[s] == fault) {
        sums.breakdown_ms += 1000;
      } else {
        (story.state[s] == setup ? sums.setup_ms : sums.idle_ms) += 1000;
      }
    }
  }
  return quarters;
}

std::vector<PlannedShift> plan_of(const Story& story) {
  std::vector<PlannedShift> shifts;
  for (int s = 0; s < seconds;) {
    int end = s;
    while (end < seconds && story.planned[end]) ++end;
    const Span busy{at_s(s), at_s(end)};
    if (s < end) shifts.push_back({busy, {busy}});
    s = std::max(end, s + 1);
  }
  return shifts;
}

/// Adds all of the story to the line, cut into batches; samples of a batch in any order, some of
/// them a batch late. Between two batches the line may restart from its saved state.
void tell(const Story& story, Random& random, TestLine& line) {
  int count = 0;
  int alive_from = 0;
  std::vector<std::array<double, 3>> samples;
  for (int s = 0; s < seconds; ++s) {
    const bool changed = s == 0 || story.state[s] != story.state[s - 1];
    if (changed) samples.push_back({0, double(s), double(story.state[s])});
    count += story.made[s];
    if (s == 0 || story.made[s] > 0) samples.push_back({1, double(s), double(count)});
    const bool last = s + 1 == seconds;
    if (story.alive[s] && s > 0 && !story.alive[s - 1]) alive_from = s;
    if (story.alive[s] && (last || !story.alive[s + 1]))
      line.alive(alive_from / 60.0, (s + 1) / 60.0);
    if (!last && !random.one_of(1200)) continue;
    if (story.alive[s] && !last && story.alive[s + 1]) {
      line.alive(alive_from / 60.0, (s + 1) / 60.0);
      alive_from = s + 1;
    }
    std::shuffle(samples.begin(), samples.end(), random.engine());
    const std::size_t kept = last ? 0 : samples.size() / 4;
    for (std::size_t i = kept; i < samples.size(); ++i)
      line.add(static_cast<std::uint32_t>(samples[i][0]), samples[i][1], samples[i][2],
               samples[i][2] < 0 ? quality::bad : quality::good);
    samples.resize(kept);
    line.batch();
    if (random.one_of(3)) line.restart_from(restore(save(line.account().state())).value());
  }
}

/// Quarters that the naive way knows differently; and the sum of pieces.
struct Differences {
  int quarters = 0;
  std::int64_t pieces = 0;
  int broken_sums = 0;
};

Differences differences(unsigned seed) {
  Random random(seed);
  const Story story = story_of(random);
  TestLine line(plan_of(story), test_rules(), {.sampling_interval = Milliseconds{300}});
  tell(story, random, line);
  Differences found;
  for (auto& [start, sums] : line.quarters) {
    const std::int64_t elements = sums.running_ms + sums.minor_stop_ms + sums.breakdown_ms +
                                  sums.setup_ms + sums.idle_ms + sums.unknown_ms;
    found.broken_sums += elements == sums.planned_ms ? 0 : 1;
  }
  for (const auto& [start, sums] : naive(story, test_rules())) {
    OeeSums times = line.quarters[start];
    times.produced = times.rated_produced = times.ideal_produced_us = times.ideal_good_us = 0;
    found.quarters += times == sums ? 0 : 1;
  }
  for (const int made : story.made) found.pieces += made;
  found.pieces -= line.total().produced;
  return found;
}

class OeeProperty : public ::testing::TestWithParam<unsigned> {};

TEST_P(OeeProperty, elements_are_those_of_each_second_and_add_up_and_no_piece_is_lost) {
  const Differences found = differences(GetParam());

  EXPECT_EQ(found.quarters, 0);
  EXPECT_EQ(found.broken_sums, 0);
  EXPECT_EQ(found.pieces, 0);
}

INSTANTIATE_TEST_SUITE_P(Seeds, OeeProperty, ::testing::Range(1U, 41U));

}  // namespace
}  // namespace wl::collector::oee
