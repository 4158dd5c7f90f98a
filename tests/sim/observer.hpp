// What the collector told the outside, noted as it says it, for the claims at the end.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "collector/desk/alarm_memory.hpp"
#include "collector/record.hpp"
#include "model/live_message.hpp"
#include "opcua/subscriber.hpp"
#include "tests/sim/world.hpp"

namespace wl::sim {

class Observer {
 public:
  explicit Observer(World& world) : world_(world) {}

  void on_data(const opcua::Notification& data);
  void on_acknowledged(std::uint64_t token);
  void on_record(const collector::Record& record);
  void on_remembered(const std::string& memory);
  /// A process starts with this memory.
  void on_restored(const std::optional<collector::AlarmMemory>& memory);
  void on_unreadable_memory(const std::string& why);
  void on_answer(const LiveAnswer& answer);
  void on_death();

  /// Serials that the gateway was allowed to forget.
  const std::set<std::int64_t>& acknowledged() const { return acknowledged_; }
  /// Alarms that were in a memory on the disk, each as it was last.
  const std::map<std::uint64_t, alarm::AlarmRecord>& remembered() const { return remembered_; }
  const std::optional<collector::AlarmMemory>& memory() const { return memory_; }
  /// A person was told that this alarm is acknowledged, and by whom; until it was hidden.
  const std::map<std::uint64_t, std::string>& promised() const { return promised_; }
  /// Rows that a page shows as not acknowledged.
  std::vector<std::uint64_t> unacknowledged() const;

 private:
  World& world_;
  std::map<std::uint64_t, std::vector<std::int64_t>> waiting_;  ///< Serials by token.
  std::set<std::int64_t> acknowledged_;
  std::map<std::uint64_t, alarm::AlarmRecord> remembered_;
  std::optional<collector::AlarmMemory> memory_;
  std::map<std::uint64_t, alarm::AlarmRecord> expected_;  ///< In the first rows of a process.
  std::map<std::uint64_t, AlarmRow> rows_;
  std::map<std::uint64_t, std::string> promised_;
};

}  // namespace wl::sim
