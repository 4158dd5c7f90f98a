#include "plc/lang/parse/parser.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "plc/lang/lex/text_case.hpp"
#include "plc/lang/parse/parser_impl.hpp"

namespace wl::plc::lang {
namespace {

/// Elementary types are no keywords for the lexer (`TIME()` is a function) but no names either.
constexpr std::string_view type_words[] = {"BOOL", "SINT",   "INT",   "DINT",   "LINT",  "USINT",
                                           "UINT", "UDINT",  "ULINT", "BYTE",   "WORD",  "REAL",
                                           "TIME", "DWORD",  "LWORD", "LREAL",  "LTIME", "DATE",
                                           "TOD",  "STRING", "DT",    "WSTRING"};

bool is_type_word(std::string_view word) {
  return std::ranges::any_of(type_words, [&](std::string_view t) { return same_word(t, word); });
}

std::string shown(const Token& token) {
  if (token.kind == Tok::end) return "the end of the file";
  return fmt::format("'{}'", token.text.substr(0, 40));
}

}  // namespace

const Token& Parser::ahead(std::size_t n) const {
  return tokens_.words[std::min(at_ + n, tokens_.words.size() - 1)];
}

bool Parser::at_word(std::string_view word) const {
  return at(Tok::identifier) && same_word(current().text, word);
}

void Parser::advance() {
  if (at_ + 1 < tokens_.words.size()) ++at_;
}

bool Parser::accept(Tok kind) {
  if (!at(kind)) return false;
  advance();
  return true;
}

bool Parser::accept_word(std::string_view word) {
  if (!at_word(word)) return false;
  advance();
  return true;
}

bool Parser::expect(Tok kind, std::string_view purpose) {
  if (accept(kind)) return true;
  syntax_error(fmt::format("{} {}", describe(kind), purpose));
  return false;
}

void Parser::error(Code code, Span span, std::string message, std::string hint) {
  if (panic_) return;
  panic_ = true;
  sink_.report(code, span, std::move(message), std::move(hint));
}

void Parser::unsupported(Span span, std::string_view what) {
  error(Code::not_supported_yet, span, fmt::format("{} not supported yet", what));
}

void Parser::syntax_error(std::string_view wanted) {
  if (at(Tok::foreign)) panic_ = true;  // the lexer reported it
  error(Code::syntax_error, current().span,
        fmt::format("expected {}, found {}", wanted, shown(current())), advice());
}

std::string Parser::advice() const {
  const Tok before = previous().kind;
  const bool joined = previous().span.end == current().span.begin;
  switch (current().kind) {
    case Tok::star:
      return ahead().kind == Tok::right_paren ? "this *) closes no comment; remove it" : "";
    case Tok::equal:
      return joined && before == Tok::equal ? "a comparison is written with one '='" : "";
    case Tok::ampersand:
      return joined && before == Tok::ampersand ? "write AND" : "";
    case Tok::plus:
    case Tok::minus:
      return ahead().kind == Tok::equal || ahead().kind == current().kind
                 ? "write x := x + 1; there is no '+=' and no '++'"
                 : "";
    case Tok::comma:
      return before == Tok::integer && ahead().kind == Tok::integer
                 ? "a decimal point is written '.', not ','"
                 : "";
    case Tok::colon:
      return before == Tok::identifier ? "declare variables between VAR and END_VAR, above" : "";
    default:
      return at_word("R_EDGE") || at_word("F_EDGE") ? "use an instance of R_TRIG or F_TRIG" : "";
  }
}

void Parser::too_deep(Span span) {
  error(Code::nesting_too_deep, span,
        fmt::format("nested more than {} levels deep; the rest of the file is not read", max_depth),
        "split it into several statements or functions");
  fatal_ = true;
  at_ = tokens_.words.size() - 1;
}

bool Parser::starts_unit(Tok kind) const {
  switch (kind) {
    case Tok::end:
    case Tok::kw_FUNCTION:
    case Tok::kw_FUNCTION_BLOCK:
    case Tok::kw_PROGRAM:
    case Tok::kw_TYPE:
    case Tok::kw_VAR_GLOBAL:
    case Tok::kw_CONFIGURATION:
    case Tok::kw_INTERFACE:
    case Tok::kw_METHOD:
    case Tok::kw_PROPERTY:
    case Tok::kw_ACTION:
      return true;
    default:
      return false;
  }
}

bool Parser::ends_pou(Tok kind) const {
  return kind == Tok::kw_END_FUNCTION || kind == Tok::kw_END_FUNCTION_BLOCK ||
         kind == Tok::kw_END_PROGRAM;
}

bool Parser::ends_block(Tok kind) const {
  const bool end_word = kind >= Tok::kw_END_ACTION && kind <= Tok::kw_END_WHILE;
  return end_word || starts_unit(kind) || kind == Tok::kw_ELSE || kind == Tok::kw_ELSIF ||
         kind == Tok::kw_UNTIL;
}

void Parser::skip_statement() {
  while (!at(Tok::semicolon) && !ends_block(current().kind)) {
    const Tok kind = current().kind;
    if (kind == Tok::kw_IF || kind == Tok::kw_CASE || kind == Tok::kw_FOR ||
        kind == Tok::kw_WHILE || kind == Tok::kw_REPEAT || kind == Tok::kw_RETURN ||
        kind == Tok::kw_EXIT || kind == Tok::kw_END_VAR) {
      break;
    }
    advance();
  }
  accept(Tok::semicolon);
}

void Parser::skip_behind(Tok kind) {
  while (!at(kind) && !at(Tok::end)) advance();
  accept(kind);
}

void Parser::recover_head(Tok kind) {
  const std::size_t start = at_;
  while (!at(kind) && !at(Tok::semicolon) && !ends_block(current().kind)) advance();
  if (!accept(kind)) at_ = start;
  resume();
}

void Parser::expect_semicolon() {
  if (accept(Tok::semicolon) || panic_) return;
  const bool on_next_line = current().span.line > previous().span.line;
  if (on_next_line && previous().kind == Tok::foreign) return;  // an open string took the ';'
  Span behind = previous().span;
  behind.begin = behind.end > behind.begin ? behind.end - 1 : behind.begin;
  const bool starts_statement =
      is_keyword(current().kind) || at(Tok::end) || (on_next_line && at(Tok::identifier));
  if (!starts_statement) {
    syntax_error("an operator or ';'");
    return;
  }
  error(Code::missing_semicolon, behind, "';' is missing at the end of this statement");
  resume();
}

bool Parser::wanted_by_open(Tok kind) const {
  return std::ranges::any_of(open_, [kind](const Open& open) {
    if (kind == Tok::kw_ELSE) return open.opener == Tok::kw_IF || open.opener == Tok::kw_CASE;
    if (kind == Tok::kw_ELSIF) return open.opener == Tok::kw_IF;
    return open.closer == kind;
  });
}

void Parser::report_missing(const Open& open) {
  // An open comment (already reported) has swallowed the rest of the file.
  if (panic_ || (at(Tok::end) && previous().kind == Tok::foreign)) return;
  const std::string_view closer = describe(open.closer);
  sink_
      .report(Code::missing_end, current().span,
              fmt::format("{} is missing before {}", closer, shown(current())),
              fmt::format("add {} where the {} ends", closer, describe(open.opener)))
      .notes.push_back({open.span, fmt::format("{} opened here", describe(open.opener))});
}

/// Says what the word should be and goes on as if it stood there.
void Parser::take_foreign_end(const Open& open) {
  const Span first = current().span;
  if (at_word("END")) advance();
  const Span whole = join(first, current().span);
  const std::string_view closer = describe(open.closer);
  sink_.report(Code::missing_end, whole, fmt::format("{} is one word with '_' in it", closer),
               fmt::format("write {}", closer));
  advance();
}

bool Parser::close(bool quiet_when_missing) {
  const Open open = open_.back();
  if (at_foreign_end()) {
    take_foreign_end(open);
    open_.pop_back();
    return true;
  }
  open_.pop_back();
  if (accept(open.closer)) return true;
  const Tok kind = current().kind;
  const bool end_of_other = ends_block(kind) && !starts_unit(kind);
  const bool same_sort = open_.empty() == ends_pou(kind);
  if (end_of_other && same_sort && !wanted_by_open(kind)) {
    // The user closed this construct with the wrong word.
    if (!panic_) {
      sink_
          .report(Code::stray_end, current().span,
                  fmt::format("{} does not end {}", describe(kind), describe(open.opener)),
                  fmt::format("{} ends with {}", describe(open.opener), describe(open.closer)))
          .notes.push_back({open.span, fmt::format("{} opened here", describe(open.opener))});
    }
    advance();
    return true;
  }
  if (!quiet_when_missing) report_missing(open);
  return false;
}

void Parser::stray() {
  error(Code::stray_end, current().span,
        fmt::format("{} ends nothing here", describe(current().kind)),
        "remove it, or add the statement that it ends");
  advance();
  accept(Tok::semicolon);
  resume();
}

std::vector<Attribute> Parser::take_attributes() {
  const std::uint32_t after = at_ == 0 ? 0 : previous().span.end;
  std::vector<Attribute> found;
  while (pragma_at_ < tokens_.pragmas.size() &&
         tokens_.pragmas[pragma_at_].span.begin < current().span.begin) {
    const Trivia& pragma = tokens_.pragmas[pragma_at_++];
    if (pragma.span.begin < after || !same_word(pragma.text.substr(0, 9), "attribute")) continue;
    std::vector<std::string> quoted;
    std::string_view rest = pragma.text;
    for (std::size_t open = rest.find('\''); open != std::string_view::npos;
         open = rest.find('\'')) {
      const std::size_t end = rest.find('\'', open + 1);
      if (end == std::string_view::npos) break;
      quoted.emplace_back(rest.substr(open + 1, end - open - 1));
      rest = rest.substr(end + 1);
    }
    if (quoted.empty()) continue;
    found.push_back({.name = quoted[0], .value = quoted.size() > 1 ? quoted[1] : std::string()});
  }
  return found;
}

std::string_view Parser::comment_behind() const {
  const Span end = previous().span;
  const auto found = std::ranges::lower_bound(tokens_.comments, end.end, {},
                                              [](const Trivia& t) { return t.span.begin; });
  if (found == tokens_.comments.end() || found->span.line != end.line) return {};
  return found->span.begin < current().span.begin ? found->text : std::string_view{};
}

bool Parser::at_name() const {
  return at(Tok::identifier) || misused_.contains(current().kind);
}

ast::Name Parser::expect_name(std::string_view what) {
  const Token& token = current();
  if (at_name()) {
    advance();
    return {.text = token.text, .span = token.span};
  }
  if (is_keyword(token.kind)) {
    error(Code::reserved_word_as_name, token.span,
          fmt::format("{} is a reserved word and cannot be {}", token.text, what),
          "choose another name, for example with a prefix or a trailing digit");
  } else {
    syntax_error(what);
  }
  return {.text = {}, .span = token.span};
}

ast::Name Parser::declared_name(std::string_view what) {
  const Token& token = current();
  const bool type_word = at(Tok::identifier) && is_type_word(token.text);
  const bool used_as_name =
      is_keyword(token.kind) && !misused_.contains(token.kind) && !ends_block(token.kind);
  if (!panic_ && (type_word || used_as_name)) {
    sink_.report(Code::reserved_word_as_name, token.span,
                 fmt::format("{} is a reserved word and cannot be {}", token.text, what),
                 "choose another name, for example with a prefix or a trailing digit");
    if (used_as_name) misused_.insert(token.kind);  // its uses are no second mistake
  }
  if (used_as_name) {
    advance();
    return {.text = token.text, .span = token.span};
  }
  return expect_name(what);
}

ast::Unit Parser::run() {
  unit_.file = file_;
  while (!at(Tok::end)) {
    const std::size_t start = at_;
    top_level();
    if (at_ == start) advance();
    resume();
  }
  return std::move(unit_);
}

ast::Unit parse(const Tokens& tokens, FileId file, DiagnosticSink& sink) {
  return Parser(tokens, file, sink).run();
}

}  // namespace wl::plc::lang
