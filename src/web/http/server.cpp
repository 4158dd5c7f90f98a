#include "web/http/server.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <set>

#include "base/result.hpp"
#include "web/http/awaited.hpp"
#include "web/http/latency_window.hpp"
#include "web/live/websocket_session.hpp"

namespace wl::web {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using Parser = http::request_parser<http::string_body>;

/// What all connections share; loop's thread only.
struct Shared {
  ServerLimits limits;
  Service* service = nullptr;
  std::set<class Connection*> connections;
  std::set<std::shared_ptr<PushClient>> live;
  std::uint64_t requests = 0;
  std::uint64_t server_errors = 0;
  LatencyWindow latency;
  bool draining = false;
};

/// Passes the live calls on and remembers the clients, so that a stop can say goodbye to them.
class RememberingService : public Service {
 public:
  explicit RememberingService(Shared& shared) : shared_(shared) {}
  void handle(Request request, Reply reply) override {
    shared_.service->handle(std::move(request), std::move(reply));
  }
  void admit_live(Request request, std::move_only_function<void(LiveVerdict)> answer) override {
    shared_.service->admit_live(std::move(request), std::move(answer));
  }
  void join_live(std::shared_ptr<PushClient> client) override {
    shared_.live.insert(client);
    shared_.service->join_live(std::move(client));
  }
  void leave_live(const std::shared_ptr<PushClient>& client) override {
    shared_.live.erase(client);
    shared_.service->leave_live(client);
  }
  Response refuse(int status, const Request& request) override {
    return shared_.service->refuse(status, request);
  }

