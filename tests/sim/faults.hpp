// The fault sites: what may happen to the system, by name, and how often it did.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace wl::sim {

enum class Fault : std::uint8_t {
  plc_killed,
  plc_hung,
  gateway_killed,
  gateway_hung,
  link_cut,
  link_half_open,
  link_slow,
  link_duplicates,
  collector_hung,
  core_stalled,
  power_cut,
  power_cut_in_spool,
  power_cut_in_database,
  disk_full,
  sync_failed,
  disk_slow,
  database_away,
  database_slow,
  batch_failed,
  commit_lost,     ///< The answer to a commit was lost, and the commit too.
  commit_applied,  ///< The answer was lost; the commit was done.
  spool_overflow,
  clock_forward,
  clock_back,
  mail_dead,
  mail_slow,
  mail_answer_lost,
  // The process dies at this step of its work.
  killed_before_records,
  killed_before_acknowledgements,
  killed_before_sync,
  killed_after_sync,
  killed_before_memory,
  killed_after_memory,
  killed_before_batch,
  killed_after_commit,
  killed_before_release,
  killed_after_release,
  killed_before_letter,
  killed_after_letter,
  killed_while_opening,
};
inline constexpr std::size_t fault_sites =
    static_cast<std::size_t>(Fault::killed_while_opening) + 1;

inline constexpr std::array<std::string_view, fault_sites> fault_names{
    "plc_killed",
    "plc_hung",
    "gateway_killed",
    "gateway_hung",
    "link_cut",
    "link_half_open",
    "link_slow",
    "link_duplicates",
    "collector_hung",
    "core_stalled",
    "power_cut",
    "power_cut_in_spool",
    "power_cut_in_database",
    "disk_full",
    "sync_failed",
    "disk_slow",
    "database_away",
    "database_slow",
    "batch_failed",
    "commit_lost",
    "commit_applied",
    "spool_overflow",
    "clock_forward",
    "clock_back",
    "mail_dead",
    "mail_slow",
    "mail_answer_lost",
    "killed_before_records",
    "killed_before_acknowledgements",
    "killed_before_sync",
    "killed_after_sync",
    "killed_before_memory",
    "killed_after_memory",
    "killed_before_batch",
    "killed_after_commit",
    "killed_before_release",
    "killed_after_release",
    "killed_before_letter",
    "killed_after_letter",
    "killed_while_opening",
};

inline std::string_view name_of(Fault fault) {
  return fault_names[static_cast<std::size_t>(fault)];
}

/// How often each fault did what it does; one that was planned and never bit is not counted.
class FaultCounts {
 public:
  void add(Fault fault) { ++counts_[static_cast<std::size_t>(fault)]; }
  void add(const FaultCounts& other) {
    for (std::size_t i = 0; i < fault_sites; ++i) counts_[i] += other.counts_[i];
  }
  std::uint64_t of(Fault fault) const { return counts_[static_cast<std::size_t>(fault)]; }
  std::uint64_t sum() const {
    std::uint64_t all = 0;
    for (const std::uint64_t count : counts_) all += count;
    return all;
  }

 private:
  std::array<std::uint64_t, fault_sites> counts_{};
};

}  // namespace wl::sim
