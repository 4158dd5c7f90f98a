// Figures of the machine: processor, memory, room on a disk. From /proc and statvfs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

namespace wl {

/// Time of all processors since the machine started, in ticks: the first line of /proc/stat. Of two
/// looks the differences count.
struct CpuTicks {
  std::uint64_t busy = 0;
  std::uint64_t total = 0;
};
std::optional<CpuTicks> parse_cpu_ticks(std::string_view stat);
std::optional<CpuTicks> cpu_ticks();

/// 0 to 100, over all processors; nothing when no time has passed between the two.
std::optional<double> busy_percent(const CpuTicks& before, const CpuTicks& now);

struct MemoryRoom {
  std::uint64_t total_bytes = 0;
  std::uint64_t available_bytes = 0;  ///< What programs can have without swapping.
};
std::optional<MemoryRoom> parse_memory(std::string_view meminfo);
std::optional<MemoryRoom> memory_room();

struct DiskRoom {
  std::uint64_t free_bytes = 0;   ///< For who is not root, as df shows it.
  std::uint64_t total_bytes = 0;  ///< Used and free, without what root keeps for itself.
};
/// Nothing when the path does not exist.
std::optional<DiskRoom> disk_room(const std::filesystem::path& path);

}  // namespace wl
