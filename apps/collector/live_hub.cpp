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
  posted_.push({std::move(message)});
  ::eventfd_write(wake_.get(), 1);
}

void LiveHub::answer(ReaderId reader, LiveAnswer answer) {
  LiveMessage message{.type = LiveMessage::Type::answer, .ts = {}, .values = {}, .link = {}};
  message.answer = std::move(answer);
  posted_.push({std::move(message), reader});
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
  const Clock::time_point values_due = last_values_ + values_pause();
  wait(std::min(values_due, alarms_due().value_or(values_due)));
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
  for (Posted& posted : posted_.drain()) {
    if (posted.only_to != 0) {
      pass_answer(std::move(posted));
      continue;
    }
    const LiveMessage& message = posted.message;
    alarms_.take(message);
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
    all_.push_back({std::move(socket), next_reader_++});
    send(all_.back(), snapshot_line());
    readers_ = static_cast<int>(all_.size());
  }
}

std::string LiveHub::snapshot_line() {
  snapshot_.ts = wall_now();
  alarms_.put_into(snapshot_);
  return encode_live(snapshot_) + "\n";
}

void LiveHub::hear(Reader& reader) {
  std::array<char, 16'384> part{};
  const auto got = ::recv(reader.socket.get(), part.data(), part.size(), 0);
  if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) reader.gone = true;
  if (got <= 0) return;
  reader.received.append(part.data(), static_cast<std::size_t>(got));
  take_lines(reader);
}

void LiveHub::take_lines(Reader& reader) {
  std::size_t begin = 0;
  for (auto end = reader.received.find('\n'); end != std::string::npos && !reader.gone;
       end = reader.received.find('\n', begin)) {
    on_line(reader, std::string_view(reader.received).substr(begin, end - begin));
    begin = end + 1;
  }
  reader.received.erase(0, begin);
  if (reader.received.size() > max_order_bytes) drop_bad(reader, "64 KiB without a line feed");
}

void LiveHub::on_line(Reader& reader, std::string_view line) {
  auto order = decode_order(line);
  if (!order) {
    const auto ref = ref_of_order(line);
    if (!ref) return drop_bad(reader, order.error().what);
    return send_answer(reader, {.ref = *ref, .error = order.error()});
  }
  const auto sink = sink_.get();
  if (!*sink || reader.unanswered >= max_unanswered) {
    const Error busy{Errc::unavailable, *sink ? "too many orders wait for their answer"
                                              : "the collector does not take orders yet"};
    return send_answer(reader, {.ref = order->ref, .error = busy});
  }
  ++reader.unanswered;
  (*sink)(reader.id, std::move(*order));
}

void LiveHub::drop_bad(Reader& reader, const std::string& why) {
  spdlog::warn("live socket: a reader was dropped, it sent what is no order: {}", why);
  reader.gone = true;
  ++bad_dropped_;
}

void LiveHub::pass_answer(Posted answer) {
  const auto reader = std::ranges::find(all_, answer.only_to, &Reader::id);
  if (reader == all_.end() || reader->gone) {
    ++answers_lost_;
    return;
  }
  --reader->unanswered;
  send_answer(*reader, std::move(*answer.message.answer));
}

void LiveHub::send_answer(Reader& reader, LiveAnswer answer) {
  LiveMessage message{
      .type = LiveMessage::Type::answer, .ts = wall_now(), .values = {}, .link = {}};
  message.answer = std::move(answer);
  send(reader, encode_live(message) + "\n");
}

LiveHub::Clock::duration LiveHub::values_pause() const {
  return pending_.values.empty() ? heartbeat : conflation;
}

std::optional<LiveHub::Clock::time_point> LiveHub::alarms_due() const {
  const auto due = alarms_.due();
  if (!due) return std::nullopt;
  return std::max(*due, last_alarms_ + conflation);
}

void LiveHub::flush_due(Clock::time_point now) {
  if (const auto due = alarms_due(); due && now >= *due) tell_alarms(now);
  if (now - last_values_ < values_pause()) return;
  last_values_ = now;
  pending_.type = LiveMessage::Type::values;
  broadcast(std::exchange(pending_, {}));
}

void LiveHub::tell_alarms(Clock::time_point now) {
  last_alarms_ = now;
  if (alarms_.snapshot_wanted()) {
    const std::string line = snapshot_line();
    for (Reader& reader : all_) send(reader, line);
    alarms_.told_by_snapshot(now);
    pending_ = {};  // The snapshot has the values too.
    return;
  }
  for (LiveMessage& message : alarms_.messages()) broadcast(std::move(message));
}

void LiveHub::broadcast(LiveMessage message) {
  if (all_.empty()) return;
  message.ts = wall_now();
  const std::string line = encode_live(message) + "\n";
  for (Reader& reader : all_) send(reader, line);
}

void LiveHub::send(Reader& reader, const std::string& line) {
  if (reader.gone) return;
  push_out(reader);
  // Before the line is added: a snapshot may be longer than the limit.
  if (!reader.gone && reader.unsent.size() > max_backlog_bytes) {
    spdlog::warn("live values: a reader was dropped, it left {} bytes unread",
                 reader.unsent.size());
    reader.gone = true;
    ++dropped_;
  }
  if (reader.gone) return;
  reader.unsent += line;
  push_out(reader);
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
