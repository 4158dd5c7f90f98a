#include "base/host/journal.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

namespace wl::journal {
namespace {

const std::string t1 = "2026-11-22T10:00:00.001Z";
const std::string t2 = "2026-11-22T10:00:00.002Z";
const std::string t3 = "2026-11-22T10:00:00.003Z";

class JournalTest : public ::testing::Test {
 protected:
  JournalTest() {
    std::string name = (std::filesystem::temp_directory_path() / "wl-journal-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
  }
  ~JournalTest() override { std::filesystem::remove_all(directory_); }

  void append(const std::string& file, const std::string& text) {
    std::ofstream(directory_ / file, std::ios::app) << text;
  }
  static std::string texts(const std::vector<Entry>& entries) {
    std::string all;
    for (const Entry& entry : entries) all += entry.text.substr(25) + "|";
    return all;
  }

  std::filesystem::path directory_;
};

TEST_F(JournalTest, a_line_without_a_time_belongs_to_the_message_before) {
  const auto entries = split(t1 + " a\n  more\n" + t2 + " b\n");

  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].text, t1 + " a\n  more");
  EXPECT_EQ(entries[1].time, t2);
}

TEST_F(JournalTest, messages_of_several_processes_are_ordered_by_time) {
  const auto merged = merge({split(t1 + " a\n" + t3 + " c\n"), split(t2 + " b\n")});

  EXPECT_EQ(texts(merged), "a|b|c|");
}

TEST_F(JournalTest, the_tail_reaches_into_rotated_files) {
  append("plc.1.log", t1 + " a\n" + t2 + " b\n");
  append("plc.log", t3 + " c\n");

  EXPECT_EQ(texts(tail(directory_, "plc", 2)), "b|c|");
  EXPECT_EQ(texts(tail(directory_, "plc", 10)), "a|b|c|");
}

TEST_F(JournalTest, a_process_without_a_log_has_no_messages) {
  EXPECT_TRUE(tail(directory_, "plc", 10).empty());
}

TEST_F(JournalTest, following_shows_only_what_is_new_and_only_whole_lines) {
  append("plc.log", t1 + " a\n");
  Follower follower{directory_ / "plc.log"};
  append("plc.log", t2 + " b\n" + t3 + " half");

  EXPECT_EQ(texts(follower.poll()), "b|");

  append("plc.log", " and half\n");
  EXPECT_EQ(texts(follower.poll()), "half and half|");
}

TEST_F(JournalTest, following_goes_on_over_a_rotation_without_a_loss) {
  append("plc.log", t1 + " a\n");
  Follower follower{directory_ / "plc.log"};
  append("plc.log", t2 + " b\n");
  std::filesystem::rename(directory_ / "plc.log", directory_ / "plc.1.log");
  append("plc.log", t3 + " c\n");

  EXPECT_EQ(texts(follower.poll()), "b|c|");
}

TEST_F(JournalTest, following_waits_for_a_log_that_does_not_exist_yet) {
  Follower follower{directory_ / "plc.log"};
  EXPECT_TRUE(follower.poll().empty());

  append("plc.log", t1 + " a\n");

  EXPECT_EQ(texts(follower.poll()), "a|");
}

TEST_F(JournalTest, of_a_tail_only_what_is_wanted_counts) {
  append("plc.1.log", t1 + " error    plc  first\n");
  append("plc.log", t2 + " info     plc  noise\n" + t3 + " warning  plc  last\n");

  const auto entries =
      tail(directory_, "plc", 2, [](const Entry& entry) { return level_of(entry) != "info"; });

  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(level_of(entries[0]), "error");
  EXPECT_EQ(level_of(entries[1]), "warning");
  EXPECT_EQ(level_of(Entry{"", "no time"}), "");
}

}  // namespace
}  // namespace wl::journal
