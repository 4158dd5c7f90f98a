// Alarms and thresholds for those who look at them and set them: the web and the command.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/alarm_row.hpp"
#include "storage/store.hpp"

namespace wl::storage {

/// What must hold for an alarm to be shown; what is not set does not count.
struct AlarmFilter {
  std::optional<std::string> device_id = {};
  std::optional<std::string> alarm_level = {};
  std::optional<bool> acknowledged = {};
  std::vector<std::string> states = {};  ///< One of them; empty: any.
  std::optional<Timestamp> from = {};    ///< Raised at or after.
  std::optional<Timestamp> to = {};      ///< Raised before.
};

struct AlarmQuery {
  AlarmFilter filter;
  std::size_t offset = 0;  ///< Rows of the filter to leave out, from the newest.
  std::size_t limit = 100;
};

/// Over all rows of the filter, not only those of a page.
struct AlarmStatistics {
  std::uint64_t total = 0;
  std::map<std::string, std::uint64_t> by_level;
  std::map<std::string, std::uint64_t> by_device;
};

struct AlarmPage {
  std::vector<AlarmRow> alarms;  ///< Newest first: by timestamp, then by id.
  AlarmStatistics statistics;    ///< Of the same moment.
};

/// Thresholds that one database holds at most; the collector's core is measured with half of them.
inline constexpr std::size_t most_thresholds = 20'000;

/// Reads alarms, which the collector alone writes; keeps thresholds, which it only reads. Whether
/// the plant can have a threshold is decided by who knows the rules: alarm::check_rule().
///
/// Not thread-safe. Errors: `not_found`, `conflict`, `invalid_argument` as said below;
/// `unavailable` and `corrupt` as in Store.
class AlarmStore {
 public:
  virtual ~AlarmStore() = default;

  virtual Result<AlarmPage> alarms(const AlarmQuery& query) = 0;
  virtual Result<std::optional<AlarmRow>> alarm(std::uint64_t id) = 0;
  /// All that happened to one alarm's row, oldest first, `limit` at most.
  virtual Result<std::vector<AlarmJournalRow>> journal(std::uint64_t alarm_id,
                                                       std::size_t limit) = 0;

  /// By device, parameter, kind, direction and level.
  virtual Result<std::vector<ThresholdRow>> thresholds() = 0;
  virtual Result<std::optional<ThresholdRow>> threshold(std::int64_t id) = 0;
  /// Returns it as it is stored, with id and version 1. `conflict`: such a rule exists, or there
  /// are most_thresholds. `invalid_argument`: a number that is not finite.
  virtual Result<ThresholdRow> add_threshold(const ThresholdRow& row) = 0;
  /// `row.id` says which, `row.version` what its author saw. Returns it with the next version.
  /// `not_found`; `conflict`: it was changed meanwhile (the text names by whom), or another rule is
  /// the same.
  virtual Result<ThresholdRow> change_threshold(const ThresholdRow& row) = 0;
  /// `not_found`; `conflict`: it was changed meanwhile. Without a version: whatever it is now.
  virtual Result<void> remove_threshold(std::int64_t id, std::optional<std::int64_t> version) = 0;

  /// Adds the thresholds that a new installation begins with, those of points that `plant` has.
  /// Each one once in the life of a database: one that was changed or removed stays so. Returns how
  /// many were added.
  virtual Result<std::size_t> add_default_thresholds(const Plant& plant, Timestamp now) = 0;
};

Result<std::unique_ptr<AlarmStore>> open_alarm_store(const DatabaseOptions& options);

}  // namespace wl::storage
