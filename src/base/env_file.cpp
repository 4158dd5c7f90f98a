#include "base/env_file.hpp"

#include <fmt/format.h>

#include <cctype>

#include "base/trimmed.hpp"

namespace wl {
namespace {

bool is_key(std::string_view text) {
  if (text.empty()) return false;
  for (const unsigned char c : text) {
    if (!std::isalnum(c) && c != '_') return false;
  }
  return !std::isdigit(static_cast<unsigned char>(text.front()));
}

Result<std::string> value_of(std::string_view text) {
  if (!text.empty() && (text.front() == '"' || text.front() == '\'')) {
    const auto close = text.find(text.front(), 1);
    if (close == std::string_view::npos)
      return fail(Errc::invalid_argument, "missing closing quote");
    const auto rest = trimmed(text.substr(close + 1));
    if (!rest.empty() && rest.front() != '#') {
      return fail(Errc::invalid_argument, fmt::format("unexpected text after the quote: {}", rest));
    }
    return std::string(text.substr(1, close - 1));
  }
  if (text.starts_with('#')) return std::string{};
  const auto comment = text.find(" #");
  return std::string(trimmed(text.substr(0, comment)));
}

Result<EnvLine> parse_line(std::string_view line) {
  if (line.starts_with("export ")) line = trimmed(line.substr(7));
  const auto equals = line.find('=');
  if (equals == std::string_view::npos) {
    return fail(Errc::invalid_argument, "want KEY=value");
  }
  const auto key = trimmed(line.substr(0, equals));
  if (!is_key(key)) {
    return fail(Errc::invalid_argument, fmt::format("'{}' is not a key", key));
  }
  auto value = value_of(trimmed(line.substr(equals + 1)));
  if (!value) {
    return fail(Errc::invalid_argument, fmt::format("{}: {}", key, value.error().what));
  }
  return EnvLine{std::string(key), std::move(*value), 0};
}

}  // namespace

Result<std::vector<EnvLine>> parse_env(std::string_view text, std::string_view name) {
  std::vector<EnvLine> lines;
  int number = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = trimmed(text.substr(0, end), " \t\r");
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    ++number;
    if (line.empty() || line.front() == '#') continue;
    auto parsed = parse_line(line);
    if (!parsed) {
      return fail(Errc::invalid_argument,
                  fmt::format("{}:{}: {}", name, number, parsed.error().what));
    }
    parsed->line = number;
    lines.push_back(std::move(*parsed));
  }
  return lines;
}

}  // namespace wl
