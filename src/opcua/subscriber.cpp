#include "opcua/subscriber.hpp"

#include <fmt/format.h>

#include <atomic>
#include <optional>
#include <random>
#include <thread>
#include <utility>

#include "base/bounded_queue.hpp"
#include "base/check.hpp"
#include "base/log.hpp"
#include "base/snapshot_cell.hpp"
#include "opcua/fill_plan.hpp"
#include "opcua/last_values.hpp"
#include "opcua/reconnect_policy.hpp"
#include "opcua/subscription_link.hpp"

namespace wl::opcua {
namespace {

using Clock = std::chrono::steady_clock;

/// How long one turn may wait for the network: the delay of a write.
constexpr Milliseconds turn{10};
constexpr std::size_t max_waiting_writes = 1'000;
constexpr std::size_t max_waiting_acknowledgements = 100'000;
constexpr std::size_t max_named_items = 5;
constexpr Quality bad_too_many_operations{0x80100000};
constexpr Quality bad_node_id_unknown{0x80340000};

struct WriteWish {
  std::uint32_t item;
  Value value;
  DataType type;
  WriteResult done;
};

void refuse(const WriteWish& wish) {
  try {
    wish.done(quality::bad_no_communication);
  } catch (const std::exception& error) {
    spdlog::error("opcua client: result of a write: {}", error.what());
  }
}

}  // namespace

/// Everything below the queues belongs to the Subscriber's thread once it runs.
class Subscriber::Impl {
 public:
  Impl(SubscriberOptions options, SubscriberEvents events)
      : options_(std::move(options)),
        events_(std::move(events)),
        policy_(options_.max_backoff, options_.reconnect_attempts),
        fill_plan_(options_.node_ids.size(), options_.fill_from),
        last_values_(options_.node_ids.size()),
        reasons_(options_.endpoint_urls.size()),
        random_(std::random_device{}()) {
    WL_CHECK(!options_.endpoint_urls.empty());
    WL_CHECK(events_.on_data && events_.on_alive && events_.on_link);
  }
  ~Impl() { stop(); }

  void start();
  void stop();
  std::string endpoint_url() const { return *shown_url_.get(); }
  void acknowledge(std::uint64_t token) { acknowledgements_.push(token); }
  void write(std::uint32_t item, const Value& value, DataType type, WriteResult done);

 private:
  void run();
  void keep_connected();
  /// From connecting to the end of the link; returns why it ended.
  std::string live();
  const std::string& url() const { return options_.endpoint_urls[server_]; }
  /// Why none of the servers can be had, each with its newest reason.
  std::string reasons() const;
  void establish(SubscriptionLink& link);
  void on_established(const SubscriptionLink& link);
  void carry(SubscriptionLink& link);
  void deliver(SubscriptionLink& link);
  void hand_on(Notification notification);
  void tell_again(const SubscriptionLink& link);
  void tell_history(SubscriptionLink& link);
  /// Waits before the next attempt; false when there is none.
  bool back_off();
  void idle_until(Clock::time_point until);
  void refuse_writes();
  void report(LinkState state, const std::string& reason);
  /// Returns when it was heard: a link that came back must not hide that it was lost.
  void report_down(const std::string& reason);
  bool try_report_down(const std::string& reason);

  const SubscriberOptions options_;
  const SubscriberEvents events_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
  BoundedQueue<std::uint64_t> acknowledgements_{max_waiting_acknowledgements,
                                                WhenFull::drop_oldest};
  BoundedQueue<WriteWish> writes_{max_waiting_writes, WhenFull::refuse};

