#include "storage/check/check.hpp"

#include <fmt/format.h>

#include "storage/check/findings.hpp"
#include "storage/check/repair.hpp"
#include "storage/historian/stored_bytes.hpp"
#include "storage/mysql/mysql.hpp"
#include "storage/sqlite/sqlite_tables.hpp"

namespace wl::storage {
namespace check {

void check_links(Tables& tables, Findings& findings) {
  std::optional<LinkInterval> before;
  Timestamp at = Timestamp::min();
  while (const auto interval = tables.link_after(at)) {
    findings.doing("checking link intervals");
    ++findings.report.link_intervals;
    if (interval->to <= interval->from) {
      findings.fault(
          fmt::format("link interval at {}: it ends before it begins", to_iso8601(interval->from)));
    }
    if (before && before->to > interval->from) {
      findings.fault(fmt::format("link interval at {}: it overlaps the one from {}",
                                 to_iso8601(interval->from), to_iso8601(before->from)));
    }
    at = interval->from;
    before = interval;
  }
}

namespace {

Result<CheckReport> run(Tables& tables, const Plant& plant, CheckDepth depth, RollupRepair* repair,
                        const CheckProgress& progress) {
  Findings findings{progress};
  try {
    findings.doing("checking the database's own structure");
    for (const std::string& line : tables.integrity()) findings.fault(line);
    check_raw(tables, depth, repair, findings);
    check_energy(tables, plant, findings);
    check_oee(tables, findings);
    check_links(tables, findings);
    check_alarms(tables, findings);
  } catch (const DatabaseError& error) {
    // A damaged page stops the reading, not the report: what was found is told.
    if (error.error().code != Errc::corrupt) return std::unexpected(error.error());
    findings.fault(described(error, tables).what);
  }
  return findings.report;
}

std::unique_ptr<Tables> open_rows(const DatabaseOptions& options) {
  return options.mysql ? mysql::open_tables(options)
                       : open_sqlite_tables(options, Checkpoints::by_the_collector);
}

}  // namespace
}  // namespace check

Result<CheckReport> check_rows(Tables& tables, const Plant& plant, CheckDepth depth,
                               const CheckProgress& progress) {
  return check::run(tables, plant, depth, nullptr, progress);
}

Result<CheckReport> check_database(const DatabaseOptions& options, const Plant& plant,
                                   CheckDepth depth, const CheckProgress& progress) {
  try {
    return check_rows(*check::open_rows(options), plant, depth, progress);
  } catch (const DatabaseError& error) {
    return std::unexpected(error.error());
  }
}

Result<CheckReport> repair_database(const DatabaseOptions& options, const Plant& plant,
                                    const CheckProgress& progress) {
  try {
    const auto tables = check::open_rows(options);
    check::RollupRepair repair(*tables, plant);
    return check::run(*tables, plant, CheckDepth::full, &repair, progress);
  } catch (const DatabaseError& error) {
    return std::unexpected(error.error());
  }
}

}  // namespace wl::storage
