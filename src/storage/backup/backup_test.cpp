#include "storage/account_store.hpp"
#include "storage/backup/backup.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <thread>

#include "storage/backup/backup_name.hpp"
#include "storage/backup/package.hpp"
#include "storage/backup/restore.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/scratch_database.hpp"

namespace wl::storage {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const Timestamp noon = parse_iso8601("2026-11-22T12:00:00.250").value();

/// An installation with a little of everything, and the folder for its backups.
class BackupTest : public ScratchDatabase {
 protected:
  BackupTest() {
    EXPECT_TRUE(migrate(options_));
    add_user(options_, "admin");
    put(root() / ".env", "WEB_PORT=5001\n");
    put(root() / "config/plant.json", "{\"name\": \"a plant\"}");
    put(root() / "config/deep/er.json", std::string(3'000'000, 'x'));
    put(root() / "data/retain/image.1", "retained");
  }

  fs::path root() const { return directory_ / "root"; }
  fs::path backups() const { return directory_ / "backups"; }

  static void put(const fs::path& path, const std::string& text) {
    fs::create_directories(path.parent_path());
    EXPECT_TRUE(write_file(path, text, Durability::visible));
  }
  static void add_user(const DatabaseOptions& options, const std::string& name) {
    User user;
    user.username = name;
    user.password_hash = "$2b$12$hash";
    EXPECT_TRUE(open_account_store(options).value()->add_user(user));
  }
  static std::size_t users(const DatabaseOptions& options) {
    return open_account_store(options).value()->users().value().size();
  }
  static std::vector<BackupSource> parts(const fs::path& root) {
    return {{".env", root / ".env"},
            {"config", root / "config"},
            {"data/retain", root / "data/retain"},
            {"data/secret.key", root / "data/secret.key"}};
  }
  BackupRequest request(Timestamp now = noon) const {
    return {.directory = backups(),
            .database = options_,
            .sources = parts(root()),
            .version = "0.1.0",
            .now = now};
  }
  BackupReport back_up() const { return make_backup(request(), {}).value(); }

  RestoreRequest restore_to(const fs::path& other, const fs::path& file) const {
    RestoreRequest wanted;
    wanted.file = file;
    wanted.root = other;
    wanted.database = options_;
    wanted.now = noon;
    wanted.database.sqlite_path = (other / "data/wattline.db").string();
    for (const BackupSource& part : parts(other)) {
      wanted.targets.push_back({part.name, part.path, part.name != "config"});
    }
    return wanted;
  }
  fs::path other() const { return directory_ / "other"; }
};

std::string read(const fs::path& path) {
  return read_file(path).value_or("missing");
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    names.push_back(entry.path().filename().string());
  }
  return names;
}

