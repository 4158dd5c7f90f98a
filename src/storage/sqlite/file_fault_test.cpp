// Faults of the file itself: read-only, locked, full, damaged. Each message names the file and the
// next step, and nothing is lost when the fault is gone.
#include <gmock/gmock.h>

#include "storage/sqlite/database.hpp"
#include "storage/sqlite/testing/file_history.hpp"
#include "storage/sqlite/testing/full_disk.hpp"
#include "storage/sqlite/testing/without_rights.hpp"

namespace wl::storage {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class FileFaults : public FileHistory {
 protected:
  ~FileFaults() override { allow(true); }

  /// The file and its directory may be written, or only read.
  void allow(bool writing) const {
    using enum fs::perms;
    const fs::perms file =
        writing ? owner_read | owner_write : owner_read | group_read | others_read;
    const fs::perms directory =
        writing ? owner_all
                : owner_read | owner_exec | group_read | group_exec | others_read | others_exec;
    std::error_code ignored;
    for (const char* suffix : {"", "-wal", "-shm"}) {
      fs::permissions(options_.sqlite_path + suffix, file, ignored);
    }
    fs::permissions(directory_, directory, ignored);
  }
};

TEST_F(FileFaults, a_file_that_may_only_be_read_is_refused_with_who_must_get_which_right) {
  allow(false);
  const WithoutRights as_somebody_else;

  const auto opened = open_collector_store(options_, plant_);

  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::permission) << opened.error().what;
  EXPECT_THAT(opened.error().what, AllOf(HasSubstr(path()), HasSubstr("write permission")));
}

TEST_F(FileFaults, a_directory_that_may_only_be_read_is_named_as_the_cause) {
  allow(false);
  fs::permissions(path(), fs::perms::all);
  const WithoutRights as_somebody_else;

  const auto opened = open_collector_store(options_, plant_);

  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::permission) << opened.error().what;
  EXPECT_THAT(opened.error().what, AllOf(HasSubstr(path()), HasSubstr("write permission")));
}

TEST_F(FileFaults, what_another_connection_locks_is_unavailable_and_stored_when_it_is_free) {
  const auto store = open();
  auto other = connect(options_, Checkpoints::by_the_collector);
  other->exec("BEGIN IMMEDIATE");

  const auto refused = store->write_batch(batch(1));
  const auto opened_meanwhile = open_store(options_, plant_);
  other->exec("COMMIT");

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::unavailable);
  EXPECT_THAT(refused.error().what,
              AllOf(HasSubstr(path()), HasSubstr("another process"), HasSubstr("fuser")));
  EXPECT_TRUE(opened_meanwhile) << "readers do not wait for writers";
  EXPECT_TRUE(store->write_batch(batch(1)));
  EXPECT_EQ(samples_in(*store), 60u);
}

TEST_F(FileFaults, a_full_disk_refuses_the_batch_by_name_and_takes_it_when_there_is_space) {
  const FullDisk disk("wattline.db", 400'000);
  const auto store = open();

  std::int64_t stored = 0;
  while (stored < 1000 && store->write_batch(batch(stored + 1))) ++stored;
  const auto refused = store->write_batch(batch(stored + 1));
  FullDisk::free_some(100 << 20);

  ASSERT_FALSE(refused);
  EXPECT_GT(stored, 0);
  EXPECT_EQ(refused.error().code, Errc::unavailable);
  EXPECT_THAT(refused.error().what, AllOf(HasSubstr(path()), HasSubstr("disk is full")));
  EXPECT_EQ(samples_in(*store), static_cast<std::size_t>(stored) * 60);
  fill(*store, stored + 1, stored + 1);
  EXPECT_EQ(samples_in(*store), static_cast<std::size_t>(stored + 1) * 60);
}

TEST_F(FileFaults, a_disk_that_gets_full_while_folding_loses_nothing) {
  fill(*open(), 1, 40);
  const FullDisk disk("wattline.db", 0);
  const auto store = open();

  const auto refused = store->upkeep(at(1000 * hour_ms), {});
  FullDisk::free_some(100 << 20);

  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().what, AllOf(HasSubstr(path()), HasSubstr("disk is full")));
  EXPECT_EQ(samples_in(*store), 40u * 60);
  EXPECT_GT(keep_up(*store).chunks_written, 0u);
  EXPECT_EQ(samples_in(*store), 40u * 60);
}

}  // namespace
}  // namespace wl::storage
