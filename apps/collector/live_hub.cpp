#include "apps/collector/live_hub.hpp"

#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "apps/collector/local_listener.hpp"
#include "base/check.hpp"

namespace wl {
namespace {

/// Changes within this time travel in one line: a browser cannot show more.
constexpr std::chrono::milliseconds conflation{20};
/// A reader knows that the collector lives when it hears something this often.
constexpr std::chrono::milliseconds heartbeat{1000};
/// How long no reader is accepted after the system had no descriptor for one.
constexpr std::chrono::milliseconds accept_pause{100};

}  // namespace

Result<std::unique_ptr<LiveHub>> LiveHub::start(const std::filesystem::path& path) {
  auto listener = listen_at(path);
  if (!listener) return std::unexpected(listener.error());
  return std::unique_ptr<LiveHub>(new LiveHub(path, std::move(*listener)));
}

LiveHub::LiveHub(std::filesystem::path path, UniqueFd listener)
    : path_(std::move(path)),
      listener_(std::move(listener)),
      wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  WL_CHECK(wake_);
  snapshot_.type = LiveMessage::Type::snapshot;
  snapshot_.link = LiveLink{.up = false, .reason = "connecting", .since = wall_now()};
  thread_ = std::thread([this] { run(); });
}

LiveHub::~LiveHub() {
  posted_.close();
  ::eventfd_write(wake_.get(), 1);
  thread_.join();
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

void LiveHub::post(LiveMessage message) {
  posted_.push(std::move(message));
  ::eventfd_write(wake_.get(), 1);
}

void LiveHub::run() {
  last_values_ = Clock::now();
  while (!posted_.closed()) {
    try {
      turn();
    } catch (const std::exception& error) {
      spdlog::error("live values: {}; all readers must connect anew", error.what());
      all_.clear();  // Somebody may have missed a value: a new reader gets a whole snapshot.
    }
  }
}

void LiveHub::turn() {
  wait(last_values_ + (pending_.values.empty() ? heartbeat : conflation));
  take_posted();
  flush_due(Clock::now());
  remove_gone();
}

void LiveHub::wait(Clock::time_point until) {
  const bool accepting = Clock::now() >= accept_again_;
  const short new_readers = accepting ? POLLIN : 0;
  std::vector<pollfd> fds{{wake_.get(), POLLIN, 0}, {listener_.get(), new_readers, 0}};
  for (const Reader& reader : all_) {
    const int events = reader.unsent.empty() ? POLLIN : POLLIN | POLLOUT;
    fds.push_back({reader.socket.get(), static_cast<short>(events), 0});
  }
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(std::max(until - Clock::now(), {}));
  if (::poll(fds.data(), fds.size(), static_cast<int>(left.count())) <= 0) return;
  for (std::size_t i = 2; i < fds.size(); ++i) {
    Reader& reader = all_[i - 2];
    if (fds[i].revents & POLLOUT) push_out(reader);
    if (fds[i].revents & (POLLIN | POLLHUP | POLLERR)) hear(reader);
  }
  eventfd_t ignored = 0;
  ::eventfd_read(wake_.get(), &ignored);
  if (fds[1].revents) accept_readers();
}

void LiveHub::take_posted() {
  for (LiveMessage& message : posted_.drain()) {
    for (const auto& [key, value] : message.values) {
      snapshot_.values[key] = value;
      pending_.values[key] = value;
    }
    if (!message.link) continue;
    snapshot_.link = message.link;
    broadcast({.type = LiveMessage::Type::link, .ts = {}, .values = {}, .link = message.link});
  }
}

void LiveHub::accept_readers() {
  for (std::size_t i = 0; i < max_readers; ++i) {
    UniqueFd socket{::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
    if (!socket) {
      // Out of descriptors: the reader goes on waiting, and poll() would tell of it at once again.
      if (errno != EAGAIN && errno != EINTR) accept_again_ = Clock::now() + accept_pause;
      return;
    }
    if (all_.size() >= max_readers) {
      spdlog::warn("live values: a reader was refused, {} are connected", all_.size());
      continue;
    }
    all_.push_back({std::move(socket), {}, false});
    snapshot_.ts = wall_now();
    send(all_.back(), encode_live(snapshot_) + "\n");
    readers_ = static_cast<int>(all_.size());
  }
}

void LiveHub::hear(Reader& reader) {
  std::array<char, 4096> thrown_away{};
  const auto got = ::recv(reader.socket.get(), thrown_away.data(), thrown_away.size(), 0);
  if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) reader.gone = true;
}

void LiveHub::flush_due(Clock::time_point now) {
  const auto since = now - last_values_;
  if (since < (pending_.values.empty() ? heartbeat : conflation)) return;
  last_values_ = now;
  pending_.type = LiveMessage::Type::values;
  broadcast(std::exchange(pending_, {}));
}

void LiveHub::broadcast(LiveMessage message) {
  if (all_.empty()) return;
  message.ts = wall_now();
  const std::string line = encode_live(message) + "\n";
  for (Reader& reader : all_) send(reader, line);
}

void LiveHub::send(Reader& reader, const std::string& line) {
  if (reader.gone) return;
  reader.unsent += line;
  push_out(reader);
  if (reader.gone || reader.unsent.size() <= max_backlog_bytes) return;
  spdlog::warn("live values: a reader was dropped, it left {} bytes unread", reader.unsent.size());
  reader.gone = true;
  ++dropped_;
}

void LiveHub::push_out(Reader& reader) {
  while (!reader.unsent.empty()) {
    const auto sent =
        ::send(reader.socket.get(), reader.unsent.data(), reader.unsent.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) {
      reader.gone = errno != EAGAIN;
      return;
    }
    reader.unsent.erase(0, static_cast<std::size_t>(sent));
  }
}

void LiveHub::remove_gone() {
  std::erase_if(all_, [](const Reader& reader) { return reader.gone; });
  readers_ = static_cast<int>(all_.size());
}

}  // namespace wl
