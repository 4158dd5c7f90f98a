#include "base/host/process_state.hpp"

#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "base/process_status.hpp"

extern char** environ;

namespace wl {
namespace {

const Timestamp now = Timestamp{std::chrono::seconds{1'767'268'800}};

/// A run directory and a process that carries the name of the PLC's.
class ProcessStateTest : public ::testing::Test {
 protected:
  ProcessStateTest() {
    std::string name = (std::filesystem::temp_directory_path() / "wl-state-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
    const std::string program = directory_ / "wattline-plc";
    std::filesystem::copy_file("/bin/sleep", program);
    std::string words[] = {program, "60"};
    char* arguments[] = {words[0].data(), words[1].data(), nullptr};
    ::posix_spawn(&pid_, program.c_str(), nullptr, nullptr, arguments, environ);
  }
  ~ProcessStateTest() override {
    end_process();
    std::filesystem::remove_all(directory_);
  }

  void end_process() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }
  void tell(Milliseconds heartbeat_age, bool healthy, const std::string& reason) {
    ProcessStatus status;
    status.name = "plc";
    status.pid = pid_;
    status.version = "1";
    status.started_at = now - std::chrono::minutes{1};
    status.heartbeat_at = now - heartbeat_age;
    status.healthy = healthy;
    status.reason = reason;
    status.details = {{"scans", "7"}};
    ASSERT_TRUE(write_status(directory_, status));
  }
  ProcessState plc() const { return state_of_process(directory_, "plc", now); }

  std::filesystem::path directory_;
  pid_t pid_ = 0;
};

TEST_F(ProcessStateTest, a_process_that_tells_is_what_it_tells) {
  tell(Milliseconds{500}, true, "");

  const ProcessState state = plc();

  EXPECT_EQ(word_of(state.life), "running");
  EXPECT_TRUE(state.healthy);
  EXPECT_EQ(state.pid, pid_);
  EXPECT_EQ(state.uptime, Milliseconds{60'000});
  EXPECT_EQ(state.heartbeat_age, Milliseconds{500});
  EXPECT_EQ(state.details.front().second, "7");
}

TEST_F(ProcessStateTest, an_old_heartbeat_is_a_hung_process_whatever_it_said_last) {
  tell(Milliseconds{7000}, true, "");

  const ProcessState state = plc();

  EXPECT_EQ(word_of(state.life), "hung");
  EXPECT_FALSE(state.healthy);
  EXPECT_EQ(state.reason, "last heartbeat 7 s ago");
}

TEST_F(ProcessStateTest, a_status_that_a_dead_process_left_is_no_process) {
  tell(Milliseconds{0}, true, "");
  end_process();

  const ProcessState state = plc();

  EXPECT_EQ(word_of(state.life), "not running");
  EXPECT_EQ(state.pid, 0);
  EXPECT_FALSE(state.uptime);
}

TEST_F(ProcessStateTest, the_supervisor_comes_first_and_nobody_is_left_out) {
  const auto states = states_of_processes(directory_, now);

  ASSERT_EQ(states.size(), 5u);
  EXPECT_EQ(states.front().name, "wattline");
  EXPECT_EQ(states.back().name, "web");
  EXPECT_EQ(states.back().reason, "not running");
}

}  // namespace
}  // namespace wl
