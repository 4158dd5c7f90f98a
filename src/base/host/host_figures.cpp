#include "base/host/host_figures.hpp"

#include <sys/statvfs.h>

#include <array>
#include <charconv>

#include "base/durable_file.hpp"

namespace wl {
namespace {

constexpr std::uint64_t kib = 1024;

/// The next number of the text, which it takes away; nothing when there is none.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  const auto begin = text.find_first_of("0123456789\n");
  if (begin == std::string_view::npos || text[begin] == '\n') return std::nullopt;
  text.remove_prefix(begin);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

std::optional<std::uint64_t> kib_behind(std::string_view meminfo, std::string_view name) {
  const auto at = meminfo.find(name);
  if (at == std::string_view::npos) return std::nullopt;
  meminfo.remove_prefix(at + name.size());
  return take_number(meminfo);
}

}  // namespace

std::optional<CpuTicks> parse_cpu_ticks(std::string_view stat) {
  constexpr std::string_view head = "cpu ";
  if (!stat.starts_with(head)) return std::nullopt;
  stat.remove_prefix(head.size());
  // user nice system idle iowait irq softirq steal; what follows is part of user already.
  std::array<std::uint64_t, 8> columns{};
  for (std::uint64_t& column : columns) {
    const auto number = take_number(stat);
    if (!number) return std::nullopt;
    column = *number;
  }
  CpuTicks ticks;
  for (const std::uint64_t column : columns) ticks.total += column;
  ticks.busy = ticks.total - columns[3] - columns[4];
  return ticks;
}

std::optional<CpuTicks> cpu_ticks() {
  const auto stat = read_file("/proc/stat");
  return stat ? parse_cpu_ticks(*stat) : std::nullopt;
}

std::optional<double> busy_percent(const CpuTicks& before, const CpuTicks& now) {
  if (now.total <= before.total || now.busy < before.busy) return std::nullopt;
  return 100.0 * static_cast<double>(now.busy - before.busy) /
         static_cast<double>(now.total - before.total);
}

std::optional<MemoryRoom> parse_memory(std::string_view meminfo) {
  const auto total = kib_behind(meminfo, "MemTotal:");
  const auto available = kib_behind(meminfo, "MemAvailable:");
  if (!total || !available) return std::nullopt;
  return MemoryRoom{*total * kib, *available * kib};
}

std::optional<MemoryRoom> memory_room() {
  const auto meminfo = read_file("/proc/meminfo");
  return meminfo ? parse_memory(*meminfo) : std::nullopt;
}

std::optional<DiskRoom> disk_room(const std::filesystem::path& path) {
  struct statvfs disk {};
  if (::statvfs(path.c_str(), &disk) != 0) return std::nullopt;
  // Of what root keeps for itself nothing can be used: f_bavail, as df does.
  const std::uint64_t used = disk.f_blocks - disk.f_bfree;
  return DiskRoom{disk.f_bavail * disk.f_frsize, (used + disk.f_bavail) * disk.f_frsize};
}

}  // namespace wl
