// For tests: batches of some hours, and all that must be stored after each of them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/historian/historian.hpp"
#include "storage/sqlite/testing/crash_rig.hpp"

namespace wl::storage {

/// What must be there after a number of batches, counted without the code under test, save
/// `minutes`: what a run without a fault left.
struct CrashExpected {
  struct Point {
    std::string key;
    std::vector<Sample> samples;                  ///< Of all time, also where retention took them.
    std::map<Tier, std::vector<Bucket>> buckets;  ///< Likewise.
  };
  std::vector<Point> points;
  std::map<std::pair<std::uint32_t, Timestamp>, EnergyBucket> energy;  ///< By device and start.
  std::vector<MeterEvent> events;
  std::map<std::uint64_t, AlarmRow> alarms;
  std::vector<AlarmJournalRow> journal;
  std::string ledger_state;
  Timestamp newest{};   ///< Source time.
  std::string minutes;  ///< The rows behind the SQL views, of the last two hours and a half.
};

struct CrashStory {
  static constexpr const char* source = "spool";
  static constexpr int all_batches = 24;

  Plant plant;
  RetentionRules rules;  ///< Raw for 4 hours, minutes for 5.
  std::vector<Batch> batches;
  /// [n]: after n batches, in a run without a fault. The disk is as a killed process leaves it.
  std::vector<CrashExpected> expected;
  std::vector<DiskImage> disks;
};

/// One of `crash_stories`, made at the first call. About 20 minutes a batch; samples up to two
/// hours late, some bad, some repeated; ledger entries that change older ones.
const CrashStory& crash_story(std::uint64_t number);
inline constexpr std::uint64_t crash_stories = 8;

/// Folds, removes and gives back space as the collector does after a batch. Returns false at an
/// error.
bool keep_up_after(Historian& historian, const CrashStory& story, std::size_t batches);

/// The first thing in the database that is not as it must be after `batches` of the story; empty
/// when all is. `historian` stands on `tables`, these on `database`. Throws DatabaseError or
/// SQLite::Exception when the disk fails.
std::string first_difference(const CrashStory& story, std::size_t batches, Historian& historian,
                             Tables& tables);
/// The same for the rows behind the SQL views.
std::string view_difference(const CrashStory& story, std::size_t batches,
                            SQLite::Database& database);

}  // namespace wl::storage
