#include "web/live/websocket_session.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

namespace wl::web {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using boost::system::error_code;

constexpr std::size_t max_client_message = 4096;
/// A small kernel buffer: a client that does not read is noticed, and holds little memory.
constexpr int send_buffer_bytes = 128 * 1024;
constexpr std::chrono::seconds stall_limit{10};
/// For the client's answer to our close.
constexpr std::chrono::seconds goodbye_limit{1};

/// One WebSocket. The writer coroutine has one write outstanding at most; what comes meanwhile is
/// conflated in the mailbox. Both coroutines and all calls run on the loop's thread.
class LiveSession : public PushClient, public std::enable_shared_from_this<LiveSession> {
 public:
  LiveSession(LiveStream stream, std::string session)
      : socket_(std::move(stream)),
        wake_(socket_.get_executor()),
        stall_(socket_.get_executor()),
        session_(std::move(session)) {}

  bool push(const Pushed& pushed) override {
    const bool taken = mailbox_.offer(pushed);
    wake_.cancel();
    return taken;
  }

  void close(std::string_view reason) override {
    if (closing_) return;
    closing_ = true;
    reason_ = reason.substr(0, 120);  // A close frame holds 123 bytes.
    wake_.cancel();
  }

  const std::string& session() const override { return session_; }

  websocket::stream<LiveStream>& socket() { return socket_; }

  asio::awaitable<void> read_until_closed();
  asio::awaitable<void> write_until_closed();

 private:
  asio::awaitable<void> say_goodbye();
  void cut_after(std::chrono::seconds limit);

  websocket::stream<LiveStream> socket_;
  asio::steady_timer wake_;
  asio::steady_timer stall_;
  Mailbox mailbox_;
  std::string session_;
  std::string reason_;
  bool closing_ = false;
};

asio::awaitable<void> LiveSession::read_until_closed() {
  beast::flat_buffer buffer(max_client_message);
  error_code error;
  while (!error) {
    // Clients have nothing to say yet; reading answers pings and sees the close.
    co_await socket_.async_read(buffer, asio::redirect_error(asio::use_awaitable, error));
    buffer.clear();
  }
}

void LiveSession::cut_after(std::chrono::seconds limit) {
  stall_.expires_after(limit);
  stall_.async_wait([weak = weak_from_this(), limit](error_code error) {
    const auto self = weak.lock();
    if (error || !self) return;
    spdlog::info("live client cut: it did not read for {} s", limit.count());
    beast::get_lowest_layer(self->socket_).close();
  });
}

asio::awaitable<void> LiveSession::say_goodbye() {
  websocket::close_reason reason(websocket::close_code::policy_error);
  reason.reason.assign(reason_.data(), reason_.size());
  error_code error;
  cut_after(goodbye_limit);
  co_await socket_.async_close(reason, asio::redirect_error(asio::use_awaitable, error));
  stall_.cancel();
}

asio::awaitable<void> LiveSession::write_until_closed() {
  error_code error;
  while (!error && !closing_) {
    const auto text = mailbox_.next();
    if (text) {
      const asio::const_buffer bytes(text->data(), text->size());
      cut_after(stall_limit);
      co_await socket_.async_write(bytes, asio::redirect_error(asio::use_awaitable, error));
      stall_.cancel();
      continue;
    }
    wake_.expires_after(std::chrono::hours(1));
    error_code woken;
    co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
  if (!error) co_await say_goodbye();
}

asio::awaitable<void> run_writer(std::shared_ptr<LiveSession> session) {
  co_await session->write_until_closed();
  beast::get_lowest_layer(session->socket()).close();
}

}  // namespace

asio::awaitable<void> serve_live(LiveConnection connection, Service& service) {
  error_code error;
  connection.stream.socket().set_option(asio::socket_base::send_buffer_size(send_buffer_bytes),
                                        error);
  connection.stream.expires_never();  // From here on the WebSocket's own timeouts hold.
  const auto session =
      std::make_shared<LiveSession>(std::move(connection.stream), std::move(connection.session));
  auto& socket = session->socket();
  websocket::stream_base::timeout timeouts{};
  timeouts.handshake_timeout = std::chrono::seconds(10);
  timeouts.idle_timeout = connection.idle;
  timeouts.keep_alive_pings = true;
  socket.set_option(timeouts);
  socket.read_message_max(max_client_message);
  socket.text(true);
  socket.set_option(websocket::stream_base::decorator([](websocket::response_type& answer) {
    answer.set(beast::http::field::server, "wattline");  // Beast would tell its version.
  }));
  co_await socket.async_accept(connection.handshake,
                               asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return;
  service.join_live(session);
  asio::co_spawn(socket.get_executor(), run_writer(session), asio::detached);
  co_await session->read_until_closed();
  service.leave_live(session);
  session->close("closed");
}

}  // namespace wl::web
