#include "apps/collector/alarm_memory_file.hpp"

#include <gmock/gmock.h>
#include <stdlib.h>

#include "base/durable_file.hpp"

namespace wl {
namespace {

class AlarmMemoryFileTest : public testing::Test {
 protected:
  AlarmMemoryFileTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "wl-alarm-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
    memory_.next_id = 42;
  }
  ~AlarmMemoryFileTest() override { std::filesystem::remove_all(directory_); }

  std::string text() const { return collector::encode_memory(memory_); }

  std::filesystem::path directory_;
  collector::AlarmMemory memory_;
  const Timestamp now_ = from_unix_ms(1'700'000'000'000);
};

TEST_F(AlarmMemoryFileTest, what_was_written_is_read_after_a_restart) {
  AlarmMemoryFile(directory_).write(text());

  const auto read = AlarmMemoryFile(directory_).read(now_);

  ASSERT_TRUE(read);
  EXPECT_EQ(read->next_id, 42u);
}

TEST_F(AlarmMemoryFileTest, on_the_first_start_there_is_none) {
  EXPECT_FALSE(AlarmMemoryFile(directory_).read(now_));
}

TEST_F(AlarmMemoryFileTest, one_that_cannot_be_read_is_kept_aside_and_not_met_again) {
  ASSERT_TRUE(write_file(directory_ / "alarm_state.json", text() + "x", Durability::visible));

  EXPECT_FALSE(AlarmMemoryFile(directory_).read(now_));

  EXPECT_FALSE(std::filesystem::exists(directory_ / "alarm_state.json"));
  EXPECT_EQ(read_file(directory_ / "alarm_state.json.unreadable-1700000000000").value(),
            text() + "x");
}

TEST_F(AlarmMemoryFileTest, a_disk_that_refuses_costs_nothing_but_the_file) {
  AlarmMemoryFile file(directory_ / "missing");

  EXPECT_FALSE(file.write(text()));
  std::filesystem::create_directory(directory_ / "missing");
  EXPECT_TRUE(file.write(text()));

  EXPECT_TRUE(file.read(now_));
}

}  // namespace
}  // namespace wl
