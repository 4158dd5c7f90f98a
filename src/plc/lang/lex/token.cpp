#include "plc/lang/lex/token.hpp"

#include <algorithm>
#include <array>

#include "plc/lang/lex/text_case.hpp"

namespace wl::plc::lang {
namespace {

struct Keyword {
  std::string_view text;
  Tok kind;
};

constexpr std::array keywords{
#define WL_KEYWORD(word) Keyword{#word, Tok::kw_##word},
#define WL_SYMBOL(name, text)
#include "plc/lang/lex/words.inc"
#undef WL_KEYWORD
#undef WL_SYMBOL
};

constexpr std::size_t longest_keyword = 18;  // END_FUNCTION_BLOCK

}  // namespace

Tok keyword_of(std::string_view word) {
  if (word.size() > longest_keyword || word.size() < 2) return Tok::identifier;
  const std::string folded = fold_case(word);
  const auto* const found =
      std::ranges::lower_bound(keywords, std::string_view(folded), {}, &Keyword::text);
  return found != keywords.end() && found->text == folded ? found->kind : Tok::identifier;
}

std::string_view describe(Tok kind) {
  switch (kind) {
    case Tok::end:
      return "the end of the file";
    case Tok::identifier:
      return "a name";
    case Tok::integer:
    case Tok::real:
      return "a number";
    case Tok::boolean:
      return "TRUE or FALSE";
    case Tok::duration:
      return "a time";
    case Tok::string:
      return "a string";
    case Tok::location:
      return "an address";
    case Tok::foreign:
      return "a literal";
#define WL_KEYWORD(word) \
  case Tok::kw_##word:   \
    return #word;
#define WL_SYMBOL(name, text) \
  case Tok::name:             \
    return "'" text "'";
#include "plc/lang/lex/words.inc"
#undef WL_KEYWORD
#undef WL_SYMBOL
  }
  return "?";
}

}  // namespace wl::plc::lang
