// What an API token is for: the words of Scope.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "web/http/router.hpp"

namespace wl::web {

/// Those that a token can have, with their words.
inline constexpr std::array<std::pair<Scope, std::string_view>, 5> token_scopes{
    {{Scope::read, "read"},
     {Scope::alarms, "alarms"},
     {Scope::thresholds, "thresholds"},
     {Scope::commands, "commands"},
     {Scope::maintenance, "maintenance"}}};

/// A set of scopes, as SignedIn holds it.
constexpr std::uint32_t scope_bit(Scope scope) {
  return 1U << static_cast<unsigned>(scope);
}
constexpr bool has_scope(std::uint32_t scopes, Scope scope) {
  return scope != Scope::none && (scopes & scope_bit(scope)) != 0;
}

/// Nothing for a word that is no scope, and for `none`.
std::optional<Scope> scope_from_word(std::string_view word);
std::string_view word_of(Scope scope);

/// `read alarms` and back; unknown words are left out.
std::string scopes_text(std::uint32_t scopes);
std::uint32_t scopes_from_text(std::string_view text);

/// `read, alarms, thresholds, commands, maintenance`
std::string known_scopes();

}  // namespace wl::web
