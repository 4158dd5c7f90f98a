// A seeded life of a spool with power cuts, kills, failing calls and full disks.
#pragma once

#include <cstdint>
#include <string>

namespace wl::storage::spool {

struct StoryOptions {
  enum class Acknowledges {
    after_sync,
    after_append,  ///< The planted bug.
  };
  Acknowledges acknowledges = Acknowledges::after_sync;
  std::uint64_t capacity_bytes = 1u << 20;
};

/// What happened, summed over stories: a rig that injects nothing proves nothing.
struct StoryCounts {
  std::uint64_t power_cuts = 0;
  std::uint64_t kills = 0;
  std::uint64_t faults = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t stored = 0;
  std::uint64_t dropped = 0;
  std::uint64_t torn_tails = 0;
};

/// Empty when every promise of spool.hpp held; else which did not, with the seed.
std::string run_story(std::uint64_t seed, const StoryOptions& options, StoryCounts& counts);

}  // namespace wl::storage::spool
