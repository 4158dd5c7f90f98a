// Structured Text does not know capitals: identifiers and keywords compare in ASCII without case.
#pragma once

#include <string>
#include <string_view>

namespace wl::plc::lang {

inline char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

/// The form under which names are kept in maps.
inline std::string fold_case(std::string_view text) {
  std::string folded(text);
  for (char& c : folded) c = upper(c);
  return folded;
}

inline bool same_word(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (upper(a[i]) != upper(b[i])) return false;
  }
  return true;
}

}  // namespace wl::plc::lang
