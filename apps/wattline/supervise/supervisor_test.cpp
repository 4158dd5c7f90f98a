// The supervisor with real processes: shell scripts in the place of the four programs.
#include "apps/wattline/supervise/supervisor.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <thread>

#include "base/host/process_state.hpp"
#include "base/instance_lock.hpp"
#include "base/process_status.hpp"

namespace wl::supervise {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

class SupervisorTest : public ::testing::Test {
 protected:
  SupervisorTest() {
    std::string name = (std::filesystem::temp_directory_path() / "wl-supervise-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
    options_.run_directory = directory_;
    options_.limits.stop_limit = Milliseconds{300};
    options_.limits.first_delay = Milliseconds{10};
    options_.limits.hung_after = Milliseconds{400};
    options_.healthy_limit = Milliseconds{10'000};
  }
  ~SupervisorTest() override {
    std::filesystem::remove_all(directory_);
    sigset_t stop;  // A pending SIGTERM would stop the supervisor of the next test.
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    const timespec at_once{};
    ::sigtimedwait(&stop, nullptr, &at_once);
  }

  void add(const std::string& name, const std::string& script) {
    options_.programs.push_back({name, "/bin/sh", {"-c", script}, directory_ / (name + ".out")});
  }
  /// A script that says once, or again and again, that it is healthy.
  std::string say_healthy(const std::string& name, bool healthy = true) const {
    return fmt::format(R"(say() {{ echo '{{"name":"{0}","pid":'$$',"version":"1",)"
                       R"("started_at":"2026-01-01T00:00:00Z","heartbeat_at":"'$1'","healthy":{1},)"
                       R"("reason":"peer is missing","details":{{}}}}' > {2}/{0}.new; )"
                       R"(mv {2}/{0}.new {2}/{0}.status.json; }}; )",
                       name, healthy, directory_.string());
  }
  std::string healthy_once(const std::string& name) const {
    return say_healthy(name) + "say 2026-01-01T00:00:00Z; exec sleep 60";
  }
  std::string healthy_always(const std::string& name) const {
    return say_healthy(name) +
           "trap 'exit 0' TERM; i=0; while :; do i=$((i+1)); "
           "say 2026-01-01T00:00:$((10 + i % 50))Z; sleep 0.05; done";
  }
  std::unique_ptr<Supervisor> make() {
    return std::make_unique<Supervisor>(options_, stop_,
                                        [this](const std::string& line) { said_.push_back(line); });
  }
  pid_t pid_of(const std::string& name) const { return read_status(directory_, name).value().pid; }

  /// Asks the supervisor to stop when another process `name` than `before` lives, or after 10 s.
  std::thread stop_once_replaced(const std::string& name, pid_t before) {
    return std::thread([this, name, before] {
      const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds{10};
      while (!replaced_ && std::chrono::steady_clock::now() < limit) {
        const auto status = read_status(directory_, name);
        replaced_ = status && status->pid != before;
        std::this_thread::yield();
      }
      ::kill(::getpid(), SIGTERM);
    });
  }

  std::atomic<bool> replaced_ = false;
  std::filesystem::path directory_;
  StopSignal stop_;
  SupervisorOptions options_;
  std::vector<std::string> said_;
};

TEST_F(SupervisorTest, starts_in_order_and_stops_in_reverse_order) {
  add("first", healthy_always("first"));
  add("second", healthy_always("second"));
  auto supervisor = make();

  EXPECT_EQ(supervisor->start_all(), StartOutcome::healthy);
  supervisor->stop_all();

  ASSERT_EQ(said_.size(), 4u);
  EXPECT_THAT(said_[0], HasSubstr("[1/2] first     healthy after"));
  EXPECT_THAT(said_[1], HasSubstr("[2/2] second    healthy after"));
  EXPECT_THAT(said_[2], HasSubstr("second    stopped"));
  EXPECT_THAT(said_[3], HasSubstr("first     stopped"));
}

TEST_F(SupervisorTest, exit_code_2_is_a_configuration_error_told_in_the_words_of_the_process) {
  add("first", "echo '.env:3: WEB_PORT: 70000 is outside 1 to 65535' >&2; exit 2");
  auto supervisor = make();

  EXPECT_EQ(supervisor->start_all(), StartOutcome::configuration_error);

  EXPECT_THAT(said_, Contains(HasSubstr(".env:3: WEB_PORT: 70000 is outside 1 to 65535")));
}

TEST_F(SupervisorTest, a_process_that_ends_again_and_again_fails_the_start) {
  add("first", "echo broken; kill -ABRT $$");
  auto supervisor = make();

  EXPECT_EQ(supervisor->start_all(), StartOutcome::failed);

  EXPECT_THAT(said_, Contains(HasSubstr("cannot start: signal 6 (Aborted)")));
}

TEST_F(SupervisorTest, a_program_that_is_not_there_fails_the_start) {
  options_.programs.push_back({"first", "/nonexistent/wattline-first", {}, directory_ / "f.out"});
  auto supervisor = make();

  EXPECT_EQ(supervisor->start_all(), StartOutcome::failed);

  EXPECT_THAT(said_, Contains(HasSubstr("the program is missing")));
}

TEST_F(SupervisorTest, an_unhealthy_process_is_told_with_its_reason_and_kept) {
  options_.healthy_limit = Milliseconds{200};
  add("first", say_healthy("first", false) + "say 2026-01-01T00:00:00Z; exec sleep 60");
  auto supervisor = make();

  EXPECT_EQ(supervisor->start_all(), StartOutcome::degraded);

  EXPECT_THAT(said_, Contains(HasSubstr("peer is missing")));
}

TEST_F(SupervisorTest, a_stop_during_the_start_ends_it) {
  add("first", "kill -TERM $PPID; exec sleep 60");
  auto supervisor = make();

  EXPECT_EQ(supervisor->start_all(), StartOutcome::interrupted);
}

TEST_F(SupervisorTest, a_process_that_ignores_sigterm_is_killed) {
  add("first", "trap '' TERM; " + say_healthy("first") +
                   "say 2026-01-01T00:00:00Z; while :; do sleep 0.05; done");
  auto supervisor = make();
  ASSERT_EQ(supervisor->start_all(), StartOutcome::healthy);

  supervisor->stop_all();

  EXPECT_THAT(said_, Contains(HasSubstr("first     stopped")));
  EXPECT_THAT(said_.back(), HasSubstr("signal 9"));
}

TEST_F(SupervisorTest, a_killed_process_is_started_again) {
  add("first", healthy_always("first"));
  auto supervisor = make();
  ASSERT_EQ(supervisor->start_all(), StartOutcome::healthy);
  const pid_t before = pid_of("first");
  const auto control = ControlSocket::listen(directory_);
  ::kill(before, SIGKILL);

  std::thread observer = stop_once_replaced("first", before);
  supervisor->supervise(*control);
  observer.join();

  EXPECT_TRUE(replaced_);
}

TEST_F(SupervisorTest, a_client_can_restart_one_process) {
  add("first", healthy_always("first"));
  auto supervisor = make();
  ASSERT_EQ(supervisor->start_all(), StartOutcome::healthy);
  const pid_t before = pid_of("first");
  const auto control = ControlSocket::listen(directory_);

  Result<int> answer = 1;
  std::vector<std::string> lines;
  std::thread client([&] {
    answer = ask_supervisor(directory_, "restart first", Milliseconds{10'000},
                            [&](const std::string& line) { lines.push_back(line); });
    ::kill(::getpid(), SIGTERM);
  });
  supervisor->supervise(*control);
  client.join();

  EXPECT_EQ(answer.value(), 0);
  EXPECT_THAT(lines, Contains(HasSubstr("healthy after")));
  EXPECT_NE(pid_of("first"), before);
}

TEST_F(SupervisorTest, a_hung_process_is_killed_and_started_again) {
  add("first", healthy_once("first"));
  auto supervisor = make();
  ASSERT_EQ(supervisor->start_all(), StartOutcome::healthy);
  const pid_t hung = pid_of("first");
  const auto control = ControlSocket::listen(directory_);

  std::thread observer = stop_once_replaced("first", hung);
  supervisor->supervise(*control);
  observer.join();

  EXPECT_TRUE(replaced_);
  EXPECT_NE(::kill(hung, 0), 0);
}

TEST_F(SupervisorTest, an_unknown_request_is_refused) {
  auto supervisor = make();
  const auto control = ControlSocket::listen(directory_);
  Result<int> answer = 0;
  std::thread client([&] {
    answer = ask_supervisor(directory_, "restart nothing", Milliseconds{10'000}, [](auto&) {});
    ::kill(::getpid(), SIGTERM);
  });

  supervisor->supervise(*control);
  client.join();

  EXPECT_EQ(answer.value(), 2);
}

TEST_F(SupervisorTest, without_a_supervisor_a_request_fails_at_once) {
  const auto answer = ask_supervisor(directory_, "restart", Milliseconds{1000}, [](auto&) {});

  EXPECT_EQ(answer.error().code, Errc::unavailable);
}

TEST_F(SupervisorTest, the_holder_of_the_lock_is_the_running_supervisor) {
  const auto lock = InstanceLock::take(supervisor_pid_path(directory_));

  EXPECT_EQ(running_supervisor(directory_), ::getpid());
}

TEST_F(SupervisorTest, a_released_lock_counts_as_not_running) {
  { const auto lock = InstanceLock::take(supervisor_pid_path(directory_)); }

  EXPECT_EQ(running_supervisor(directory_), std::nullopt);
}

TEST_F(SupervisorTest, the_output_file_has_a_limit) {
  add("first", "head -c 3000 /dev/zero; " + healthy_always("first"));
  options_.output_limit = 1000;
  auto supervisor = make();

  ASSERT_EQ(supervisor->start_all(), StartOutcome::healthy);

  EXPECT_LT(std::filesystem::file_size(directory_ / "first.out"), 1000u);
  EXPECT_EQ(std::filesystem::file_size(directory_ / "first.out.1"), 3000u);
}

}  // namespace
}  // namespace wl::supervise
