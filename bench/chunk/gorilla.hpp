// A peer of the chunk format: the bit stream of Gorilla (Pelkonen et al., VLDB 2015, section 4.1),
// delta-of-delta times and XOR values, without an entropy coder. Good samples only, no checksum.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/sample.hpp"

namespace wl::bench {

std::string gorilla_encode(std::span<const Sample> samples);

/// Trusts its input, as the paper's format has nothing to check it with.
std::vector<Sample> gorilla_decode(std::string_view bytes, PointId point);

}  // namespace wl::bench
