#include "plc/lang/diagnostics/diagnostic.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "plc/lang/source/utf8.hpp"

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

/// Control characters and bytes of another encoding would spoil the terminal and the log.
std::string printable(std::string_view text) {
  const bool readable = is_utf8(text);
  std::string out(text);
  for (char& c : out) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < ' ' && c != '\t') || byte == 0x7F || (!readable && byte >= 0x80)) c = '?';
  }
  return out;
}

/// At most widest_line bytes, not cut inside of a character.
std::string_view cut(std::string_view line) {
  if (line.size() <= widest_line) return line;
  std::size_t end = widest_line;
  while (end > 0 && is_continuation(line[end])) --end;
  return line.substr(0, end);
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
  const std::string shown = printable(cut(line));
  const std::size_t end =
      std::max(start, std::min<std::size_t>(start + (span.end - span.begin), shown.size()));
  if (start > shown.size()) return {};
  const std::string_view marked = std::string_view(shown).substr(start, end - start);
  const std::size_t width = std::max<std::size_t>(1, blank_as_wide_as(marked).size());
  return fmt::format("    {}\n    {}^{}\n", shown,
                     blank_as_wide_as(std::string_view(shown).substr(0, start)),
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
