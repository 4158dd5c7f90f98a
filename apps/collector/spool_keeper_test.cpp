#include "apps/collector/spool_keeper.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace wl {
namespace {

constexpr Milliseconds patience{10'000};

class SpoolKeeperTest : public testing::Test {
 protected:
  SpoolKeeperTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "wl-spool-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    PointSpec spec;
    spec.key = "conveyor.power_kw";
    plant_.points = {spec};
    start();
  }
  ~SpoolKeeperTest() override {
    keeper_.reset();
    std::filesystem::remove_all(folder_);
  }

  void start() {
    keeper_.reset();
    keeper_.emplace(folder_ / "spool", plant_, collector::ForwardOptions{});
    keeper_->start({.durable = [this](std::uint64_t seq) { durable_.push(seq); },
                    .write =
                        [this](auto batch) {
                          written_.push(batch->seq);
                          keeper_->on_written({batch->seq, "", Milliseconds{1}});
                        }});
  }
  void keep(std::uint64_t seq) {
    collector::Record record;
    record.seq = seq;
    record.samples = {{PointId{0}, 1.5, quality::good, wall_now()}};
    keeper_->keep(std::move(record));
  }

  std::filesystem::path folder_;
  Plant plant_;
  BoundedQueue<std::uint64_t> durable_{100, WhenFull::refuse};
  BoundedQueue<std::uint64_t> written_{100, WhenFull::refuse};
  std::optional<SpoolKeeper> keeper_;
};

TEST_F(SpoolKeeperTest, what_is_kept_is_durable_without_a_database) {
  keep(7);

  EXPECT_EQ(durable_.drain(patience), std::vector<std::uint64_t>{7});
  EXPECT_TRUE(keeper_->finish(patience));
  EXPECT_EQ(written_.size(), 0u);
}

TEST_F(SpoolKeeperTest, the_database_gets_at_its_opening_what_an_earlier_process_kept) {
  keep(7);
  durable_.drain(patience);
  start();

  keeper_->on_opened({});

  EXPECT_EQ(written_.drain(patience), std::vector<std::uint64_t>{7});
}

TEST_F(SpoolKeeperTest, a_stop_waits_for_the_database_that_takes_batches) {
  keeper_->on_opened({});
  keep(7);

  EXPECT_TRUE(keeper_->finish(patience));

  EXPECT_EQ(written_.drain(), std::vector<std::uint64_t>{7});
}

TEST_F(SpoolKeeperTest, a_spool_that_another_process_has_is_refused) {
  EXPECT_THROW(SpoolKeeper(folder_ / "spool", plant_, {}), StartError);
}

}  // namespace
}  // namespace wl
