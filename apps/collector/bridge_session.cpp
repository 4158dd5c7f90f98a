#include "apps/collector/bridge_session.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <random>

namespace wl {
namespace {

constexpr std::size_t max_line_bytes = 4 << 20;
/// What is read before Redis gets its part; the rest waits in the socket.
constexpr std::size_t one_reading = 256 * 1024;
constexpr int order_patience_ms = 500;

std::string random_epoch() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", random(), random());
}

std::unexpected<Error> live_trouble(const std::string& what) {
  return fail(Errc::unavailable, "live.sock: " + what);
}

Result<UniqueFd> connect_live(const std::filesystem::path& path) {
  UniqueFd socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  const auto* at = reinterpret_cast<const sockaddr*>(&address);
  if (!socket || ::connect(socket.get(), at, sizeof address) != 0) {
    return live_trouble(std::strerror(errno));
  }
  return socket;
}

}  // namespace

Result<std::unique_ptr<BridgeSession>> BridgeSession::open(
    const cache::RedisOptions& redis, const std::filesystem::path& live_socket) {
  auto writer = cache::Connection::open(redis);
  if (!writer) return std::unexpected(writer.error());
  auto listener = cache::OrderListener::open(redis);
  if (!listener) return std::unexpected(listener.error());
  auto live = connect_live(live_socket);  // Last: its backlog grows from now on.
  if (!live) return std::unexpected(live.error());
  return std::unique_ptr<BridgeSession>(
      new BridgeSession(redis, std::move(*live), std::move(*writer), std::move(*listener)));
}

BridgeSession::BridgeSession(const cache::RedisOptions& redis, UniqueFd live,
                             std::unique_ptr<cache::Connection> writer,
                             std::unique_ptr<cache::OrderListener> listener)
    : keys_(redis.database),
      live_(std::move(live)),
      writer_(std::move(writer)),
      listener_(std::move(listener)),
      publication_(keys_, random_epoch()),
      heard_at_(Clock::now()) {}

Result<void> BridgeSession::pass() {
  if (auto done = read_live(); !done) return done;
  if (auto done = publish_lines(); !done) return done;
  if (auto done = pass_orders(); !done) return done;
  if (Clock::now() - heard_at_ >= silence_limit) return live_trouble("nothing came for 5 s");
  return {};
}

Result<void> BridgeSession::read_live() {
  char chunk[16'384];
  for (std::size_t read = 0; read < one_reading;) {
    const auto got = ::recv(live_.get(), chunk, sizeof chunk, 0);
    if (got == 0) return live_trouble("closed; the bridge was too slow, or the collector ends");
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return {};
    if (got < 0) return live_trouble(std::strerror(errno));
    received_.append(chunk, static_cast<std::size_t>(got));
    read += static_cast<std::size_t>(got);
    heard_at_ = Clock::now();
  }
  return {};
}

Result<void> BridgeSession::publish_lines() {
  std::vector<cache::Command> commands;
  std::size_t begin = 0;
  for (auto end = received_.find('\n'); end != std::string::npos;
       end = received_.find('\n', begin)) {
    const auto line = std::string_view(received_).substr(begin, end - begin);
    if (auto done = take_line(line, commands); !done) return done;
    begin = end + 1;
  }
  received_.erase(0, begin);
  if (received_.size() > max_line_bytes) return live_trouble("a line above 4 MiB");
  return commands.empty() ? Result<void>{} : publish(commands);
}

Result<void> BridgeSession::take_line(std::string_view line,
                                      std::vector<cache::Command>& commands) {
  auto message = decode_live(line);
  if (!message) return live_trouble(message.error().what);
  if (message->type == LiveMessage::Type::answer) {
    take_answer(std::move(*message), commands);
    return {};
  }
  ++published_;
  for (auto& command : publication_.commands(*message)) commands.push_back(std::move(command));
  return {};
}

void BridgeSession::take_answer(LiveMessage message, std::vector<cache::Command>& commands) {
  const auto asked = asked_.find(message.answer->ref);
  if (asked == asked_.end()) return;
  message.answer->ref = asked->second.ref;
  commands.push_back({"PUBLISH", keys_.answers + asked->second.answer_id, encode_live(message)});
  asked_.erase(asked);
}

/// Publishes, and everything once more when Redis turns out to have lost it.
Result<void> BridgeSession::publish(const std::vector<cache::Command>& commands) {
  auto replies = writer_->run(commands);
  if (!replies) return std::unexpected(replies.error());
  std::optional<std::int64_t> points;
  for (const cache::Reply& reply : *replies) {
    if (!reply.items.empty()) points = reply.items.back().number;  // Of an EXEC.
  }
  if (!points || !publication_.is_damaged(*points)) return {};
  auto again = writer_->run(publication_.commands(publication_.whole()));
  if (!again) return std::unexpected(again.error());
  ++published_;
  return {};
}

Result<void> BridgeSession::pass_orders() {
  auto requests = listener_->take();
  if (!requests) return std::unexpected(requests.error());
  for (cache::OrderRequest& request : *requests) {
    ++orders_;
    if (asked_.size() >= max_waiting_orders) asked_.erase(asked_.begin());
    asked_[++last_ref_] = {std::move(request.answer_id), request.order.ref};
    request.order.ref = last_ref_;
    if (auto sent = send_order(request.order); !sent) return sent;
  }
  return {};
}

Result<void> BridgeSession::send_order(const LiveOrder& order) {
  const std::string line = encode_order(order) + "\n";
  for (std::size_t sent = 0; sent < line.size();) {
    const auto now = ::send(live_.get(), line.data() + sent, line.size() - sent, MSG_NOSIGNAL);
    if (now > 0) sent += static_cast<std::size_t>(now);
    if (now > 0 || errno == EINTR) continue;
    pollfd watched{live_.get(), POLLOUT, 0};
    if (errno != EAGAIN || ::poll(&watched, 1, order_patience_ms) <= 0) {
      return live_trouble("the collector takes no order");
    }
  }
  return {};
}

}  // namespace wl
