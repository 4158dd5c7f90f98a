#include "apps/wattline/supervise/backup_job.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

namespace wl::supervise {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

constexpr Milliseconds start{1'000'000};

TEST(BackupTimer, waits_a_minute_before_it_looks_for_the_first_time) {
  const BackupTimer timer{hours{24}, start};

  EXPECT_FALSE(timer.wants_look(start + minutes{1} - Milliseconds{1}));
  EXPECT_TRUE(timer.wants_look(start + minutes{1}));
}

TEST(BackupTimer, a_recent_backup_puts_the_next_one_off_until_it_is_old) {
  BackupTimer timer{hours{24}, start};
  const Milliseconds now = start + minutes{1};

  EXPECT_FALSE(timer.is_due(hours{20}, now));
  EXPECT_FALSE(timer.wants_look(now + hours{4} - Milliseconds{1}));
  EXPECT_TRUE(timer.wants_look(now + hours{4}));
}

TEST(BackupTimer, none_or_an_old_one_is_due) {
  BackupTimer timer{hours{24}, start};

  EXPECT_TRUE(timer.is_due(std::nullopt, start));
  EXPECT_TRUE(timer.is_due(hours{24}, start));
}

TEST(BackupTimer, a_clock_that_was_set_back_delays_by_one_interval_at_most) {
  BackupTimer timer{hours{24}, start};

  EXPECT_FALSE(timer.is_due(-hours{1000}, start));
  EXPECT_TRUE(timer.wants_look(start + hours{24}));
}

TEST(BackupTimer, tries_again_a_quarter_of_an_hour_after_a_failure) {
  BackupTimer timer{hours{24}, start};
  timer.finished(false, start);

  EXPECT_FALSE(timer.wants_look(start + minutes{14}));
  EXPECT_TRUE(timer.wants_look(start + minutes{15}));
}

TEST(BackupTimer, interval_0_is_never) {
  EXPECT_FALSE((BackupTimer{Milliseconds{0}, start}.wants_look(start + hours{10'000})));
}

class BackupJobTest : public testing::Test {
 protected:
  BackupJobTest() {
    std::string name = (std::filesystem::temp_directory_path() / "wl-job-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
  }
  ~BackupJobTest() override { std::filesystem::remove_all(directory_); }

  BackupJobOptions options(const std::string& script) {
    return {.program = {"backup", "/bin/sh", {"-c", script}, directory_ / "backup.out"},
            .interval = hours{1},
            .newest = [this] { return newest_; }};
  }
  /// Starts what is due after a minute and waits until it ended.
  void run(BackupJob& job) {
    job.look(start + minutes{1});
    pollfd ended{job.pid_fd(), POLLIN, 0};
    ASSERT_EQ(::poll(&ended, 1, 10'000), 1);
    job.look(start + minutes{1});
  }

  std::optional<Timestamp> newest_;
  std::filesystem::path directory_;
};

TEST_F(BackupJobTest, runs_the_command_and_shows_when_the_newest_was_made) {
  BackupJob job{options("echo made"), start};
  run(job);

  newest_ = parse_iso8601("2026-11-22T12:00").value();
  EXPECT_THAT(job.details(), ElementsAre(Pair("backup", "2026-11-22T12:00:00.000Z")));
}

TEST_F(BackupJobTest, shows_the_last_words_of_a_failure) {
  BackupJob job{options("echo error: the disk is full >&2; exit 1"), start};
  run(job);

  EXPECT_THAT(job.details(), ElementsAre(Pair("backup", "failed: error: the disk is full")));
}

TEST_F(BackupJobTest, makes_none_while_a_recent_one_is_there) {
  newest_ = wall_now();
  BackupJob job{options("exit 1"), start};

  job.look(start + minutes{1});

  EXPECT_EQ(job.pid_fd(), -1);
}

TEST_F(BackupJobTest, kills_one_that_does_not_end) {
  BackupJobOptions slow = options("sleep 60");
  slow.limit = minutes{2};
  BackupJob job{std::move(slow), start};
  job.look(start + minutes{1});

  job.look(start + minutes{3});

  pollfd ended{job.pid_fd(), POLLIN, 0};
  ASSERT_EQ(::poll(&ended, 1, 10'000), 1);
  job.look(start + minutes{3});
  EXPECT_THAT(job.details(), ElementsAre(Pair("backup", HasSubstr("failed: signal 9"))));
}

TEST_F(BackupJobTest, stops_with_the_supervisor) {
  BackupJob job{options("exec sleep 60"), start};
  job.look(start + minutes{1});

  job.stop();

  EXPECT_EQ(job.pid_fd(), -1);
}

}  // namespace
}  // namespace wl::supervise
