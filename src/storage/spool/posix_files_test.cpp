#include "storage/spool/posix_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "storage/spool/spool.hpp"

namespace wl::storage::spool {
namespace {

class PosixSpool : public testing::Test {
 protected:
  PosixSpool() {
    std::string pattern = (std::filesystem::temp_directory_path() / "spool-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
  }
  ~PosixSpool() override { std::filesystem::remove_all(directory_); }

  void open() {
    spool_.reset();
    files_.reset();
    auto files = PosixSpoolFiles::open(directory_ / "spool");
    ASSERT_TRUE(files) << files.error().what;
    files_ = std::move(*files);
    auto spool = Spool::open(*files_, {.capacity_bytes = 4 << 20, .segment_bytes = 64 << 10});
    ASSERT_TRUE(spool) << spool.error().what;
    spool_ = std::move(*spool);
  }

  void put(std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t seq = first; seq <= last; ++seq) {
      ASSERT_TRUE(spool_->append(seq, std::string(10'000, 'x')));
    }
    ASSERT_EQ(spool_->sync().value_or(0), last);
  }

  std::filesystem::path directory_;
  std::unique_ptr<PosixSpoolFiles> files_;
  std::unique_ptr<Spool> spool_;
};

TEST_F(PosixSpool, records_survive_a_restart_and_released_ones_do_not_come_back) {
  open();
  put(1, 6);
  put(7, 12);
  put(13, 18);
  ASSERT_TRUE(spool_->release(7));

  open();
  const auto records = spool_->read(1 << 20);

  ASSERT_TRUE(records);
  ASSERT_FALSE(records->empty());
  EXPECT_LE(records->front().seq, 8u);
  EXPECT_EQ(records->back().seq, 18u);
  EXPECT_EQ(records->back().bytes, std::string(10'000, 'x'));
}

TEST_F(PosixSpool, a_torn_tail_is_moved_to_the_quarantine_of_the_folder) {
  open();
  put(1, 2);
  spool_.reset();
  files_.reset();
  const auto segment = directory_ / "spool" / segment_name(1);
  std::filesystem::resize_file(segment, std::filesystem::file_size(segment) - 10);

  open();
  const auto damages = spool_->take_damages();
  const auto records = spool_->read(1 << 20);

  ASSERT_EQ(damages.size(), 1u);
  EXPECT_TRUE(std::filesystem::exists(directory_ / "spool" / damages[0].quarantined_as));
  EXPECT_EQ(records->size(), 1u);
}

TEST_F(PosixSpool, a_second_user_of_the_folder_is_refused) {
  open();

  const auto second = PosixSpoolFiles::open(directory_ / "spool");

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::conflict);
  EXPECT_THAT(second.error().what, testing::HasSubstr("in use"));
}

TEST_F(PosixSpool, what_is_not_there_is_named) {
  open();

  EXPECT_EQ(files_->remove("none").error().code, Errc::not_found);
  EXPECT_EQ(files_->append("none", "x").error().code, Errc::not_found);
  EXPECT_EQ(files_->rename("none", "other").error().code, Errc::not_found);
  EXPECT_THAT(files_->read("none", 0, 1).error().what, testing::HasSubstr("none"));
  put(1, 1);
  EXPECT_EQ(files_->create(ReleaseMark::file).error().code, Errc::conflict);
}

}  // namespace
}  // namespace wl::storage::spool
