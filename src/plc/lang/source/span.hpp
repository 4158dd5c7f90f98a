// Where a piece of Structured Text stands.
#pragma once

#include <cstdint>

namespace wl::plc::lang {

/// Index of a file in its SourceSet and in CheckedProgram::files.
using FileId = std::uint32_t;

/// A half-open range of bytes of one file: [begin, end). Columns are counted when printed.
struct Span {
  FileId file = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint32_t line = 0;  ///< 1-based line of `begin`; 0: belongs to no text.
};

/// The range from the begin of `first` to the end of `last`, which must be of the same file.
inline Span join(Span first, Span last) {
  first.end = last.end > first.end ? last.end : first.end;
  return first;
}

}  // namespace wl::plc::lang
