#include "plc/lang/lex/lexer.hpp"

#include <fmt/format.h>

#include "plc/lang/lex/text_case.hpp"
#include "plc/lang/source/utf8.hpp"

namespace wl::plc::lang {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_name_start(char c) {
  return (upper(c) >= 'A' && upper(c) <= 'Z') || c == '_';
}
bool is_name_char(char c) {
  return is_name_start(c) || is_digit(c);
}

enum class Prefix { none, integer, real, boolean, string, duration, foreign };

struct PrefixWord {
  std::string_view text;
  Prefix kind;
};

constexpr PrefixWord prefixes[] = {
    {"SINT", Prefix::integer},    {"INT", Prefix::integer},    {"DINT", Prefix::integer},
    {"LINT", Prefix::integer},    {"USINT", Prefix::integer},  {"UINT", Prefix::integer},
    {"UDINT", Prefix::integer},   {"ULINT", Prefix::integer},  {"BYTE", Prefix::integer},
    {"WORD", Prefix::integer},    {"DWORD", Prefix::integer},  {"LWORD", Prefix::integer},
    {"REAL", Prefix::real},       {"LREAL", Prefix::real},     {"BOOL", Prefix::boolean},
    {"STRING", Prefix::string},   {"T", Prefix::duration},     {"TIME", Prefix::duration},
    {"LT", Prefix::duration},     {"LTIME", Prefix::duration}, {"D", Prefix::foreign},
    {"DATE", Prefix::foreign},    {"TOD", Prefix::foreign},    {"TIME_OF_DAY", Prefix::foreign},
    {"DT", Prefix::foreign},      {"LD", Prefix::foreign},     {"DATE_AND_TIME", Prefix::foreign},
    {"LDATE", Prefix::foreign},   {"LTOD", Prefix::foreign},   {"LDT", Prefix::foreign},
    {"WSTRING", Prefix::foreign}, {"CHAR", Prefix::foreign},   {"WCHAR", Prefix::foreign},
};

Prefix prefix_of(std::string_view word) {
  for (const PrefixWord& known : prefixes) {
    if (same_word(known.text, word)) return known.kind;
  }
  return Prefix::none;
}

class Lexer {
 public:
  Lexer(const SourceFile& file, FileId id, DiagnosticSink& sink)
      : text_(file.text), id_(id), sink_(sink) {}

  Tokens run() {
    if (wide_characters()) return std::move(out_);
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;  // byte order mark, as Windows editors write it
    while (at_ < text_.size()) step();
    start_ = at_;
    start_line_ = line_;
    push(Tok::end);
    return std::move(out_);
  }

 private:
  /// UTF-16 begins with FF FE or FE FF. One message, and the file counts as empty.
  bool wide_characters() {
    if (!text_.starts_with("\xFF\xFE") && !text_.starts_with("\xFE\xFF")) return false;
    sink_.report(Code::not_utf8, span(), "this file is UTF-16", "save it as UTF-8");
    text_ = {};
    push(Tok::end);
    return true;
  }

  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  Span span() const {
    return {.file = id_,
            .begin = static_cast<std::uint32_t>(start_),
            .end = static_cast<std::uint32_t>(at_),
            .line = start_line_};
  }

  std::string_view taken() const { return text_.substr(start_, at_ - start_); }

  void push(Tok kind) { out_.words.push_back({.kind = kind, .span = span(), .text = taken()}); }

  void advance() {
    if (text_[at_] == '\n') ++line_;
    ++at_;
  }

  void step() {
    start_ = at_;
    start_line_ = line_;
    const char c = peek();
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v') {
      advance();
    } else if (c == '/' && peek(1) == '/') {
      line_comment();
    } else if (c == '(' && peek(1) == '*') {
      block_comment("(*", "*)");
    } else if (c == '/' && peek(1) == '*') {
      block_comment("/*", "*/");
    } else if (c == '{') {
      pragma();
    } else if (is_name_start(c)) {
      word();
    } else if (is_digit(c)) {
      number();
    } else if (c == '\'') {
      if (quoted('\'')) push(Tok::string);
    } else if (c == '"') {
      wide_string();
    } else if (c == '%') {
      location();
    } else {
      symbol();
    }
  }

