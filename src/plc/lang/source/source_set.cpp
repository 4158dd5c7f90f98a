#include "plc/lang/source/source_set.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/durable_file.hpp"

namespace wl::plc::lang {
namespace {

bool has_st_extension(const std::filesystem::path& path) {
  const std::string extension = path.extension().string();
  return extension == ".st" || extension == ".ST";
}

Result<std::vector<std::filesystem::path>> st_files_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> found;
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    if (it->is_regular_file(error) && has_st_extension(it->path())) found.push_back(it->path());
    if (found.size() > max_files) {
      return fail(Errc::invalid_argument,
                  fmt::format("{}: more than {} .st files", folder.string(), max_files));
    }
  }
  if (error) {
    return fail(Errc::not_found,
                fmt::format("cannot read the folder {}: {}", folder.string(), error.message()));
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace

std::string SourceFile::stem() const {
  return std::filesystem::path(name).stem().string();
}

FileId SourceSet::add(std::string name, std::string text) {
  return add(SourceFile{.name = std::move(name), .text = std::move(text)});
}

FileId SourceSet::add(SourceFile file) {
  files_.push_back(std::move(file));
  return static_cast<FileId>(files_.size() - 1);
}

std::string_view SourceSet::line_text(Span span) const {
  const std::string_view text = file(span.file).text;
  const std::size_t at = std::min<std::size_t>(span.begin, text.size());
  const std::size_t before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  const std::size_t start = before == std::string_view::npos ? 0 : before + 1;
  std::size_t end = text.find('\n', at);
  if (end == std::string_view::npos) end = text.size();
  if (end > start && text[end - 1] == '\r') --end;
  return text.substr(start, end - start);
}

LineColumn SourceSet::line_column(Span span) const {
  const std::string_view text = file(span.file).text;
  const std::size_t at = std::min<std::size_t>(span.begin, text.size());
  const std::string_view line = line_text(span);
  const std::string_view before(line.data(), text.data() + at - line.data());
  const auto characters = std::ranges::count_if(
      before, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
  return {.line = span.line, .column = static_cast<std::uint32_t>(characters) + 1};
}

Result<SourceSet> load_folder(const std::filesystem::path& folder) {
  const auto paths = st_files_in(folder);
  if (!paths) return std::unexpected(paths.error());
  if (paths->empty()) {
    return fail(Errc::not_found,
                fmt::format("no .st file in {}: put the PLC program there", folder.string()));
  }
  SourceSet sources;
  for (const std::filesystem::path& path : *paths) {
    Result<std::string> text = read_file(path, max_file_bytes);
    if (!text) return std::unexpected(text.error());
    sources.add(path.lexically_relative(folder).generic_string(), std::move(*text));
  }
  return sources;
}

}  // namespace wl::plc::lang
