// copy_sqlite() and check_sqlite_file().
#include <SQLiteCpp/Backup.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include "base/open_file.hpp"
#include "storage/backup/database_copy.hpp"
#include "storage/mysql/migrations.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/migrations.hpp"

namespace wl::storage {
namespace {

namespace fs = std::filesystem;

constexpr int pages_a_step = 1024;  // 4 MiB: between two steps the work can be stopped.
constexpr auto most_waiting = std::chrono::seconds{60};  // For locks, in one go.
constexpr int instructions_a_look = 100'000;             // About a millisecond.

/// A file that nobody else uses: no lock, and no -wal file appears beside it.
std::string immutable_uri(const fs::path& file) {
  std::string uri = "file:";
  for (const char c : fs::absolute(file).string()) {
    if (c == '%' || c == '?' || c == '#') {
      uri += fmt::format("%{:02x}", static_cast<unsigned char>(c));
    } else {
      uri += c;
    }
  }
  return uri + "?immutable=1";
}

int look_at_progress(void* progress) {
  try {
    return report(*static_cast<const Progress*>(progress), {"checking the copy", 0, 0}) ? 0 : 1;
  } catch (...) {
    return 1;  // C code is above us.
  }
}

std::vector<std::string> quick_check(SQLite::Database& database) {
  std::vector<std::string> faults;
  SQLite::Statement check(database, "PRAGMA quick_check(20)");
  while (check.executeStep()) {
    std::string line = check.getColumn(0).getString();
    if (line != "ok") faults.push_back(std::move(line));
  }
  return faults;
}

std::map<std::string, std::uint64_t> count_rows(SQLite::Database& database) {
  std::map<std::string, std::uint64_t> rows;
  SQLite::Statement tables(database,
                           "SELECT name FROM sqlite_master WHERE type = 'table' "
                           "AND name NOT LIKE 'sqlite_%'");
  while (tables.executeStep()) {
    const std::string name = tables.getColumn(0).getString();
    std::string quoted;
    for (const char c : name) quoted += c == '"' ? "\"\"" : std::string(1, c);
    SQLite::Statement count(database, "SELECT count(*) FROM \"" + quoted + "\"");
    count.executeStep();
    rows[name] = static_cast<std::uint64_t>(count.getColumn(0).getInt64());
  }
  return rows;
}

/// Copies all pages of the moment in which `source` began to read.
Result<void> copy_pages(SQLite::Database& source, SQLite::Database& target,
                        const Progress& progress) {
  SQLite::Transaction one_moment(source);
  SQLite::Statement(source, "SELECT count(*) FROM sqlite_master").executeStep();
  SQLite::Backup backup(target, source);
  auto give_up = std::chrono::steady_clock::now() + most_waiting;
  for (;;) {
    const int result = backup.executeStep(pages_a_step);
    const auto total = static_cast<std::uint64_t>(backup.getTotalPageCount());
    const auto rest = static_cast<std::uint64_t>(backup.getRemainingPageCount());
    if (const auto r =
            report(progress, {"copying the database", (total - rest) * 4096, total * 4096});
        !r) {
      return r;
    }
    if (result == SQLITE_DONE) return {};
    const auto now = std::chrono::steady_clock::now();
    if (result == SQLITE_OK) give_up = now + most_waiting;
    if (now > give_up) {
      return fail(Errc::unavailable,
                  fmt::format("the database {} was locked for {} s by another program",
                              source.getFilename(), most_waiting.count()));
    }
    if (result != SQLITE_OK) sqlite3_sleep(20);  // Busy or locked.
  }
}

Error damaged(const std::string& original, std::string_view fault) {
  return {Errc::corrupt, fmt::format("the database {} is damaged: {}. `wattline db check` tells "
                                     "more; stop Wattline and restore an older backup",
                                     original, fault)};
}

Result<DatabaseCopy> check_and_describe(const fs::path& file, const std::string& original,
                                        Progress progress) {
  const std::string path = file.string();
  auto checked = guarded(path, "check the copy of", [&]() -> Result<DatabaseCopy> {
    SQLite::Database copy(immutable_uri(file), SQLite::OPEN_READONLY | SQLite::OPEN_URI);
    sqlite3_progress_handler(copy.getHandle(), instructions_a_look, look_at_progress, &progress);
    const auto faults = quick_check(copy);
    if (!faults.empty()) return std::unexpected(Error{Errc::corrupt, faults.front()});
    return DatabaseCopy{.kind = "sqlite",
                        .file = std::string(sqlite_copy_name),
                        .schema = schema_version(copy),
                        .rows = count_rows(copy)};
  });
  if (checked || checked.error().code != Errc::corrupt) return checked;
  return std::unexpected(damaged(original, checked.error().what));  // The copy is as it was read.
}

}  // namespace

Result<DatabaseCopy> copy_sqlite(const DatabaseOptions& options, const fs::path& folder,
                                 const Progress& progress) {
  auto source = open_existing(options, Checkpoints::by_the_collector);
  if (!source) return std::unexpected(source.error());
  const fs::path file = folder / sqlite_copy_name;
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  // Made here, so that it is 0600 from its first byte on: SQLite keeps the mode.
  if (const auto made = OpenFile::open(file, OpenMode::create); !made) {
    return std::unexpected(made.error());
  }
  const auto copied = guarded(file.string(), "copy into", [&]() -> Result<void> {
    SQLite::Database target(file.string(), SQLite::OPEN_READWRITE);
    target.exec("PRAGMA journal_mode = OFF");
    target.exec("PRAGMA synchronous = OFF");  // The package is synced, not this.
    return copy_pages(**source, target, progress);
  });
  if (!copied) return std::unexpected(copied.error());
  source->reset();  // The snapshot ends: the write-ahead log may shrink again.
  return check_and_describe(file, options.sqlite_path, progress);
}

int newest_schema(const DatabaseOptions& options) {
  return (options.mysql ? mysql_migrations() : sqlite_migrations()).back().version;
}

Result<std::vector<std::string>> check_sqlite_file(const fs::path& file) {
  const std::string path = file.string();
  return guarded(path, "check", [&]() -> Result<std::vector<std::string>> {
    SQLite::Database database(immutable_uri(file), SQLite::OPEN_READONLY | SQLite::OPEN_URI);
    return quick_check(database);
  });
}

}  // namespace wl::storage
