#include "plc/lang/compile.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "plc/lang/check/checker.hpp"
#include "plc/lang/lex/lexer.hpp"
#include "plc/lang/parse/parser.hpp"
#include "plc/lang/stdlib/standard_library.hpp"

namespace wl::plc::lang {
namespace {

bool is_error(const Diagnostic& d) {
  return d.severity == Severity::error;
}

std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}\n", count, what, count == 1 ? "" : "s");
}

}  // namespace

bool Compilation::ok() const {
  return std::ranges::none_of(diagnostics, is_error);
}

Compilation compile_sources(SourceSet sources) {
  Compilation result;
  sources.add(standard_library());
  result.sources = std::move(sources);
  DiagnosticSink sink;
  std::vector<ast::Unit> units;
  const std::vector<SourceFile>& files = result.sources.files();
  for (FileId id = 0; id < files.size(); ++id) {
    units.push_back(parse(lex(files[id], id, sink), id, sink));
  }
  bool unread = false;  // a file was given up: its names are missing, so more would be noise
  for (const Diagnostic& d : sink.list()) {
    unread = unread || d.code == Code::nesting_too_deep || d.code == Code::file_too_large ||
             d.code == Code::not_utf8;
  }
  if (!unread) result.program = Checker(result.sources, units, sink).run();
  result.diagnostics = sink.take();
  std::ranges::stable_sort(result.diagnostics, [](const Diagnostic& a, const Diagnostic& b) {
    return std::pair(a.span.file, a.span.begin) < std::pair(b.span.file, b.span.begin);
  });
  return result;
}

std::string render_all(const Compilation& compilation, std::size_t limit) {
  std::string out;
  std::size_t shown = 0;
  for (const Diagnostic& d : compilation.diagnostics) {
    if (shown++ == limit) break;
    out += render(d, compilation.sources);
  }
  const std::size_t count = compilation.diagnostics.size();
  if (count > limit) out += fmt::format("… and {} more\n", count - limit);
  const auto errors =
      static_cast<std::size_t>(std::ranges::count_if(compilation.diagnostics, is_error));
  if (errors > 0) out += counted(errors, "error");
  if (count > errors) out += counted(count - errors, "warning");
  return out;
}

}  // namespace wl::plc::lang
