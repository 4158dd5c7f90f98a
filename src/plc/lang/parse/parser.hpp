// Second step: words → tree, for one file.
#pragma once

#include "plc/lang/diagnostics/sink.hpp"
#include "plc/lang/lex/token.hpp"
#include "plc/lang/parse/ast.hpp"

namespace wl::plc::lang {

/// Deepest nesting of statements, and highest tree of one expression; above it P2008. It bounds
/// the stack that every later step needs.
inline constexpr std::uint16_t max_depth = 256;

/// Parses one file. Never fails: a broken statement or declaration is reported once and left out,
/// parsing goes on behind it. Always terminates, in linear time.
ast::Unit parse(const Tokens& tokens, FileId file, DiagnosticSink& sink);

}  // namespace wl::plc::lang
