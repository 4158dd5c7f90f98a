// The whole historian on a disk that loses power: batches, folding, retention, checkpoints.
#include <fmt/format.h>

#include "storage/sqlite/scratch_database.hpp"
#include "storage/sqlite/testing/crash_story.hpp"

namespace wl::storage {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Key;

/// What many runs met.
struct Tally {
  int losses = 0;
  int in_doubt = 0;  ///< Batches that were stored although the writer never heard so.
  std::map<std::string, int> interrupted;  ///< CrashWork::count
  std::string difference;                  ///< The first, with its seed.
};

/// One computer, for one batch somewhere in a story: a power loss at a random call, and behind it
/// all that is stored is compared; then the batch is written again, and all is compared once more.
class Run {
 public:
  Run(std::uint64_t seed, Tally& tally)
      : tally_(tally),
        story_(crash_story(seed)),
        random_(seed * 977 + 13),
        acknowledged_(random_() % story_.batches.size()),
        end_(acknowledged_ + 1),
        rig_(seed, story_.disks[acknowledged_]) {}

  CrashDisk& disk() { return rig_.disk; }

  /// The first difference; empty when there is none.
  std::string survive() {
    std::string difference;
    for (int losses = 0; difference.empty(); ++losses) {
      // One run in three has a second one soon, while the first one is being recovered from.
      if (losses == 1 && random_() % 3 == 0) rig_.disk.cut_power_at(1 + random_() % 8);
      if (losses == 0) aim();
      difference = open_and_work();
      if (rig_.disk.powered()) return difference;
      ++tally_.losses;
      rig_.work.count(rig_.disk.loss(), tally_.interrupted);
      rig_.disk.power_on();
    }
    return difference;
  }

 private:
  /// The power goes while one kind of work is being done: at its sync, or at some call.
  void aim() {
    static constexpr const char* works[] = {
        "batch", "batch", "fold", "retention", "retention of minutes", "vacuum", "checkpoint"};
    rig_.work.when(works[random_() % std::size(works)], [this] {
      const auto how = random_() % 8;
      if (how == 0) return rig_.disk.cut_power_at_sync_of(CrashRig::path);
      if (how < 3) return rig_.disk.cut_power_at_sync_of(CrashRig::path + std::string("-wal"));
      rig_.disk.cut_power_at(1 + random_() % (random_() % 2 == 0 ? 8 : 50));
    });
  }

  std::string open_and_work() {
    try {
      auto connection = rig_.connect();
      SQLite::Database& database = *connection;
      auto tables =
          sqlite_tables_on(std::move(connection), CrashRig::path, Checkpoints::by_this_connection);
      Tables& rows = *tables;
      Historian historian(std::move(tables), story_.plant, Calendar::of("UTC").value());
      const auto stored = rows.last_seq(CrashStory::source);
      if (stored != acknowledged_ && stored != acknowledged_ + 1) {
        return fmt::format("{} batches were acknowledged, {} are stored", acknowledged_, stored);
      }
      if (stored > acknowledged_) ++tally_.in_doubt;
      std::string difference = first_difference(story_, stored, historian, rows);
      while (difference.empty() && acknowledged_ < end_ && work_on(historian)) {
      }
      if (!difference.empty() || acknowledged_ < end_) return difference;
      difference = first_difference(story_, end_, historian, rows);
      return difference.empty() ? view_difference(story_, end_, database) : difference;
    } catch (const DatabaseError& error) {
      return rig_.disk.powered() ? error.what() : "";
    } catch (const SQLite::Exception& error) {
      return rig_.disk.powered() ? error.what() : "";
    }
  }

  bool work_on(Historian& historian) {
    const auto written = historian.write_batch(story_.batches[acknowledged_]);
    if (!written) return false;
    ++acknowledged_;
    return keep_up_after(historian, story_, acknowledged_) &&
           keep_up_after(historian, story_, acknowledged_) && historian.checkpoint();
  }

