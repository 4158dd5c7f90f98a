#include "web/http/server.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <set>

#include "base/result.hpp"
#include "web/http/connection.hpp"

namespace wl::web {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

asio::awaitable<void> serve_connection(std::unique_ptr<OpenConnection> connection) {
  try {
    co_await connection->serve();
  } catch (const std::exception& error) {
    spdlog::error("connection ended: {}", error.what());
  }
}

std::string why_not_listening(const std::string& host, std::uint16_t port, error_code error) {
  if (error == asio::error::address_in_use) {
    return fmt::format(
        "port {} on {} is in use by another program: stop it, or set another WEB_PORT in .env",
        port, host);
  }
  if (error == asio::error::access_denied) {
    return fmt::format("this user may not listen on port {}: set WEB_PORT in .env above 1023",
                       port);
  }
  return fmt::format("cannot listen on {}:{}: {} (WEB_HOST, WEB_PORT in .env)", host, port,
                     error.message());
}

tcp::acceptor bind_acceptor(asio::io_context& context, const std::string& host,
                            std::uint16_t port) {
  try {
    tcp::resolver resolver(context);
    const auto found = resolver.resolve(host, std::to_string(port), tcp::resolver::passive);
    const tcp::endpoint endpoint = found.begin()->endpoint();
    tcp::acceptor acceptor(context);
    acceptor.open(endpoint.protocol());
    acceptor.set_option(asio::socket_base::reuse_address(true));
    acceptor.bind(endpoint);
    acceptor.listen(asio::socket_base::max_listen_connections);
    return acceptor;
  } catch (const boost::system::system_error& error) {
    throw StartError(why_not_listening(host, port, error.code()));
  }
}

}  // namespace

struct Server::Impl {
  Impl(const std::string& host, std::uint16_t port, ServerLimits limits)
      : acceptor(bind_acceptor(context, host, port)), drain_timer(context) {
    state.limits = limits;
  }

  asio::awaitable<void> accept();
  error_code admit(tcp::socket socket);
  bool make_room();
  void serve_all();
  void begin_drain();
  void check_drained();

  ServerState state;  // First: the connections that go with the context still sign off here.
  asio::io_context context{1};
  tcp::acceptor acceptor;
  asio::steady_timer drain_timer;
  Clock::time_point drain_until{};
};

asio::awaitable<void> Server::Impl::accept() {
  while (!state.draining) {
    error_code error;
    tcp::socket socket =
        co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
    if (!error) error = admit(std::move(socket));
    if (error && !state.draining) {
      // Out of descriptors or memory, most likely: some of it comes free with time.
      asio::steady_timer pause(context, std::chrono::milliseconds(100));
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
    }
  }
}

/// Never throws: an exception out of accept() would end it, and nobody could connect any more.
error_code Server::Impl::admit(tcp::socket socket) try {
  if (state.connections.size() >= state.limits.connections && !make_room()) {
    ++state.refused_connections;
    return {};  // Closed again.
  }
  auto connection = open_connection(std::move(socket), state);
  asio::co_spawn(context, serve_connection(std::move(connection)), asio::detached);
  return {};
} catch (const std::exception& failure) {
  spdlog::error("a connection was refused: {}", failure.what());
  return asio::error::no_memory;
}

/// Ends the connection that has waited longest for a request: whoever only holds connections open
/// must not lock others out.
bool Server::Impl::make_room() {
  const auto age = [](const OpenConnection* connection) {
    return connection->idle_since().value_or(Clock::time_point::max());
  };
  const auto oldest = std::ranges::min_element(state.connections, {}, age);
  if (oldest == state.connections.end() || !(*oldest)->idle_since()) return false;
  (*oldest)->drain();
  return true;
}

void Server::Impl::serve_all() {
  while (!context.stopped()) {
    try {
      context.run();
    } catch (const std::exception& error) {
      spdlog::error("a task of the loop broke off: {}", error.what());
    }
  }
}

void Server::Impl::begin_drain() {
  if (state.draining) return;
  state.draining = true;
  error_code error;
  acceptor.close(error);
  for (auto* connection : std::set(state.connections)) connection->drain();
  for (const auto& client : std::set(state.live)) client->close("the server stops");
  drain_until = Clock::now() + state.limits.drain;
  check_drained();
}

void Server::Impl::check_drained() {
  if (state.connections.empty() || Clock::now() >= drain_until) {
    context.stop();
    return;
  }
  drain_timer.expires_after(std::chrono::milliseconds(20));
  drain_timer.async_wait([this](error_code error) {
    if (!error) check_drained();
  });
}

Server::Server(const std::string& host, std::uint16_t port, ServerLimits limits)
    : impl_(std::make_unique<Impl>(host, port, limits)) {}

Server::~Server() = default;

std::uint16_t Server::port() const {
  return impl_->acceptor.local_endpoint().port();
}

PostToLoop Server::loop() const {
  return [impl = impl_.get()](Task task) { asio::post(impl->context, std::move(task)); };
}

void Server::run(Service& service) {
  impl_->state.service = &service;
  asio::co_spawn(impl_->context, impl_->accept(), asio::detached);
  impl_->serve_all();
  for (const auto& client : impl_->state.live) service.leave_live(client);
  impl_->state.live.clear();
}

void Server::use_tls(TlsContext context) {
  impl_->state.tls = std::move(context);
}

void Server::renew_tls() {
  auto& tls = impl_->state.tls;
  if (!tls) return;
  const auto renewed = tls->renew();
  if (!renewed) {
    spdlog::error("{}; the certificate in use stays", renewed.error().what);
  } else if (*renewed) {
    spdlog::info("TLS certificate read anew");
  }
}

void Server::stop() {
  asio::post(impl_->context, [impl = impl_.get()] { impl->begin_drain(); });
}

ServerFigures Server::figures() const {
  const ServerState& state = impl_->state;
  ServerFigures figures{state.requests,
                        state.server_errors,
                        state.connections.size(),
                        state.refused_connections,
                        state.tls_failures,
                        {},
                        state.latency.percentile(0.5),
                        state.latency.percentile(0.99)};
  if (state.tls) figures.tls_valid_until = state.tls->valid_until();
  return figures;
}

}  // namespace wl::web
