#include "base/instance_lock.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <optional>

#include "base/durable_file.hpp"

namespace wl {
namespace {

namespace fs = std::filesystem;

class InstanceLockTest : public ::testing::Test {
 protected:
  InstanceLockTest() {
    std::string name = (fs::temp_directory_path() / "wl-lock-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
    file_ = directory_ / "lock";
  }
  ~InstanceLockTest() override { fs::remove_all(directory_); }
  fs::path directory_;
  fs::path file_;
};

TEST_F(InstanceLockTest, the_second_is_told_the_pid_of_the_first) {
  const InstanceLock first = take_alone(file_);

  const auto second = InstanceLock::take(file_);

  EXPECT_EQ(second.error().code, Errc::conflict);
  EXPECT_EQ(second.error().what, "already running, pid " + std::to_string(::getpid()));
  EXPECT_THROW(take_alone(file_), AlreadyRunning);
}

TEST_F(InstanceLockTest, after_a_clean_end_the_file_is_empty_and_free) {
  std::optional<InstanceLock> first(take_alone(file_));

  first.reset();

  EXPECT_EQ(read_file(file_).value(), "");
  EXPECT_TRUE(InstanceLock::take(file_).has_value());
}

TEST_F(InstanceLockTest, a_lock_that_was_handed_on_is_held_by_the_receiver) {
  std::optional<InstanceLock> first(take_alone(file_));
  const InstanceLock second = std::move(*first);

  first.reset();

  EXPECT_FALSE(InstanceLock::take(file_).has_value());
}

TEST_F(InstanceLockTest, a_place_that_cannot_be_written_is_a_start_error_that_names_it) {
  try {
    const InstanceLock lock = take_alone(directory_ / "none" / "lock");
    FAIL() << "no error";
  } catch (const AlreadyRunning&) {
    FAIL() << "nobody runs";
  } catch (const StartError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr((directory_ / "none" / "lock").string()));
  }
}

}  // namespace
}  // namespace wl