  Tally& tally_;
  const CrashStory& story_;
  std::mt19937_64 random_;
  std::size_t acknowledged_;
  std::size_t end_;
  CrashRig rig_;
};

Tally survive_seeds(std::uint64_t first, std::uint64_t last) {
  Tally tally;
  for (std::uint64_t seed = first; seed <= last && tally.difference.empty(); ++seed) {
    const std::string found = Run(seed, tally).survive();
    if (!found.empty()) tally.difference = fmt::format("seed {}: {}", seed, found);
  }
  return tally;
}

/// Runs of which something was lost, on a disk that forgets to sync.
int runs_with_a_loss(std::uint64_t first, std::uint64_t last) {
  int runs = 0;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    Tally tally;
    Run run(seed, tally);
    run.disk().drop_syncs();
    if (!run.survive().empty()) ++runs;
  }
  return runs;
}

/// What the oracle says after `sql` was run behind the back of the historian.
std::string said_after(const std::string& sql) {
  const CrashStory& story = crash_story(0);
  CrashRig rig(1, story.disks.back());
  auto connection = rig.connect();
  connection->exec(sql);
  auto tables =
      sqlite_tables_on(std::move(connection), CrashRig::path, Checkpoints::by_this_connection);
  Tables& rows = *tables;
  Historian historian(std::move(tables), story.plant, Calendar::of("UTC").value());
  return first_difference(story, story.batches.size(), historian, rows);
}

/// Slices of the seeds, so that CTest runs them side by side.
class CrashStore : public testing::TestWithParam<std::uint64_t> {};
constexpr std::uint64_t slice = 800;

TEST_P(CrashStore, all_that_was_acknowledged_is_there_once_after_power_losses_at_any_call) {
  const Tally tally = survive_seeds(GetParam() * slice + 1, (GetParam() + 1) * slice);

  EXPECT_EQ(tally.difference, "");
  EXPECT_GT(tally.losses, 600);
  EXPECT_GT(tally.in_doubt, 5);
  for (const char* point :
       {"opening: write wattline.db", "batch: write wattline.db-wal", "batch: sync wattline.db-wal",
        "fold: write wattline.db-wal", "fold: sync wattline.db-wal",
        "retention: write wattline.db-wal", "retention of minutes: write wattline.db-wal",
        "vacuum: write wattline.db-wal", "vacuum: sync wattline.db-wal",
        "checkpoint: write wattline.db", "checkpoint: sync wattline.db",
        "checkpoint: sync wattline.db-wal"}) {
    EXPECT_THAT(tally.interrupted, Contains(Key(std::string(point))));
  }
}

INSTANTIATE_TEST_SUITE_P(seeds, CrashStore, testing::Range<std::uint64_t>(0, 4));

TEST(CrashStoreRig, a_sync_that_is_forgotten_is_found) {
  EXPECT_GT(runs_with_a_loss(1, 60), 5);
}

TEST(CrashStoreRig, the_oracle_sees_a_change_of_any_kind) {
  EXPECT_EQ(said_after("SELECT 1"), "");
  EXPECT_THAT(said_after("DELETE FROM latest WHERE point_id = 2"), HasSubstr("latest"));
  EXPECT_THAT(said_after("UPDATE energy_days SET body = (SELECT max(body) FROM energy_days)"),
              HasSubstr("energy at"));
  EXPECT_THAT(said_after("DELETE FROM energy_ledger WHERE device_id = 1"), HasSubstr("ledger"));
  EXPECT_THAT(said_after("UPDATE meter_events SET after = after + 1"), HasSubstr("meter events"));
  EXPECT_THAT(said_after("DELETE FROM quarter_blocks"), HasSubstr("rollup of 15 min"));
  EXPECT_THAT(said_after("DELETE FROM chunks WHERE id = (SELECT max(id) FROM chunks)"),
              HasSubstr("raw sample is missing"));
  EXPECT_THAT(said_after("DELETE FROM facts WHERE name = 'ledger_state'"), HasSubstr("state"));
  EXPECT_THAT(said_after("UPDATE alarms SET actual_value = 1000 WHERE id = 2"),
              HasSubstr("alarms"));
  EXPECT_THAT(said_after("DELETE FROM alarm_journal WHERE alarm_id = 3"),
              HasSubstr("journal of alarm 3"));
}

}  // namespace
}  // namespace wl::storage
