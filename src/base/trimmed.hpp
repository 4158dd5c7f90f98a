// A text without the blanks around it.
#pragma once

#include <string_view>

namespace wl {

/// Spaces and tabs, and what `blanks` names instead. A part of `text`: it lives as long.
constexpr std::string_view trimmed(std::string_view text, std::string_view blanks = " \t") {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace wl
