// For tests: an empty SQLite database in a directory of its own, as one of the engines.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <string>

#include "storage/sqlite/sqlite_tables.hpp"
#include "storage/testing/tables_contract.hpp"

namespace wl::storage {

class ScratchSqlite : public TestEngine {
 public:
  ScratchSqlite() {
    std::string pattern = (std::filesystem::temp_directory_path() / "wl-engine-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
    options_.sqlite_path = (directory_ / "wattline.db").string();
    EXPECT_TRUE(migrate(options_));
  }
  ~ScratchSqlite() override { std::filesystem::remove_all(directory_); }

  std::unique_ptr<Tables> open() override {
    return open_sqlite_tables(options_, Checkpoints::by_this_connection);
  }

 private:
  std::filesystem::path directory_;
  DatabaseOptions options_;
};

inline std::unique_ptr<TestEngine> make_scratch_sqlite() {
  return std::make_unique<ScratchSqlite>();
}

}  // namespace wl::storage
