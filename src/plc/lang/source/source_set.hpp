// The texts of one application.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "plc/lang/source/span.hpp"

namespace wl::plc::lang {

/// Limits of what is read; above them load_folder() refuses, and add() cuts nothing but the
/// compiler reports P1001.
inline constexpr std::size_t max_file_bytes = 8U << 20;
inline constexpr std::size_t max_files = 4096;

struct SourceFile {
  std::string name;  ///< Relative to the folder, `FB_Conveyor.st`; what diagnostics print.
  std::string text;
  bool standard = false;  ///< The embedded standard library.

  /// File name without folder and `.st`: the name of its global variable list.
  std::string stem() const;
};

/// Line and column for people: both 1-based, the column counts characters (UTF-8), not bytes.
struct LineColumn {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

/// Files in a fixed order. A value: copy and move freely.
class SourceSet {
 public:
  /// Returns the id of the new file.
  FileId add(std::string name, std::string text);
  FileId add(SourceFile file);

  const std::vector<SourceFile>& files() const { return files_; }
  const SourceFile& file(FileId id) const { return files_.at(id); }

  LineColumn line_column(Span span) const;
  /// The whole line on which the span begins, without its line end.
  std::string_view line_text(Span span) const;

 private:
  std::vector<SourceFile> files_;
};

/// All *.st files of the folder and its subfolders, sorted by path. `not_found` when there is no
/// such folder or no such file in it; `invalid_argument` above the limits.
Result<SourceSet> load_folder(const std::filesystem::path& folder);

}  // namespace wl::plc::lang
