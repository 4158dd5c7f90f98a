#include "live_source.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstring>
#include <stdexcept>

namespace wl::bench {
namespace {

constexpr std::string_view numbered_point = "total.scan_count";

int listen_at(const std::filesystem::path& path) {
  std::filesystem::remove(path);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.string().size() >= sizeof address.sun_path)
    throw std::runtime_error("too long a path: " + path.string());
  std::strcpy(address.sun_path, path.c_str());
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) throw_errno("socket");
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(fd, 8) != 0) {
    ::close(fd);
    throw_errno(path.string());
  }
  return fd;
}

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

double value_of(const PointSpec& point, std::uint64_t line) {
  if (point.key == numbered_point) return static_cast<double>(line);
  if (point.kind == PointKind::state) return static_cast<double>(line % point.words.size());
  if (point.kind == PointKind::counter) return 1234.567 + static_cast<double>(line) / 1000;
  return 1 + static_cast<double>(line * 37 % 1000) / 1000;
}

}  // namespace

LiveSource::LiveSource(Loop& loop, const Plant& plant, std::filesystem::path socket)
    : loop_(loop), plant_(plant), path_(std::move(socket)), listener_(listen_at(path_)) {
  loop_.watch(listener_, *this);
  loop_.at(Clock::now(), [this] { tick(Clock::now()); });
}

LiveSource::~LiveSource() {
  for (const int reader : readers_) ::close(reader);
  ::close(listener_);
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

void LiveSource::on_ready() {
  for (;;) {
    // Blocking on purpose: a web process that does not read is a failure to be seen.
    const int reader = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (reader < 0) return;
    const timeval patience{10, 0};
    ::setsockopt(reader, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    readers_.push_back(reader);
    LiveMessage whole = message(LiveMessage::Type::snapshot);
    whole.link = LiveLink{true, "", wall_now()};
    whole.alarm_counts = LiveAlarmCounts{};
    send_all(reader, encode_live(whole) + "\n");
  }
}

LiveMessage LiveSource::message(LiveMessage::Type type) const {
  LiveMessage message;
  message.type = type;
  message.ts = wall_now();
  for (const PointSpec& point : plant_.points)
    message.values[point.key] = {value_of(point, lines()), quality::good, message.ts};
  return message;
}

void LiveSource::tick(Clock::time_point due) {
  const Clock::time_point next = due + period_;
  loop_.at(next, [this, next] { tick(next); });
  if (readers_.empty()) return;
  sent_at_.push_back(Clock::now());
  const std::string line = encode_live(message(LiveMessage::Type::values)) + "\n";
  line_bytes_ = line.size();
  sent_at_.back() = Clock::now();
  std::erase_if(readers_, [&line](int reader) {
    if (send_all(reader, line)) return false;
    ::close(reader);
    return true;
  });
}

std::uint64_t LiveSource::line_of(std::string_view message) {
  constexpr std::string_view before = "\"total.scan_count\":{\"v\":";
  const auto at = message.find(before);
  if (at == std::string_view::npos) return 0;
  std::uint64_t line = 0;
  const char* digits = message.data() + at + before.size();
  std::from_chars(digits, message.data() + message.size(), line);
  return line;
}

}  // namespace wl::bench
