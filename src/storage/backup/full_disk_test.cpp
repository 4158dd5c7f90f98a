// Backups onto a disk that gets full: nothing half is left, and the installation is as it was.
#include <sys/resource.h>

#include <csignal>
#include <random>

#include "storage/backup/backup.hpp"
#include "storage/sqlite/testing/file_history.hpp"
#include "storage/sqlite/testing/full_disk.hpp"

namespace wl::storage {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

/// While it lives no file of this process grows beyond `bytes`.
class SmallFiles {
 public:
  explicit SmallFiles(rlim_t bytes) {
    before_ = std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &limit_);
    const rlimit lower{bytes, limit_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &lower);
  }
  ~SmallFiles() {
    ::setrlimit(RLIMIT_FSIZE, &limit_);
    std::signal(SIGXFSZ, before_);
  }
  SmallFiles(const SmallFiles&) = delete;
  SmallFiles& operator=(const SmallFiles&) = delete;

 private:
  rlimit limit_{};
  void (*before_)(int) = nullptr;
};

/// Bytes that no compression makes smaller.
std::string noise(std::size_t size) {
  std::mt19937 random(1);
  std::string bytes(size, ' ');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

class BackupOnFullDisk : public FileHistory {
 protected:
  BackupOnFullDisk() {
    fill(*open(), 1, 6);
    EXPECT_TRUE(write_file(directory_ / "plant.json", noise(3'000'000), Durability::visible));
  }

  Result<BackupReport> back_up() const {
    return make_backup({.directory = backups(),
                        .database = options_,
                        .sources = {{"plant.json", directory_ / "plant.json"}},
                        .version = "0.1.0",
                        .now = at(0)},
                       {});
  }
  fs::path backups() const { return directory_ / "backups"; }
  std::vector<std::string> left_in_backups() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(backups())) {
      names.push_back(entry.path().filename().string());
    }
    return names;
  }
};

TEST_F(BackupOnFullDisk, one_that_is_full_while_the_database_is_copied_is_named) {
  const FullDisk disk(".part/", 40'000);

  const auto done = back_up();

  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::unavailable);
  EXPECT_THAT(done.error().what, HasSubstr(backups().string()));
  EXPECT_THAT(done.error().what, HasSubstr("disk is full"));
  EXPECT_THAT(left_in_backups(), ElementsAre(".lock"));
  EXPECT_EQ(samples_in(*open()), 6u * 60);
}

TEST_F(BackupOnFullDisk, one_that_takes_no_more_while_files_are_packed_leaves_nothing_half) {
  const auto done = [&] {
    const SmallFiles limit(1'000'000);
    return back_up();
  }();

  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::unavailable);
  EXPECT_THAT(done.error().what, HasSubstr(backups().string()));
  EXPECT_THAT(left_in_backups(), ElementsAre(".lock"));
  EXPECT_TRUE(back_up()) << "with space it works again";
}

}  // namespace
}  // namespace wl::storage
