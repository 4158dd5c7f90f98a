// The header of a chunk, byte by byte, and the sizes that follow from it. Internal to the format,
// its fuzzer and its tests.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "storage/chunk/chunk.hpp"

namespace wl::storage::chunk {

inline constexpr std::string_view magic = "WLCK";
inline constexpr std::uint8_t format_version = 1;

/// How a value column becomes numbers near zero. The residuals are 64 bit wide, modulo 2^64.
enum class ValueCoding : std::uint8_t {
  exclusive_or = 0,  ///< Bits of a double XOR bits of the one before.
  offset = 1,        ///< Grid number minus the base; zigzag. For noise around a level.
  delta = 2,         ///< Grid number minus the one before; zigzag. For counters and ramps.
};

/// Values that are decimals are whole numbers of steps of 10^-decimals. A REAL of the PLC with
/// three decimals is no such double, but its float is the one nearest to such a number.
struct Grid {
  std::uint8_t decimals = 0;  ///< 0 to max_decimals.
  bool narrow = false;        ///< The value is rounded to float.

  bool operator==(const Grid&) const = default;
};
inline constexpr std::uint8_t max_decimals = 9;

/// The fields in their order on disk. Bytes 0 to 3 are the magic, byte 4 the format version; these
/// and the checksum at 100 keep their places in every later version.
struct Header {
  ValueCoding coding{};          ///<  5 u8
  Grid grid;                     ///<  6 u8 decimals, 7 u8 narrow
  std::uint8_t time_width = 0;   ///<  8 u8   Bytes a time residual, 0 to 8.
  std::uint8_t value_width = 0;  ///<  9 u8   Bytes a value residual, 0 to 8; 10 u16 is 0.
  std::uint32_t count = 0;       ///< 12
  std::uint32_t usable = 0;      ///< 16
  std::uint32_t runs = 0;        ///< 20      Quality runs, 1 to count.
  std::uint32_t patches = 0;     ///< 24      Values off the grid, kept whole; 0 to count.
  std::uint32_t frame_size = 0;  ///< 28      Compressed bytes after the header.
  std::uint32_t frame_crc = 0;   ///< 32      CRC-32C of these.
  std::int64_t first_time = 0;   ///< 36      Unix ms, UTC.
  std::int64_t last_time = 0;    ///< 44
  std::uint64_t base = 0;        ///< 52      Grid number, or bits of a double, before the first.
  double min = 0;                ///< 60
  double max = 0;                ///< 68
  double sum = 0;                ///< 76
  double first = 0;              ///< 84
  double last = 0;               ///< 92      100 u32: CRC-32C of bytes 0 to 99.
};

/// Bytes of the columns after decompression: runs (lengths, then status codes; u32 each), patches
/// (indexes u32, then doubles), planes of the time residuals, planes of the value residuals.
/// At most 36 bytes a sample, so it never overflows.
std::size_t columns_size(const Header& header);

/// chunk_header_bytes long, with magic, version and checksum.
std::string write_header(const Header& header);

/// Checks all that the header alone can tell. Errors as of decode_chunk.
Result<Header> read_header(std::string_view chunk);

/// CRC-32C of text.
std::uint32_t checksum(std::string_view bytes);

/// The step of evenly spaced samples, and the guess for the first step of others. Modulo 2^64.
std::uint64_t mean_step(const Header& header);

}  // namespace wl::storage::chunk
