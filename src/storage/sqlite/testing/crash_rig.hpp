// For tests: a prepared database on a CrashDisk.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "base/durable_file.hpp"
#include "storage/sqlite/sqlite_tables.hpp"
#include "storage/sqlite/testing/crash_vfs.hpp"
#include "storage/sqlite/testing/crash_work.hpp"

namespace wl::storage {

/// Names and bytes of files.
using DiskImage = std::map<std::string, std::string>;

/// The bytes of a database that migrate() made; made once.
inline const std::string& prepared_database() {
  static const std::string bytes = [] {
    std::string pattern = (std::filesystem::temp_directory_path() / "wl-image-XXXXXX").string();
    const std::filesystem::path directory = ::mkdtemp(pattern.data());
    const std::string path = (directory / "image.db").string();
    EXPECT_TRUE(migrate({.sqlite_path = path}));
    std::string content = read_file(path, 1u << 24).value_or("");
    std::filesystem::remove_all(directory);
    return content;
  }();
  return bytes;
}

/// One computer with one disk and the file `path` on it, with what lies beside it.
class CrashRig {
 public:
  static constexpr const char* path = "wattline.db";

  explicit CrashRig(std::uint64_t seed) : CrashRig(seed, {{path, prepared_database()}}) {}
  CrashRig(std::uint64_t seed, const DiskImage& image) : disk(seed), vfs(disk) {
    for (const auto& [name, content] : image) disk.put(name, content);
  }

  std::unique_ptr<SQLite::Database> connect() {
    work.on_open();
    auto database =
        std::make_unique<SQLite::Database>(path, SQLite::OPEN_READWRITE, 1000, vfs.name().c_str());
    work.watch(database->getHandle());
    configure(*database, Checkpoints::by_this_connection);
    return database;
  }
  /// Throws SQLite::Exception or DatabaseError.
  std::unique_ptr<Tables> open() {
    return sqlite_tables_on(connect(), path, Checkpoints::by_this_connection);
  }

  CrashDisk disk;
  CrashVfs vfs;
  CrashWork work;  ///< Of the newest connection.
};

}  // namespace wl::storage
