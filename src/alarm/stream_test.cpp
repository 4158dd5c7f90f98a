// Whatever happens, the stream of changes alone rebuilds what the core knows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>

#include "alarm/test_plant.hpp"

namespace wl::alarm {
namespace {

/// The same numbers on every machine: a failure can be repeated by its seed.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed * 2 + 1) {}
  std::uint64_t below(std::uint64_t limit) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return (state_ >> 33) % limit;
  }

 private:
  std::uint64_t state_;
};

/// What a database that stores every change would hold, and what is wrong with the stream.
class Journal {
 public:
  void store(const Output& output) {
    for (const Change& change : output.changes) store(change);
    for (const Wish& wish : output.wishes) store(wish);
  }
  /// What a query of the table gives after a restart.
  std::vector<AlarmRecord> saved(Timestamp now) const {
    std::map<std::string, AlarmRecord> newest;
    for (const auto& [id, record] : rows) newest[record.key] = record;
    std::vector<AlarmRecord> all;
    for (const auto& [key, record] : newest) {
      const bool recent =
          record.announced_at && now - *record.announced_at < std::chrono::minutes(5);
      if (record.state != State::normal || recent) all.push_back(record);
    }
    return all;
  }
  /// A new process knows the rows; what was hidden without one is hidden anew if need be.
  void begin(const std::vector<AlarmRecord>& restored) {
    last_seq = 0;
    states.clear();
    for (const AlarmRecord& record : restored) states[record.key] = record.state;
  }

  std::map<std::uint64_t, AlarmRecord> rows;
  std::map<std::string, State> states;
  std::map<std::string, Timestamp> announced;  ///< By key and level.
  std::map<std::string, int> counted;          ///< Of events.
  std::string wrong;
  std::uint64_t last_seq = 0;

 private:
  void store(const Change& change) {
    const std::string& key = change.record.key;
    const Step step = step_of(change.from, change.event);
    if (change.seq != ++last_seq) wrong += "hole in seq; ";
    if (states[key] != change.from) wrong += key + " came from another state; ";
    if (step.kind == Step::Kind::moves && change.to != step.to) wrong += key + " went astray; ";
    if (step.kind == Step::Kind::noted && change.to != change.from) wrong += key + " moved; ";
    if (change.record.state != change.to) wrong += key + " row differs; ";
    states[key] = change.to;
    ++counted[std::string(word(change.event))];
    if (change.record.id != 0) rows[change.record.id] = change.record;
  }
  void store(const Wish& wish) {
    if (wish.reason > Wish::Reason::unshelved) return;
    const std::string what = wish.record.key + std::string(word(wish.record.level));
    const auto before = announced.find(what);
    if (before != announced.end() && wish.at - before->second < std::chrono::minutes(5)) {
      wrong += what + " announced twice in the window; ";
    }
    announced[what] = wish.at;
  }
};

std::vector<Rule> all_rules() {
  Rule fixed = high_rule(40);
  fixed.level = Level::critical;
  return {high_rule(50), fixed, rule_of(RuleKind::low, "speed", 1),
          rule_of(RuleKind::state, "status", 2), rule_of(RuleKind::quality, "speed", 0)};
}

/// Seconds of a plant in which everything happens.
class Chaos {
 public:
  explicit Chaos(std::uint64_t seed) : dice_(seed) { start({}); }

