#include "apps/collector/batch_ledger.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/durable_file.hpp"

namespace wl {
namespace {

namespace fs = std::filesystem;

using testing::IsEmpty;
using testing::SizeIs;

constexpr Timestamp noon{std::chrono::days{20'000} + std::chrono::hours{12}};

Plant plant_with_a_meter() {
  PointSpec spec;
  spec.key = "conveyor.energy_kwh";
  spec.name = "energy_kwh";
  spec.kind = PointKind::counter;
  spec.high = 1e9;
  Plant plant;
  plant.devices.push_back({.id = "conveyor", .name = {}, .description = {}, .type = "conveyor"});
  plant.devices[0].rated_power_kw = 12;
  plant.points = {spec};
  return plant;
}

/// One minute of a steady 6 kW, `minute` after noon.
storage::Batch minute_of_6_kw(std::uint64_t seq, int minute) {
  const auto at = [&](int minutes) { return noon + std::chrono::minutes{minutes}; };
  storage::Batch batch;
  batch.seq = seq;
  batch.samples = {{PointId{0}, 100 + 0.1 * minute, quality::good, at(minute)},
                   {PointId{0}, 100 + 0.1 * (minute + 1), quality::good, at(minute + 1)}};
  batch.intervals = {{at(minute), at(minute + 1), true, ""}};
  return batch;
}

class BatchLedgerTest : public testing::Test {
 protected:
  BatchLedgerTest() {
    std::string pattern = (fs::temp_directory_path() / "wl-ledger-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
  }
  ~BatchLedgerTest() override { fs::remove_all(directory_); }

  BatchLedger ledger(const std::string& saved = "") {
    return {plant_, {.data_dir = directory_}, saved};
  }
  static storage::Batch completed(BatchLedger& ledger, storage::Batch batch) {
    ledger.complete(batch, noon + std::chrono::days{1});
    return batch;
  }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(directory_))
      names.push_back(entry.path().filename().string());
    return names;
  }

  Plant plant_ = plant_with_a_meter();
  fs::path directory_;
};

TEST_F(BatchLedgerTest, a_batch_that_is_written_again_brings_the_same) {
  BatchLedger ledger = this->ledger();

  const storage::Batch first = completed(ledger, minute_of_6_kw(1, 0));
  const storage::Batch again = completed(ledger, minute_of_6_kw(1, 0));

  ASSERT_THAT(first.ledger.buckets, SizeIs(1));
  EXPECT_EQ(first.ledger.buckets[0].milli_wh, 100'000);
  EXPECT_EQ(again.ledger.buckets, first.ledger.buckets);
  EXPECT_EQ(again.ledger_state, first.ledger_state);
}

TEST_F(BatchLedgerTest, entries_of_a_batch_that_was_given_up_go_with_the_next_one) {
  BatchLedger ledger = this->ledger();
  completed(ledger, minute_of_6_kw(1, 13));

  const storage::Batch next = completed(ledger, minute_of_6_kw(2, 15));

  ASSERT_THAT(next.ledger.buckets, SizeIs(2));
  EXPECT_EQ(next.ledger.buckets[0].milli_wh + next.ledger.buckets[1].milli_wh, 300'000);
}

TEST_F(BatchLedgerTest, what_is_written_is_not_told_again) {
  BatchLedger ledger = this->ledger();
  completed(ledger, minute_of_6_kw(1, 14));
  ledger.on_written();

  const storage::Batch next = completed(ledger, minute_of_6_kw(2, 15));

  ASSERT_THAT(next.ledger.buckets, SizeIs(1));
  EXPECT_EQ(next.ledger.buckets[0].start, noon + std::chrono::minutes{15});
}

TEST_F(BatchLedgerTest, a_restart_goes_on_from_the_saved_state) {
  BatchLedger before = this->ledger();
  const std::string saved = completed(before, minute_of_6_kw(1, 0)).ledger_state;

  BatchLedger after = this->ledger(saved);
  const storage::Batch next = completed(after, minute_of_6_kw(2, 1));

  ASSERT_THAT(next.ledger.buckets, SizeIs(1));
  EXPECT_EQ(next.ledger.buckets[0].milli_wh, 200'000);
  EXPECT_THAT(files(), IsEmpty());
}

TEST_F(BatchLedgerTest, a_state_that_cannot_be_read_is_kept_and_the_meters_begin_anew) {
  BatchLedger ledger = this->ledger("WLEL and then something else");

  const storage::Batch next = completed(ledger, minute_of_6_kw(7, 0));

  EXPECT_EQ(next.ledger.buckets.at(0).milli_wh, 100'000);
  ASSERT_THAT(files(), SizeIs(1));
  EXPECT_EQ(*read_file(directory_ / files()[0]), "WLEL and then something else");
}

}  // namespace
}  // namespace wl
