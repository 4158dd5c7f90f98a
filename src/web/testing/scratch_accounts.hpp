// For tests: an account desk on a database that can go away and come back.
#pragma once

#include <stdlib.h>

#include <atomic>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "storage/store.hpp"
#include "web/api/session_directory.hpp"
#include "web/testing/hand_loop.hpp"

namespace wl::web::testing {

/// An empty SQLite database.
class ScratchAccounts {
 public:
  ScratchAccounts() {
    std::string name = (std::filesystem::temp_directory_path() / "wl-desk-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    directory_ = name;
    options_.sqlite_path = (directory_ / "wattline.db").string();
    if (!storage::migrate(options_)) throw std::runtime_error("no database");
  }
  ~ScratchAccounts() { std::filesystem::remove_all(directory_); }
  ScratchAccounts(const ScratchAccounts&) = delete;
  ScratchAccounts& operator=(const ScratchAccounts&) = delete;

  std::unique_ptr<storage::AccountStore> open() const {
    return std::move(*storage::open_account_store(options_));
  }
  /// Until the desk has reached it once, every job fails.
  void set_away(bool away) { away_ = away; }

  HandLoop loop;

 private:
  /// Passes on, unless the database is away.
  Result<std::unique_ptr<storage::AccountStore>> reach() const {
    if (away_) return fail(Errc::unavailable, "the database is away");
    return storage::open_account_store(options_);
  }

  std::filesystem::path directory_;
  storage::DatabaseOptions options_;
  std::atomic<bool> away_ = false;

 public:
  AccountDesk desk{[this] { return reach(); }, loop.post(), 64};
};

}  // namespace wl::web::testing
