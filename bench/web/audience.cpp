#include "audience.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "figures.hpp"

namespace wl::bench {
namespace {

constexpr std::size_t clients_an_address = 500;
constexpr int little = 4096;

/// 127.0.1.1, 127.0.1.2 …: one address has 28,000 ports only, and a browser each is more real.
std::string address_of(std::size_t number) {
  return fmt::format("127.0.1.{}", 1 + number / clients_an_address);
}

}  // namespace

Audience::Audience(Loop& loop, const LiveSource& source, const Site& site)
    : loop_(loop), source_(source), site_(site) {}

std::unique_ptr<WebSocketClient> Audience::client(std::size_t number, int receive_buffer) {
  return std::make_unique<WebSocketClient>(
      loop_,
      Route{.port = site_.port, .from = address_of(number), .receive_buffer = receive_buffer},
      site_.cookie,
      WebSocketClient::Events{[this](std::string_view text) { on_text(text); },
                              [this, number] { on_lost(number); }});
}

void Audience::on_text(std::string_view text) {
  const std::uint64_t line = LiveSource::line_of(text);
  if (line == 0 || line > source_.lines() || text.starts_with(R"({"type":"snapshot")")) return;
  const auto way = Clock::now() - source_.sent_at(line);
  ms_.push_back(std::chrono::duration<double, std::milli>(way).count());
}

void Audience::on_lost(std::size_t number) {
  const bool was_stalled = stalled_ && number + 1 == clients_.size();
  if (!was_stalled) {
    ++lost_;
    return;
  }
  ++stalled_cut_;
  loop_.at(Clock::now() + std::chrono::milliseconds{100}, [this] {
    if (stalled_) stall_last();  // A page that hangs connects again and hangs again.
  });
}

void Audience::join(int clients, int at_once) {
  const auto all = static_cast<std::size_t>(clients);
  while (clients_.size() < all) {
    clients_.push_back(client(clients_.size(), 0));
    clients_.back()->join();
    const auto enough = [this, at_once, all] {
      const std::size_t open = clients_.size() - joined();
      return open < static_cast<std::size_t>(clients_.size() == all ? 1 : at_once) || lost_ > 0;
    };
    loop_.run_until_true(enough, "handshakes", 30);
    if (lost_ == 0) continue;
    for (const auto& one : clients_) {
      if (!one->refusal().empty()) throw std::runtime_error("/ws/live: " + one->refusal());
    }
    throw std::runtime_error("/ws/live: the connection ended in the handshake");
  }
}

std::size_t Audience::joined() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(clients_, [](const auto& client) { return client->joined(); }));
}

void Audience::leave() {
  for (const auto& client : clients_) client->leave();
}

void Audience::clear() {
  ms_.clear();
  lost_ = 0;
  stalled_cut_ = 0;
}

void Audience::stall_last() {
  stalled_ = true;
  replace_last(little);
  stop_when_joined();
}

/// It reads its handshake and no more.
void Audience::stop_when_joined() {
  if (!stalled_) return;
  if (clients_.back()->joined()) return clients_.back()->stop_reading();
  loop_.at(Clock::now() + std::chrono::milliseconds{1}, [this] { stop_when_joined(); });
}

void Audience::wake_last() {
  stalled_ = false;
  replace_last(0);
}

void Audience::replace_last(int receive_buffer) {
  clients_.back()->close();
  past_.push_back(std::move(clients_.back()));
  clients_.back() = client(clients_.size() - 1, receive_buffer);
  clients_.back()->join();
}

}  // namespace wl::bench
