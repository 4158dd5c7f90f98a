// <data>/alarm_state.json: what the alarm desk knows over a restart.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/time.hpp"
#include "collector/desk/alarm_memory.hpp"

namespace wl {

/// Reads it at the start and replaces it when it changed. The spool keeper's thread writes, in the
/// order in which records come, so that it is on disk before the record that holds the same rows.
class AlarmMemoryFile {
 public:
  explicit AlarmMemoryFile(const std::filesystem::path& data_dir);

  /// Nothing when there is none. One that cannot be read is moved aside, with `now` in its name,
  /// and named in the log: the database makes it good.
  std::optional<collector::AlarmMemory> read(Timestamp now) const;

  /// Old or new after a power cut, never torn. What fails is told once and tried again with the
  /// next text; the alarms themselves are in the records. True when it is on disk.
  bool write(const std::string& text);

 private:
  const std::filesystem::path path_;
  bool failing_ = false;
};

}  // namespace wl