  ReconnectPolicy policy_;
  SubscriptionMemory memory_;
  FillPlan fill_plan_;
  LastValues last_values_;
  std::size_t server_ = 0;            ///< Index of the URL.
  std::vector<std::string> reasons_;  ///< By server, since a link was up.
  SnapshotCell<std::string> shown_url_;
  bool was_up_ = false;  ///< In the last life(): its server is tried again first.
  bool try_at_once_ = false;
  std::minstd_rand random_;
  std::optional<LinkState> reported_;
  std::string reported_reason_;
};

void Subscriber::Impl::start() {
  WL_CHECK(!thread_.joinable() && !stopping_);
  thread_ = std::thread([this] { run(); });
}

void Subscriber::Impl::stop() {
  stopping_ = true;
  writes_.close();
  if (thread_.joinable()) thread_.join();
  refuse_writes();
}

void Subscriber::Impl::write(std::uint32_t item, const Value& value, DataType type,
                             WriteResult done) {
  if (item >= options_.node_ids.size()) return done(bad_node_id_unknown);
  if (writes_.push({item, value, type, done})) return;
  done(writes_.closed() ? quality::bad_no_communication : bad_too_many_operations);
}

void Subscriber::Impl::run() {
  while (!stopping_) {
    try {
      keep_connected();
    } catch (const std::exception& error) {
      spdlog::error("opcua client: {}: {}; beginning anew", url(), error.what());
      std::this_thread::sleep_for(turn);
    }
  }
}

void Subscriber::Impl::keep_connected() {
  report(LinkState::connecting, fmt::format("connecting to {}", url()));
  bool go_on = true;
  while (go_on && !stopping_) {
    shown_url_.set(url());
    reasons_[server_] = live();
    if (stopping_) break;
    fill_plan_.on_down();
    last_values_.on_down();
    report_down(reasons());
    const bool stays = std::exchange(was_up_, false) || try_at_once_;
    if (!stays) server_ = (server_ + 1) % options_.endpoint_urls.size();
    go_on = std::exchange(try_at_once_, false) || back_off();
  }
  if (go_on) return;
  report_down(
      fmt::format("gave up after {} attempts; last: {}", policy_.failures(), reported_reason_));
  while (!stopping_) idle_until(Clock::now() + turn);
}

std::string Subscriber::Impl::reasons() const {
  std::string all;
  for (std::size_t i = 0; i < reasons_.size(); ++i) {
    if (reasons_[i].empty()) continue;
    all += fmt::format("{}{}: {}", all.empty() ? "" : "; ", options_.endpoint_urls[i], reasons_[i]);
  }
  return all;
}

std::string Subscriber::Impl::live() {
  try {
    SubscriptionLink link(options_, url(), memory_);
    establish(link);
    if (link.is_up()) {
      policy_.on_success();
      was_up_ = true;
      reasons_.assign(reasons_.size(), {});
      on_established(link);
      carry(link);
      if (stopping_) link.close();
    }
    try_at_once_ = link.is_session_forgotten();
    return link.reason();
  } catch (const std::exception& error) {
    memory_.session.reset();  // Nobody knows what was handed on.
    return error.what();
  }
}

void Subscriber::Impl::establish(SubscriptionLink& link) {
  link.connect(Clock::now());
  while (!stopping_ && !link.is_up() && link.step() != SubscriptionLink::Step::broken) {
    refuse_writes();
    link.run(turn, Clock::now());
  }
}

void Subscriber::Impl::on_established(const SubscriptionLink& link) {
  const auto& refused = memory_.refused;
  std::string reason;
  for (std::size_t i = 0; i < std::min(refused.size(), max_named_items); ++i) {
    reason += (i == 0 ? "refused by the server: " : ", ") + options_.node_ids[refused[i].item];
  }
  if (refused.size() > max_named_items) {
    reason += fmt::format(" and {} more", refused.size() - max_named_items);
  }
  if (!link.is_resumed()) acknowledgements_.drain();  // Of the subscription before.
  fill_plan_.on_up(link.is_resumed());
  report(LinkState::up, reason);
  if (!refused.empty()) events_.on_data({0, wall_now(), refused, false});
}

void Subscriber::Impl::carry(SubscriptionLink& link) {
  while (!stopping_ && link.is_up()) {
    for (const std::uint64_t token : acknowledgements_.drain()) {
      memory_.publish_loop.release(token);
    }
    for (WriteWish& wish : writes_.drain()) {
      link.write(wish.item, wish.value, wish.type, std::move(wish.done));
    }
    link.run(turn, Clock::now());
    deliver(link);
    tell_again(link);
    tell_history(link);
  }
}

void Subscriber::Impl::deliver(SubscriptionLink& link) {
  const bool is_behind = memory_.publish_loop.is_catching_up();
  auto all = link.take_notifications();
  for (Notification& notification : all) {
    notification.is_current = !is_behind && &notification == &all.back();
    hand_on(std::move(notification));
  }
  if (memory_.publish_loop.take_lost() > 0) fill_plan_.on_loss();
  if (!link.take_alive() || is_behind) return;
  const Timestamp now = wall_now();
  fill_plan_.on_proof(now);
  events_.on_alive(now);
}

void Subscriber::Impl::hand_on(Notification notification) {
  bool overflow = false;
  for (const ItemChange& change : notification.changes) {
    overflow = overflow || change.overflow;
    fill_plan_.on_value(change.item, change.value.source_time, notification.received_at);
  }
  if (overflow) fill_plan_.on_loss();
  last_values_.on_changes(notification.changes);
  events_.on_data(std::move(notification));
}

/// A new subscription tells every value by itself.
void Subscriber::Impl::tell_again(const SubscriptionLink& link) {
  if (!link.is_resumed() || memory_.publish_loop.is_catching_up()) return;
  Notification again{0, wall_now(), last_values_.take_untold()};
  if (!again.changes.empty()) events_.on_data(std::move(again));
}

void Subscriber::Impl::tell_history(SubscriptionLink& link) {
  if (!events_.on_history) return;
  for (HistoryFill& fill : link.take_fills()) {
    const bool is_last = fill.state != HistoryFill::State::more;
    events_.on_history(std::move(fill));
    if (is_last) fill_plan_.on_told(wall_now());
  }
  const auto order = fill_plan_.next(!memory_.publish_loop.is_catching_up(), wall_now());
  if (!order) return;
  if (order->how == FillOrder::How::read) return link.read_history(order->range);
  events_.on_history(
      {order->range.from, order->range.to, {}, HistoryFill::State::whole, std::string{}});
}

bool Subscriber::Impl::back_off() {
  const double random = std::uniform_real_distribution<>(0.0, 1.0)(random_);
  const auto delay = policy_.on_failure(random);
  if (delay) idle_until(Clock::now() + *delay);
  return delay.has_value();
}

void Subscriber::Impl::idle_until(Clock::time_point until) {
  while (!stopping_ && Clock::now() < until) {
    for (const WriteWish& wish : writes_.drain(turn)) refuse(wish);
  }
}

void Subscriber::Impl::refuse_writes() {
  for (const WriteWish& wish : writes_.drain()) refuse(wish);
}

void Subscriber::Impl::report(LinkState state, const std::string& reason) {
  if (reported_ == state && reported_reason_ == reason) return;
  events_.on_link(state, reason, wall_now());
  reported_ = state;
  reported_reason_ = reason;
}

void Subscriber::Impl::report_down(const std::string& reason) {
  while (!stopping_ && !try_report_down(reason)) idle_until(Clock::now() + 10 * turn);
}

bool Subscriber::Impl::try_report_down(const std::string& reason) {
  try {
    report(LinkState::down, reason);
    return true;
  } catch (const std::exception& error) {
    spdlog::error("opcua client: {}, which could not be told: {}", reason, error.what());
    return false;
  }
}

Subscriber::Subscriber(SubscriberOptions options, SubscriberEvents events)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(events))) {}
Subscriber::~Subscriber() = default;

void Subscriber::start() {
  impl_->start();
}

void Subscriber::stop() {
  impl_->stop();
}

std::string Subscriber::endpoint_url() const {
  return impl_->endpoint_url();
}

void Subscriber::acknowledge(std::uint64_t token) {
  impl_->acknowledge(token);
}

void Subscriber::write(std::uint32_t item, const Value& value, DataType type, WriteResult done) {
  impl_->write(item, value, type, std::move(done));
}

}  // namespace wl::opcua
