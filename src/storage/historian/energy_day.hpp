// The 96 quarter hours of one device and UTC day as one body: a year is read as 365 of them.
//
// Version 1: u8 version; 12 bytes, a bit a quarter hour that is known; for each of these u8 flags
// (method, bit 2 uncertain, bit 3 seen from end to end), varint zigzag milli-Wh, varint covered ms
// unless seen wholly; u32 CRC-32C of all before.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "storage/tables.hpp"

namespace wl::storage {

inline constexpr Milliseconds one_day = std::chrono::hours{24};

struct EnergyQuarter {
  std::int64_t milli_wh = 0;
  EnergyMethod method = EnergyMethod::counter;
  std::int32_t covered_ms = 0;  ///< 0 to 900,000.
  bool uncertain = false;

  bool operator==(const EnergyQuarter&) const = default;
};

using EnergyDay = std::array<std::optional<EnergyQuarter>, 96>;

std::string encode_energy_day(const EnergyDay& day);
/// `corrupt` says what is wrong; `conflict` that a newer program wrote it.
Result<EnergyDay> decode_energy_day(std::string_view body);

}  // namespace wl::storage
