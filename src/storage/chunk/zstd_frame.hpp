// The one place that calls zstd: columns in, one frame out, and back.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace wl::storage::chunk {

/// Appends to `out` one frame of level 3 without a checksum of its own. `cuts` are ascending
/// places in `columns` where a new block starts: each plane then has its own table of code lengths,
/// and the noise of one does not cost the zeros of another. unavailable: out of memory.
Result<void> append_frame(std::string& out, std::string_view columns,
                          std::span<const std::size_t> cuts);

/// Fills `columns` exactly; corrupt if the frame says or holds anything else. Allocates nothing
/// that the frame decides.
Result<void> read_frame(std::string_view frame, std::span<char> columns);

}  // namespace wl::storage::chunk
