// The one server of a test program, and a fresh database of it for each test.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "storage/mysql/mysql.hpp"
#include "storage/mysql/testing/mariadb_server.hpp"

namespace wl::storage::mysql {

/// Started at the first use, ended with the program.
MariadbServer& shared_server();

/// A new database, empty or with the newest schema; dropped at the end.
class ScratchSchema {
 public:
  enum class Content { empty, tables };
  explicit ScratchSchema(Content content = Content::tables);
  ~ScratchSchema();
  ScratchSchema(const ScratchSchema&) = delete;
  ScratchSchema& operator=(const ScratchSchema&) = delete;

  const DatabaseOptions& options() const { return options_; }
  const std::string& name() const { return options_.mysql->database; }
  /// In this database, as the administrator.
  void sql(const std::string& statement) const;
  std::string ask(const std::string& query) const;

 private:
  DatabaseOptions options_;
};

}  // namespace wl::storage::mysql