 private:
  Shared& shared_;
};

std::string lower(std::string_view name) {
  std::string text(name);
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return text;
}

/// One client connection: reads a request, waits for its answer, writes it, and again.
class Connection {
 public:
  Connection(tcp::socket socket, Shared& shared, Service& service)
      : stream_(std::move(socket)), shared_(shared), service_(service) {
    error_code error;
    const auto remote = stream_.socket().remote_endpoint(error);
    if (!error) remote_address_ = remote.address().to_string();
    stream_.socket().set_option(tcp::no_delay(true), error);
    shared_.connections.insert(this);
  }
  ~Connection() { shared_.connections.erase(this); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  asio::awaitable<void> serve();
  /// Ends a connection that waits for a request; a busy one sees `draining` by itself.
  void drain() {
    if (!idle_) return;
    error_code error;
    stream_.socket().shutdown(tcp::socket::shutdown_receive, error);
    stream_.cancel();
  }

 private:
  asio::awaitable<bool> read_request(Parser& parser);
  asio::awaitable<bool> wait_for_first_byte();
  asio::awaitable<bool> answer(Parser& parser);
  asio::awaitable<bool> become_live(Parser& parser, Request request);
  asio::awaitable<bool> write(const Response& response, std::string_view method, bool keep_alive);
  asio::awaitable<void> refuse_broken(error_code error);
  asio::awaitable<void> close_gently();
  std::optional<Request> to_request(const Parser& parser) const;

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  Shared& shared_;
  Service& service_;
  std::string remote_address_;
  bool idle_ = false;
};

asio::awaitable<void> Connection::serve() {
  for (bool go_on = true; go_on && !shared_.draining;) {
    Parser parser;
    parser.header_limit(shared_.limits.header_bytes);
    parser.body_limit(shared_.limits.body_bytes);
    go_on = co_await read_request(parser);
    if (go_on) go_on = co_await answer(parser);
  }
  co_await close_gently();
}

asio::awaitable<bool> Connection::wait_for_first_byte() {
  if (buffer_.size() > 0) co_return true;
  idle_ = true;
  stream_.expires_after(shared_.limits.idle);
  error_code error;
  const auto room = buffer_.prepare(4096);
  const std::size_t got =
      co_await stream_.async_read_some(room, asio::redirect_error(asio::use_awaitable, error));
  idle_ = false;
  buffer_.commit(got);
  co_return !error && got > 0;
}

asio::awaitable<bool> Connection::read_request(Parser& parser) {
  const bool began = co_await wait_for_first_byte();
  if (!began) co_return false;
  error_code error;
  stream_.expires_after(shared_.limits.header_read);
  co_await http::async_read_header(stream_, buffer_, parser,
                                   asio::redirect_error(asio::use_awaitable, error));
  if (!error && !parser.is_done()) {
    stream_.expires_after(shared_.limits.body_read);
    if (beast::iequals(parser.get()[http::field::expect], "100-continue")) {
      constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
      const asio::const_buffer bytes(go_on.data(), go_on.size());
      co_await asio::async_write(stream_, bytes, asio::redirect_error(asio::use_awaitable, error));
    }
    if (!error) {
      co_await http::async_read(stream_, buffer_, parser,
                                asio::redirect_error(asio::use_awaitable, error));
    }
  }
  if (!error) co_return true;
  co_await refuse_broken(error);
  co_return false;
}

asio::awaitable<void> Connection::refuse_broken(error_code error) {
  const auto& http_errors = make_error_code(http::error::end_of_stream).category();
  if (error == http::error::end_of_stream || error == http::error::partial_message ||
      error.category() != http_errors) {
    co_return;  // Nobody is there to hear it, or it was too slow.
  }
  const int status = error == http::error::body_limit     ? 413
                     : error == http::error::header_limit ? 431
                                                          : 400;
  const Response response = service_.refuse(status, Request{});
  co_await write(response, "GET", false);
}

std::optional<Request> Connection::to_request(const Parser& parser) const {
  const auto& message = parser.get();
  const auto raw_target = message.target();
  auto target = parse_target({raw_target.data(), raw_target.size()});
  if (!target) return std::nullopt;
  Request request;
  const auto method = message.method_string();
  request.method.assign(method.data(), method.size());
  request.path = std::move(target->path);
  request.query = std::move(target->query);
  for (const auto& field : message) {
    const auto name = field.name_string();
    const auto value = field.value();
    request.headers.emplace_back(lower({name.data(), name.size()}),
                                 std::string(value.data(), value.size()));
  }
  request.body = message.body();
  request.remote_address = remote_address_;
  return request;
}

asio::awaitable<bool> Connection::answer(Parser& parser) {
  const auto begin = Clock::now();
  ++shared_.requests;
  auto request = to_request(parser);
  const std::string method(parser.get().method_string());
  if (!request) {
    const Response response = service_.refuse(400, Request{});
    co_return co_await write(response, method, false);
  }
  if (request->path == "/ws/live" && beast::websocket::is_upgrade(parser.get())) {
    co_return co_await become_live(parser, std::move(*request));
  }
  const auto answer = std::make_shared<Awaited<Response>>(stream_.get_executor());
  const Request kept = *request;
  service_.handle(std::move(*request),
                  [answer](Response response) { answer->set(std::move(response)); });
  co_await wait_for(answer, shared_.limits.handler);
  if (!answer->value) answer->value = service_.refuse(503, kept);
  shared_.latency.add(Clock::now() - begin);
  if (answer->value->status >= 500) ++shared_.server_errors;
  const bool keep_alive = parser.get().keep_alive() && !shared_.draining;
  co_return co_await write(*answer->value, method, keep_alive);
}

asio::awaitable<bool> Connection::become_live(Parser& parser, Request request) {
  const auto verdict = std::make_shared<Awaited<LiveVerdict>>(stream_.get_executor());
  const Request kept = request;
  service_.admit_live(std::move(request),
                      [verdict](LiveVerdict given) { verdict->set(std::move(given)); });
  co_await wait_for(verdict, shared_.limits.handler);
  if (!verdict->value) verdict->value = LiveVerdict{service_.refuse(503, kept), {}};
  if (verdict->value->refusal) {
    const Response response = std::move(*verdict->value->refusal);
    co_return co_await write(response, "GET", false);
  }
  LiveConnection connection{std::move(stream_), parser.release(),
                            std::move(verdict->value->session), shared_.limits.websocket_idle};
  co_await serve_live(std::move(connection), service_);
  co_return false;
}

asio::awaitable<bool> Connection::write(const Response& response, std::string_view method,
                                        bool keep_alive) {
  http::response<http::span_body<const char>> message;
  message.version(11);
  message.result(static_cast<unsigned>(response.status));
  message.set(http::field::server, "wattline");
  const std::string_view content = response.content();
  const bool bodiless = response.status == 304 || response.status == 204;
  if (!bodiless) message.set(http::field::content_type, response.content_type);
  for (const auto& [name, value] : response.headers) message.insert(name, value);
  if (method != "HEAD") message.body() = {content.data(), content.size()};
  if (!bodiless) message.content_length(content.size());
  message.keep_alive(keep_alive);
  stream_.expires_after(shared_.limits.write);
  http::response_serializer<http::span_body<const char>> serializer(message);
  error_code error;
  co_await http::async_write(stream_, serializer, asio::redirect_error(asio::use_awaitable, error));
  co_return !error && keep_alive;
}

/// Closing with unread input would reset the connection before the client read our answer.
asio::awaitable<void> Connection::close_gently() {
  if (!stream_.socket().is_open()) co_return;
  error_code error;
  stream_.socket().shutdown(tcp::socket::shutdown_send, error);
  stream_.expires_after(shared_.draining ? std::chrono::milliseconds(100)
                                         : std::chrono::milliseconds(2000));
  std::array<char, 4096> rest;
  const asio::mutable_buffer room(rest.data(), rest.size());
  for (int i = 0; i < 512 && !error; ++i) {
    co_await stream_.async_read_some(room, asio::redirect_error(asio::use_awaitable, error));
  }
}

asio::awaitable<void> serve_connection(std::unique_ptr<Connection> connection) {
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
      : acceptor(bind_acceptor(context, host, port)), drain_timer(context), remembering(shared) {
    shared.limits = limits;
  }

  asio::awaitable<void> accept();
  error_code admit(tcp::socket socket);
  void serve_all();
  void begin_drain();
  void check_drained();

  Shared shared;  // First: the connections that go with the context still sign off here.
  asio::io_context context{1};
  tcp::acceptor acceptor;
  asio::steady_timer drain_timer;
  RememberingService remembering;
  Clock::time_point drain_until{};
};

asio::awaitable<void> Server::Impl::accept() {
  while (!shared.draining) {
    error_code error;
    tcp::socket socket =
        co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
    if (!error) error = admit(std::move(socket));
    if (error && !shared.draining) {
      // Out of descriptors or memory, most likely: some of it comes free with time.
      asio::steady_timer pause(context, std::chrono::milliseconds(100));
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
    }
  }
}

/// Never throws: an exception out of accept() would end it, and nobody could connect any more.
error_code Server::Impl::admit(tcp::socket socket) try {
  if (shared.connections.size() >= shared.limits.connections) return {};  // Closed again.
  auto connection = std::make_unique<Connection>(std::move(socket), shared, remembering);
  asio::co_spawn(context, serve_connection(std::move(connection)), asio::detached);
  return {};
} catch (const std::exception& failure) {
  spdlog::error("a connection was refused: {}", failure.what());
  return asio::error::no_memory;
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
  if (shared.draining) return;
  shared.draining = true;
  error_code error;
  acceptor.close(error);
  for (auto* connection : std::set(shared.connections)) connection->drain();
  for (const auto& client : std::set(shared.live)) client->close("the server stops");
  drain_until = Clock::now() + shared.limits.drain;
  check_drained();
}

void Server::Impl::check_drained() {
  if (shared.connections.empty() || Clock::now() >= drain_until) {
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
  impl_->shared.service = &service;
  asio::co_spawn(impl_->context, impl_->accept(), asio::detached);
  impl_->serve_all();
  for (const auto& client : impl_->shared.live) service.leave_live(client);
  impl_->shared.live.clear();
}

void Server::stop() {
  asio::post(impl_->context, [impl = impl_.get()] { impl->begin_drain(); });
}

ServerFigures Server::figures() const {
  const Shared& shared = impl_->shared;
  return {shared.requests, shared.server_errors, shared.connections.size(),
          shared.latency.percentile(0.5), shared.latency.percentile(0.99)};
}

}  // namespace wl::web
