// Residuals as byte planes: all lowest bytes, then all second bytes, and so on.
//
// Residuals are small, so the high planes are nearly all zero and vanish in zstd, while the low one
// keeps a byte alphabet of its own. Against varints: no branch a sample, and loops that vectorise.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace wl::storage::chunk {

/// Small numbers of either sign become small unsigned ones: 0, -1, 1, -2, 2 …
constexpr std::uint64_t zigzag(std::uint64_t number) {
  return (number << 1) ^ (0 - (number >> 63));
}
constexpr std::uint64_t unzigzag(std::uint64_t coded) {
  return (coded >> 1) ^ (0 - (coded & 1));
}

/// Bytes that the largest residual needs, 0 to 8.
std::uint8_t byte_width(std::span<const std::uint64_t> residuals);

/// Appends `width` planes of residuals.size() bytes each.
void append_planes(std::string& out, std::span<const std::uint64_t> residuals, std::uint8_t width);

/// Joins residuals `from` to `from + out.size()` of planes of `count` bytes each.
/// Precondition: planes.size() == width * count, width <= 8, from + out.size() <= count.
void join_planes(std::string_view planes, std::size_t count, std::size_t from,
                 std::span<std::uint64_t> out);

}  // namespace wl::storage::chunk