TEST_F(BackupTest, the_name_tells_when_and_only_the_owner_may_read_it) {
  const BackupReport done = back_up();

  EXPECT_EQ(done.file.filename(), "wattline-20261122-120000.tar.zst");
  struct stat status{};
  ASSERT_EQ(::stat(done.file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777u, 0600u);
  EXPECT_EQ(backup_time(done.file.filename().string()), parse_iso8601("2026-11-22T12:00").value());
  EXPECT_EQ(backup_time("wattline-20261322-120000.tar.zst"), std::nullopt);
  EXPECT_EQ(backup_time("other-20261122-120000.tar.zst"), std::nullopt);
}

TEST_F(BackupTest, the_manifest_tells_version_schema_rows_and_every_file) {
  const Manifest manifest = verify_backup(back_up().file, {}).value();

  EXPECT_EQ(manifest.version, "0.1.0");
  EXPECT_EQ(manifest.database, "sqlite");
  EXPECT_GE(manifest.schema, 1);
  EXPECT_EQ(manifest.rows.at("users"), 1u);
  EXPECT_EQ(manifest.find(".env")->bytes, 14u);
  EXPECT_NE(manifest.find("config/deep/er.json"), nullptr);
  EXPECT_NE(manifest.find("data/retain/image.1"), nullptr);
  EXPECT_EQ(manifest.find("data/secret.key"), nullptr);  // It does not exist, and may not.
  EXPECT_NE(manifest.find("database/wattline.db"), nullptr);
}

TEST_F(BackupTest, tar_opens_it_without_wattline) {
  const BackupReport done = back_up();
  const std::string out = (directory_ / "untarred").string();
  fs::create_directory(out);

  ASSERT_EQ(std::system(("tar --zstd -xf " + done.file.string() + " -C " + out).c_str()), 0);

  const fs::path top = fs::path(out) / "wattline-20261122-120000";
  EXPECT_EQ(read(top / ".env"), "WEB_PORT=5001\n");
  EXPECT_EQ(read(top / "config/deep/er.json"), std::string(3'000'000, 'x'));
  DatabaseOptions copy = options_;
  copy.sqlite_path = (top / "database/wattline.db").string();
  EXPECT_EQ(users(copy), 1u);
}

TEST_F(BackupTest, two_within_a_second_have_two_names) {
  back_up();
  back_up();

  EXPECT_THAT(find_backups(backups()), SizeIs(2));
}

TEST_F(BackupTest, nothing_but_the_file_is_left_in_the_folder) {
  fs::create_directories(backups() / ".wattline-20250101-000000.tar.zst.part/files");

  back_up();

  EXPECT_THAT(names_in(backups()),
              testing::UnorderedElementsAre(".lock", "wattline-20261122-120000.tar.zst"));
}

TEST_F(BackupTest, interrupted_it_leaves_nothing) {
  const auto done =
      make_backup(request(), [](const ProgressStep& step) { return step.doing != "packing"; });

  EXPECT_EQ(done.error().code, Errc::unavailable);
  EXPECT_THAT(names_in(backups()), ElementsAre(".lock"));
}

TEST_F(BackupTest, a_second_one_at_the_same_time_is_refused) {
  std::optional<Errc> second;
  const auto done = make_backup(request(), [&](const ProgressStep&) {
    if (!second) second = make_backup(request(), {}).error().code;
    return true;
  });

  ASSERT_TRUE(done) << done.error().what;
  EXPECT_EQ(second, Errc::conflict);
}

TEST_F(BackupTest, a_damaged_database_is_named_and_not_backed_up) {
  auto bytes = content();
  std::fill(bytes.begin() + 4096, bytes.begin() + 12'288, 'x');
  put_file(bytes);

  const auto done = make_backup(request(), {});

  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::corrupt);
  EXPECT_THAT(done.error().what, HasSubstr(options_.sqlite_path));
  EXPECT_THAT(find_backups(backups()), IsEmpty());
}

/// Writes users for as long as it lives.
class BusyWriter {
 public:
  explicit BusyWriter(DatabaseOptions options)
      : thread_([this, options] {
          const auto accounts = open_account_store(options).value();
          for (int i = 0; !stop_; ++i) {
            User user;
            user.username = "user" + std::to_string(i);
            if (accounts->add_user(user)) ++written;
          }
        }) {}
  ~BusyWriter() { finish(); }
  void finish() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }
  std::atomic<int> written = 0;

 private:
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

TEST_F(BackupTest, takes_one_moment_of_a_database_that_is_written_to) {
  BusyWriter writer{options_};
  const BackupReport first = back_up();
  const BackupReport second = back_up();
  writer.finish();

  const auto rows = [](const BackupReport& report) { return report.manifest.rows.at("users"); };
  EXPECT_LE(rows(first), rows(second));
  EXPECT_LE(rows(second), 1u + static_cast<unsigned>(writer.written));
}

/// Flips one bit of every byte that `step` hits; counts the copies that pass the check.
int damaged_ones_that_pass(const fs::path& file, std::size_t step) {
  const std::string whole = read(file);
  const fs::path damaged = file.parent_path() / "damaged.tar.zst";
  int passed = 0;
  for (std::size_t at = 0; at < whole.size(); at += step) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 4);
    EXPECT_TRUE(write_file(damaged, bytes, Durability::visible));
    const auto verified = verify_backup(damaged, {});
    passed += verified.has_value();
    EXPECT_TRUE(verified || verified.error().what.starts_with(damaged.string()))
        << verified.error().what;
  }
  return passed;
}

TEST_F(BackupTest, any_flipped_byte_is_found_and_the_file_is_named) {
  fs::remove(root() / "config/deep/er.json");
  const fs::path file = back_up().file;

  // zstd does not use all of the bits of its frame header.
  EXPECT_LE(damaged_ones_that_pass(file, 61), 1);
}

int cut_ones_that_pass(const fs::path& file, std::size_t step) {
  const std::string whole = read(file);
  const fs::path cut = file.parent_path() / "cut.tar.zst";
  int passed = 0;
  for (std::size_t size = 0; size < whole.size(); size += step) {
    EXPECT_TRUE(write_file(cut, whole.substr(0, size), Durability::visible));
    passed += verify_backup(cut, {}).has_value();
  }
  return passed;
}

TEST_F(BackupTest, a_cut_file_is_found) {
  EXPECT_EQ(cut_ones_that_pass(back_up().file, 997), 0);
}

TEST_F(BackupTest, rotation_keeps_the_newest_and_touches_no_file_of_others) {
  make_backup(request(noon), {}).value();
  make_backup(request(noon + std::chrono::hours{1}), {}).value();
  make_backup(request(noon + std::chrono::hours{2}), {}).value();
  put(backups() / "wattline-20200101-000000.tar.zst", "has the name, is no backup");
  put(backups() / "notes.txt", "of the operator");

  const auto removed = rotate_backups(backups(), 2);

  EXPECT_THAT(removed, ElementsAre(backups() / "wattline-20261122-120000.tar.zst"));
  EXPECT_THAT(names_in(backups()), SizeIs(5));  // With the lock.
}

