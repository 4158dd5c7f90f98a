#include "apps/collector/alarm_memory_file.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "base/durable_file.hpp"

namespace wl {

AlarmMemoryFile::AlarmMemoryFile(const std::filesystem::path& data_dir)
    : path_(data_dir / "alarm_state.json") {}

std::optional<collector::AlarmMemory> AlarmMemoryFile::read(Timestamp now) const {
  const auto text = read_file(path_);
  if (!text && text.error().code == Errc::not_found) return std::nullopt;
  std::string why = text ? "" : text.error().what;
  if (text) {
    auto memory = collector::decode_memory(*text);
    if (memory) return std::move(*memory);
    why = memory.error().what;
  }
  const std::filesystem::path aside =
      fmt::format("{}.unreadable-{}", path_.string(), to_unix_ms(now));
  std::error_code failed;
  std::filesystem::rename(path_, aside, failed);
  spdlog::error("{}: {}; {}, the alarms are restored from the database", path_.string(), why,
                failed ? "it could not be moved aside (" + failed.message() + ")"
                       : "kept as " + aside.filename().string());
  return std::nullopt;
}

bool AlarmMemoryFile::write(const std::string& text) {
  const auto written = write_file(path_, text, Durability::synced, 0600);
  if (!written && !failing_) {
    spdlog::error("{}; after a restart the alarms are restored from the database",
                  written.error().what);
  }
  if (written && failing_) spdlog::info("{} is written again", path_.string());
  failing_ = !written;
  return !failing_;
}

}  // namespace wl
