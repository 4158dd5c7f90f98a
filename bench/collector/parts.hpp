// The parts of the benchmark; each prints its figures (figures.hpp) and needs an empty folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace wl::bench {

struct PathOptions {
  std::size_t points = 10'000;
  int seconds = 20;  ///< Of the virtual clock, at ten samples a second a point.
  int rounds = 3;
};
/// Samples a second of one core through cleaning, spool and batch; and on into the database.
void measure_path(const std::filesystem::path& folder, const PathOptions& options);

/// The spool with its codec alone, beside three queues on disk, the same records.
void measure_queues(const std::filesystem::path& folder, const PathOptions& options);

/// What 10,000 alarm rules cost over the same path, quiet and with 1 % of them at their limits.
void measure_rules(const std::filesystem::path& folder, const PathOptions& options);

struct FloodOptions {
  int minutes = 10;  ///< Of the virtual clock: half of it all alarms come and go, half a few.
};
/// 10,000 alarms of one tick: when they are stored, and how many letters a rule gets.
void measure_flood(const std::filesystem::path& folder, const FloodOptions& options);

/// A feed of the virtual PLC, from a file or a pipe, for the plant in `config`.
struct FeedOptions {
  std::filesystem::path config;  ///< A folder with plant.json and gateway.json.
  std::string input = "-";
};
/// Memory over a day of the line and 96 more points: cleaning, alarms, spool, database, OEE.
void measure_day(const std::filesystem::path& folder, const FeedOptions& options);

struct OutageOptions {
  FeedOptions feed;
  int lines = 7;  ///< So many lines like the one of the feed: together above 100 samples/s.
};
/// Bytes that the spool takes while the database is away.
void measure_outage(const std::filesystem::path& folder, const OutageOptions& options);

struct BacklogOptions {
  std::filesystem::path config;
  std::uint64_t megabytes = 1000;
};
/// Fills `folder` (a spool) with records that end now, as ten samples a second of the plant leave.
void make_backlog(const std::filesystem::path& folder, const BacklogOptions& options);

}  // namespace wl::bench