TEST_F(BackupTest, comes_back_on_an_empty_machine) {
  const fs::path file = back_up().file;

  const auto restored = restore_backup(restore_to(other(), file), {});

  ASSERT_TRUE(restored) << restored.error().what;
  EXPECT_EQ(users(restore_to(other(), file).database), 1u);
  EXPECT_EQ(read(other() / ".env"), "WEB_PORT=5001\n");
  EXPECT_EQ(read(other() / "config/deep/er.json"), std::string(3'000'000, 'x'));
  EXPECT_THAT(restored->aside, IsEmpty());
  EXPECT_THAT(names_in(other()), testing::UnorderedElementsAre(".env", "config", "data"));
}

TEST_F(BackupTest, a_dry_run_changes_nothing) {
  const auto checked = check_restore(restore_to(other(), back_up().file), {});

  EXPECT_THAT(checked->restored, Contains(other() / ".env"));
  EXPECT_FALSE(fs::exists(other()));
}

TEST_F(BackupTest, an_installation_in_use_is_refused_and_named) {
  const fs::path file = back_up().file;
  ASSERT_TRUE(restore_backup(restore_to(other(), file), {}));
  put(other() / ".env", "WEB_PORT=7000\n");

  const auto again = restore_backup(restore_to(other(), file), {});

  EXPECT_EQ(again.error().code, Errc::conflict);
  EXPECT_THAT(again.error().what, HasSubstr((other() / ".env").string()));
  EXPECT_THAT(again.error().what, HasSubstr("--force"));
  EXPECT_EQ(read(other() / ".env"), "WEB_PORT=7000\n");
}

TEST_F(BackupTest, forced_it_keeps_what_it_replaces) {
  const fs::path file = back_up().file;
  RestoreRequest request = restore_to(other(), file);
  ASSERT_TRUE(restore_backup(request, {}));
  put(other() / ".env", "WEB_PORT=7000\n");
  add_user(request.database, "later");
  request.when_in_use = WhenInUse::set_aside;

  const auto again = restore_backup(request, {});

  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(read(other() / ".env"), "WEB_PORT=5001\n");
  EXPECT_EQ(read(other() / ".env.before-restore-20261122-120000"), "WEB_PORT=7000\n");
  EXPECT_EQ(users(request.database), 1u);
  DatabaseOptions aside = request.database;
  aside.sqlite_path += ".before-restore-20261122-120000";
  EXPECT_EQ(users(aside), 2u);
  EXPECT_THAT(again->unchanged, Contains(other() / "config"));
}

TEST_F(BackupTest, a_changed_config_of_a_fresh_checkout_is_set_aside) {
  put(other() / "config/plant.json", "{}");

  const auto restored = restore_backup(restore_to(other(), back_up().file), {});

  ASSERT_TRUE(restored) << restored.error().what;
  EXPECT_EQ(read(other() / "config.before-restore-20261122-120000/plant.json"), "{}");
}

TEST_F(BackupTest, a_damaged_backup_replaces_nothing) {
  const fs::path file = back_up().file;
  std::string bytes = read(file);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  ASSERT_TRUE(write_file(file, bytes, Durability::visible));

  const auto restored = restore_backup(restore_to(other(), file), {});

  EXPECT_EQ(restored.error().code, Errc::corrupt);
  EXPECT_THAT(restored.error().what, HasSubstr(file.string()));
  EXPECT_FALSE(fs::exists(other()));
}

TEST_F(BackupTest, a_backup_of_the_other_engine_is_refused) {
  RestoreRequest request = restore_to(other(), back_up().file);
  request.database.mysql = MysqlOptions{};

  const auto restored = restore_backup(request, {});

  EXPECT_EQ(restored.error().code, Errc::conflict);
  EXPECT_THAT(restored.error().what, HasSubstr("DB_TYPE=sqlite"));
}

/// A package that holds nothing but a manifest.
fs::path package_of(const Manifest& manifest, const fs::path& file) {
  auto package = PackageWriter::create(file).value();
  const std::string json = to_json(manifest);
  EXPECT_TRUE(package.begin({.name = "top/manifest.json", .size = json.size()}));
  EXPECT_TRUE(package.write(json));
  EXPECT_TRUE(package.finish());
  return file;
}

TEST_F(BackupTest, a_newer_schema_is_refused_with_the_next_step) {
  const Manifest newer{.version = "9.0",
                       .made_at = noon,
                       .database = "sqlite",
                       .schema = 999,
                       .rows = {},
                       .files = {}};

  const auto restored =
      restore_backup(restore_to(other(), package_of(newer, directory_ / "newer.tar.zst")), {});

  EXPECT_EQ(restored.error().code, Errc::conflict);
  EXPECT_THAT(restored.error().what, HasSubstr("Wattline 9.0 with schema 999"));
}

TEST_F(BackupTest, one_text_of_a_backup_can_be_read_alone) {
  const fs::path file = back_up().file;

  EXPECT_EQ(read_backup_text(file, ".env").value(), "WEB_PORT=5001\n");
  EXPECT_EQ(read_backup_text(file, "data/secret.key").value(), std::nullopt);
}

}  // namespace
}  // namespace wl::storage
