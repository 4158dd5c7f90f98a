// The numbered schema steps of the SQLite backend, embedded from schema/sqlite/.
#pragma once

#include <span>
#include <string_view>

namespace wl::storage {

/// One step. Numbers are 1, 2, 3 … without a hole; a released step is never edited.
struct Migration {
  int version;
  std::string_view name;
  std::string_view sql;
};

std::span<const Migration> sqlite_migrations();

}  // namespace wl::storage
