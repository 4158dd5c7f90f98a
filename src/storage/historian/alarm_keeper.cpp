#include "storage/historian/alarm_keeper.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "storage/historian/default_thresholds.hpp"
#include "storage/historian/facts.hpp"
#include "storage/historian/stored_bytes.hpp"
#include "storage/historian/transaction.hpp"

namespace wl::storage {
namespace {

/// Runs `work`; a DatabaseError becomes its Error.
template <class Work>
auto guarded(Tables& tables, Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const DatabaseError& error) {
    return std::unexpected(described(error, tables));
  }
}

const ThresholdRow* find(const std::vector<ThresholdRow>& rows, std::int64_t id) {
  const auto found = std::ranges::find(rows, id, &ThresholdRow::id);
  return found == rows.end() ? nullptr : &*found;
}

bool same_rule(const ThresholdRow& a, const ThresholdRow& b) {
  return a.device_id == b.device_id && a.parameter_name == b.parameter_name && a.kind == b.kind &&
         a.direction == b.direction && a.alarm_level == b.alarm_level;
}

/// A database takes no other numbers; MariaDB would stop the batch.
Result<void> check_numbers(const ThresholdRow& row) {
  for (const double number : {row.threshold_value, row.hysteresis, row.setpoint_value}) {
    if (!std::isfinite(number)) {
      return fail(Errc::invalid_argument, "a threshold has finite numbers only");
    }
  }
  return {};
}

Result<void> check_unique(const std::vector<ThresholdRow>& rows, const ThresholdRow& row) {
  for (const ThresholdRow& other : rows) {
    if (other.id == row.id || !same_rule(other, row)) continue;
    return fail(Errc::conflict,
                fmt::format("threshold {} has this device, parameter, kind, direction and level "
                            "already: change that one",
                            other.id));
  }
  return {};
}

/// `version`: what the author of a change saw; nothing: whatever it is.
Result<void> check_version(const std::vector<ThresholdRow>& rows, std::int64_t id,
                           std::optional<std::int64_t> version) {
  const ThresholdRow* stands = find(rows, id);
  if (stands == nullptr) {
    return fail(Errc::not_found, fmt::format("there is no threshold {}", id));
  }
  if (!version || *version == stands->version) return {};
  return fail(Errc::conflict,
              fmt::format("threshold {} was changed meanwhile, by {} at {}: read it again", id,
                          stands->updated_by.empty() ? "another program" : stands->updated_by,
                          to_iso8601(stands->updated_at)));
}

}  // namespace

Result<AlarmPage> AlarmKeeper::alarms(const AlarmQuery& query) {
  return guarded(*tables_, [&]() -> Result<AlarmPage> {
    const Transaction same_moment(*tables_, Access::read);
    AlarmPage page;
    page.alarms = tables_->alarms().alarms(query);
    for (const AlarmCount& count : tables_->alarms().alarm_counts(query.filter)) {
      page.statistics.total += count.alarms;
      page.statistics.by_level[count.alarm_level] += count.alarms;
      page.statistics.by_device[count.device_id] += count.alarms;
    }
    return page;
  });
}

Result<std::optional<AlarmRow>> AlarmKeeper::alarm(std::uint64_t id) {
  return guarded(*tables_,
                 [&]() -> Result<std::optional<AlarmRow>> { return tables_->alarms().alarm(id); });
}

Result<std::vector<AlarmJournalRow>> AlarmKeeper::journal(std::uint64_t alarm_id,
                                                          std::size_t limit) {
  return guarded(*tables_, [&]() -> Result<std::vector<AlarmJournalRow>> {
    return tables_->alarms().journal(alarm_id, limit);
  });
}

Result<std::vector<ThresholdRow>> AlarmKeeper::thresholds() {
  return guarded(*tables_, [&]() -> Result<std::vector<ThresholdRow>> {
    return tables_->alarms().thresholds();
  });
}

Result<std::optional<ThresholdRow>> AlarmKeeper::threshold(std::int64_t id) {
  return guarded(*tables_, [&]() -> Result<std::optional<ThresholdRow>> {
    const auto rows = tables_->alarms().thresholds();
    const ThresholdRow* found = find(rows, id);
    return found == nullptr ? std::nullopt : std::optional(*found);
  });
}

Result<ThresholdRow> AlarmKeeper::add_threshold(const ThresholdRow& row) {
  if (auto finite = check_numbers(row); !finite) return std::unexpected(finite.error());
  return guarded(*tables_, [&]() -> Result<ThresholdRow> {
    Transaction transaction(*tables_, Access::write);
    const auto rows = tables_->alarms().thresholds();
    if (rows.size() >= most_thresholds) {
      return fail(Errc::conflict, fmt::format("there are {} thresholds, more are not kept: remove "
                                              "some that are not needed",
                                              rows.size()));
    }
    ThresholdRow added = row;
    added.id = 0;
    added.version = 1;
    if (auto unique = check_unique(rows, added); !unique) return std::unexpected(unique.error());
    added.id = tables_->alarms().add_threshold(added);
    transaction.commit();
    return added;
  });
}

Result<ThresholdRow> AlarmKeeper::change_threshold(const ThresholdRow& row) {
  if (auto finite = check_numbers(row); !finite) return std::unexpected(finite.error());
  return guarded(*tables_, [&]() -> Result<ThresholdRow> {
    Transaction transaction(*tables_, Access::write);
    const auto rows = tables_->alarms().thresholds();
    if (auto seen = check_version(rows, row.id, row.version); !seen) {
      return std::unexpected(seen.error());
    }
    if (auto unique = check_unique(rows, row); !unique) return std::unexpected(unique.error());
    ThresholdRow changed = row;
    ++changed.version;
    tables_->alarms().put_threshold(changed);
    transaction.commit();
    return changed;
  });
}

Result<void> AlarmKeeper::remove_threshold(std::int64_t id, std::optional<std::int64_t> version) {
  return guarded(*tables_, [&]() -> Result<void> {
    Transaction transaction(*tables_, Access::write);
    if (auto seen = check_version(tables_->alarms().thresholds(), id, version); !seen) return seen;
    tables_->alarms().drop_threshold(id);
    transaction.commit();
    return {};
  });
}

Result<std::size_t> AlarmKeeper::add_default_thresholds(const Plant& plant, Timestamp now) {
  return guarded(*tables_, [&]() -> Result<std::size_t> {
    Transaction transaction(*tables_, Access::write);
    std::string given = tables_->fact(facts::default_thresholds).value_or("");
    const auto rows = tables_->alarms().thresholds();
    std::size_t added = 0;
    for (ThresholdRow row : default_thresholds()) {
      const std::string line = default_threshold_name(row) + "\n";
      const bool has_point = plant.find_point(row.device_id + "." + row.parameter_name).has_value();
      if (!has_point || given.find(line) != std::string::npos) continue;
      given += line;
      row.updated_at = now;
      if (!check_unique(rows, row)) continue;  // Somebody's script was here before.
      tables_->alarms().add_threshold(row);
      ++added;
    }
    tables_->put_fact(facts::default_thresholds, given);
    transaction.commit();
    return added;
  });
}

}  // namespace wl::storage
