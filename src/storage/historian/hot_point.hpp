// The samples of one point inside a hot part, as bytes. Internal to the format; see hot_part.hpp.
//
// Version 2, little-endian: u8 scale; varint ms from the hour to the first sample; varint step in
// ms that all samples keep, or 0 and then a varint for each step; quality runs (varint length, u32
// code) unless all are good; values. Scale: 15 for whole doubles, else the decimals, and 16 more
// when they are rounded to float (chunk/decimal_grid.hpp): then each value is a varint, the change
// of its grid number, zigzag. So a decimal takes two bytes and not eight.
//
// Version 1, which is still read: varint ms to the first sample and a varint for each step; quality
// runs; doubles.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "model/sample.hpp"

namespace wl::storage {

struct HotPointForm {
  std::uint8_t version = 2;
  bool all_good = false;  ///< No quality runs.
};

/// `samples` ascend strictly inside the hour. Writes version 2.
void put_hot_point(std::string& out, Timestamp hour, std::span<const Sample> samples,
                   bool all_good);

/// Fills in time, quality and value of as many samples as the part says. What is wrong, or nothing.
/// Quality must be preset to good.
std::string_view read_hot_point(std::string_view bytes, HotPointForm form, Timestamp hour,
                                std::span<Sample> samples);

}  // namespace wl::storage
