// One numbered step of a schema, embedded from schema/<engine>/ by embed_schema.cmake.
#pragma once

#include <string_view>

namespace wl::storage {

/// Numbers are 1, 2, 3 … without a hole; a released step is never edited.
struct Migration {
  int version;
  std::string_view name;
  std::string_view sql;
};

}  // namespace wl::storage
