// What the sender did, on disk: <outbox>/sender.json.
#pragma once

#include <deque>
#include <filesystem>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"

namespace wl::mail {

struct SenderRecord {
  std::uint64_t sent = 0;
  std::string last_error;
  std::optional<Timestamp> last_error_at;
  std::optional<Timestamp> last_sent_at;
  std::deque<std::string> done;  ///< Newest file names that were sent or failed; at most 512.

  void remember(const std::string& name);
};

/// Missing or damaged: empty. What it costs is a letter sent twice, at the worst.
SenderRecord read_record(const std::filesystem::path& folder);
Result<void> write_record(const std::filesystem::path& folder, const SenderRecord& record);

}  // namespace wl::mail
