#include "storage/sqlite/database.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "storage/sqlite/migrations.hpp"

namespace wl::storage {
namespace {

constexpr std::string_view other_file =
    "It was left as it is. Move it away, or set DB_SQLITE_PATH to another file; then run "
    "`wattline init-db`";

/// `empty` for no byte; fails unless the file starts as every SQLite 3 database does.
Result<FileState> inspect_header(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return fail(errno == EACCES ? Errc::permission : Errc::unavailable,
                fmt::format("cannot read the database {}: {}", path, std::strerror(errno)));
  }
  std::array<char, 16> start{};
  file.read(start.data(), start.size());
  if (file.gcount() == 0) return FileState::empty;
  if (std::string_view(start.data(), start.size()) != std::string_view("SQLite format 3\0", 16)) {
    return fail(Errc::corrupt, fmt::format("{} is not a SQLite database. {}", path, other_file));
  }
  return FileState::ours;
}

/// The file has a SQLite header: whose is it?
Result<FileState> inspect_owner(const std::string& path) {
  const SQLite::Database database(path, SQLite::OPEN_READONLY, 5000);
  SQLite::Statement owner(database, "PRAGMA application_id");
  owner.executeStep();
  if (owner.getColumn(0).getInt() == application_id) return FileState::ours;
  SQLite::Statement tables(database, "SELECT count(*) FROM sqlite_master");
  tables.executeStep();
  if (tables.getColumn(0).getInt() == 0) return FileState::empty;
  return fail(Errc::conflict,
              fmt::format("{} is the database of another program. {}", path, other_file));
}

bool denied(const std::string& path, int rights) {
  return ::faccessat(AT_FDCWD, path.c_str(), rights, AT_EACCESS) != 0 &&
         (errno == EACCES || errno == EPERM || errno == EROFS);
}

/// The file, or its directory, where SQLite makes the write-ahead log.
bool lacks_permission(const std::string& path) {
  const std::filesystem::path parent = std::filesystem::path(path).parent_path();
  return denied(path, W_OK) || denied(parent.empty() ? "." : parent.string(), W_OK | X_OK);
}

Error no_permission(const std::string& what, const SQLite::Exception& exception) {
  return {Errc::permission,
          fmt::format("{}: no write permission for the file or its directory, or they are on a "
                      "file system that is read-only ({}). Give both to the user that runs "
                      "Wattline, or set DB_SQLITE_PATH to another file",
                      what, exception.what())};
}

}  // namespace

Result<FileState> inspect_file(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) return FileState::missing;
  if (error) {
    return fail(Errc::permission,
                fmt::format("cannot reach the database {}: {}", path, error.message()));
  }
  if (!std::filesystem::is_regular_file(status)) {
    return fail(Errc::invalid_argument,
                fmt::format("{} is not a file; set DB_SQLITE_PATH to a file", path));
  }
  const auto header = inspect_header(path);
  if (!header || *header == FileState::empty) return header;
  return guarded(path, "look into", [&] { return inspect_owner(path); });
}

int schema_version(SQLite::Database& database) {
  if (!database.tableExists("schema_version")) return 0;
  SQLite::Statement newest(database, "SELECT coalesce(max(version), 0) FROM schema_version");
  newest.executeStep();
  return newest.getColumn(0).getInt();
}

void configure(SQLite::Database& database, Checkpoints checkpoints) {
  database.exec("PRAGMA foreign_keys = ON");
  database.exec("PRAGMA synchronous = FULL");
  database.exec("PRAGMA trusted_schema = OFF");
  // The raw samples of the hour that is not folded yet: beyond the default of 2 MB for a busy
  // plant.
  database.exec("PRAGMA cache_size = -16384");
  if (checkpoints == Checkpoints::by_the_collector) {
    database.exec("PRAGMA wal_autocheckpoint = 0");
    sqlite3_db_config(database.getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  }
}

std::unique_ptr<SQLite::Database> connect(const DatabaseOptions& options, Checkpoints checkpoints) {
  // One thread owns a connection, so it needs no mutex of its own: SQLite would take it for each
  // column that is read, a fifth of what latest() of 10,000 points takes.
  auto database = std::make_unique<SQLite::Database>(
      options.sqlite_path, SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX,
      static_cast<int>(options.busy_timeout.count()));
  configure(*database, checkpoints);
  return database;
}

Result<std::unique_ptr<SQLite::Database>> open_existing(const DatabaseOptions& options,
                                                        Checkpoints checkpoints) {
  const std::string& path = options.sqlite_path;
  const auto state = inspect_file(path);
  if (!state) return std::unexpected(state.error());
  if (*state != FileState::ours) {
    return fail(Errc::not_found,
                fmt::format("there is no database at {} yet: run `wattline init-db`", path));
  }
  return guarded(path, "open", [&]() -> Result<std::unique_ptr<SQLite::Database>> {
    auto database = connect(options, checkpoints);
    const int found = schema_version(*database);
    const int known = sqlite_migrations().back().version;
    if (found > known) {
      return fail(Errc::conflict,
                  fmt::format("the database {} has schema {}, this program knows {}: install the "
                              "version of Wattline that wrote it, or a newer one",
                              path, found, known));
    }
    if (found < known) {
      return fail(found == 0 ? Errc::not_found : Errc::conflict,
                  fmt::format("the database {} has schema {}, this program needs {}: run "
                              "`wattline init-db`; it keeps all data",
                              path, found, known));
    }
    return database;
  });
}

Error explain(const SQLite::Exception& exception, const std::string& path, std::string_view doing) {
  const std::string what = fmt::format("cannot {} the database {}", doing, path);
  switch (exception.getErrorCode()) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {Errc::unavailable, what +
                                     ": another process holds its lock. Close other programs "
                                     "that write to it (`fuser` shows them)"};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {Errc::corrupt,
              fmt::format("{}: the file is damaged ({}). `wattline db check` tells more. Stop "
                          "Wattline, keep a copy of the file and restore a backup with `wattline "
                          "restore`",
                          what, exception.what())};
    case SQLITE_FULL:
      return {Errc::unavailable, what + ": the disk is full. Free some space there"};
    case SQLITE_IOERR:
      return {Errc::unavailable,
              fmt::format("{}: the disk answered with an error ({}). Check the disk and the "
                          "system's log (`dmesg`)",
                          what, exception.what())};
    case SQLITE_CANTOPEN:
      // What SQLite says of a read-only directory: the files beside cannot be made.
      if (lacks_permission(path)) return no_permission(what, exception);
      return {Errc::unavailable,
              fmt::format("{}: it cannot be opened ({}). Check that its directory is there and "
                          "that the disk works",
                          what, exception.what())};
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return no_permission(what, exception);
    case SQLITE_CONSTRAINT:
      return {Errc::conflict, fmt::format("{}: {}", what, exception.what())};
    default:
      return {Errc::unavailable, fmt::format("{}: {}", what, exception.what())};
  }
}

}  // namespace wl::storage
