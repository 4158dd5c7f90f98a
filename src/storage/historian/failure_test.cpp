// A transaction that fails at any call is as if it never was; tried again, nothing is lost and
// nothing is there twice.
#include <fmt/format.h>

#include <numeric>

#include "storage/archive/chunk_archive.hpp"
#include "storage/historian/testing/failing_tables.hpp"
#include "storage/historian/testing/historian_suite.hpp"
#include "storage/testing/alarm_samples.hpp"

namespace wl::storage {
namespace {

constexpr std::int64_t hour_ms = 3'600'000;

LedgerEntries ledger_of(std::int64_t ms) {
  LedgerEntries entries;
  entries.buckets.push_back({.device = DeviceId{0},
                             .start = floor_to(at(ms), energy_bucket_length),
                             .milli_wh = 1000 + ms,
                             .covered_ms = 900'000});
  MeterEvent event;
  event.at = at(ms);
  entries.events.push_back(event);
  return entries;
}

/// A batch for every half hour: all points, a repetition, late ones, a gap, ledger entries.
std::vector<Batch> story() {
  std::vector<Batch> batches;
  for (std::int64_t i = 0; i < 8; ++i) {
    const std::int64_t from = i * hour_ms / 2;
    Batch batch{"test", static_cast<std::uint64_t>(i) + 1, {}, {}, ledger_of(from), "state"};
    for (std::int64_t k = 0; k < 10; ++k) {
      const auto point = static_cast<std::uint32_t>(k % 6);
      batch.samples.push_back(sample(point, from + k * 150'000, static_cast<double>(k % 3)));
    }
    if (i == 4) batch.samples.push_back(sample(1, 70'000, 9));
    if (i == 5) batch.samples.push_back(sample(2, from - 10 * hour_ms, 9));
    if (i == 7) batch.samples.push_back(sample(0, from + 20, 9));
    batch.intervals.push_back({at(from), at(from + hour_ms / 2), i != 3, i == 3 ? "lost" : ""});
    const auto alarm = static_cast<std::uint64_t>(i) / 2 + 1;
    batch.alarms.push_back(i % 2 == 0 ? alarm_row(alarm) : ended_alarm(alarm));
    batch.alarm_journal.push_back(journal_row(alarm, batch.seq, "raise"));
    batches.push_back(std::move(batch));
  }
  return batches;
}

/// Keeps what it is given; a later one of the same hour replaces it.
class KeptHours : public ChunkArchive {
 public:
  Result<void> append(Timestamp hour, std::span<const NamedChunk> chunks) override {
    for (const NamedChunk& chunk : chunks)
      kept_[{hour, std::string(chunk.key)}] = std::string(chunk.body);
    return {};
  }
  std::map<std::pair<Timestamp, std::string>, std::string> kept_;
};

/// Calls again after a failure, as the collector does.
template <class Work>
auto insist(Work work) {
  auto done = work();
  for (int attempt = 0; !done && attempt < 3; ++attempt) done = work();
  return done;
}

struct Outcome {
  MemoryContent content;
  std::map<std::pair<Timestamp, std::string>, std::string> archive;
  FailurePlan plan;
};

Outcome run(FailurePlan plan) {
  MemoryEngine engine;
  KeptHours archive;
  const Plant plant = suite_plant();
  const auto store = historian_on(std::make_unique<FailingTables>(engine.open(), plan), plant);
  for (const Batch& batch : story()) {
    EXPECT_TRUE(insist([&] { return store->write_batch(batch); }));
    EXPECT_TRUE(insist([&] { return store->upkeep(at(10 * hour_ms), {}); }));
  }
  const RetentionRules rules{
      .raw = Milliseconds{2 * hour_ms}, .minutes = Milliseconds{3 * hour_ms}, .archive = &archive};
  for (int step = 0; step < 25; ++step)
    EXPECT_TRUE(insist([&] { return store->upkeep(at(10 * hour_ms), rules); }));
  return {engine.content(), archive.kept_, plan};
}

/// The first table in which two outcomes differ.
std::string difference(const Outcome& one, const Outcome& other) {
  const MemoryContent& a = one.content;
  const MemoryContent& b = other.content;
  if (a.points != b.points || a.devices != b.devices) return "names";
  if (a.facts != b.facts) return "facts";
  if (a.batches != b.batches) return "batches";
  if (a.hot != b.hot) return "hot parts";
  if (a.chunks != b.chunks) return "chunks";
  if (a.open != b.open) return "open buckets";
  if (a.blocks != b.blocks) return "blocks";
  if (a.energy_days != b.energy_days) return "energy days";
  if (a.links != b.links) return "links";
  if (a.alarms.alarms != b.alarms.alarms) return "alarms";
  if (a.alarms.journal != b.alarms.journal) return "journal of alarms";
  if (a.events.size() != b.events.size()) return "events";
  if (a.device_minutes.size() != b.device_minutes.size()) return "device minutes";
  if (a.production_minutes.size() != b.production_minutes.size()) return "production minutes";
  if (one.archive != other.archive) return "archive";
  return "";
}

FailurePlan failing(int call, bool after_commit) {
  FailurePlan plan;
  plan.fail_at = call;
  plan.after_commit = after_commit;
  return plan;
}

/// One run for each of these calls, in which it fails. The first that ends otherwise than a run
/// without failure.
std::string first_harm(const std::vector<int>& calls, bool after_commit) {
  const Outcome whole = run({});
  for (const int call : calls) {
    const Outcome failed = run(failing(call, after_commit));
    const std::string found = difference(whole, failed);
    if (!found.empty()) return fmt::format("call {}: {}", call, found);
    if (failed.plan.failures != 1) return fmt::format("call {} did not fail", call);
  }
  return calls.empty() ? "nothing was tried" : "";
}

std::vector<int> every_call() {
  std::vector<int> calls(static_cast<std::size_t>(run({}).plan.calls));
  std::iota(calls.begin(), calls.end(), 1);
  return calls;
}

TEST(HistorianFailures, the_story_reaches_every_kind_of_row) {
  const Outcome whole = run({});

  EXPECT_FALSE(whole.content.chunks.empty());
  EXPECT_FALSE(whole.archive.empty());
  EXPECT_FALSE(whole.content.blocks.empty());
  EXPECT_FALSE(whole.content.device_minutes.empty());
  EXPECT_FALSE(whole.content.production_minutes.empty());
  EXPECT_FALSE(whole.content.energy_days.empty());
  EXPECT_FALSE(whole.content.events.empty());
  EXPECT_FALSE(whole.content.alarms.alarms.empty());
  EXPECT_FALSE(whole.content.alarms.journal.empty());
}

TEST(HistorianFailures, a_failure_at_any_call_harms_nothing) {
  EXPECT_EQ(first_harm(every_call(), false), "");
}

TEST(HistorianFailures, a_commit_of_which_no_answer_came_harms_nothing) {
  EXPECT_EQ(first_harm(run({}).plan.commits, true), "");
}

}  // namespace
}  // namespace wl::storage
