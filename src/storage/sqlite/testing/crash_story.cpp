#include "storage/sqlite/testing/crash_story.hpp"

#include <fmt/format.h>

#include <array>

#include "model/quality.hpp"
#include "storage/historian/testing/plain_history.hpp"
#include "storage/sqlite/scratch_database.hpp"
#include "storage/testing/alarm_samples.hpp"

namespace wl::storage {
namespace {

constexpr std::uint32_t all_points = 3;
constexpr std::uint32_t all_devices = 2;
constexpr int steps_a_batch = 3;
constexpr std::size_t batches_a_checkpoint = 5;

Timestamp origin() {
  return floor_to(at(0), std::chrono::hours{1});
}

std::vector<Sample> samples_of(std::mt19937_64& random, Timestamp now) {
  std::vector<Sample> samples;
  for (std::uint64_t left = 1 + random() % 12; left > 0; --left) {
    const bool late = random() % 8 == 0;
    const Milliseconds back{static_cast<std::int64_t>(random() % (late ? 7'200'000 : 600'000))};
    samples.push_back({.point = PointId{static_cast<std::uint32_t>(random() % all_points)},
                       .value = static_cast<double>(random() % 500) / 4,
                       .quality = random() % 10 == 0 ? quality::bad : quality::good,
                       .source_time = std::max(origin(), now - back - Milliseconds{1})});
  }
  if (random() % 4 == 0) samples.push_back(samples.front());
  return samples;
}

/// The bucket of `now` of each device, sometimes one of the hour before, sometimes an event.
LedgerEntries ledger_of(std::mt19937_64& random, Timestamp now) {
  LedgerEntries entries;
  for (std::uint32_t device = 0; device < all_devices; ++device) {
    const auto quarters_back = random() % 3 == 0 ? random() % 5 : 0;
    const auto energy = static_cast<std::int64_t>(random() % 1'000'000);
    entries.buckets.push_back(
        {.device = DeviceId{device},
         .start = floor_to(now, energy_bucket_length) -
                  energy_bucket_length * static_cast<std::int64_t>(quarters_back),
         .milli_wh = energy,
         .method = random() % 5 == 0 ? EnergyMethod::estimated : EnergyMethod::counter,
         .covered_ms = static_cast<std::int32_t>(random() % 900'001),
         .uncertain = random() % 7 == 0});
    if (random() % 6 == 0) {
      entries.events.push_back({.device = DeviceId{device},
                                .kind = MeterEventKind::reset,
                                .at = now,
                                .before = energy,
                                .after = 7});
    }
  }
  return entries;
}

/// An alarm that begins, goes on or ends, and a line of the journal for it.
void add_alarms(std::mt19937_64& random, Batch& batch) {
  const std::uint64_t id = 1 + batch.seq / 3;
  batch.alarms.push_back(random() % 2 == 0 ? alarm_row(id) : ended_alarm(id));
  batch.alarms.back().actual_value = static_cast<double>(random() % 100);
  batch.alarm_journal.push_back(journal_row(id, batch.seq, "raise"));
  if (random() % 2 == 0)
    batch.alarm_journal.push_back(journal_row(id, batch.seq, "acknowledge"));
}

std::vector<Batch> batches_of(std::uint64_t seed) {
  std::mt19937_64 random(seed * 31 + 7);
  std::vector<Batch> batches;
  Timestamp now = origin();
  for (int number = 1; number <= CrashStory::all_batches; ++number) {
    const Timestamp begin = now;
    now += std::chrono::minutes{15 + random() % 20};
    batches.push_back({.source = CrashStory::source,
                       .seq = static_cast<std::uint64_t>(number),
                       .samples = samples_of(random, now),
                       .intervals = {{begin, now, true, ""}},
                       .ledger = ledger_of(random, now),
                       .ledger_state = random() % 3 == 0 ? "" : fmt::format("state {}", number)});
    add_alarms(random, batches.back());
  }
  return batches;
}

void overlay(const Batch& batch, CrashExpected& expected) {
  for (const EnergyBucket& bucket : batch.ledger.buckets) {
    expected.energy[{bucket.device.value, bucket.start}] = bucket;
  }
  for (const MeterEvent& event : batch.ledger.events) expected.events.push_back(event);
  if (!batch.ledger_state.empty()) expected.ledger_state = batch.ledger_state;
  for (const AlarmRow& row : batch.alarms) expected.alarms[row.id] = row;
  expected.journal.insert(expected.journal.end(), batch.alarm_journal.begin(),
                          batch.alarm_journal.end());
}

CrashExpected expected_after(const CrashStory& story, std::size_t batches) {
  CrashExpected expected;
  PlainHistory plain;
  std::vector<LinkInterval> links;
  for (std::size_t i = 0; i < batches; ++i) {
    plain.write(story.batches[i]);
    links.push_back(story.batches[i].intervals.front());
    overlay(story.batches[i], expected);
  }
  const AliveTimeline alive(links);
  for (std::uint32_t index = 0; index < all_points; ++index) {
    CrashExpected::Point point{story.plant.points[index].key, {}, {}};
    point.samples = plain.range(PointId{index}, Timestamp::min(), Timestamp::max());
    for (const Tier tier : all_tiers) {
      point.buckets[tier] = build_buckets(tier, point.samples, alive);
    }
    expected.points.push_back(std::move(point));
  }
  expected.newest = plain.extent() ? plain.extent()->second : origin();
  return expected;
}

std::string minutes_in(SQLite::Database& database, Timestamp newest) {
  SQLite::Statement rows(
      database,
      "SELECT coalesce(group_concat(minute || ' ' || device_id || ' ' || "
      "coalesce(CAST(power_kw * 1000 AS INTEGER), '-')), '') FROM "
      "(SELECT * FROM device_minutes WHERE minute >= ?1 ORDER BY minute, device_id)");
  rows.bind(1, to_unix_ms(newest - std::chrono::minutes{150}));
  rows.executeStep();
  return rows.getColumn(0).getString();
}

/// So that there is something to give back to the file system.
void leave_free_pages(SQLite::Database& database) {
  database.exec("CREATE TABLE ballast (bytes BLOB)");
  database.exec("INSERT INTO ballast VALUES (zeroblob(60000))");
  database.exec("DROP TABLE ballast");
}

/// Writes the story without a fault and keeps the disk after each batch.
void play(CrashStory& story) {
  CrashRig rig(1);
  auto connection = rig.connect();
  SQLite::Database& database = *connection;
  Historian historian(
      sqlite_tables_on(std::move(connection), CrashRig::path, Checkpoints::by_this_connection),
      story.plant, Calendar::of("UTC").value());
  for (std::size_t done = 0;; ++done) {
    story.expected.push_back(expected_after(story, done));
    story.expected.back().minutes = minutes_in(database, story.expected.back().newest);
    if (done % 3 == 1) leave_free_pages(database);
    story.disks.push_back(rig.disk.content());
    if (done == story.batches.size()) return;
    EXPECT_TRUE(historian.write_batch(story.batches[done]));
    EXPECT_TRUE(keep_up_after(historian, story, done + 1));
    const bool rests = (done + 1) % batches_a_checkpoint == 0;
    EXPECT_TRUE(!rests || historian.checkpoint());
  }
}

}  // namespace

bool keep_up_after(Historian& historian, const CrashStory& story, std::size_t batches) {
  const Timestamp now = story.batches[batches - 1].intervals.back().to;
  for (int step = 0; step < steps_a_batch; ++step) {
    const auto report = historian.upkeep(now, story.rules);
    if (!report) return false;
    if (!report->more) break;
  }
  return true;
}

const CrashStory& crash_story(std::uint64_t number) {
  static std::array<std::optional<CrashStory>, crash_stories> stories;
  auto& story = stories[number % crash_stories];
  if (!story) {
    story.emplace();
    story->plant = small_plant();
    story->rules.raw = std::chrono::hours{4};
    story->rules.minutes = std::chrono::hours{5};
    story->batches = batches_of(number % crash_stories);
    play(*story);
  }
  return *story;
}

std::string view_difference(const CrashStory& story, std::size_t batches,
                            SQLite::Database& database) {
  const CrashExpected& expected = story.expected[batches];
  const std::string found = minutes_in(database, expected.newest);
  if (found == expected.minutes) return "";
  return fmt::format("rows of the views:\n{}\nnot {}", found, expected.minutes);
}

}  // namespace wl::storage