  static std::string_view trimmed(std::string_view text) {
    while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
    while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
    return text;
  }

  void line_comment() {
    while (at_ < text_.size() && text_[at_] != '\n') ++at_;
    out_.comments.push_back({.span = span(), .text = trimmed(taken().substr(2))});
  }

  void block_comment(std::string_view open, std::string_view close) {
    int depth = 0;
    do {
      if (text_.substr(at_, 2) == open) {
        ++depth;
        at_ += 2;
      } else if (text_.substr(at_, 2) == close) {
        --depth;
        at_ += 2;
      } else if (at_ < text_.size()) {
        advance();
      }
    } while (depth > 0 && at_ < text_.size());
    if (depth > 0) {
      Span opening = span();
      opening.end = opening.begin + 2;
      sink_.report(Code::unterminated_comment, opening, "this comment never ends",
                   fmt::format("close it with {}; comments nest, so each {} needs its own {}",
                               close, open, close));
      return push(Tok::foreign);
    }
    const std::string_view all = taken();
    out_.comments.push_back({.span = span(), .text = trimmed(all.substr(2, all.size() - 4))});
  }

  void pragma() {
    while (at_ < text_.size() && text_[at_] != '}' && text_[at_] != '\n') ++at_;
    if (peek() != '}') {
      sink_.report(Code::unterminated_pragma, span(), "this pragma has no closing '}'",
                   "write it on one line: {attribute 'name'}");
      return;
    }
    ++at_;
    const std::string_view all = taken();
    out_.pragmas.push_back({.span = span(), .text = trimmed(all.substr(1, all.size() - 2))});
  }

  void word() {
    while (is_name_char(peek())) ++at_;
    if (peek() == '#') {
      const Prefix prefix = prefix_of(taken());
      if (prefix != Prefix::none) return prefixed(prefix);
    }
    const std::string_view name = taken();
    if (same_word(name, "TRUE") || same_word(name, "FALSE")) return push(Tok::boolean);
    push(keyword_of(name));
  }

  /// Behind `INT`, `T`, … with the '#' ahead.
  void prefixed(Prefix prefix) {
    ++at_;
    switch (prefix) {
      case Prefix::string:
        if (peek() == '\'' && quoted('\'')) push(Tok::string);
        return;
      case Prefix::duration:
        while (is_name_char(peek()) || peek() == '.' || sign_ahead()) ++at_;
        return push(Tok::duration);
      case Prefix::foreign:
        return foreign_literal();
      case Prefix::boolean:
        while (is_name_char(peek())) ++at_;
        return push(Tok::boolean);
      default:
        if (peek() == '-' || peek() == '+') ++at_;
        numeric_body(prefix == Prefix::real);
    }
  }

  /// `T#-5s`: a sign directly behind the '#'.
  bool sign_ahead() const {
    return (peek() == '-' || peek() == '+') && at_ > 0 && text_[at_ - 1] == '#';
  }

  void foreign_literal() {
    if (peek() == '\'' || peek() == '"') {
      if (!quoted(peek())) return;
    } else {
      while (is_name_char(peek()) || peek() == '-' || peek() == ':' || peek() == '.') ++at_;
    }
    sink_.report(Code::not_supported_yet, span(),
                 fmt::format("literals like {} are not supported yet", taken()),
                 "supported are numbers, TRUE, FALSE, T#…, LTIME#… and 'strings'");
    push(Tok::foreign);
  }

  void number() { numeric_body(false); }

  void numeric_body(bool is_real) {
    while (is_name_char(peek()) && !exponent_ahead()) ++at_;
    if (peek() == '#') {
      ++at_;
      while (is_name_char(peek())) ++at_;
    } else {
      if (peek() == '.' && is_digit(peek(1))) {
        is_real = true;
        ++at_;
        while (is_digit(peek()) || peek() == '_') ++at_;
      }
      if (exponent_ahead()) {
        is_real = true;
        at_ += is_digit(peek(1)) ? 1 : 2;
      }
      while (is_name_char(peek())) ++at_;  // 12abc is one bad number, not a number and a name
    }
    push(is_real ? Tok::real : Tok::integer);
  }

