#include "web/api/token_scopes.hpp"

#include <algorithm>

namespace wl::web {
namespace {

std::string joined(std::uint32_t scopes, std::string_view separator) {
  std::string text;
  for (const auto& [scope, word] : token_scopes) {
    if (!has_scope(scopes, scope)) continue;
    if (!text.empty()) text += separator;
    text += word;
  }
  return text;
}

}  // namespace

std::optional<Scope> scope_from_word(std::string_view word) {
  for (const auto& [scope, known] : token_scopes)
    if (known == word) return scope;
  return std::nullopt;
}

std::string_view word_of(Scope scope) {
  for (const auto& [known, word] : token_scopes)
    if (known == scope) return word;
  return "none";
}

std::string scopes_text(std::uint32_t scopes) {
  return joined(scopes, " ");
}

std::uint32_t scopes_from_text(std::string_view text) {
  std::uint32_t scopes = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (const auto scope = scope_from_word(text.substr(0, end))) scopes |= scope_bit(*scope);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return scopes;
}

std::string known_scopes() {
  return joined(~0U, ", ");
}

}  // namespace wl::web
