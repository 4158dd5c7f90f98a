// One hour of one point as the body of a ChunkRow: a chunk, or several one after the other.
//
// A chunk holds max_chunk_samples at most. An hour with more than that (a point that changes more
// than a hundred times a second) is cut into chunks of ascending times in the same row.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/chunk/chunk.hpp"
#include "storage/tables.hpp"

namespace wl::storage {

/// `samples`: of one point and hour, strictly ascending, one or more.
Result<std::string> encode_hour(std::span<const Sample> samples);

/// The chunks that a body is made of, in order. Errors as of decode_chunk.
Result<std::vector<std::string_view>> chunks_in(std::string_view body);

/// The samples of a body, ascending. Errors as of decode_chunk.
Result<std::vector<Sample>> decode_hour(std::string_view body, PointId point);

/// Appends later records of one point's hour to earlier ones and puts them in order: strictly
/// ascending, and of equal times the one that was recorded last stays.
void put_in_order(std::vector<Sample>& samples);

}  // namespace wl::storage
