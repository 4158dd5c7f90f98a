#include "storage/check/check.hpp"

#include <fmt/format.h>

#include "storage/check/findings.hpp"
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

}  // namespace check

Result<CheckReport> check_rows(Tables& tables, const Plant& plant, CheckDepth depth,
                               const CheckProgress& progress) {
  check::Findings findings{progress};
  try {
    findings.doing("checking the database's own structure");
    for (const std::string& line : tables.integrity()) findings.fault(line);
    check::check_raw(tables, depth, findings);
    check::check_energy(tables, plant, findings);
    check::check_links(tables, findings);
  } catch (const DatabaseError& error) {
    // A damaged page stops the reading, not the report: what was found is told.
    if (error.error().code != Errc::corrupt) return std::unexpected(error.error());
    findings.fault(error.error().what);
  }
  return findings.report;
}

Result<CheckReport> check_database(const DatabaseOptions& options, const Plant& plant,
                                   CheckDepth depth, const CheckProgress& progress) {
  try {
    const auto tables = options.mysql ? mysql::open_tables(options)
                                      : open_sqlite_tables(options, Checkpoints::by_the_collector);
    return check_rows(*tables, plant, depth, progress);
  } catch (const DatabaseError& error) {
    return std::unexpected(error.error());
  }
}

}  // namespace wl::storage
