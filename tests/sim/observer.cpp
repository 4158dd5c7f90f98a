#include "tests/sim/observer.hpp"

#include <fmt/format.h>

#include <cmath>

#include "alarm/state.hpp"

namespace wl::sim {
namespace {

bool is_hidden(const std::string& word) {
  const auto state = alarm::state_from_word(word);
  return state && alarm::is_hidden(*state);
}

/// Hidden by logic or by a person: a restart looks anew at the reason.
bool may_change(alarm::State state) {
  return state == alarm::State::suppressed || state == alarm::State::shelved;
}

}  // namespace

void Observer::on_data(const opcua::Notification& data) {
  world_.note("data", data.token, data.changes.size());
  if (data.token == 0) return;
  std::vector<std::int64_t>& serials = waiting_[data.token];
  for (const opcua::ItemChange& change : data.changes) {
    const bool is_serial = change.item == serial_point.value && change.value.quality.is_good();
    if (is_serial) serials.push_back(std::llround(to_number(change.value.value).value_or(0)));
  }
}

void Observer::on_acknowledged(std::uint64_t token) {
  const auto found = waiting_.find(token);
  if (found == waiting_.end()) return;
  acknowledged_.insert(found->second.begin(), found->second.end());
  waiting_.erase(found);
}

void Observer::on_record(const collector::Record& record) {
  if (record.alarms.empty()) return;
  std::map<std::uint64_t, AlarmRow> first;  // Later ones may be answers to a person.
  for (const AlarmRow& row : record.alarms) {
    world_.note("alarm", row.id, row.acknowledged, row.state);
    first.try_emplace(row.id, row);
    rows_[row.id] = row;
    // Seen again after that, it is announced anew (ISA-18.2).
    if (is_hidden(row.state)) promised_.erase(row.id);
  }
  for (const auto& [id, before] : std::exchange(expected_, {})) {
    const auto row = first.find(id);
    if (row == first.end() || may_change(before.state)) continue;
    const bool same = row->second.state == alarm::word(before.state) &&
                      row->second.acknowledged == before.acknowledged;
    if (!same)
      world_.broke(fmt::format("alarm {} ({}) was {} before the restart and is {} after it", id,
                               before.key, alarm::word(before.state), row->second.state));
  }
}

void Observer::on_remembered(const std::string& text) {
  auto memory = collector::decode_memory(text);
  if (!memory) return world_.broke("the alarm memory cannot be read back: " + memory.error().what);
  for (const alarm::AlarmRecord& record : memory->records) remembered_[record.id] = record;
  memory_ = std::move(*memory);
}

void Observer::on_restored(const std::optional<collector::AlarmMemory>& memory) {
  expected_.clear();
  if (!memory && memory_) return world_.broke("the alarm memory was lost over a restart");
  if (!memory) return;
  for (const alarm::AlarmRecord& record : memory->records)
    if (record.state != alarm::State::normal) expected_[record.id] = record;
}

void Observer::on_unreadable_memory(const std::string& why) {
  world_.broke("the alarm memory was torn by a crash: " + why);
}

void Observer::on_answer(const LiveAnswer& answer) {
  for (const AlarmRow& row : answer.alarms)
    world_.note("answer", row.id, row.acknowledged, row.state);
  for (const AlarmRow& row : answer.alarms) {
    // A disk that refuses the memory does not keep a person from acknowledging.
    const auto safe = remembered_.find(row.id);
    if (row.acknowledged && safe != remembered_.end() && safe->second.acknowledged)
      promised_[row.id] = row.acknowledged_by;
  }
}

void Observer::on_death() {
  waiting_.clear();
}

std::vector<std::uint64_t> Observer::unacknowledged() const {
  std::vector<std::uint64_t> ids;
  for (const auto& [id, row] : rows_)
    if (row.state == "active_unacked" || row.state == "cleared_unacked") ids.push_back(id);
  return ids;
}

}  // namespace wl::sim