  bool exponent_ahead() const {
    if (upper(peek()) != 'E') return false;
    return is_digit(peek(1)) || ((peek(1) == '+' || peek(1) == '-') && is_digit(peek(2)));
  }

  /// Bytes of another encoding would reach OPC UA clients and the browser as broken text.
  void check_encoding() {
    if (is_utf8(taken())) return;
    sink_.report(Code::not_utf8, span(), "this string has bytes that are not UTF-8",
                 "save the file as UTF-8");
  }

  /// False when the closing quote is missing (reported; the rest of the line is skipped).
  bool quoted(char quote) {
    ++at_;
    while (at_ < text_.size() && text_[at_] != quote && text_[at_] != '\n') {
      at_ += text_[at_] == '$' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n' ? 2 : 1;
    }
    if (peek() == quote) {
      ++at_;
      check_encoding();
      return true;
    }
    sink_.report(Code::unterminated_string, span(), "this string has no closing quote",
                 "a quote inside a string is written $'");
    push(Tok::foreign);
    return false;
  }

  void wide_string() {
    if (!quoted('"')) return;
    sink_.report(Code::not_supported_yet, span(), "WSTRING literals are not supported yet",
                 "a STRING stands in single quotes: 'text'");
    push(Tok::foreign);
  }

  void location() {
    ++at_;
    while (is_name_char(peek()) || peek() == '*' || (peek() == '.' && is_digit(peek(1)))) ++at_;
    push(Tok::location);
  }

  void symbol() {
    struct Spelling {
      std::string_view text;
      Tok kind;
    };
    static constexpr Spelling symbols[] = {
#define WL_KEYWORD(word)
#define WL_SYMBOL(name, text) {text, Tok::name},
#include "plc/lang/lex/words.inc"
#undef WL_KEYWORD
#undef WL_SYMBOL
    };
    const Spelling* best = nullptr;
    for (const Spelling& known : symbols) {
      const bool fits = text_.substr(at_).starts_with(known.text);
      if (fits && (best == nullptr || known.text.size() > best->text.size())) best = &known;
    }
    if (best == nullptr) return unexpected();
    at_ += best->text.size();
    push(best->kind);
  }

  /// One report for a whole run of characters that no word begins with.
  void unexpected() {
    const auto odd = [&] {
      const auto c = static_cast<unsigned char>(peek());
      return at_ < text_.size() &&
             (c >= 0x80 || c < ' ' || c == '!' || c == '?' || c == '@' || c == '$' || c == '~' ||
              c == '`' || c == '\\' || c == '|' || c == '}' || c == 0x7F) &&
             c != '\n' && c != '\t' && c != '\r';
    };
    while (odd()) ++at_;
    if (at_ == start_) ++at_;
    const bool letter = static_cast<unsigned char>(text_[start_]) >= 0x80;
    sink_.report(Code::unexpected_character, span(),
                 letter ? "characters outside of ASCII stand only in comments and strings"
                        : "this character is not part of Structured Text",
                 letter ? "names consist of A-Z, 0-9 and _" : "");
    push(Tok::foreign);
  }

  std::string_view text_;
  FileId id_;
  DiagnosticSink& sink_;
  Tokens out_;
  std::size_t at_ = 0;
  std::size_t start_ = 0;
  std::uint32_t line_ = 1;
  std::uint32_t start_line_ = 1;
};

}  // namespace

Tokens lex(const SourceFile& file, FileId id, DiagnosticSink& sink) {
  if (file.text.size() > max_file_bytes) {
    sink.report(Code::file_too_large, {.file = id, .begin = 0, .end = 0, .line = 1},
                fmt::format("{} has {} bytes; the limit is {}", file.name, file.text.size(),
                            max_file_bytes),
                "divide it into several files");
    const SourceFile nothing{.name = file.name, .text = {}};
    Tokens tokens = Lexer(nothing, id, sink).run();
    tokens.words.back().text = {};
    return tokens;
  }
  return Lexer(file, id, sink).run();
}

}  // namespace wl::plc::lang
