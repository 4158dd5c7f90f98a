// Internal to the server: how a coroutine waits for a callback, with a limit.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>

namespace wl::web {

/// A handler's answer on its way back to the coroutine that waits for it.
template <class T>
struct Awaited {
  explicit Awaited(const boost::asio::any_io_executor& executor) : timer(executor) {}
  void set(T result) {
    value = std::move(result);
    timer.cancel();
  }
  boost::asio::steady_timer timer;
  std::optional<T> value;
};

template <class T>
boost::asio::awaitable<void> wait_for(std::shared_ptr<Awaited<T>> awaited,
                                      std::chrono::seconds limit) {
  if (awaited->value) co_return;
  awaited->timer.expires_after(limit);
  boost::system::error_code error;
  co_await awaited->timer.async_wait(
      boost::asio::redirect_error(boost::asio::use_awaitable, error));
}

}  // namespace wl::web
