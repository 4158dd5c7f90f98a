#include "collector/desk/alarm_desk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "alarm/row.hpp"

namespace wl::collector {
namespace {

alarm::Now clocks(Now now) {
  return {now.wall, now.monotonic};
}

std::unordered_map<std::string_view, PointId> points_by_key(const Plant& plant) {
  std::unordered_map<std::string_view, PointId> all;
  for (std::uint32_t i = 0; i < plant.points.size(); ++i) {
    all.emplace(plant.points[i].key, PointId{i});
  }
  return all;
}

}  // namespace

AlarmDesk::AlarmDesk(const Plant& plant, AlarmDeskOptions options,
                     std::optional<AlarmMemory> memory, Now start)
    : plant_(plant),
      options_(std::move(options)),
      policy_(options_.policy, clocks(start)),
      plcs_(plant),
      conditions_(options_.conditions),
      hidden_(plcs_.controllers().size()),
      points_(points_by_key(plant)),
      started_(start.monotonic),
      next_check_(start.monotonic),
      next_reading_(start.monotonic) {
  if (!memory) return;
  memory_known_ = true;
  rule_rows_ = std::move(memory->rules);
  if (!memory->policy.empty()) {
    const auto restored = policy_.restore(memory->policy, clocks(start));
    if (!restored) news_.notices.push_back(restored.error().what);
  }
  begin(memory->next_id, std::move(memory->records), start);
}

// ---- Beginning --------------------------------------------------------------------------------

void AlarmDesk::begin(std::uint64_t first_id, std::vector<alarm::AlarmRecord> saved, Now now) {
  alarm::UsableRules usable = alarm::usable_rules(rule_rows_, plant_);
  rules_ = std::move(usable.rules);
  refused_ = std::move(usable.refused);
  for (alarm::AlarmRecord& record : saved) {
    first_id = std::max(first_id, record.id + 1);
    restore_logic(record);
  }
  next_id_ = first_id;
  alarm::CoreOptions options = options_.core;
  options.book.first_id = first_id;
  journal_base_ = last_seq_;
  core_ = std::make_unique<alarm::Core>(options, rules_, std::move(saved), clocks(now));
  std::fill(hidden_.begin(), hidden_.end(), false);
  link_hidden_ = false;
  hide_behind_causes(clocks(now));
  collect(now);
  policy_.reconcile(core_->book().not_normal(), clocks(now));
  show_again();
}

/// What the logic knew before a restart. An alarm that it hid is not announced because the process
/// began anew: it is hidden again at once, or shown when the cause is seen to be over.
void AlarmDesk::restore_logic(alarm::AlarmRecord& record) {
  const bool system = record.message >= alarm::MessageKey::plc_down;
  if (system && record.active) conditions_.restore(record.message, record.parameter);
  if (record.message == alarm::MessageKey::plc_down && record.active) {
    plcs_.restore_down(record.parameter);
  }
  if (record.state != alarm::State::suppressed) return;
  record.state = record.active ? alarm::State::active_unacked : alarm::State::normal;
}

/// What was kept goes into the next rows once more: they may not have reached the database.
void AlarmDesk::show_again() {
  for (const std::string& key : core_->book().keys()) {
    const alarm::AlarmRecord& record = *core_->book().find(key);
    if (record.id == 0) continue;
    changed_.try_emplace(record.id, LiveAlarm{row_of(record), {}});
  }
  remember_ = true;
}

void AlarmDesk::begin_from_database(const AlarmsInDatabase& alarms, Now now) {
  std::vector<alarm::AlarmRecord> saved;
  for (const AlarmRow& row : alarms.open) {
    auto record = alarm::record_of(row);
    if (record) {
      saved.push_back(std::move(*record));
    } else {
      news_.notices.push_back(record.error().what);
    }
  }
  if (core_) {  // It began without knowing those: the newer row of an alarm stands.
    for (alarm::AlarmRecord& record : core_->book().not_normal()) saved.push_back(record);
  }
  begin(std::max(next_id_, alarms.greatest_id + 1), std::move(saved), now);
}

/// Alarms that the database shows although they are over: it is an older copy, or the last row of
/// one was lost with the spool.
void AlarmDesk::close_ghosts(const std::vector<AlarmRow>& open, Now now) {
  for (AlarmRow row : open) {
    const alarm::AlarmRecord* known = core_->book().find(row.key);
    if (known && known->id == row.id) {
      changed_.try_emplace(row.id, LiveAlarm{row_of(*known), {}});
      continue;
    }
    if (row.state == "normal") continue;
    row.state = "normal";
    row.active = false;
    row.announced = false;
    row.chattering = false;
    row.shelved_until.reset();
    if (!row.cleared_at) row.cleared_at = now.wall;
    if (known && known->id != 0) row.superseded_by = known->id;
    changed_.try_emplace(row.id, LiveAlarm{row, std::string(alarm::word(alarm::Event::retire))});
    next_id_ = std::max(next_id_, row.id + 1);
  }
}

void AlarmDesk::on_database(AlarmsInDatabase alarms, Now now) {
  rules_error_.clear();
  next_reading_ = now.monotonic + options_.rules_interval;
  const bool looks = reads_all_ && !alarms_known_;
  alarms_known_ = alarms_known_ || looks;
  if (looks && !memory_known_) {
    rule_rows_ = std::move(alarms.rules);
    begin_from_database(alarms, now);
    for (const std::string& why : refused_) news_.notices.push_back("rule not in force: " + why);
  } else if (!core_) {
    rule_rows_ = std::move(alarms.rules);
  } else {
    take_rules(std::move(alarms.rules), now);
    if (looks) close_ghosts(alarms.open, now);
  }
  answer_waiting(std::nullopt);
}

void AlarmDesk::on_forward(const ForwardFacts& facts) {
  if (facts.earlier_stored && !earlier_stored_ && !alarms_known_) next_reading_ = {};
  earlier_stored_ = facts.earlier_stored;
  conditions_.on_forward(facts);
}

void AlarmDesk::on_database_away(const std::string& reason, Now now) {
  rules_error_ = reason;
  // Soon again; whoever changed a rule is told now.
  next_reading_ = std::min(next_reading_, now.monotonic + options_.begin_patience);
  answer_waiting(
      Error{Errc::unavailable, "the rules cannot be read, those before stay in force: " + reason});
}

// ---- Rules ------------------------------------------------------------------------------------

void AlarmDesk::take_rules(std::vector<ThresholdRow> rows, Now now) {
  if (rows == rule_rows_) return;
  alarm::UsableRules usable = alarm::usable_rules(rows, plant_);
  for (const std::string& why : usable.refused) {
    if (std::ranges::find(refused_, why) == refused_.end()) {
      news_.notices.push_back("rule not in force: " + why);
    }
  }
  news_.notices.push_back(
      fmt::format("rules in force: {}, refused: {}", usable.rules.size(), usable.refused.size()));
  rule_rows_ = std::move(rows);
  rules_ = std::move(usable.rules);
  refused_ = std::move(usable.refused);
  core_->replace_rules(rules_, clocks(now));
  std::fill(hidden_.begin(), hidden_.end(), false);  // Also what is new is hidden.
  hide_behind_causes(clocks(now));
  remember_ = true;
  collect(now);
}

void AlarmDesk::answer_waiting(const std::optional<Error>& error) {
  for (const WaitingOrder& order : std::exchange(waiting_, {})) {
    LiveAnswer answer{.ref = order.ref, .error = error};
    news_.answers.push_back({order.reader, std::move(answer)});
  }
}

// ---- Values and conditions --------------------------------------------------------------------

void AlarmDesk::on_tick(const Tick& tick) {
  plcs_.on_tick(tick);
  if (!core_) return;
  const Now now{tick.at, tick.monotonic};
  tell_conditions(tick, clocks(now));
  // Half a tick early is on time: the two intervals are usually the same.
  if (tick.monotonic + options_.check_interval / 2 >= next_check_) {
    next_check_ = tick.monotonic + options_.check_interval;
    core_->on_values({tick.values, tick.link_alive}, clocks(now));
  }
  collect(now);
}

void AlarmDesk::tell_conditions(const Tick& tick, alarm::Now now) {
  const auto conditions = conditions_.on_tick(tick, plcs_.controllers());
  hide_behind_causes(now);
  for (const alarm::Condition& condition : conditions) core_->on_condition(condition, now);
}

void AlarmDesk::hide_behind_causes(alarm::Now now) {
  if (conditions_.gateway_down() != link_hidden_) {
    link_hidden_ = conditions_.gateway_down();
    const alarm::Condition link{.name = alarm::MessageKey::link_lost, .subject = {}};
    core_->suppress(link, link_hidden_ ? alarm::Book::Hide::yes : alarm::Book::Hide::no, now);
  }
  const auto& plcs = plcs_.controllers();
  for (std::size_t i = 0; i < plcs.size(); ++i) {
    if (plcs[i].down == hidden_[i]) continue;
    hidden_[i] = plcs[i].down;
    for (const alarm::CheckedRule& rule : rules_) {
      if (plcs_.controller_of(rule.point) != i) continue;
      core_->suppress(rule.rule, hidden_[i] ? alarm::Book::Hide::yes : alarm::Book::Hide::no, now);
    }
  }
}

// ---- Orders -----------------------------------------------------------------------------------

void AlarmDesk::on_order(std::uint64_t reader, const LiveOrder& order, Now now) {
  if (order.kind == LiveOrder::Kind::rules_changed) {
    waiting_.push_back({reader, order.ref});
    next_reading_ = now.monotonic;
    on_time(now);
    return;
  }
  if (!core_) {
    const Error error{Errc::unavailable, "the alarms wait for the database"};
    news_.answers.push_back({reader, {.ref = order.ref, .error = error}});
    return;
  }
  news_.answers.push_back({reader, do_order(order, clocks(now))});
  collect(now);
}

LiveAnswer AlarmDesk::do_order(const LiveOrder& order, alarm::Now now) {
  LiveAnswer answer{.ref = order.ref};
  for (const std::uint64_t id : order.ids) {
    Result<alarm::AlarmRecord> done = do_one(order, id, now);
    if (done) {
      answer.alarms.push_back(row_of(*done));
      continue;
    }
    if (!answer.error) answer.error = done.error();
    answer.refused.push_back({id, std::move(done.error())});
  }
  return answer;
}

Result<alarm::AlarmRecord> AlarmDesk::do_one(const LiveOrder& order, std::uint64_t id,
                                             alarm::Now now) {
  const alarm::Order by{order.by, order.note};
  switch (order.kind) {
    case LiveOrder::Kind::acknowledge:
      return core_->acknowledge(id, by, now);
    case LiveOrder::Kind::shelve:
      return core_->shelve(id, std::chrono::minutes(order.minutes), by, now);
    case LiveOrder::Kind::unshelve:
      return core_->unshelve(id, by, now);
    case LiveOrder::Kind::rules_changed:
      break;
  }
  return fail(Errc::invalid_argument, "not an order for an alarm");
}

// ---- Time and news ----------------------------------------------------------------------------

void AlarmDesk::on_time(Now now) {
  if (now.monotonic >= next_reading_) {
    next_reading_ = now.monotonic + options_.rules_interval;
    reads_all_ = earlier_stored_;
    news_.read_database = true;
  }
  if (!core_ && now.monotonic - started_ >= options_.begin_patience) {
    news_.notices.push_back(
        "the state of the alarms is not known and the database does not "
        "answer: alarms begin anew");
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(now.wall.time_since_epoch());
    begin(static_cast<std::uint64_t>(std::max<std::int64_t>(1, seconds.count())), {}, now);
  }
  if (!core_) return;
  core_->on_time(clocks(now));
  collect(now);
  policy_.on_time(clocks(now));
}

std::optional<Milliseconds> AlarmDesk::next_due() const {
  Milliseconds due = next_reading_;
  if (!core_) return std::min(due, started_ + options_.begin_patience);
  due = std::min(due, policy_.next_due().value_or(due));
  return std::min(due, core_->next_due().value_or(due));
}

void AlarmDesk::collect(Now now) {
  alarm::Output output = core_->take_output();
  if (output.changes.empty() && output.wishes.empty()) return;
  remember_ = true;
  policy_.on_output(output, core_->facts(), clocks(now));
  for (alarm::Change& change : output.changes) {
    change.seq += journal_base_;
    last_seq_ = change.seq;
    news_.journal.push_back(alarm::journal_row_of(change));
    if (change.record.id == 0) continue;
    next_id_ = std::max(next_id_, change.record.id + 1);
    changed_.insert_or_assign(
        change.record.id, LiveAlarm{row_of(change.record), std::string(alarm::word(change.event))});
  }
}

AlarmNews AlarmDesk::take(Now now) {
  AlarmNews news = std::exchange(news_, {});
  if (!changed_.empty()) {
    news.live =
        LiveMessage{.type = LiveMessage::Type::alarm, .ts = now.wall, .values = {}, .link = {}};
    news.live->alarm_counts = counts();
    for (auto& [id, alarm] : std::exchange(changed_, {})) {
      news.rows.push_back(alarm.row);
      news.live->alarms.push_back(std::move(alarm));
    }
  }
  if (core_ && (remember_ || policy_.revision() != policy_revision_)) {
    remember_ = false;
    policy_revision_ = policy_.revision();
    news.memory = encode_memory(memory(now));
    news.memory_number = ++memory_number_;
    const auto& letters = policy_.letters();
    last_letter_[memory_number_] = letters.empty() ? 0 : letters.back().id;
    // A disk that refuses for long: the newest memories know all that the older ones know.
    if (last_letter_.size() > 100) last_letter_.erase(last_letter_.begin());
  }
  for (const alarm::notify::Letter& letter : policy_.letters()) {
    if (letter.id > letters_safe_) break;
    if (letter.id <= letters_handed_) continue;
    letters_handed_ = letter.id;
    news.letters.push_back(letter);
  }
  return news;
}

void AlarmDesk::on_remembered(std::uint64_t number) {
  while (!last_letter_.empty() && last_letter_.begin()->first <= number) {
    letters_safe_ = std::max(letters_safe_, last_letter_.begin()->second);
    last_letter_.erase(last_letter_.begin());
  }
}

AlarmMemory AlarmDesk::memory(Now now) const {
  AlarmMemory memory;
  memory.next_id = next_id_;
  memory.rules = rule_rows_;
  memory.policy = policy_.save(clocks(now));
  for (const std::string& key : core_->book().keys()) {
    const alarm::AlarmRecord& record = *core_->book().find(key);
    if (is_worth_keeping(record, now.wall, options_.core.book.dedup_window)) {
      memory.records.push_back(record);
    }
  }
  return memory;
}

/// The words of a row need its device and point only. The plant looks through all of its points for
/// one, which 10,000 alarms of one second cannot afford.
AlarmRow AlarmDesk::row_of(const alarm::AlarmRecord& record) const {
  Plant excerpt;
  const auto point = points_.find(record.device + "." + record.parameter);
  if (point != points_.end()) excerpt.points = {plant_.point(point->second)};
  if (const auto device = plant_.find_device(record.device)) {
    excerpt.devices = {plant_.device(*device)};
  }
  return alarm::row_of(record, excerpt);
}

LiveAlarmCounts AlarmDesk::counts() const {
  const alarm::Facts& facts = core_->facts();
  return {.active = facts.active,
          .unacknowledged = facts.unacknowledged,
          .shelved = facts.shelved,
          .suppressed = facts.suppressed,
          .out_of_service = facts.out_of_service,
          .flood = facts.flood};
}

AlarmDeskFigures AlarmDesk::figures() const {
  AlarmDeskFigures figures;
  if (core_) figures.facts = core_->facts();
  if (core_) figures.rules_in_force = core_->rules_watched();
  figures.rules_refused = refused_;
  figures.rules_error = rules_error_;
  figures.begun = core_ != nullptr;
  return figures;
}

}  // namespace wl::collector
