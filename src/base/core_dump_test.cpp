#include "base/core_dump.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace wl {
namespace {

/// What became of a process that forbids core dumps, where they were allowed, and then aborts.
int fate_of_a_crash() {
  const pid_t child = ::fork();
  if (child == 0) {
    rlimit limit{};
    ::getrlimit(RLIMIT_CORE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_CORE, &limit);
    const bool done = forbid_core_dumps().has_value();
    ::signal(SIGABRT, SIG_DFL);
    ::kill(::getpid(), done ? SIGABRT : SIGTERM);
    ::pause();
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

TEST(CoreDump, is_not_written_by_a_process_that_forbade_it) {
  const int status = fate_of_a_crash();

  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGABRT);
  EXPECT_FALSE(WCOREDUMP(status));
}

}  // namespace
}  // namespace wl
