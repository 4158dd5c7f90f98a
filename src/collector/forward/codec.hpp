// Records as bytes for the spool: about six a sample. Pure.
//
//   u8 version · u32 points (PointNames::id) · varint-zigzag base time (Unix ms) · varint counts,
//   then samples, intervals, alarms and their journal (alarm_codec.hpp). A sample is a byte of
//   flags, the point and time as steps from the sample before, the status code when it is not good,
//   and its value: a decimal as a whole number of steps of 10^-n (storage/chunk/decimal_grid.hpp),
//   any other double as it is.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "collector/record.hpp"

namespace wl::collector {

/// Every bit pattern of every double and status code comes back as it was.
std::string encode_record(const Record& record, std::uint32_t points_id);

struct DecodedRecord {
  std::uint32_t points_id = 0;
  Record record;  ///< `seq` is 0: the spool knows it. Points are as they were when it was written.
};

/// `corrupt` for anything that encode_record does not write; never reads beyond `bytes`, and
/// allocates at most some forty times their size.
Result<DecodedRecord> decode_record(std::string_view bytes);

}  // namespace wl::collector
