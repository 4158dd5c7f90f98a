#include "tests/sim/sim_subscriber.hpp"

#include <algorithm>
#include <utility>

#include "base/overloaded.hpp"

namespace wl::sim {
namespace {

constexpr Milliseconds connect_patience{3000};
constexpr Milliseconds on_the_way{5000};  ///< As in history_reader.cpp.
constexpr std::chrono::hours ahead{24};
constexpr std::size_t values_per_item = 1000;

}  // namespace

SimSubscriber::SimSubscriber(World& world, Link& link, std::uint64_t seed,
                             opcua::SubscriberEvents events, std::optional<Timestamp> fill_from)
    : world_(world),
      link_(link),
      dice_(seed, 13),
      events_(std::move(events)),
      plan_(points, fill_from),
      until_(world.clock.now) {}

Milliseconds SimSubscriber::next_due() const {
  Milliseconds due = link_.next_for_collector();
  if (!is_up()) return std::min(due, until_);
  if (!acknowledged_.empty()) return world_.clock.now;
  // Also now and then, as the real one looks every 10 ms: a fill may have become possible.
  return std::min(due, last_turn_ + world_.pace.keep_alive);
}

void SimSubscriber::turn() {
  if (world_.clock.now < next_due()) return;
  last_turn_ = world_.clock.now;
  for (const Message& message : link_.arrived_at_collector()) on_message(message);
  const Milliseconds now = world_.clock.now;
  if (step_ == Step::waiting && now >= until_) return connect();
  if (step_ == Step::connecting && now >= until_) return fail("no answer to the connection");
  if (!is_up()) return;
  if (loop_.is_silent(world_.clock.steady())) return fail("no sign of life from the server");
  for (const std::uint64_t token : acknowledged_) loop_.release(token);
  acknowledged_.clear();
  tell();
  ask();
}

void SimSubscriber::connect() {
  connection_ = link_.new_connection();
  step_ = Step::connecting;
  until_ = world_.clock.now + connect_patience;
  if (link_.state() == Link::State::cut) return fail("connection refused");
  link_.to_gateway({connection_, ConnectRequest{session_}});
}

void SimSubscriber::on_message(const Message& message) {
  if (message.connection != connection_ && message.connection != 0) return;
  if (step_ == Step::waiting) return;
  std::visit(Overloaded{[&](const ConnectAnswer& answer) { on_connected(answer); },
                        [&](const PublishAnswer& answer) { on_publish(answer); },
                        [&](const RepublishAnswer& answer) { on_republish(answer); },
                        [&](const HistoryAnswer& answer) { on_history(answer); },
                        [&](const ConnectionClosed&) { fail("the server closed the connection"); },
                        [](const auto&) {}},
             message.body);
}

void SimSubscriber::on_connected(const ConnectAnswer& answer) {
  if (step_ != Step::connecting) return;
  if (!answer.session) {
    session_.reset();
    fail("the server has forgotten the session");
    until_ = world_.clock.now;
    return;
  }
  resumed_ = session_.has_value();
  session_ = answer.session;
  if (resumed_) {
    loop_.resume(world_.clock.steady());
  } else {
    loop_.begin(answer.subscription, world_.pace.silence, world_.clock.steady());
    acknowledged_.clear();
  }
  held_.clear();
  step_ = resumed_ ? Step::republishing : Step::live;
  policy_.on_success();
  plan_.on_up(resumed_);
  report(opcua::LinkState::up, "");
}

void SimSubscriber::on_publish(const PublishAnswer& answer) {
  if (step_ != Step::live) return;
  const auto verdict = loop_.on_response(answer.summary, world_.clock.steady());
  if (verdict == opcua::PublishVerdict::ignored) return;
  if (verdict == opcua::PublishVerdict::broken) {
    session_.reset();
    return fail("the server sent a notification that was not expected");
  }
  alive_ = true;
  const std::uint32_t sequence = answer.summary.sequence;
  if (verdict == opcua::PublishVerdict::data) deliver(sequence, answer.changes);
  if (verdict == opcua::PublishVerdict::held)
    held_[sequence] = {loop_.token(sequence), world_.clock.wall(), *answer.changes};
}

void SimSubscriber::on_republish(const RepublishAnswer& answer) {
  if (!is_up()) return;
  switch (loop_.on_republish(answer.sequence, answer.status, world_.clock.steady())) {
    case opcua::RepublishVerdict::broken:
      session_.reset();
      return fail("Republish was refused");
    case opcua::RepublishVerdict::data:
      return deliver(answer.sequence, answer.changes);
    case opcua::RepublishVerdict::lost:
      return deliver(0, nullptr);
    case opcua::RepublishVerdict::current:
      step_ = Step::live;
      return;
  }
}

/// Also what waited for it.
void SimSubscriber::deliver(std::uint32_t sequence, const Changes& changes) {
  if (changes) hand_on({loop_.token(sequence), world_.clock.wall(), *changes});
  while (const auto ready = loop_.take_ready()) {
    hand_on(std::move(held_[*ready]));
    held_.erase(*ready);
  }
}

void SimSubscriber::hand_on(opcua::Notification notification) {
  bool overflow = false;
  for (const opcua::ItemChange& change : notification.changes) {
    overflow = overflow || change.overflow;
    plan_.on_value(change.item, change.value.source_time, notification.received_at);
  }
  if (overflow) plan_.on_loss();
  last_values_.on_changes(notification.changes);
  notification.is_current = !loop_.is_catching_up();
  events_.on_data(std::move(notification));
}

void SimSubscriber::tell() {
  if (loop_.take_lost() > 0) plan_.on_loss();
  const Timestamp now = world_.clock.wall();
  if (std::exchange(alive_, false) && !loop_.is_catching_up()) {
    plan_.on_proof(now);
    events_.on_alive(now);
  }
  if (resumed_ && !loop_.is_catching_up()) {
    opcua::Notification again{0, now, last_values_.take_untold()};
    if (!again.changes.empty()) events_.on_data(std::move(again));
  }
  tell_history();
}

void SimSubscriber::ask() {
  if (step_ == Step::live) {
    while (const auto order = loop_.next_request())
      link_.to_gateway({connection_, PublishRequest{order->id, order->acknowledgements}});
    ask_history();
  }
  if (const auto sequence = loop_.next_republish())
    link_.to_gateway({connection_, RepublishRequest{*sequence}});
}

void SimSubscriber::tell_history() {
  if (reading_) return;
  const Timestamp now = world_.clock.wall();
  const auto order = plan_.next(!loop_.is_catching_up(), now);
  if (!order) return;
  if (order->how == opcua::FillOrder::How::read) return begin_reading(order->range);
  world_.note("republished whole");
  events_.on_history(
      {order->range.from, order->range.to, {}, opcua::HistoryFill::State::whole, std::string{}});
}

void SimSubscriber::begin_reading(const opcua::HistoryRange& range) {
  reading_ = range;
  doubt_.clear();
  tasks_.clear();
  asked_.reset();
  for (std::uint32_t item = 0; item < points; ++item) tasks_.push_back({item, true, {}});
}

void SimSubscriber::ask_history() {
  if (!reading_ || asked_) return;
  if (tasks_.empty()) return finish_reading();
  asked_ = tasks_.front();
  tasks_.pop_front();
  HistoryRequest request;
  request.item = asked_->item;
  request.query = {.from = reading_->from - reading_->lag - on_the_way,
                   .to = reading_->to + ahead,
                   .bounds = true,
                   .max_values = values_per_item};
  request.next = asked_->next;
  link_.to_gateway({connection_, request});
}

void SimSubscriber::on_history(const HistoryAnswer& answer) {
  if (step_ != Step::live || !asked_ || asked_->item != answer.item) return;
  const HistoryTask task = *std::exchange(asked_, std::nullopt);
  if (!answer.page) {
    doubt_ = "the continuation point is void";
    return;
  }
  take_history(task, *answer.page);
  const bool empty = answer.page->values.empty();
  if (answer.page->next) tasks_.push_back({task.item, task.is_first && empty, answer.page->next});
  if (!answer.page->next && task.is_first && empty) doubt_ = "no value of that time";
}

/// Whole when its first value is not newer than the beginning of the range.
void SimSubscriber::take_history(const HistoryTask& task, const opcua::HistoryPage& page) {
  opcua::HistoryFill part{reading_->from, reading_->to, {}, opcua::HistoryFill::State::more, {}};
  for (const DataValue& value : page.values) part.changes.push_back({task.item, value, false});
  const bool begins = task.is_first && !page.values.empty();
  if (begins && page.values.front().source_time > reading_->from - reading_->lag)
    doubt_ = "the server's history begins later";
  if (!part.changes.empty()) events_.on_history(std::move(part));
}

void SimSubscriber::finish_reading() {
  using State = opcua::HistoryFill::State;
  const opcua::HistoryRange range = *std::exchange(reading_, std::nullopt);
  const State state = doubt_.empty() ? State::whole : State::not_whole;
  world_.note("history read", doubt_.empty() ? 1 : 0, 0, doubt_);
  events_.on_history({range.from, range.to, {}, state, doubt_});
  plan_.on_told(world_.clock.wall());
}

void SimSubscriber::fail(const std::string& reason) {
  world_.note("link lost", 0, 0, reason);
  plan_.on_down();
  last_values_.on_down();
  reading_.reset();
  asked_.reset();
  alive_ = false;
  step_ = Step::waiting;
  until_ = world_.clock.now + *policy_.on_failure(dice_.share());
  report(opcua::LinkState::down, reason);
}

void SimSubscriber::report(opcua::LinkState state, const std::string& reason) {
  const std::string said = (state == opcua::LinkState::up ? "up " : "down ") + reason;
  if (std::exchange(reported_, said) == said) return;
  events_.on_link(state, reason, world_.clock.wall());
}

}  // namespace wl::sim
