// The renames that put a restored installation into place, written down before the first of them.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "base/result.hpp"

namespace wl::storage {

/// `staged` and `aside` lie beside `target`, so that each rename is one step on one file system.
struct Exchange {
  std::filesystem::path staged;
  std::filesystem::path target;
  std::filesystem::path aside;
};

struct ExchangePlan {
  std::vector<Exchange> exchanges;
  std::filesystem::path mysql_dump;  ///< To be loaded, then removed; empty: none.
};

std::filesystem::path plan_path(const std::filesystem::path& root);

/// On return the plan survives a power cut.
Result<void> write_plan(const std::filesystem::path& root, const ExchangePlan& plan);
/// Nothing when there is no plan; `corrupt` names the file and the next step.
Result<std::optional<ExchangePlan>> read_plan(const std::filesystem::path& root);

/// Does what is left of one exchange: it may be killed and called again at any point. A database's
/// -wal and -shm files go aside with it, before the new one comes: SQLite would apply an old log to
/// a new file.
Result<void> exchange(const Exchange& step);

}  // namespace wl::storage
