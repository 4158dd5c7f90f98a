#include "plc/lang/lex/literal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "plc/lang/lex/text_case.hpp"

namespace wl::plc::lang {
namespace {

std::string without_underscores(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != '_') out += c;
  }
  return out;
}

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char u = upper(c);
  return u >= 'A' && u <= 'F' ? u - 'A' + 10 : 99;
}

/// What somebody meant who wrote `0x1F` or `5s`.
std::string advice_for_number(std::string_view text) {
  const bool hexadecimal = text.size() > 2 && text[0] == '0' && upper(text[1]) == 'X';
  if (hexadecimal) return fmt::format("write 16#{}", text.substr(2));
  const std::string unit =
      fold_case(text.substr(std::min(text.size(), text.find_first_not_of("0123456789_."))));
  const bool duration = unit == "D" || unit == "H" || unit == "M" || unit == "S" || unit == "MS";
  if (duration) return fmt::format("a duration is written T#{}", text);
  return "a name cannot begin with a digit";
}

/// Digits of a number in base 2, 8, 10 or 16. Nothing when they were reported.
std::optional<std::uint64_t> digits(std::string_view text, int base, const Token& token,
                                    DiagnosticSink& sink) {
  std::uint64_t value = 0;
  bool overflow = false;
  bool any = false;
  for (const char c : text) {
    if (c == '_') continue;
    const int digit = digit_value(c);
    if (digit >= base) {
      sink.report(Code::bad_number, token.span,
                  fmt::format("'{}' is not a digit of the base-{} number {}", c, base, token.text),
                  base == 10 ? advice_for_number(token.text) : "");
      return std::nullopt;
    }
    any = true;
    const auto wide_base = static_cast<std::uint64_t>(base);
    const auto wide_digit = static_cast<std::uint64_t>(digit);
    constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();
    overflow = overflow || value > (largest - wide_digit) / wide_base;
    value = value * wide_base + wide_digit;
  }
  if (!any) {
    sink.report(Code::bad_number, token.span, fmt::format("{} has no digits", token.text));
    return std::nullopt;
  }
  if (overflow) {
    sink.report(Code::literal_overflow, token.span,
                fmt::format("{} does not fit into 64 bits", token.text),
                "the largest integer is 18446744073709551615");
    return std::nullopt;
  }
  return value;
}

std::uint64_t read_integer(std::string_view body, const Token& token, DiagnosticSink& sink) {
  const std::size_t hash = body.find('#');
  if (hash == std::string_view::npos) return digits(body, 10, token, sink).value_or(0);
  const std::string base = without_underscores(body.substr(0, hash));
  if (base != "2" && base != "8" && base != "16" && base != "10") {
    sink.report(Code::bad_number, token.span, fmt::format("{} is no base of a number", base),
                "write 2#1010, 8#17, 16#FF");
    return 0;
  }
  return digits(body.substr(hash + 1), std::stoi(base), token, sink).value_or(0);
}

double read_real(std::string_view body, const Token& token, DiagnosticSink& sink) {
  const std::string plain = without_underscores(body);
  double value = 0;
  const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), value);
  if (error == std::errc::result_out_of_range) {
    sink.report(Code::literal_overflow, token.span,
                fmt::format("{} is outside of the range of LREAL", token.text));
    return 0;
  }
  if (error != std::errc{} || end != plain.data() + plain.size()) {
    sink.report(Code::bad_number, token.span, fmt::format("{} is not a number", token.text));
    return 0;
  }
  return value;
}

struct TimeUnit {
  std::string_view name;
  double nanoseconds;
};

constexpr TimeUnit units[] = {{"MS", 1e6},   {"US", 1e3}, {"NS", 1}, {"D", 86'400e9},
                              {"H", 3600e9}, {"M", 60e9}, {"S", 1e9}};

/// Takes one `12.5ms` from the front. Nothing when it is none.
std::optional<long double> take_part(std::string& rest) {
  std::size_t length = 0;
  while (length < rest.size() &&
         ((rest[length] >= '0' && rest[length] <= '9') || rest[length] == '.')) {
    ++length;
  }
  long double number = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + length, number);
  if (length == 0 || error != std::errc{} || end != rest.data() + length) return std::nullopt;
  const std::string behind = rest.substr(length);
  for (const TimeUnit& unit : units) {
    if (!behind.starts_with(unit.name)) continue;
    rest = behind.substr(unit.name.size());
    return number * static_cast<long double>(unit.nanoseconds);
  }
  return std::nullopt;
}

