#include "web/http/connection.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include "web/http/awaited.hpp"
#include "web/http/transport.hpp"
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
using Head = http::response<http::span_body<const char>>;

/// The first byte of a TLS connection (RFC 8446, 5.1: ContentType handshake).
constexpr char tls_handshake = 0x16;
/// Of what was read ahead; headers and bodies have limits of their own.
constexpr std::size_t max_buffer_bytes = 64 * 1024;

/// Passes the live calls on and remembers the clients, so that a stop can say goodbye to them.
class RememberingService : public Service {
 public:
  explicit RememberingService(ServerState& state) : state_(state) {}
  void handle(Request request, Reply reply) override {
    state_.service->handle(std::move(request), std::move(reply));
  }
  void admit_live(Request request, std::move_only_function<void(LiveVerdict)> answer) override {
    state_.service->admit_live(std::move(request), std::move(answer));
  }
  void join_live(std::shared_ptr<PushClient> client) override {
    state_.live.insert(client);
    state_.service->join_live(std::move(client));
  }
  void leave_live(const std::shared_ptr<PushClient>& client) override {
    state_.live.erase(client);
    state_.service->leave_live(client);
  }
  Response refuse(int status, const Request& request) override {
    return state_.service->refuse(status, request);
  }

 private:
  ServerState& state_;
};

std::string lower(std::string_view name) {
  std::string text(name);
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return text;
}

/// Status line and headers; of a body that is made while it is sent nobody knows the length.
Head head_of(const Response& response, unsigned version, bool keep_alive) {
  Head head;
  head.version(version);
  head.result(static_cast<unsigned>(response.status));
  const bool bodiless = response.status == 304 || response.status == 204;
  if (!bodiless) head.set(http::field::content_type, response.content_type);
  for (const auto& [name, value] : response.headers) head.insert(name, value);
  if (!bodiless && !response.source) head.content_length(response.content().size());
  if (response.source && version >= 11) head.chunked(true);
  head.keep_alive(keep_alive);
  return head;
}

