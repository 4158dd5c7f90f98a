// Bugs that can be planted, so that it is seen that the simulator finds them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace wl::sim {

enum class Bug : std::uint8_t {
  none,
  acknowledge_before_sync,  ///< The gateway may forget what is not on the disk yet.
  double_rollup_on_retry,   ///< The rollups of a batch that failed are added again.
  dropped_batch,            ///< A batch that failed is taken for stored.
  missing_gap,              ///< A gap is recorded as proven life.
  release_before_commit,    ///< The spool forgets a batch when it is handed to the database.
};

inline constexpr std::array<std::string_view, 6> bug_names{
    "none",        "acknowledge_before_sync", "double_rollup_on_retry", "dropped_batch",
    "missing_gap", "release_before_commit"};

inline std::string_view name_of(Bug bug) {
  return bug_names[static_cast<std::size_t>(bug)];
}

inline std::optional<Bug> bug_named(std::string_view name) {
  for (std::size_t i = 0; i < bug_names.size(); ++i)
    if (bug_names[i] == name) return static_cast<Bug>(i);
  return std::nullopt;
}

}  // namespace wl::sim