std::uint64_t read_duration(std::string_view body, const Token& token, DiagnosticSink& sink) {
  std::string rest = fold_case(without_underscores(body));
  bool good = !rest.empty();
  long double total = 0;
  while (good && !rest.empty()) {
    const std::optional<long double> part = take_part(rest);
    good = part.has_value();
    if (good) total += *part;
  }
  if (!good) {
    sink.report(Code::bad_time_literal, token.span, fmt::format("{} is not a time", token.text),
                "write numbers with units d, h, m, s, ms, us, ns: T#1h30m, T#1.5s, LTIME#20us");
    return 0;
  }
  if (total >= 9.2e18L) {
    sink.report(Code::literal_overflow, token.span,
                fmt::format("{} does not fit into 64-bit nanoseconds", token.text));
    return 0;
  }
  return static_cast<std::uint64_t>(std::llround(total));
}

/// The byte behind a '$', or nothing. `at` stands on the character behind it.
std::optional<char> escaped(std::string_view body, std::size_t& at) {
  const char c = upper(body[at]);
  if (c == '$' || c == '\'' || c == '"') return body[at];
  if (c == 'N' || c == 'L') return '\n';
  if (c == 'R') return '\r';
  if (c == 'T') return '\t';
  if (c == 'P') return '\f';
  if (at + 1 < body.size() && digit_value(c) < 16 && digit_value(body[at + 1]) < 16) {
    const int value = digit_value(c) * 16 + digit_value(body[at + 1]);
    ++at;
    return static_cast<char>(value);
  }
  return std::nullopt;
}

std::string read_string(std::string_view body, const Token& token, DiagnosticSink& sink) {
  std::string out;
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] != '$') {
      out += body[i];
      continue;
    }
    const std::size_t dollar = i++;
    const std::optional<char> byte = i < body.size() ? escaped(body, i) : std::nullopt;
    // A NUL would end the string where its representation is NUL-terminated.
    if (byte && *byte != '\0') {
      out += *byte;
    } else {
      sink.report(Code::bad_string_escape, token.span,
                  fmt::format("'{}' is not an escape", body.substr(dollar, 2)),
                  "known are $$ $' $N $L $R $T $P and two hex digits from $01 to $FF");
    }
  }
  return out;
}

}  // namespace

LiteralText read_literal(const Token& token, DiagnosticSink& sink) {
  LiteralText literal;
  std::string_view body = token.text;
  const bool named = !body.empty() && (body[0] < '0' || body[0] > '9') && body[0] != '\'';
  const std::size_t hash = body.find('#');
  if (named && hash != std::string_view::npos) {
    literal.prefix = body.substr(0, hash);
    body = body.substr(hash + 1);
  }
  if (!body.empty() && (body[0] == '-' || body[0] == '+')) {
    literal.negative = body[0] == '-';
    body.remove_prefix(1);
  }
  if (token.kind == Tok::integer) literal.integer = read_integer(body, token, sink);
  if (token.kind == Tok::real) literal.real = read_real(body, token, sink);
  if (token.kind == Tok::duration) literal.integer = read_duration(body, token, sink);
  if (token.kind == Tok::string && body.size() >= 2) {
    literal.text = read_string(body.substr(1, body.size() - 2), token, sink);
  }
  if (token.kind == Tok::boolean) {
    literal.integer = same_word(body, "TRUE") || body == "1" ? 1 : 0;
    if (literal.integer == 0 && !same_word(body, "FALSE") && body != "0") {
      sink.report(Code::bad_number, token.span, fmt::format("{} is no BOOL", token.text),
                  "write TRUE or FALSE");
    }
  }
  return literal;
}

}  // namespace wl::plc::lang
