// A column of whole numbers in as few bits a number as its spread needs.
//
// Each number is an offset from the smallest or a step from the one before, whichever is smaller;
// the few that need more bits than the rest have their high bits apart. Against zstd: a block has
// 60 numbers a column, where tables of code lengths cost more than they save, and is rewritten
// each minute. Internal to the format.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace wl::storage::rollup {

inline constexpr std::size_t max_column_numbers = 255;

/// Appends `numbers`, signed ones as their two's complement. 1 to max_column_numbers of them.
void append_column(std::string& out, std::span<const std::uint64_t> numbers);

/// Reads from the front of bytes that have been checked against damage, and trusts none of them.
class ByteReader {
 public:
  /// `slack` bytes before `end` are readable but not content: a load of eight bytes may touch them.
  static constexpr std::size_t slack = 8;
  ByteReader(const char* begin, const char* end) : next_(begin), end_(end - slack) {}

  /// False: the bytes end too early or say what no writer writes; then stop.
  bool byte(std::uint8_t& value);
  bool varint(std::uint64_t& value);
  bool column(std::span<std::uint64_t> numbers);
  bool at_end() const { return next_ == end_; }
  std::size_t left() const { return static_cast<std::size_t>(end_ - next_); }
  /// The next `size` bytes; nullptr when there are fewer.
  const char* take(std::size_t size);

 private:
  bool bits(std::span<std::uint64_t> numbers, unsigned width, std::uint64_t base);
  bool patches(std::span<std::uint64_t> residuals, unsigned width, unsigned count);

  const char* next_;
  const char* end_;
};

/// 7 bits a byte, low ones first; 1 to 10 bytes.
void append_varint(std::string& out, std::uint64_t value);

}  // namespace wl::storage::rollup
