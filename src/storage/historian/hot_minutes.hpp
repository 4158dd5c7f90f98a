// Closed minute buckets of an hour that is not folded yet.
//
// A row holds one minute of the points of a segment (hot_part.hpp). Its body is a list without
// order: u8 slot, u8 bytes, then the bucket as in a row of open buckets (rollup/bucket_codec.hpp),
// with a checksum of its own. A batch that closes more of the same minute appends to it.
//
// A bucket of the minute tier lies either here or in its block, never in both; where both have
// buckets of one hour, they are one series. Used in a transaction of the caller. Throws
// DatabaseError.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/historian/block_edits.hpp"
#include "storage/tables.hpp"

namespace wl::storage {

void put_minute(std::string& body, std::uint32_t slot, const Bucket& bucket);
/// All of one row with their slots. `corrupt` says what is wrong.
Result<std::vector<std::pair<std::uint32_t, Bucket>>> read_minute(const HotMinute& minute);
/// Those of one slot: none or one, more only in a damaged row.
Result<std::vector<Bucket>> read_minute(const HotMinute& minute, std::uint32_t slot);

/// Closed buckets of the minute tier, in any order.
void put_hot_minutes(Tables& tables, std::span<const ClosedBucket> closed);

/// Of one point, that start in [from, to), ascending.
std::vector<Bucket> hot_minutes_of(Tables& tables, PointRow row, Timestamp from, Timestamp to);
/// The newest of one point that starts before `end`.
std::optional<Bucket> hot_minute_before(Tables& tables, PointRow row, Timestamp end);

/// Moves them into their blocks.
void fold_hot_minutes(Tables& tables, const HotHour& hour);

}  // namespace wl::storage
