#include "tests/sim/gateway.hpp"

#include <algorithm>

namespace wl::sim {
namespace {
constexpr std::size_t plc_queue = 300;
}

void Gateway::forget() {
  history_.emplace(points, opcua::HistoryLimits{.bytes = 4'000'000, .age = limits_.history});
  values_ = {};
  from_plc_.clear();
  session_.reset();
  connection_ = 0;
}

void Gateway::take(PointId point, DataValue value) {
  world_.truth.changed(point, value.source_time, to_number(value.value).value_or(0));
  if (!up()) return;
  from_plc_.emplace_back(point, std::move(value));
  if (from_plc_.size() > plc_queue) from_plc_.pop_front();
}

void Gateway::lose_plc() {
  if (!up()) return;
  for (std::uint32_t i = 0; i < points; ++i) {
    const DataValue lost{0.0, quality::bad_no_communication, world_.clock.true_wall()};
    from_plc_.emplace_back(PointId{i}, lost);
  }
}

void Gateway::kill(Milliseconds down) {
  forget();
  down_until_ = std::max(down_until_, world_.clock.now + down);
  hung_until_ = {};
  link_.reset();
}

Milliseconds Gateway::next_due() const {
  Milliseconds due = link_.next_for_gateway();
  if (!up()) return due;
  if (!from_plc_.empty()) due = std::min(due, world_.clock.now);
  if (session_) due = std::min(due, session_->last_asked + limits_.lifetime);
  if (session_ && connection_ != 0 && !session_->requests.empty()) {
    const Milliseconds pause = has_values() ? world_.pace.publishing : world_.pace.keep_alive;
    due = std::min(due, session_->last_sent + pause);
  }
  return std::max(due, hung_until_);
}

void Gateway::turn() {
  if (!up()) return refuse();
  if (hung()) return;
  for (const auto& [point, value] : from_plc_) keep(point, value);
  from_plc_.clear();
  for (const Message& message : link_.arrived_at_gateway()) on_message(message);
  if (session_ && world_.clock.now - session_->last_asked >= limits_.lifetime) session_.reset();
  publish();
}

/// Nobody listens: the computer answers for it.
void Gateway::refuse() {
  for (const Message& message : link_.arrived_at_gateway()) {
    if (std::holds_alternative<ConnectRequest>(message.body))
      link_.to_collector({message.connection, ConnectionClosed{}});
  }
}

void Gateway::keep(PointId point, const DataValue& value) {
  values_[point.value] = value;
  history_->add(point.value, value, world_.clock.steady());
  if (!session_) return;
  auto& queue = session_->queues[point.value];
  queue.push_back({value, false});
  if (queue.size() <= limits_.item_queue) return;
  queue.pop_front();
  queue.front().overflow = true;
}

bool Gateway::has_values() const {
  return std::ranges::any_of(session_->queues, [](const auto& queue) { return !queue.empty(); });
}

void Gateway::on_message(const Message& message) {
  if (std::holds_alternative<ConnectionClosed>(message.body)) {
    connection_ = 0;
    if (session_) session_->requests.clear();
    return;
  }
  if (const auto* connect = std::get_if<ConnectRequest>(&message.body)) {
    connection_ = message.connection;
    return on_connect(*connect);
  }
  if (message.connection != connection_ || !session_) return;
  session_->last_asked = world_.clock.now;
  if (const auto* publish = std::get_if<PublishRequest>(&message.body)) on_publish(*publish);
  if (const auto* again = std::get_if<RepublishRequest>(&message.body)) on_republish(*again);
  if (const auto* history = std::get_if<HistoryRequest>(&message.body)) on_history(*history);
}

void Gateway::on_connect(const ConnectRequest& request) {
  if (request.session && (!session_ || session_->id != *request.session))
    return answer(ConnectAnswer{});
  if (!request.session) {
    session_.emplace();
    session_->id = ++last_session_;
    session_->subscription = ++last_subscription_;
    const DataValue waits{0.0, quality::bad_waiting_for_initial_data, world_.clock.true_wall()};
    for (std::size_t i = 0; i < points; ++i)
      session_->queues[i].push_back({values_[i].value_or(waits), false});
  }
  session_->requests.clear();
  session_->last_asked = world_.clock.now;
  answer(ConnectAnswer{session_->id, session_->subscription});
}

void Gateway::on_publish(const PublishRequest& request) {
  for (const std::uint32_t sequence : request.acknowledgements)
    session_->unacknowledged.erase(sequence);
  session_->requests.push_back(request.order);
}

void Gateway::on_republish(const RepublishRequest& request) {
  const auto kept = session_->unacknowledged.find(request.sequence);
  if (kept == session_->unacknowledged.end())
    return answer(RepublishAnswer{request.sequence, bad_message_not_available, nullptr});
  answer(RepublishAnswer{request.sequence, 0, kept->second});
}

void Gateway::on_history(const HistoryRequest& request) {
  answer(HistoryAnswer{request.item, history_->read(request.item, request.query, request.next)});
}

void Gateway::publish() {
  if (!session_ || connection_ == 0) return;
  const Milliseconds since = world_.clock.now - session_->last_sent;
  // Ends: each round takes a request.
  while (!session_->requests.empty() && has_values() && since >= world_.pace.publishing)
    send_notification();
  if (session_->requests.empty() || since < world_.pace.keep_alive || has_values()) return;
  PublishAnswer alive;
  alive.summary = {.order_id = session_->requests.front(),
                   .status = 0,
                   .subscription_id = session_->subscription,
                   .sequence = session_->next_sequence};
  session_->requests.pop_front();
  session_->last_sent = world_.clock.now;
  answer(std::move(alive));
}

void Gateway::send_notification() {
  auto changes = std::make_shared<std::vector<opcua::ItemChange>>();
  for (std::uint32_t item = 0; item < points; ++item) {
    auto& queue = session_->queues[item];
    while (!queue.empty() && changes->size() < limits_.changes) {
      changes->push_back({item, std::move(queue.front().value), queue.front().overflow});
      queue.pop_front();
    }
  }
  const std::uint32_t sequence = session_->next_sequence++;
  if (session_->unacknowledged.size() < limits_.retransmission)
    session_->unacknowledged[sequence] = changes;
  PublishAnswer data;
  data.summary = {.order_id = session_->requests.front(),
                  .status = 0,
                  .subscription_id = session_->subscription,
                  .sequence = sequence,
                  .has_data = true,
                  .more = has_values()};
  data.changes = std::move(changes);
  session_->requests.pop_front();
  session_->last_sent = world_.clock.now;
  answer(std::move(data));
}

void Gateway::answer(
    std::variant<ConnectAnswer, PublishAnswer, RepublishAnswer, HistoryAnswer> body) {
  std::visit([&](auto& one) { link_.to_collector({connection_, std::move(one)}); }, body);
}

}  // namespace wl::sim
