#include "storage/chunk/byte_planes.hpp"

#include <algorithm>

namespace wl::storage::chunk {
namespace {

template <unsigned Width>
void join(const unsigned char* plane, std::size_t count, std::span<std::uint64_t> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::uint64_t residual = 0;
    for (unsigned byte = 0; byte < Width; ++byte)
      residual |= std::uint64_t{plane[byte * count + i]} << (8 * byte);
    out[i] = residual;
  }
}

}  // namespace

std::uint8_t byte_width(std::span<const std::uint64_t> residuals) {
  std::uint64_t all = 0;
  for (const std::uint64_t residual : residuals) all |= residual;
  return static_cast<std::uint8_t>((std::bit_width(all) + 7) / 8);
}

void append_planes(std::string& out, std::span<const std::uint64_t> residuals, std::uint8_t width) {
  const std::size_t start = out.size();
  out.resize(start + residuals.size() * width);
  char* to = out.data() + start;
  for (unsigned byte = 0; byte < width; ++byte)
    for (const std::uint64_t residual : residuals)
      *to++ = static_cast<char>(residual >> (8 * byte));
}

void join_planes(std::string_view planes, std::size_t count, std::size_t from,
                 std::span<std::uint64_t> out) {
  if (planes.empty()) {
    std::ranges::fill(out, 0);
    return;
  }
  const auto* plane = reinterpret_cast<const unsigned char*>(planes.data()) + from;
  switch (planes.size() / count) {
    case 1:
      return join<1>(plane, count, out);
    case 2:
      return join<2>(plane, count, out);
    case 3:
      return join<3>(plane, count, out);
    case 4:
      return join<4>(plane, count, out);
    case 5:
      return join<5>(plane, count, out);
    case 6:
      return join<6>(plane, count, out);
    case 7:
      return join<7>(plane, count, out);
    default:
      return join<8>(plane, count, out);
  }
}

}  // namespace wl::storage::chunk
