#include "apps/collector/store_writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/collector/recording_store.hpp"

namespace wl {
namespace {

struct Writing {
  explicit Writing(Milliseconds upkeep_pause, bool upkeep_at_end = false) {
    StoreWriter::Parts parts;
    parts.store = std::make_unique<RecordingStore>(record);
    parts.ledger = std::make_unique<BatchLedger>(plant, BatchLedger::Options{}, "");
    parts.source = "test";
    parts.rules.raw = std::chrono::days{30};
    parts.upkeep_pause = upkeep_pause;
    parts.upkeep_at_end = upkeep_at_end;
    writer.emplace(std::move(parts),
                   StoreWriter::Events{.done = [this](WriteDone d) { done.push(std::move(d)); }});
  }
  void write(std::uint64_t seq) {
    collector::Record batch;
    batch.seq = seq;
    writer->write(std::make_shared<const collector::Record>(std::move(batch)));
  }
  /// Waits on the store, not on time.
  void upkeep_calls_reach(int wanted) {
    for (int now = record.upkeep_calls; now < wanted; now = record.upkeep_calls)
      record.upkeep_calls.wait(now);
  }

  Plant plant;
  StoreRecord record;
  BoundedQueue<WriteDone> done{16, WhenFull::refuse};
  std::optional<StoreWriter> writer;
};

constexpr Milliseconds never = std::chrono::hours{1};

TEST(StoreWriter, a_failed_write_is_told_and_the_same_batch_can_come_again) {
  Writing writing(never);
  writing.record.fail_writes = 1;

  writing.write(1);
  EXPECT_EQ(writing.done.drain(Milliseconds{10'000}).at(0).error, "the disk is full");
  writing.write(1);
  EXPECT_EQ(writing.done.drain(Milliseconds{10'000}).at(0).error, "");

  writing.writer.reset();
  EXPECT_EQ(writing.record.tried.size(), 2u);
  EXPECT_EQ(writing.record.tried[1].ledger_state, writing.record.tried[0].ledger_state);
  EXPECT_EQ(writing.record.written.at(0).source, "test");
}

TEST(StoreWriter, upkeep_goes_on_while_there_is_more_to_do) {
  Writing writing(Milliseconds{1});
  writing.record.upkeep_steps = 4;

  writing.upkeep_calls_reach(5);

  writing.writer.reset();
  EXPECT_EQ(writing.record.rules.at(0).raw, std::chrono::days{30});
}

TEST(StoreWriter, an_upkeep_that_fails_is_shown_and_does_not_stop_the_writing) {
  Writing writing(Milliseconds{1});
  writing.record.upkeep_fails = true;
  writing.upkeep_calls_reach(1);

  writing.write(1);

  EXPECT_EQ(writing.done.drain(Milliseconds{10'000}).at(0).error, "");
  EXPECT_EQ(writing.writer->upkeep().error, "the archive is read-only");
}

TEST(StoreWriter, a_replay_ends_with_all_upkeep_that_there_is) {
  Writing writing(never, true);
  writing.record.upkeep_steps = 7;

  writing.writer.reset();

  EXPECT_EQ(writing.record.upkeep_calls, 8);
}

}  // namespace
}  // namespace wl
