#include "web/workers.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <new>

namespace wl::web {
namespace {

using namespace std::chrono_literals;

TEST(Worker, a_job_that_throws_does_not_keep_the_next_from_being_done) {
  std::promise<void> done;
  auto next_job = done.get_future();
  Worker worker(2);

  worker.push([] { throw std::bad_alloc(); });
  worker.push([&] { done.set_value(); });

  EXPECT_EQ(next_job.wait_for(10s), std::future_status::ready);
}

}  // namespace
}  // namespace wl::web
