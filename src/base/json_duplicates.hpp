// Finds keys that stand twice in one object: a JSON reader silently takes the last.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wl {

struct DuplicateKey {
  int line = 0;         ///< Of the second one; from 1.
  int first_line = 0;   ///< Of the first one.
  std::string pointer;  ///< `/devices/0/name`
};

/// In file order. `json` is known to be well-formed; comments and trailing commas are accepted.
std::vector<DuplicateKey> duplicate_keys(std::string_view json);

}  // namespace wl
