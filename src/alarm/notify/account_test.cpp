// Whatever happens: no wish is lost without being counted, and no rule is told more than once a
// minute, nor more than twice a rate limit (a higher level may come in between).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>

#include "alarm/book.hpp"
#include "alarm/notify/test_news.hpp"

namespace wl::alarm::notify {
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

/// A real Book, persons and restarts at random in front of a policy; reads every letter.
class Story {
 public:
  explicit Story(std::uint64_t seed) : dice_(seed), book_(std::make_unique<Book>(BookOptions{})) {
    policy_ = std::make_unique<Policy>(PolicyOptions{}, now());
  }

  void play(int turns) {
    for (int turn = 0; turn < turns; ++turn) {
      step();
      book_->on_time(now());
      const Output output = book_->take_output();
      given_ += output.wishes.size();
      policy_->on_output(output, book_->facts(), now());
      policy_->on_time(now());
      if (dice_.below(4) != 0) read_letters();
      if (dice_.below(200) == 0) restart();
      check_account();
    }
    read_letters();
  }

  std::string wrong;
  std::uint64_t told = 0;
  std::uint64_t settled_said = 0;
  std::uint64_t letters = 0;

 private:
  Now now() const { return {at(clock_), Milliseconds{clock_ + skew_}}; }

  void step() {
    clock_ += static_cast<std::int64_t>(dice_.below(10) == 0 ? dice_.below(1'200'000)
                                                             : dice_.below(20'000));
    const std::uint64_t rules = dice_.below(3) == 0 ? 60 : 4;
    const int times = dice_.below(40) == 0 ? 60 : 1;
    for (int i = 0; i < times; ++i) one_thing(dice_.below(rules));
  }

  void one_thing(std::uint64_t rule) {
    const std::string key = "d" + std::to_string(rule) + ".power_kw:high:auto";
    const Identity identity{key, "d" + std::to_string(rule), "power_kw", "t", MessageKey::high};
    const Finding finding{static_cast<Level>(dice_.below(3)), 3, 4};
    const AlarmRecord* record = book_->find(key);
    const std::uint64_t id = record ? record->id : 0;
    switch (dice_.below(10)) {
      case 0:
      case 1:
      case 2:
        return book_->raise(identity, finding, now());
      case 3:
        return book_->escalate(key, finding, now());
      case 4:
        return void(book_->acknowledge(id, {"wang", ""}, now()));
      case 5:
        return void(book_->shelve(id, std::chrono::minutes(3), {"wang", ""}, now()));
      case 6:
        return book_->retire(key, now());
      default:
        return book_->clear(key, now());
    }
  }

  void read_letters() {
    while (!policy_->letters().empty()) {
      const Letter letter = policy_->letters().front();
      read(letter);
      policy_->posted(letter.id);
    }
  }

  void read(const Letter& letter) {
    ++letters;
    told += letter.wishes;
    settled_said += letter.settled;
    if (letter.id <= last_id_) wrong += "an id twice; ";
    last_id_ = letter.id;
    // Somebody without a line is told, too; who, the letter does not say.
    if (letter.alarms > letter.lines.size()) {
      std::erase_if(raise_told_, [](const auto& each) { return !each.second; });
      unnamed_ = true;
    }
    std::uint64_t wishes = 0;
    for (const LetterLine& line : letter.lines) {
      wishes += line.wishes;
      read(letter, line.record);
    }
    if (letter.alarms == letter.lines.size() && letter.kind != LetterKind::flood_over &&
        wishes > letter.wishes) {
      wrong += "more wishes in the lines than in the letter; ";
    }
  }

  void read(const Letter& letter, const AlarmRecord& record) {
    const auto [at, is_first] = told_at_.try_emplace(record.key, letter.at);
    if (!is_first && letter.at - at->second < std::chrono::minutes(1)) {
      wrong += record.key + " twice in a minute; ";
    }
    at->second = letter.at;
    const auto told_before = raise_told_.find(record.key);
    const bool may_be_told = told_before == raise_told_.end() ? unnamed_ : told_before->second;
    if (letter.kind == LetterKind::returned && !may_be_told) {
      wrong += record.key + " returned, but its raise was not told; ";
    }
    raise_told_[record.key] = record.active;
  }

  void check_account() {
    const Account account = policy_->account();
    if (account.given != given_) wrong += "given; ";
    if (account.given != account.told + account.settled + account.waiting) wrong += "sum; ";
  }

  void restart() {
    const std::string saved = policy_->save(now());
    const std::vector<AlarmRecord> rows = book_->not_normal();
    skew_ += 1'000'000'007;
    book_ = std::make_unique<Book>(BookOptions{});
    book_->restore(rows, now());
    policy_ = std::make_unique<Policy>(PolicyOptions{}, now());
    if (!policy_->restore(saved, now())) wrong += "not restored; ";
    policy_->reconcile(book_->not_normal(), now());
  }

  Dice dice_;
  std::unique_ptr<Book> book_;
  std::unique_ptr<Policy> policy_;
  std::int64_t clock_ = 0;
  std::int64_t skew_ = 0;
  std::uint64_t given_ = 0;
  std::uint64_t last_id_ = 0;
  std::map<std::string, Timestamp> told_at_;
  std::map<std::string, bool> raise_told_;
  bool unnamed_ = false;
};

struct Seed : testing::TestWithParam<std::uint64_t> {};

TEST_P(Seed, every_wish_is_told_settled_or_waiting_and_no_rule_is_told_twice_in_a_minute) {
  Story story(GetParam());

  story.play(3000);

  EXPECT_EQ(story.wrong, "");
  EXPECT_GT(story.letters, 50u);
  EXPECT_GT(story.told, 100u);
  EXPECT_GT(story.settled_said, 0u);
}

INSTANTIATE_TEST_SUITE_P(NotifyAccount, Seed, testing::Range<std::uint64_t>(1, 21));

}  // namespace
}  // namespace wl::alarm::notify
