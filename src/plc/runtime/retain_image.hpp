// The bytes of one retain image: VAR RETAIN and PERSISTENT with their names, types and a checksum.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "plc/codegen/native_program.hpp"

namespace wl::plc {

/// Builds images of one program's retain variables. Little-endian layout:
///
///     0  char[8]  "WLRETAIN"          16  u64  layout hash
///     8  u32      format version (1)  24  u64  sequence: the newest image has the highest
///    12  u32      payload length      32  payload
///   end  u32      CRC-32C of all before
///
///   payload: u32 count, then for each variable u16 path length, u8 IecType, u8 0, u32 size, path;
///   then the values in the same order, without padding.
///
/// Paths and types travel with the values, so that a changed program keeps its counters. All
/// lengths are 32 bit. The buffer is made once; capture() and seal() allocate nothing.
class RetainImage {
 public:
  explicit RetainImage(std::span<const Symbol> symbols);

  /// Copies the retain variables out of the state; false when none has changed since the last
  /// capture (the first one always counts as a change).
  bool capture(std::span<const std::byte> state);

  /// Numbers the image and computes its checksum. The bytes are valid until the next capture.
  std::span<const std::byte> seal(std::uint64_t sequence);

  std::size_t size() const { return bytes_.size(); }
  std::uint64_t layout_hash() const { return layout_hash_; }

 private:
  struct Piece {
    std::uint32_t state_offset;
    std::uint32_t image_offset;
    std::uint32_t size;
  };

  std::vector<Piece> pieces_;
  std::vector<std::byte> bytes_;
  std::uint64_t layout_hash_ = 0;
  bool captured_ = false;
};

/// One variable of a stored image. `value` points into the bytes that were parsed.
struct RetainedValue {
  std::string path;
  IecType type{};
  std::span<const std::byte> value;
};

struct ParsedRetain {
  std::uint64_t layout_hash = 0;
  std::uint64_t sequence = 0;
  std::vector<RetainedValue> values;
};

/// Checks and reads an image. `not_found` for a blank file (empty or zeros: made, never written),
/// `corrupt` with the reason for anything else that is not a whole image. Bytes behind the image
/// (of an older, longer one) are ignored. Never reads outside `bytes`, whatever they hold.
Result<ParsedRetain> parse_retain(std::span<const std::byte> bytes);

/// What became of stored and present variables, by path.
struct RestoreReport {
  std::vector<std::string> kept;
  std::vector<std::string> dropped;  ///< Stored, but no longer there or of another type.
  std::vector<std::string> added;    ///< Retain now, not stored: they have their initial value.
};

/// Copies values into the state by path (without case) and type. A STRING whose length changed is
/// kept, cut to the new length.
RestoreReport apply_retain(const ParsedRetain& stored, std::span<const Symbol> symbols,
                           std::span<std::byte> state);

}  // namespace wl::plc
