#include "apps/collector/batch_oee.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/durable_file.hpp"

namespace wl {
namespace {

namespace fs = std::filesystem;

using testing::IsEmpty;
using testing::SizeIs;

constexpr Timestamp midnight{std::chrono::days{20'000}};

Timestamp at(int minutes) {
  return midnight + std::chrono::minutes{minutes};
}

/// A line that is planned round the clock, 60 pieces an hour at best.
Plant plant_of_a_line() {
  Plant plant;
  plant.devices.push_back({.id = "line", .name = {}, .description = {}, .type = "line"});
  for (const char* name : {"state", "count", "reject"}) {
    PointSpec spec;
    spec.name = name;
    spec.key = "line." + spec.name;
    spec.kind = spec.name == "state" ? PointKind::state : PointKind::counter;
    if (spec.kind == PointKind::state) spec.words = {"standby", "running", "fault"};
    plant.points.push_back(spec);
  }
  OeeSpec oee;
  oee.state = PointId{0};
  oee.count = PointId{1};
  oee.reject = PointId{2};
  oee.ideal_rate_per_hour = 60;
  oee.states = {OeeElement::idle, OeeElement::running, OeeElement::breakdown};
  plant.oee = oee;
  return plant;
}

/// A minute of running that ends with a piece.
storage::Batch minute_with_a_piece(std::uint64_t seq, int minute) {
  storage::Batch batch;
  batch.seq = seq;
  batch.samples = {{PointId{0}, 1, quality::good, at(minute)},
                   {PointId{1}, double(minute), quality::good, at(minute)},
                   {PointId{1}, double(minute + 1), quality::good, at(minute + 1)}};
  batch.intervals = {{at(minute), at(minute + 1), true, ""}};
  return batch;
}

class BatchOeeTest : public testing::Test {
 protected:
  BatchOeeTest() {
    std::string pattern = (fs::temp_directory_path() / "wl-oee-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
  }
  ~BatchOeeTest() override { fs::remove_all(directory_); }

  std::unique_ptr<BatchOee> oee(const std::string& saved = "") {
    return std::make_unique<BatchOee>(plant_, storage::Calendar::of("UTC").value(),
                                      BatchOee::Options{.data_dir = directory_}, saved);
  }
  static storage::Batch completed(BatchOee& oee, storage::Batch batch) {
    oee.complete(batch, midnight + std::chrono::days{1});
    return batch;
  }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(directory_))
      names.push_back(entry.path().filename().string());
    return names;
  }

  Plant plant_ = plant_of_a_line();
  fs::path directory_;
};

TEST_F(BatchOeeTest, a_batch_that_is_written_again_brings_the_same) {
  const auto oee = this->oee();

  const storage::Batch first = completed(*oee, minute_with_a_piece(1, 0));
  const storage::Batch again = completed(*oee, minute_with_a_piece(1, 0));

  ASSERT_THAT(first.oee.quarters, SizeIs(1));
  EXPECT_EQ(first.oee.quarters[0].sums.produced, 1);
  EXPECT_EQ(first.oee.quarters[0].sums.running_ms, 60'000);
  EXPECT_EQ(again.oee.quarters, first.oee.quarters);
  EXPECT_EQ(again.oee_state, first.oee_state);
}

TEST_F(BatchOeeTest, entries_of_a_batch_that_was_given_up_go_with_the_next_one) {
  const auto oee = this->oee();
  completed(*oee, minute_with_a_piece(1, 14));

  const storage::Batch next = completed(*oee, minute_with_a_piece(2, 15));

  ASSERT_THAT(next.oee.quarters, SizeIs(2));
  EXPECT_EQ(next.oee.quarters[0].sums.produced + next.oee.quarters[1].sums.produced, 2);
}

TEST_F(BatchOeeTest, what_is_written_is_not_told_again) {
  const auto oee = this->oee();
  completed(*oee, minute_with_a_piece(1, 14));
  oee->on_written();

  const storage::Batch next = completed(*oee, minute_with_a_piece(2, 15));

  ASSERT_THAT(next.oee.quarters, SizeIs(1));
  EXPECT_EQ(next.oee.quarters[0].start, at(15));
}

TEST_F(BatchOeeTest, a_restart_goes_on_from_the_saved_state) {
  const auto before = this->oee();
  const std::string saved = completed(*before, minute_with_a_piece(1, 0)).oee_state;

  const auto after = this->oee(saved);
  const storage::Batch next = completed(*after, minute_with_a_piece(2, 1));

  ASSERT_THAT(next.oee.quarters, SizeIs(1));
  EXPECT_EQ(next.oee.quarters[0].sums.produced, 2);
  EXPECT_THAT(files(), IsEmpty());
}

TEST_F(BatchOeeTest, a_state_that_cannot_be_read_is_kept_and_the_account_begins_anew) {
  const auto oee = this->oee("WLOE and then something else");

  const storage::Batch next = completed(*oee, minute_with_a_piece(7, 0));

  EXPECT_EQ(next.oee.quarters.at(0).sums.produced, 1);
  ASSERT_THAT(files(), SizeIs(1));
  EXPECT_EQ(*read_file(directory_ / files()[0]), "WLOE and then something else");
}

TEST_F(BatchOeeTest, the_running_shift_is_rated_after_a_quarter_of_an_hour) {
  const auto oee = this->oee();
  completed(*oee, minute_with_a_piece(1, 0));
  const auto early = oee->figures().value();
  storage::Batch more = minute_with_a_piece(2, 1);
  more.intervals = {{at(1), at(20), true, ""}};
  completed(*oee, more);
  const auto later = oee->figures().value();

  EXPECT_EQ(early.shift_from, midnight);
  EXPECT_EQ(early.shift_to, at(1440));
  EXPECT_FALSE(early.percent_after(least_for_oee_low));
  EXPECT_EQ(later.percent_after(least_for_oee_low), 10);  // 2 pieces in 20 minutes.
}

TEST_F(BatchOeeTest, a_plant_without_it_gives_nothing) {
  plant_.oee.reset();
  const auto oee = this->oee();

  const storage::Batch batch = completed(*oee, minute_with_a_piece(1, 0));

  EXPECT_THAT(batch.oee.quarters, IsEmpty());
  EXPECT_EQ(batch.oee_state, "");
  EXPECT_FALSE(oee->figures());
}

}  // namespace
}  // namespace wl
