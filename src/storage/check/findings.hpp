// Where the parts of a check put what they find. Internal to the room.
#pragma once

#include "storage/check/check.hpp"

namespace wl::storage::check {

inline constexpr std::size_t most_lines = 100;

class RollupRepair;  // repair.hpp

class Findings {
 public:
  explicit Findings(const CheckProgress& progress) : progress_(progress) {}

  void fault(std::string line) {
    ++report.fault_count;
    if (report.faults.size() < most_lines) report.faults.push_back(std::move(line));
  }
  void repaired(std::string line) {
    ++report.repair_count;
    if (report.repairs.size() < most_lines) report.repairs.push_back(std::move(line));
  }
  void note(std::string line) {
    if (report.notes.size() < most_lines) report.notes.push_back(std::move(line));
  }
  /// Throws DatabaseError when the caller's progress says stop.
  void doing(const std::string& what) const {
    if (progress_ && !progress_(what)) throw DatabaseError({Errc::unavailable, "interrupted"});
  }

  CheckReport report;

 private:
  const CheckProgress& progress_;
};

/// `repair` mends what differs; null: it is a fault.
void check_raw(Tables& tables, CheckDepth depth, RollupRepair* repair, Findings& findings);
void check_energy(Tables& tables, const Plant& plant, Findings& findings);
void check_oee(Tables& tables, Findings& findings);
void check_links(Tables& tables, Findings& findings);
void check_alarms(Tables& tables, Findings& findings);

}  // namespace wl::storage::check
