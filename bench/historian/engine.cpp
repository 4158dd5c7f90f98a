#include "engine.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <thread>

namespace wl::bench {

std::string_view name_of(Ask ask) {
  switch (ask) {
    case Ask::latest:
      return "latest";
    case Ask::chart:
      return "chart";
    case Ask::hours:
      return "hours";
    case Ask::days:
      return "days";
    case Ask::energy:
      return "energy";
    case Ask::raw:
      break;
  }
  return "raw";
}

std::vector<std::unique_ptr<Engine>> make_engines(const Plant& plant, const Places& places) {
  std::vector<std::unique_ptr<Engine>> engines;
  engines.push_back(make_wattline(plant, places));
  if (places.victoria != 0) engines.push_back(make_victoria(plant, places));
  if (places.influx != 0) engines.push_back(make_influx(plant, places));
  if (places.clickhouse != 0) engines.push_back(make_clickhouse(plant, places));
  return engines;
}

std::uint64_t bytes_below(const std::string& folder) {
  namespace fs = std::filesystem;
  std::uint64_t bytes = 0;
  std::error_code gone;  // Peers merge files away while they are counted.
  for (auto at = fs::recursive_directory_iterator(folder, gone);
       at != fs::recursive_directory_iterator(); at.increment(gone)) {
    struct stat file{};
    if (::lstat(at->path().c_str(), &file) == 0 && S_ISREG(file.st_mode))
      bytes += static_cast<std::uint64_t>(file.st_blocks) * 512;
  }
  return bytes;
}

void settle_folder(const std::string& folder, int quiet_seconds) {
  std::uint64_t before = bytes_below(folder);
  for (int second = 0, quiet = 0; second < 60 && quiet < quiet_seconds; ++second) {
    std::this_thread::sleep_for(std::chrono::seconds{1});
    const std::uint64_t now = bytes_below(folder);
    quiet = now == before ? quiet + 1 : 0;
    before = now;
  }
}

std::size_t occurrences(std::string_view text, std::string_view needle) {
  std::size_t count = 0;
  for (std::size_t at = text.find(needle); at != text.npos; at = text.find(needle, at + 1)) ++count;
  return count;
}

}  // namespace wl::bench