  void run(int seconds) {
    for (int i = 0; i < seconds; ++i) {
      const auto step = Milliseconds{dice_.below(20) == 0 ? 90'000 : 1000};
      time_.wall += step;
      time_.monotonic += step;
      one_second();
      core_->on_time(time_);
      journal.store(core_->take_output());
      compare();
    }
  }
  void restart() {
    const std::vector<AlarmRecord> saved = journal.saved(time_.wall);
    journal.begin(saved);
    start(saved);
    journal.store(core_->take_output());
    compare();
  }
  const Core& core() const { return *core_; }

  Journal journal;

 private:
  void start(std::vector<AlarmRecord> saved) {
    CoreOptions options;
    options.book.first_id = journal.rows.empty() ? 1 : journal.rows.rbegin()->first + 1;
    const auto rules = check_rules(rules_, test_plant()).accepted;
    core_ = std::make_unique<Core>(options, rules, std::move(saved), time_);
  }
  LiveValue some(double limit) {
    const double value = static_cast<double>(dice_.below(1000)) * limit / 1000;
    return dice_.below(10) == 0 ? bad(value) : good(value);
  }
  void one_second() {
    // Values stand for a while, so that three in a row happen.
    if (dice_.below(4) == 0) shown_ = {some(100), good(double(dice_.below(3))), some(2), good(1)};
    core_->on_values({shown_, dice_.below(15) != 0}, time_);
    const std::uint64_t id =
        dice_.below(12) + (journal.rows.size() > 12 ? journal.rows.size() - 11 : 0);
    const Order order{"wang", "x"};
    switch (dice_.below(12)) {
      case 0:
        (void)core_->acknowledge(id, order, time_);
        break;
      case 1:
        (void)core_->shelve(id, std::chrono::minutes(1 + dice_.below(5)), order, time_);
        break;
      case 2:
        (void)core_->unshelve(id, order, time_);
        break;
      case 3:
        core_->suppress(rules_[dice_.below(rules_.size())],
                        dice_.below(2) == 0 ? Book::Hide::yes : Book::Hide::no, time_);
        break;
      case 4:
        core_->on_condition(some_condition(), time_);
        break;
      case 5:
        change_rule();
        break;
      default:
        break;
    }
  }
  Condition some_condition() {
    Condition condition;
    condition.active = dice_.below(2) == 0;
    condition.level = static_cast<Level>(dice_.below(3));
    return condition;
  }
  void change_rule() {
    Rule& rule = rules_[dice_.below(rules_.size())];
    rule.enabled = dice_.below(3) != 0;
    core_->replace_rules(check_rules(rules_, test_plant()).accepted, time_);
  }
  void compare() {
    for (AlarmRecord record : core_->book().not_normal()) {
      if (journal.states[record.key] != record.state) journal.wrong += record.key + " lost; ";
      if (record.id == 0) continue;
      AlarmRecord row = journal.rows[record.id];
      row.chattering = record.chattering;  // Not kept over a restart.
      if (row != record) journal.wrong += record.key + " row lags; ";
    }
  }

  Dice dice_;
  std::vector<Rule> rules_ = all_rules();
  Now time_ = now(0);
  std::unique_ptr<Core> core_;
  std::vector<LiveValue> shown_{good(1), good(1), good(1), good(1)};
};

class AlarmStream : public testing::TestWithParam<std::uint64_t> {};

TEST_P(AlarmStream, no_state_change_is_lost_and_none_is_announced_twice) {
  Chaos chaos{GetParam()};

  chaos.run(3000);

  EXPECT_EQ(chaos.journal.wrong, "");
  EXPECT_GT(chaos.journal.counted["raise"], 50);
  EXPECT_GT(chaos.journal.counted["acknowledge"], 5);
  EXPECT_GT(chaos.journal.counted["shelve"], 5);
}

TEST_P(AlarmStream, a_restart_goes_on_where_the_stream_ended) {
  Chaos chaos{GetParam()};

  chaos.run(500);
  chaos.restart();
  chaos.run(500);
  chaos.restart();
  chaos.run(500);

  EXPECT_EQ(chaos.journal.wrong, "");
}

TEST_P(AlarmStream, the_same_seed_gives_the_same_stream) {
  Chaos one{GetParam()};
  Chaos two{GetParam()};

  one.run(500);
  two.run(500);

  EXPECT_EQ(one.journal.rows, two.journal.rows);
  EXPECT_EQ(one.core().facts(), two.core().facts());
}

INSTANTIATE_TEST_SUITE_P(Seeds, AlarmStream, testing::Range<std::uint64_t>(1, 9));

}  // namespace
}  // namespace wl::alarm
