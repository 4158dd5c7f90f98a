// What the compiler tells the user. Each code has a page docs/diagnostics/P….md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plc/lang/diagnostics/code.hpp"
#include "plc/lang/source/source_set.hpp"
#include "plc/lang/source/span.hpp"

namespace wl::plc::lang {

enum class Severity : std::uint8_t { error, warning };

/// A second place that explains the first: `opened here`.
struct Note {
  Span span;  ///< line 0: no place.
  std::string text;
};

struct Diagnostic {
  Code code{};
  Severity severity = Severity::error;
  Span span;
  std::string message;  ///< One sentence without a full stop, naming things as the user wrote them.
  std::string hint;     ///< What to do; may be empty.
  std::vector<Note> notes;
};

/// `file:line:col: error P3001: message`, the source line, a caret, notes and the hint.
std::string render(const Diagnostic& diagnostic, const SourceSet& sources);

}  // namespace wl::plc::lang
