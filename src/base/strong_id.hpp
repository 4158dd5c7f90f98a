// Ids are types: two plain integers side by side get swapped sooner or later.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace wl {

/// An index that cannot be mixed up with another. `struct PointIdTag; using PointId = StrongId<…>`.
template <class Tag>
struct StrongId {
  std::uint32_t value = 0;
  auto operator<=>(const StrongId&) const = default;
};

}  // namespace wl

template <class Tag>
struct std::hash<wl::StrongId<Tag>> {
  std::size_t operator()(wl::StrongId<Tag> id) const noexcept { return id.value; }
};
