#include "collector/core.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace wl::collector {
namespace {

/// The next beat of `interval` after `now`; beats that were missed are left out.
Milliseconds next_beat(Milliseconds due, Milliseconds interval, Milliseconds now) {
  const Milliseconds next = due + interval;
  return next > now ? next : now + interval;
}

}  // namespace

Core::Core(const Plant& plant, CoreOptions options, Now start, std::vector<TickConsumer*> consumers)
    : plant_(plant),
      options_(std::move(options)),
      consumers_(std::move(consumers)),
      held_(plant),
      history_(start.wall, options_.covered_until),
      link_{.up = false, .reason = "connecting", .since = start.wall},
      next_seq_(options_.first_seq),
      durable_seq_(options_.first_seq - 1),
      next_tick_(start.monotonic + options_.tick_interval),
      next_record_(start.monotonic + options_.record_interval),
      next_proof_(start.monotonic + options_.proof_interval),
      next_days_(start.monotonic + options_.days_interval) {
  show_all(start.wall);
}

void Core::on_delivery(const Delivery& delivery) {
  const bool was_alive = history_.alive();
  LiveMessage news = message(LiveMessage::Type::values, delivery.received_at);
  for (const PointChange& change : delivery.changes) {
    if (change.overflow) {
      lost(held_.of(change.point).source_time, delivery.received_at,
           "the gateway's queue overflowed: values of " + plant_.point(change.point).key +
               " were lost");
    }
    const auto sample = held_.accept(change.point, change.value, delivery.received_at);
    if (sample) keep(*sample, delivery.received_at, news);
  }
  if (!delivery.changes.empty()) hold_token(delivery.token);
  if (delivery.is_current) proven(delivery.received_at);
  if (was_alive && !news.values.empty()) actions_.live.push_back(std::move(news));
}

void Core::on_alive(Timestamp at) {
  proven(at);
}

void Core::on_link_up(Timestamp at) {
  // Life is proven by the first response, not by the session; until then nothing is shown as good.
  report_link(true, "", at);
}

void Core::on_link_down(const std::string& reason, Timestamp at) {
  const bool was_alive = history_.alive();
  history_.on_down(reason);
  report_link(false, reason, at);
  if (was_alive) show_all(at);
}

void Core::on_input_lost() {
  ++stats_.overflows;
  history_.on_input_lost("the collector's input queue overflowed");
}

void Core::on_history(const HistoryDelivery& delivery) {
  for (const PointChange& change : delivery.changes) {
    const auto sample = held_.accept_history(change.point, change.value);
    if (!sample) continue;
    LiveMessage unshown;  // It says nothing about the present.
    keep(*sample, sample->source_time, unshown);
    ++stats_.samples_from_history;
  }
  if (delivery.whole_from) history_.on_filled(*delivery.whole_from);
}

void Core::on_durable(std::uint64_t seq) {
  durable_seq_ = std::max(durable_seq_, seq);
  while (!tokens_.empty() && tokens_.front().seq <= seq) {
    actions_.acknowledge.push_back(tokens_.front().token);
    tokens_.pop_front();
  }
}

void Core::on_time(Now now) {
  if (now.monotonic >= next_tick_) {
    tick(now);
    next_tick_ = next_beat(next_tick_, options_.tick_interval, now.monotonic);
  }
  const bool changes_due = now.monotonic >= next_record_ && has_changes();
  const bool proof_due = now.monotonic >= next_proof_;
  if (changes_due || proof_due || open_samples_.size() >= options_.record_samples) cut_record(now);
  if (now.monotonic < next_days_) return;
  next_days_ = next_beat(next_days_, options_.days_interval, now.monotonic);
  remember_days();
}

void Core::on_alarms(std::vector<AlarmRow> rows, std::vector<AlarmJournalRow> journal) {
  open_alarms_.insert(open_alarms_.end(), rows.begin(), rows.end());
  open_journal_.insert(open_journal_.end(), journal.begin(), journal.end());
}

void Core::on_stop(Now now) {
  remember_days();
  cut_record(now);
}

Actions Core::take_actions() {
  return std::exchange(actions_, {});
}

Milliseconds Core::next_due() const {
  const Milliseconds due = std::min(next_tick_, next_proof_);
  return has_changes() ? std::min(due, next_record_) : due;
}

