// What the text of a literal means.
#pragma once

#include <cstdint>
#include <string>

#include "plc/lang/diagnostics/sink.hpp"
#include "plc/lang/lex/token.hpp"

namespace wl::plc::lang {

/// A literal as the grammar sees it. `prefix` is the written type (`INT#5` → "INT"), or empty.
struct LiteralText {
  std::string_view prefix;
  bool negative = false;      ///< `INT#-5`, `T#-5s`.
  std::uint64_t integer = 0;  ///< integer; boolean (0, 1); duration: nanoseconds.
  double real = 0;
  std::string text;  ///< string: decoded bytes.
};

/// Reports what is wrong with the literal (P1005 … P1008) and goes on with a neutral value.
LiteralText read_literal(const Token& token, DiagnosticSink& sink);

}  // namespace wl::plc::lang
