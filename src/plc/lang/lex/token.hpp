// Words of Structured Text.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "plc/lang/source/span.hpp"

namespace wl::plc::lang {

enum class Tok : std::uint8_t {
  end,
  identifier,
  integer,   ///< `12`, `16#FF`, also with a type: `INT#5`, `WORD#16#FF`, `BOOL#1`.
  real,      ///< `1.5`, `1E3`, `REAL#1.5`.
  boolean,   ///< `TRUE`, `FALSE`, `BOOL#TRUE`.
  duration,  ///< `T#1s`, `LTIME#5us`.
  string,    ///< `'…'` with its quotes.
  location,  ///< `%QX0.0`.
  foreign,   ///< Of the language but not supported yet: `DATE#…`, `"wide"`. Already reported.
#define WL_KEYWORD(word) kw_##word,
#define WL_SYMBOL(name, text) name,
#include "plc/lang/lex/words.inc"
#undef WL_KEYWORD
#undef WL_SYMBOL
};

/// One word. `text` points into the source.
struct Token {
  Tok kind = Tok::end;
  Span span;
  std::string_view text;
};

/// A comment or a pragma: no part of the grammar, but kept for declarations.
struct Trivia {
  Span span;
  std::string_view text;  ///< Without its marks, trimmed.
};

struct Tokens {
  std::vector<Token> words;  ///< The last is Tok::end.
  std::vector<Trivia> comments;
  std::vector<Trivia> pragmas;
};

/// `END_IF`, `:=`, or a description as `a name`.
std::string_view describe(Tok kind);

/// The keyword that this is, in any case; Tok::identifier when it is none.
Tok keyword_of(std::string_view word);

inline bool is_keyword(Tok kind) {
  return kind >= Tok::kw_ABSTRACT && kind <= Tok::kw_XOR;
}

}  // namespace wl::plc::lang
