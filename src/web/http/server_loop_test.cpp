#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <new>
#include <thread>

#include "web/http/server.hpp"

namespace wl::web {
namespace {

using namespace std::chrono_literals;

/// For a server that nobody asks anything.
struct SilentService : Service {
  void handle(Request, Reply) override {}
  void admit_live(Request, std::move_only_function<void(LiveVerdict)>) override {}
  void join_live(std::shared_ptr<PushClient>) override {}
  void leave_live(const std::shared_ptr<PushClient>&) override {}
  Response refuse(int, const Request&) override { return {}; }
};

TEST(ServerLoop, goes_on_after_a_task_that_throws) {
  SilentService service;
  Server server("127.0.0.1", 0);
  std::thread loop([&] { server.run(service); });
  std::promise<void> done;
  auto next_task = done.get_future();

  server.loop()([] { throw std::bad_alloc(); });
  server.loop()([&] { done.set_value(); });

  EXPECT_EQ(next_task.wait_for(10s), std::future_status::ready);
  server.stop();
  loop.join();
}

}  // namespace
}  // namespace wl::web
