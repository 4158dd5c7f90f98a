#include "plc/lang/diagnostics/diagnostic.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace wl::plc::lang {
namespace {

constexpr std::size_t widest_line = 160;  ///< Bytes of a source line that are printed.

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// Columns on a terminal: CJK characters take two, so that the caret stands where it should.
std::string blank_as_wide_as(std::string_view text) {
  std::string blank;
  for (const char c : text) {
    if (c == '\t') {
      blank += '\t';
    } else if (!is_continuation(c)) {
      blank += static_cast<unsigned char>(c) >= 0xE3 ? "  " : " ";
    }
  }
  return blank;
}

std::string place(Span span, const SourceSet& sources) {
  const LineColumn at = sources.line_column(span);
  return fmt::format("{}:{}:{}", sources.file(span.file).name, at.line, at.column);
}

/// The source line and, below it, `^~~~` under the span.
std::string excerpt(Span span, const SourceSet& sources) {
  const std::string_view line = sources.line_text(span);
  const std::string& text = sources.file(span.file).text;
  const std::size_t start = span.begin - static_cast<std::size_t>(line.data() - text.data());
  if (start > widest_line || start > line.size()) return {};
  const std::string_view shown = line.substr(0, widest_line);
  const std::size_t end = std::min<std::size_t>(start + (span.end - span.begin), shown.size());
  const std::string_view marked = shown.substr(std::min(start, shown.size()), end - start);
  const std::size_t width = std::max<std::size_t>(1, blank_as_wide_as(marked).size());
  return fmt::format("    {}\n    {}^{}\n", shown, blank_as_wide_as(shown.substr(0, start)),
                     std::string(width - 1, '~'));
}

}  // namespace

std::string render(const Diagnostic& diagnostic, const SourceSet& sources) {
  const char* severity = diagnostic.severity == Severity::error ? "error" : "warning";
  std::string out;
  if (diagnostic.span.line != 0) out += place(diagnostic.span, sources) + ": ";
  out += fmt::format("{} {}: {}\n", severity, text_of(diagnostic.code), diagnostic.message);
  if (diagnostic.span.line != 0) out += excerpt(diagnostic.span, sources);
  for (const Note& note : diagnostic.notes) {
    if (note.span.line != 0) out += place(note.span, sources) + ": ";
    out += fmt::format("note: {}\n", note.text);
  }
  if (!diagnostic.hint.empty()) out += fmt::format("  hint: {}\n", diagnostic.hint);
  return out;
}

}  // namespace wl::plc::lang
