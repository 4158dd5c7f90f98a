// What the alarm desk knows over a restart: the content of <data>/alarm_state.json.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "alarm/record.hpp"
#include "base/result.hpp"
#include "model/alarm_row.hpp"

namespace wl::collector {

/// Enough to go on without the database: what is not normal or was announced within the dedupe
/// window, which number is free, by which rules values are judged, what the mails are about.
struct AlarmMemory {
  std::uint64_t next_id = 1;  ///< One more than the greatest `alarms.id` ever given.
  std::vector<alarm::AlarmRecord> records;
  std::vector<ThresholdRow> rules;  ///< In force, as they were read from the table.
  std::string policy;               ///< Of the notification policy; empty: none yet.
};

/// It is not normal, was announced within the window, or ended in the last ten minutes: then its
/// last row, an acknowledgement perhaps that was answered, may not be on the spool's disk yet.
bool is_worth_keeping(const alarm::AlarmRecord& record, Timestamp now, Milliseconds dedup_window);

/// Two lines: what it is, which version and a CRC-32C of the rest; then the rest as one JSON.
std::string encode_memory(const AlarmMemory& memory);

/// `corrupt` names what is wrong: another file, another version, a byte that changed.
Result<AlarmMemory> decode_memory(std::string_view text);

}  // namespace wl::collector
