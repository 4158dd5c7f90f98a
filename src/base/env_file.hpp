// Reads a .env file into lines that remember where they stand. Knows no key.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace wl {

struct EnvLine {
  std::string key;
  std::string value;  ///< Quotes and trailing comment removed.
  int line = 0;       ///< 1-based.
};

/// KEY=value lines; `#` comments, blank lines, `export KEY=…`, 'single' and "double" quotes.
/// A ` #` after an unquoted value starts a comment. Fails with `name:line: reason`.
Result<std::vector<EnvLine>> parse_env(std::string_view text, std::string_view name);

}  // namespace wl