CoreStats Core::stats() const {
  CoreStats stats = stats_;
  stats.notifications_waiting = tokens_.size();
  return stats;
}

LiveValue Core::shown(PointId point) const {
  LiveValue value = held_.of(point);
  const bool known = value.source_time != Timestamp{};
  if (known && !history_.alive()) value.quality = quality::bad_no_communication;
  return value;
}

LiveMessage Core::message(LiveMessage::Type type, Timestamp at) const {
  return {.type = type, .ts = at, .values = {}, .link = {}};
}

void Core::show_all(Timestamp at) {
  if (!options_.live) return;
  LiveMessage all = message(LiveMessage::Type::values, at);
  for (std::uint32_t i = 0; i < plant_.points.size(); ++i) {
    all.values[plant_.points[i].key] = shown(PointId{i});
  }
  actions_.live.push_back(std::move(all));
}

void Core::proven(Timestamp at) {
  const bool was_alive = history_.alive();
  history_.on_proof(at);
  if (was_alive) return;
  if (!link_.up) report_link(true, "", at);
  show_all(at);  // A resumed subscription does not repeat values that did not change.
}

void Core::report_link(bool up, const std::string& reason, Timestamp at) {
  if (link_.up == up && link_.reason == reason) return;
  if (link_.up != up) link_.since = at;
  link_.up = up;
  link_.reason = reason;
  if (!options_.live) return;
  LiveMessage news = message(LiveMessage::Type::link, at);
  news.link = link_;
  actions_.live.push_back(std::move(news));
}

void Core::lost(Timestamp from, Timestamp to, const std::string& what) {
  ++stats_.overflows;
  history_.on_loss(from, to, what);
}

void Core::hold_token(std::uint64_t token) {
  tokens_.push_back({token, next_seq_});
  if (tokens_.size() <= options_.pending_notifications) return;
  tokens_.pop_front();
  ++stats_.never_acknowledged;
}

/// A sample that was accepted, and what is derived from it.
void Core::keep(const Sample& sample, Timestamp received_at, LiveMessage& news) {
  open_samples_.push_back(sample);
  ++stats_.samples_accepted;
  if (options_.live) news.values[plant_.point(sample.point).key] = held_.of(sample.point);
  if (options_.days) derive(options_.days->on_sample(sample), received_at, news);
}

void Core::derive(const std::vector<DerivedValue>& values, Timestamp received_at,
                  LiveMessage& news) {
  for (const DerivedValue& each : values) {
    const auto sample = held_.accept(each.point, each.value, received_at);
    if (sample) keep(*sample, received_at, news);
  }
}

void Core::remember_days() {
  if (!options_.days || options_.days->revision() == days_remembered_) return;
  days_remembered_ = options_.days->revision();
  actions_.days = options_.days->save();
}

void Core::tick(Now now) {
  LiveMessage stuck = message(LiveMessage::Type::values, now.wall);
  if (options_.days && history_.alive()) derive(options_.days->on_time(now.wall), now.wall, stuck);
  for (const Sample& sample : held_.on_tick(now, history_.alive())) {
    open_samples_.push_back(sample);
    stuck.values[plant_.point(sample.point).key] = held_.of(sample.point);
  }
  if (options_.live && !stuck.values.empty()) actions_.live.push_back(std::move(stuck));
  std::vector<LiveValue> values;
  values.reserve(plant_.points.size());
  for (std::uint32_t i = 0; i < plant_.points.size(); ++i) values.push_back(shown(PointId{i}));
  const Tick beat{.at = now.wall,
                  .monotonic = now.monotonic,
                  .values = values,
                  .link_alive = history_.alive(),
                  .proven_at = history_.last_proof()};
  for (TickConsumer* consumer : consumers_) consumer->on_tick(beat);
}

void Core::cut_record(Now now) {
  next_record_ = now.monotonic + options_.record_interval;
  next_proof_ = now.monotonic + options_.proof_interval;
  Record record{.seq = next_seq_,
                .samples = std::exchange(open_samples_, {}),
                .intervals = history_.take(now.wall),
                .alarms = std::exchange(open_alarms_, {}),
                .alarm_journal = std::exchange(open_journal_, {})};
  if (record.empty()) return;
  ++next_seq_;
  actions_.records.push_back(std::move(record));
}

}  // namespace wl::collector
