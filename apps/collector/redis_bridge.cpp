#include "apps/collector/redis_bridge.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>

#include <algorithm>

#include "apps/collector/bridge_session.hpp"
#include "base/check.hpp"

namespace wl {
namespace {

constexpr Milliseconds first_pause{100};
constexpr Milliseconds longest_pause{2000};

}  // namespace

RedisBridge::RedisBridge(cache::RedisOptions redis, std::filesystem::path live_socket)
    : redis_(std::move(redis)),
      live_socket_(std::move(live_socket)),
      stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  WL_CHECK(stop_);
  thread_ = std::thread([this] { run(); });
}

RedisBridge::~RedisBridge() {
  ::eventfd_write(stop_.get(), 1);
  thread_.join();
}

bool RedisBridge::wait(Milliseconds pause) const {
  pollfd watched{stop_.get(), POLLIN, 0};
  return ::poll(&watched, 1, static_cast<int>(pause.count())) == 0;
}

void RedisBridge::run() {
  Milliseconds pause{0};
  while (wait(pause)) {
    was_up_ = false;
    std::string reason;
    try {
      reason = attempt();
    } catch (const std::exception& error) {
      reason = error.what();
    }
    if (!wait(Milliseconds{0})) return;
    if (was_up_) spdlog::warn("live values no longer go to Redis: {}", reason);
    if (was_up_) ++counted_.restarts;
    pause = was_up_ ? first_pause : std::clamp(pause * 2, first_pause, longest_pause);
    tell(false, std::move(reason));
  }
}

void RedisBridge::tell(bool up, std::string reason) {
  counted_.up = up;
  counted_.reason = std::move(reason);
  figures_.set(counted_);
}

std::string RedisBridge::attempt() {
  auto session = BridgeSession::open(redis_, live_socket_);
  if (!session) return session.error().what;
  const RedisFigures before = counted_;
  for (;;) {
    pollfd watched[3] = {{stop_.get(), POLLIN, 0},
                         {(*session)->live_fd(), POLLIN, 0},
                         {(*session)->orders_fd(), POLLIN, 0}};
    ::poll(watched, 3, static_cast<int>(BridgeSession::silence_limit.count()));
    if (watched[0].revents != 0) return "stopping";
    const auto passed = (*session)->pass();
    counted_.published = before.published + (*session)->published();
    counted_.orders = before.orders + (*session)->orders();
    counted_.orders_refused = before.orders_refused + (*session)->orders_refused();
    if (!passed) return passed.error().what;
    if (!was_up_) spdlog::info("live values go to Redis at {}", redis_.place());
    was_up_ = true;
    tell(true, "");
  }
}

}  // namespace wl
