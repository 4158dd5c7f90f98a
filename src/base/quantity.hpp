// Numbers with units as people write them in configuration: 500ms, 2h, 64MB, True.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "base/result.hpp"

namespace wl {

/// `500ms`, `3s`, `5min`, `2h`, `7d`; a bare number counts in `bare_unit`. Never negative.
Result<std::chrono::milliseconds> parse_duration(std::string_view text,
                                                 std::chrono::milliseconds bare_unit);

/// `64MB`, `10 kB`, `1GiB`; a bare number counts in `bare_unit` bytes. kB is 1000, KiB is 1024.
Result<std::uint64_t> parse_bytes(std::string_view text, std::uint64_t bare_unit);

/// true/false, yes/no, on/off, 1/0, in any case.
Result<bool> parse_bool(std::string_view text);

/// A whole number in [low, high].
Result<std::int64_t> parse_integer(std::string_view text, std::int64_t low, std::int64_t high);

}  // namespace wl