/// One client connection: reads a request, waits for its answer, writes it, and again.
class Connection : public OpenConnection {
 public:
  Connection(tcp::socket socket, ServerState& state)
      : stream_(std::move(socket)), state_(state), service_(state) {
    error_code error;
    const auto remote = stream_.socket().remote_endpoint(error);
    if (!error) remote_address_ = remote.address().to_string();
    stream_.socket().set_option(tcp::no_delay(true), error);
    state_.connections.insert(this);
  }
  ~Connection() override { state_.connections.erase(this); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  asio::awaitable<void> serve() override;
  void drain() override {
    if (!idle_since_) return;
    error_code error;
    stream_.socket().shutdown(tcp::socket::shutdown_receive, error);
    stream_.cancel();
  }
  std::optional<Clock::time_point> idle_since() const override { return idle_since_; }

 private:
  asio::awaitable<bool> begin_tls();
  asio::awaitable<void> refuse_plain();
  asio::awaitable<bool> read_request(Parser& parser);
  asio::awaitable<error_code> read_header(Parser& parser);
  asio::awaitable<bool> wait_for_first_byte();
  asio::awaitable<bool> answer(Parser& parser);
  asio::awaitable<bool> become_live(Parser& parser, Request request);
  asio::awaitable<bool> write(const Response& response, const Parser& parser);
  asio::awaitable<bool> write_whole(Head& head, std::string_view content);
  asio::awaitable<bool> write_pieces(Head& head, BodySource& source);
  asio::awaitable<bool> write_piece(std::string_view piece, bool chunked);
  asio::awaitable<void> refuse_broken(error_code error);
  asio::awaitable<void> refuse(int status);
  asio::awaitable<void> close_gently();
  std::optional<Request> to_request(const Parser& parser) const;
  Request bare_request(Language language = Language::zh_cn) const;

  Transport stream_;
  beast::flat_buffer buffer_{max_buffer_bytes};
  ServerState& state_;
  RememberingService service_;
  std::string remote_address_;
  std::optional<Clock::time_point> idle_since_;
};

asio::awaitable<void> Connection::serve() {
  bool go_on = true;
  if (state_.tls) go_on = co_await begin_tls();
  while (go_on && !state_.draining) {
    Parser parser;
    parser.header_limit(state_.limits.header_bytes);
    parser.body_limit(state_.limits.body_bytes);
    go_on = co_await read_request(parser);
    if (go_on) go_on = co_await answer(parser);
  }
  co_await close_gently();
}

asio::awaitable<bool> Connection::begin_tls() {
  const bool began = co_await wait_for_first_byte();
  if (!began) co_return false;
  const auto seen = buffer_.cdata();
  if (*static_cast<const char*>(seen.data()) != tls_handshake) {
    co_await refuse_plain();
    co_return false;
  }
  TlsSession session = state_.tls->new_session();
  if (!session) co_return false;
  stream_.encrypt(std::move(session));
  stream_.expires_after(state_.limits.header_read);
  error_code error;
  const std::size_t used = co_await stream_.tls()->async_handshake(
      Transport::Tls::server, seen, asio::redirect_error(asio::use_awaitable, error));
  buffer_.consume(used);
  if (error) ++state_.tls_failures;
  co_return !error;
}

/// A browser that was told http:// shows this; without an answer it would show nothing.
asio::awaitable<void> Connection::refuse_plain() {
  constexpr std::string_view text = "此端口使用 HTTPS / This port speaks HTTPS: use https://\n";
  const std::string told = fmt::format(
      "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
      "Content-Length: {}\r\nConnection: close\r\n\r\n{}",
      text.size(), text);
  error_code error;
  const asio::const_buffer bytes(told.data(), told.size());
  stream_.expires_after(state_.limits.write);
  co_await asio::async_write(stream_, bytes, asio::redirect_error(asio::use_awaitable, error));
  buffer_.consume(buffer_.size());
}

asio::awaitable<bool> Connection::wait_for_first_byte() {
  if (buffer_.size() > 0) co_return true;
  idle_since_ = Clock::now();
  stream_.expires_after(state_.limits.idle);
  error_code error;
  const auto room = buffer_.prepare(4096);
  const std::size_t got =
      co_await stream_.async_read_some(room, asio::redirect_error(asio::use_awaitable, error));
  idle_since_.reset();
  buffer_.commit(got);
  co_return !error && got > 0;
}

asio::awaitable<bool> Connection::read_request(Parser& parser) {
  const bool began = co_await wait_for_first_byte();
  if (!began) co_return false;
  stream_.expires_after(state_.limits.header_read);
  error_code error = co_await read_header(parser);
  // Beast knows half of it: other codings are passed over (request smuggling), what stands behind a
  // chunk's length has no limit, and trailers count as headers. RFC 9112, 6.1 allows to ask for a
  // length instead.
  if (!error && parser.get().count(http::field::transfer_encoding) > 0) {
    co_await refuse(411);
    co_return false;
  }
  if (!error && !parser.is_done()) {
    stream_.expires_after(state_.limits.body_read);
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

/// Beast's own limit looks only at what it has not parsed yet: a header of many short lines would
/// grow without an end. Here every byte of it counts.
asio::awaitable<error_code> Connection::read_header(Parser& parser) {
  std::size_t taken = 0;
  while (true) {
    error_code error;
    if (buffer_.size() > 0) {
      const std::size_t used = parser.put(buffer_.cdata(), error);
      buffer_.consume(used);
      taken += used;
      if (error && error != http::error::need_more) co_return error;
      const std::size_t waiting = parser.is_header_done() ? 0 : buffer_.size();
      if (taken + waiting > state_.limits.header_bytes) co_return http::error::header_limit;
      if (parser.is_header_done()) co_return error_code{};
    }
    error = {};
    const auto room = buffer_.prepare(4096);
    const std::size_t got =
        co_await stream_.async_read_some(room, asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return error;
    buffer_.commit(got);
  }
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
  co_await refuse(status);
}

/// The connection ends behind it.
asio::awaitable<void> Connection::refuse(int status) {
  const Response response = service_.refuse(status, bare_request());
  Head head = head_of(response, 11, false);
  co_await write_whole(head, response.content());
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
  request.secure = stream_.secure();
  return request;
}

/// For refusals of what is no request, or when it has been given away.
Request Connection::bare_request(Language language) const {
  Request request;
  request.headers.emplace_back("accept-language", language == Language::en ? "en" : "zh");
  request.secure = stream_.secure();
  return request;
}

asio::awaitable<bool> Connection::answer(Parser& parser) {
  const auto begin = Clock::now();
  ++state_.requests;
  auto request = to_request(parser);
  if (!request) {
    const Response response = service_.refuse(400, bare_request());
    co_return co_await write(response, parser);
  }
  if (request->path == "/ws/live" && beast::websocket::is_upgrade(parser.get())) {
    co_return co_await become_live(parser, std::move(*request));
  }
  const auto answer = std::make_shared<Awaited<Response>>(stream_.get_executor());
  const Language language = request->language();
  service_.handle(std::move(*request),
                  [answer](Response response) { answer->set(std::move(response)); });
  co_await wait_for(answer, state_.limits.handler);
  if (!answer->value) answer->value = service_.refuse(503, bare_request(language));
  state_.latency.add(Clock::now() - begin);
  if (answer->value->status >= 500) ++state_.server_errors;
  co_return co_await write(*answer->value, parser);
}

asio::awaitable<bool> Connection::become_live(Parser& parser, Request request) {
  const auto verdict = std::make_shared<Awaited<LiveVerdict>>(stream_.get_executor());
  const Language language = request.language();
  service_.admit_live(std::move(request),
                      [verdict](LiveVerdict given) { verdict->set(std::move(given)); });
  co_await wait_for(verdict, state_.limits.handler);
  if (!verdict->value) {
    verdict->value = LiveVerdict{service_.refuse(503, bare_request(language)), {}};
  }
  if (verdict->value->refusal) {
    const Response response = std::move(*verdict->value->refusal);
    Head head = head_of(response, 11, false);
    co_await write_whole(head, response.content());
    co_return false;
  }
  buffer_.clear();
  buffer_.shrink_to_fit();  // It would lie idle for the life of the WebSocket.
  LiveConnection connection{std::move(stream_), parser.release(),
                            std::move(verdict->value->session), state_.limits.websocket_idle};
  co_await serve_live(std::move(connection), service_);
  co_return false;
}

/// False: the connection ends here.
asio::awaitable<bool> Connection::write(const Response& response, const Parser& parser) {
  const auto& asked = parser.get();
  const unsigned version = std::min(asked.version(), 11U);
  const bool delimited = !response.source || version >= 11;
  const bool keep_alive = asked.keep_alive() && !state_.draining && delimited;
  const bool head_only = asked.method() == http::verb::head;
  Head head = head_of(response, version, keep_alive);
  bool whole = false;
  if (response.source && !head_only) {
    whole = co_await write_pieces(head, *response.source);
  } else {
    const std::string_view content = head_only ? std::string_view() : response.content();
    whole = co_await write_whole(head, content);
  }
  co_return whole&& keep_alive;
}

asio::awaitable<bool> Connection::write_whole(Head& head, std::string_view content) {
  head.body() = {content.data(), content.size()};
  stream_.expires_after(state_.limits.write);
  http::response_serializer<http::span_body<const char>> serializer(head);
  error_code error;
  co_await http::async_write(stream_, serializer, asio::redirect_error(asio::use_awaitable, error));
  co_return !error;
}

/// A piece is asked for when the one before it has left: a slow client holds one of them.
asio::awaitable<bool> Connection::write_pieces(Head& head, BodySource& source) {
  stream_.expires_after(state_.limits.write);
  http::response_serializer<http::span_body<const char>> serializer(head);
  error_code error;
  co_await http::async_write_header(stream_, serializer,
                                    asio::redirect_error(asio::use_awaitable, error));
  while (!error) {
    const auto piece = std::make_shared<Awaited<Result<std::string>>>(stream_.get_executor());
    source.next([piece](Result<std::string> made) { piece->set(std::move(made)); });
    co_await wait_for(piece, state_.limits.handler);
    if (!piece->value || !*piece->value) {
      spdlog::warn("an answer broke off: {}",
                   piece->value ? piece->value->error().what : "its source said nothing");
      co_return false;  // Without an end, so that nobody takes half for whole.
    }
    const std::string& bytes = **piece->value;
    const bool written = co_await write_piece(bytes, head.chunked());
    if (bytes.empty() || !written) co_return written;
  }
  co_return false;
}

/// An empty piece is the end.
asio::awaitable<bool> Connection::write_piece(std::string_view piece, bool chunked) {
  error_code error;
  stream_.expires_after(state_.limits.write);
  const asio::const_buffer bytes(piece.data(), piece.size());
  if (!chunked) {
    co_await asio::async_write(stream_, bytes, asio::redirect_error(asio::use_awaitable, error));
  } else if (piece.empty()) {
    const auto last = http::make_chunk_last();
    co_await asio::async_write(stream_, last, asio::redirect_error(asio::use_awaitable, error));
  } else {
    const auto chunk = http::make_chunk(bytes);
    co_await asio::async_write(stream_, chunk, asio::redirect_error(asio::use_awaitable, error));
  }
  co_return !error;
}

/// Closing with unread input would reset the connection before the client read our answer.
asio::awaitable<void> Connection::close_gently() {
  if (!stream_.is_open()) co_return;  // Or given away to a WebSocket.
  error_code error;
  stream_.expires_after(state_.draining ? std::chrono::milliseconds(100)
                                        : std::chrono::milliseconds(2000));
  if (stream_.secure()) {
    co_await stream_.tls()->async_shutdown(asio::redirect_error(asio::use_awaitable, error));
    error = {};
  }
  stream_.socket().shutdown(tcp::socket::shutdown_send, error);
  std::array<char, 4096> rest;
  const asio::mutable_buffer room(rest.data(), rest.size());
  for (int i = 0; i < 512 && !error; ++i) {
    co_await stream_.tcp().async_read_some(room, asio::redirect_error(asio::use_awaitable, error));
  }
}

}  // namespace

std::unique_ptr<OpenConnection> open_connection(tcp::socket socket, ServerState& state) {
  return std::make_unique<Connection>(std::move(socket), state);
}

}  // namespace wl::web
