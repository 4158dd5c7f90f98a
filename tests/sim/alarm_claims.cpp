#include <fmt/format.h>

#include <map>

#include "alarm/notify/policy.hpp"
#include "alarm/state.hpp"
#include "tests/sim/claims.hpp"

namespace wl::sim {
namespace {

using Rows = std::map<std::uint64_t, AlarmRow>;

std::string words_of(const AlarmRow& row) {
  return fmt::format("{}, acknowledged {} by '{}', raised {} times", row.state, row.acknowledged,
                     row.acknowledged_by, row.raise_count);
}

/// Its rows were dropped with the samples of that time.
bool was_dropped(const World& world, const History& history, Timestamp raised) {
  const bool on_a_wrong_clock = world.truth.clock_was_set();
  if (on_a_wrong_clock) return world.faults.of(Fault::spool_overflow) > 0;
  const LinkInterval* gap = history.gap_in(raised, raised);
  return gap && is_dropped(*gap);
}

void check_remembered(World& world, const History& history, const Rows& rows,
                      const Observer& observer) {
  for (const auto& [id, record] : observer.remembered()) {
    if (!rows.contains(id) && !was_dropped(world, history, record.timestamp))
      return world.broke(fmt::format("alarm {} ({}, raised {}) is not in the table", id, record.key,
                                     to_iso8601(record.timestamp)));
  }
}

void check_states(World& world, const Rows& rows, const Observer& observer) {
  Rows open;
  for (const auto& [id, row] : rows)
    if (row.state != alarm_state::normal) open[id] = row;
  for (const alarm::AlarmRecord& record : observer.memory()->records) {
    const auto row = rows.find(record.id);
    if (row == rows.end() || row->second.state == alarm::word(record.state)) {
      open.erase(record.id);
      continue;
    }
    return world.broke(fmt::format("alarm {} ({}) is {} in the table and {} in the book", record.id,
                                   record.key, row->second.state, alarm::word(record.state)));
  }
  for (const auto& [id, row] : open) {
    if (row.superseded_by) continue;
    return world.broke(fmt::format("alarm {} ({}) is {} in the table, the book knows it not", id,
                                   row.key, row.state));
  }
}

}  // namespace

void check_alarms(World& world, const History& history, const Observer& observer) {
  if (!observer.memory()) return;
  Rows rows;
  std::map<std::pair<std::string, Timestamp>, std::uint64_t> raises;
  for (const AlarmRow& row : history.alarms) {
    rows[row.id] = row;
    const auto [at, is_new] = raises.try_emplace({row.key, row.timestamp}, row.id);
    if (!is_new)
      return world.broke(fmt::format("the raise of {} at {} has two rows, {} and {}", row.key,
                                     to_iso8601(row.timestamp), at->second, row.id));
  }
  check_remembered(world, history, rows, observer);
  check_states(world, rows, observer);
  // The row that says so is dropped with its record, as samples are.
  if (world.faults.of(Fault::spool_overflow) > 0) return;
  for (const auto& [id, by] : observer.promised()) {
    const auto row = rows.find(id);
    if (row == rows.end()) return world.broke(fmt::format("alarm {} is not in the table", id));
    if (!row->second.acknowledged || row->second.acknowledged_by != by)
      return world.broke(
          fmt::format("alarm {}: {} was told that it is acknowledged; the table says {}", id, by,
                      words_of(row->second)));
  }
}

void check_letters(World& world, const Observer& observer, const MailServer& server) {
  if (server.torn())
    return world.broke(fmt::format("letter {} came with two contents", *server.torn()));
  if (!observer.memory() || observer.memory()->policy.empty()) return;
  const alarm::Now now{world.clock.wall(), world.clock.now};
  alarm::notify::Policy policy({}, now);
  const auto restored = policy.restore(observer.memory()->policy, now);
  if (!restored) return world.broke("the policy's state: " + restored.error().what);
  std::uint64_t received = 0;
  for (const auto& [id, letter] : server.received()) received += letter.wishes;
  std::uint64_t on_the_way = 0;
  for (const alarm::notify::Letter& letter : policy.letters())
    if (!server.received().contains(letter.id)) on_the_way += letter.wishes;
  const std::uint64_t told = policy.account().told;
  if (received + on_the_way != told)
    world.broke(fmt::format("{} wishes were told in letters, {} arrived and {} are on their way",
                            told, received, on_the_way));
}

}  // namespace wl::sim
