// Samples as they lie in memory, 32 bytes each: what a queue without a codec writes.
#pragma once

#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "model/sample.hpp"

namespace wl::bench {

static_assert(std::is_trivially_copyable_v<Sample>);

inline std::string packed(std::span<const Sample> samples) {
  return {reinterpret_cast<const char*>(samples.data()), samples.size_bytes()};
}

inline void unpack(std::string_view bytes, std::vector<Sample>& into) {
  into.resize(bytes.size() / sizeof(Sample));
  std::memcpy(into.data(), bytes.data(), into.size() * sizeof(Sample));
}

}  // namespace wl::bench
