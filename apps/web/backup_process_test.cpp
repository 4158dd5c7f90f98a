#include "apps/web/backup_process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <thread>

namespace wl {
namespace {

using ::testing::HasSubstr;
using State = web::BackupRun::State;

const Timestamp now = Timestamp{std::chrono::seconds{1'767'268'800}};

/// Scripts in the place of `wattline backup`, in a directory of their own.
class BackupProcessTest : public ::testing::Test {
 protected:
  BackupProcessTest() {
    std::string name = (std::filesystem::temp_directory_path() / "wl-backup-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
  }
  ~BackupProcessTest() override {
    keeper_.reset();
    std::filesystem::remove_all(directory_);
  }

  web::BackupKeeper& keeper_of(const std::string& script) {
    BackupOptions options;
    options.program = {.name = "backup",
                       .program = "/bin/sh",
                       .arguments = {"-c", "cd " + directory_.string() + "; " + script},
                       .output = directory_ / "out"};
    options.directory = directory_;
    options.run_dir = directory_;
    keeper_ = std::make_unique<BackupProcess>(options);
    return *keeper_;
  }
  /// The run once `done` holds for it; after 10 s as it is.
  web::BackupRun run_when(const std::function<bool(const web::BackupRun&)>& done) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    web::BackupRun run = keeper_->overview(now).run.value();
    while (!done(run) && std::chrono::steady_clock::now() < until) {
      std::this_thread::yield();
      run = keeper_->overview(now).run.value();
    }
    return run;
  }
  void let_go() { std::ofstream(directory_ / "go") << "go"; }

  std::filesystem::path directory_;
  std::unique_ptr<BackupProcess> keeper_;
};

constexpr const char* until_told = "while [ ! -e go ]; do :; done; ";

TEST_F(BackupProcessTest, one_that_runs_tells_its_step_and_keeps_others_away) {
  web::BackupKeeper& keeper = keeper_of(std::string("echo 'copying 10 %'; ") + until_told);

  const auto started = keeper.start("admin", now);

  ASSERT_TRUE(started) << started.error().what;
  EXPECT_EQ(run_when([](const auto& run) { return !run.step.empty(); }).step, "copying 10 %");
  EXPECT_EQ(keeper.start("li", now).error().code, Errc::conflict);
  let_go();
  EXPECT_EQ(run_when([](const auto& run) { return run.state != State::running; }).state,
            State::finished);
}

TEST_F(BackupProcessTest, one_that_is_done_names_its_file_which_is_listed_with_its_size) {
  web::BackupKeeper& keeper = keeper_of(
      "echo 12345 > wattline-20260101-120000.tar.zst; "
      "echo \"backup    $PWD/wattline-20260101-120000.tar.zst\"; echo '          6 B, 1 files'");
  ASSERT_TRUE(keeper.start("admin", now));

  const auto run = run_when([](const auto& each) { return each.state != State::running; });

  EXPECT_EQ(run.state, State::finished);
  EXPECT_EQ(run.file, "wattline-20260101-120000.tar.zst");
  EXPECT_EQ(run.ended_at, now);
  const auto stored = keeper.overview(now).stored;
  ASSERT_EQ(stored.size(), 1u);
  EXPECT_EQ(stored.front().name, run.file);
  EXPECT_EQ(stored.front().bytes, 6u);
}

TEST_F(BackupProcessTest, one_that_fails_says_why_and_another_can_be_started) {
  web::BackupKeeper& keeper = keeper_of("echo 'error: no room on the disk' >&2; exit 1");
  ASSERT_TRUE(keeper.start("admin", now));

  const auto run = run_when([](const auto& each) { return each.state != State::running; });

  EXPECT_EQ(run.state, State::failed);
  EXPECT_EQ(run.reason, "error: no room on the disk");
  EXPECT_TRUE(keeper.start("admin", now));
}

TEST_F(BackupProcessTest, one_that_is_killed_says_so) {
  web::BackupKeeper& keeper = keeper_of("kill -9 $$");
  ASSERT_TRUE(keeper.start("admin", now));

  const auto run = run_when([](const auto& each) { return each.state != State::running; });

  EXPECT_EQ(run.state, State::failed);
  EXPECT_THAT(run.reason, HasSubstr("signal 9"));
}

TEST_F(BackupProcessTest, without_one_there_is_nothing_to_tell) {
  const auto overview = keeper_of("true").overview(now);

  EXPECT_FALSE(overview.run);
  EXPECT_TRUE(overview.stored.empty());
}

}  // namespace
}  // namespace wl
