// "Did you mean …?" for configuration keys, tags and identifiers.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace wl {

/// The candidate with the smallest edit distance to `word`, compared without case; nothing when
/// even the best differs in more than a third of its letters. Cost O(|word| · Σ|candidate|).
std::optional<std::string> nearest(std::string_view word,
                                   std::span<const std::string_view> candidates);

}  // namespace wl
