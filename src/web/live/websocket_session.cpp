#include "web/live/websocket_session.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <vector>

#include "web/live/client_voice.hpp"

namespace wl::web {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using boost::system::error_code;
using SteadyClock = std::chrono::steady_clock;
using Text = std::shared_ptr<const std::string>;

/// More is answered by a close with 1009.
constexpr std::size_t max_client_message = 4096;
/// Nearly all clients never say anything; Beast would keep 1.5 KiB ready for each.
constexpr std::size_t read_step = 256;
/// A small kernel buffer: a client that does not read is noticed, and holds little memory.
constexpr int send_buffer_bytes = 128 * 1024;
constexpr std::chrono::seconds stall_limit{10};
/// For the client's answer to our close.
constexpr std::chrono::seconds goodbye_limit{1};

/// One WebSocket. It has one write outstanding at most; what comes meanwhile is conflated in the
/// mailbox. All handlers and calls run on the loop's thread.
///
/// Writing is done by handlers and not by a coroutine: with thousands of clients the frame of a
/// coroutine that mostly waits, and a timer for each write, are what a broadcast costs.
class LiveSession : public PushClient, public std::enable_shared_from_this<LiveSession> {
 public:
  LiveSession(LiveStream stream, LiveAdmission admission)
      : socket_(std::move(stream)),
        stall_(socket_.get_executor()),
        admission_(std::move(admission)) {}

  bool push(const Pushed& pushed) override {
    const bool taken = mailbox_.offer(pushed);
    wake();
    return taken;
  }
  void close(std::string_view reason) override {
    if (closing_) return;
    closing_ = true;
    reason_ = reason.substr(0, 120);  // A close frame holds 123 bytes.
    wake();
  }
  const std::string& session() const override { return admission_.session; }
  const LiveWish& wish() const override { return admission_.wish; }

  websocket::stream<LiveStream>& socket() { return socket_; }
  asio::awaitable<void> read_until_closed();

 private:
  void wake();
  void write_next();
  Text next_text();
  void on_written(error_code error);
  void say_goodbye();
  void hear(std::string_view text);
  void on_action(ClientAction action, LiveHub& hub);
  void watch_until(SteadyClock::time_point end);
  void on_watch();
  void cut() { beast::get_lowest_layer(socket_).close(); }

  websocket::stream<LiveStream> socket_;
  asio::steady_timer stall_;
  Mailbox mailbox_;
  std::vector<Text> notes_;  ///< Complaints, a few: ClientVoice bounds them.
  std::optional<ClientVoice> voice_;
  LiveAdmission admission_;
  std::string reason_;
  Text outgoing_;  ///< What is being written.
  SteadyClock::time_point write_began_{};
  bool awake_ = false;     ///< A write is outstanding or about to begin.
  bool watching_ = false;  ///< The timer runs.
  bool closing_ = false;
  bool said_goodbye_ = false;
};

asio::awaitable<void> LiveSession::read_until_closed() {
  beast::flat_buffer buffer(max_client_message + read_step);
  error_code error;
  while (!error) {
    co_await socket_.async_read_some(buffer, read_step,
                                     asio::redirect_error(asio::use_awaitable, error));
    if (error || !socket_.is_message_done()) continue;
    hear({static_cast<const char*>(buffer.data().data()), buffer.size()});
    buffer.clear();
    buffer.shrink_to_fit();
  }
}

void LiveSession::hear(std::string_view text) {
  LiveHub* const hub = seat().hub;
  if (hub == nullptr || closing_) return;
  if (!voice_) voice_.emplace(hub->names(), admission_.wish.language);
  const Timestamp now = wall_now();
  on_action(socket_.got_text() ? voice_->hear(text, now) : voice_->hear_binary(now), *hub);
}

void LiveSession::on_action(ClientAction action, LiveHub& hub) {
  if (const auto* wanted = std::get_if<Resubscribe>(&action)) {
    hub.subscribe(*this, wanted->subscription, wall_now());
    return;
  }
  hub.count_bad_message();
  if (auto* complaint = std::get_if<Complain>(&action)) {
    notes_.push_back(std::make_shared<const std::string>(std::move(complaint->text)));
    wake();
  } else {
    close(std::get<Dismiss>(action).reason);
  }
}

/// Through the loop's queue: a broadcast to thousands only notes who is to be written to, and what
/// else waits for the loop has its turn between two of them.
void LiveSession::wake() {
  if (awake_ || said_goodbye_) return;
  awake_ = true;
  asio::post(socket_.get_executor(), [self = shared_from_this()] { self->write_next(); });
}

Text LiveSession::next_text() {
  if (notes_.empty()) return mailbox_.next();
  Text note = std::move(notes_.front());
  notes_.erase(notes_.begin());
  return note;
}

void LiveSession::write_next() {
  if (closing_) return say_goodbye();
  outgoing_ = next_text();
  if (!outgoing_) {
    awake_ = false;
    return;
  }
  write_began_ = SteadyClock::now();
  if (!watching_) watch_until(write_began_ + stall_limit);
  socket_.async_write(
      asio::const_buffer(outgoing_->data(), outgoing_->size()),
      [self = shared_from_this()](error_code error, std::size_t) { self->on_written(error); });
}

void LiveSession::on_written(error_code error) {
  outgoing_.reset();
  if (!error) return write_next();
  said_goodbye_ = true;  // There is nobody to say it to; the reader ends by itself.
  cut();
}

void LiveSession::say_goodbye() {
  said_goodbye_ = true;
  watch_until(SteadyClock::now() + goodbye_limit);
  websocket::close_reason reason(websocket::close_code::policy_error);
  reason.reason.assign(reason_.data(), reason_.size());
  socket_.async_close(reason, [self = shared_from_this()](error_code) {
    self->stall_.cancel();
    self->cut();
  });
}

void LiveSession::watch_until(SteadyClock::time_point end) {
  watching_ = true;
  stall_.expires_at(end);
  stall_.async_wait([weak = weak_from_this()](error_code error) {
    const auto self = weak.lock();
    if (!error && self) self->on_watch();
  });
}

/// One timer for many writes: it looks when the one that is outstanding began.
void LiveSession::on_watch() {
  watching_ = false;
  const auto end = write_began_ + stall_limit;
  if (!said_goodbye_ && !outgoing_) return;
  if (!said_goodbye_ && SteadyClock::now() < end) return watch_until(end);
  if (!said_goodbye_) {
    spdlog::info("live client cut: it did not read for {} s", stall_limit.count());
    if (seat().hub != nullptr) seat().hub->count_stalled();
  }
  cut();
}

}  // namespace

asio::awaitable<void> serve_live(LiveConnection connection, Service& service) {
  error_code error;
  auto& lowest = beast::get_lowest_layer(connection.stream);
  lowest.socket().set_option(asio::socket_base::send_buffer_size(send_buffer_bytes), error);
  lowest.expires_never();  // From here on the WebSocket's own timeouts hold.
  const auto session =
      std::make_shared<LiveSession>(std::move(connection.stream), std::move(connection.admission));
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
  socket.auto_fragment(false);  // One frame, one write, however long the message is.
  co_await socket.async_accept(connection.handshake,
                               asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return;
  connection.handshake = {};  // This frame lives as long as the client, and needs it no more.
  service.join_live(session);
  co_await session->read_until_closed();
  service.leave_live(session);
  session->close("closed");
}

}  // namespace wl::web
