// A text file, line by line, however large it is.
#pragma once

#include <optional>
#include <string>

#include "base/open_file.hpp"

namespace wl::storage {

/// Memory: one part of the file and one line, at most longest_line.
class LineFile {
 public:
  static constexpr std::size_t longest_line = 1u << 16;

  static Result<LineFile> open(const std::filesystem::path& path);

  /// Without its end; nothing at the end of the file. Holds until the next call.
  /// `invalid_argument` names file and line of one that is too long.
  Result<std::optional<std::string_view>> next();

  std::uint64_t number() const { return number_; }  ///< Of the newest line, from 1.
  std::uint64_t offset() const { return start_ + used_; }
  std::uint64_t size() const { return size_; }

 private:
  LineFile(OpenFile file, std::uint64_t size) : file_(std::move(file)), size_(size) {}

  OpenFile file_;
  std::uint64_t size_;
  std::string buffer_;  // Of the file from start_ on.
  std::uint64_t start_ = 0;
  std::size_t used_ = 0;
  std::uint64_t number_ = 0;
};

}  // namespace wl::storage
