#include "web/http/message.hpp"

#include <algorithm>
#include <charconv>

namespace wl::web {
namespace {

constexpr std::size_t max_query_parameters = 64;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

enum class Plus { literal, space };

std::optional<std::string> decode(std::string_view text, Plus plus) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus == Plus::space) {
      decoded += ' ';
    } else if (text[i] != '%') {
      decoded += text[i];
    } else {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return decoded;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// The part before `separator`, which is removed from `rest` together with it.
std::string_view next_part(std::string_view& rest, char separator) {
  const auto end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return part;
}

/// The length of the UTF-8 sequence that `text` begins with; 0 when it is none. Overlong forms,
/// surrogates and what lies above U+10FFFF are none (RFC 3629, 4).
std::size_t sequence_length(std::string_view text) {
  const auto byte = [text](std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
  };
  const auto follows = [&](std::size_t at) { return (byte(at) & 0xc0U) == 0x80U; };
  const unsigned first = byte(0);
  const unsigned second = byte(1);
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4 || !follows(1)) return 0;
  if (first < 0xe0) return 2;
  if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) || !follows(2)) return 0;
  if (first < 0xf0) return 3;
  if ((first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f) || !follows(3)) return 0;
  return 4;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

/// A path is echoed in problems, and JSON holds only UTF-8.
bool is_plain_path(std::string_view path) {
  if (!is_utf8(path)) return false;
  if (path.find('\0') != std::string_view::npos) return false;
  if (path.find('\\') != std::string_view::npos) return false;
  std::string_view rest = path;
  while (!rest.empty()) {
    const std::string_view segment = next_part(rest, '/');
    if (segment == "." || segment == "..") return false;
  }
  return true;
}

/// `en;q=0.8` → (en, 0.8). A missing or broken weight is 1.
std::pair<std::string_view, double> weighted(std::string_view part) {
  const std::string_view tag = trim(next_part(part, ';'));
  part = trim(part);
  double weight = 1;
  if (part.starts_with("q=")) {
    std::from_chars(part.data() + 2, part.data() + part.size(), weight);
  }
  return {tag, weight};
}

std::string_view authority_of(std::string_view origin) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (origin.starts_with(scheme)) return origin.substr(scheme.size());
  }
  return {};
}

}  // namespace

std::string_view Request::header(std::string_view lower_case_name) const {
  for (const auto& [name, value] : headers) {
    if (name == lower_case_name) return value;
  }
  return {};
}

std::optional<std::string> Request::cookie(std::string_view name) const {
  for (const auto& [header_name, value] : headers) {
    if (header_name != "cookie") continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      std::string_view pair = trim(next_part(rest, ';'));
      if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=') {
        return std::string(pair.substr(name.size() + 1));
      }
    }
  }
  return std::nullopt;
}

Language Request::language() const {
  double zh = 0;
  double en = 0;
  std::string_view rest = header("accept-language");
  while (!rest.empty()) {
    const auto [tag, weight] = weighted(next_part(rest, ','));
    if (tag.starts_with("zh")) zh = std::max(zh, weight);
    if (tag.starts_with("en")) en = std::max(en, weight);
  }
  return en > zh ? Language::en : Language::zh_cn;
}

std::optional<Target> parse_target(std::string_view target) {
  if (!target.starts_with('/')) return std::nullopt;
  const auto fragment = target.find('#');
  if (fragment != std::string_view::npos) return std::nullopt;
  std::string_view rest = target;
  auto path = decode(next_part(rest, '?'), Plus::literal);
  if (!path || !is_plain_path(*path)) return std::nullopt;
  return Target{std::move(*path), std::string(rest)};
}

std::optional<std::string> query_parameter(std::string_view query, std::string_view name) {
  for (std::size_t i = 0; i < max_query_parameters && !query.empty(); ++i) {
    std::string_view pair = next_part(query, '&');
    const auto key = decode(next_part(pair, '='), Plus::space);
    if (key == name) return decode(pair, Plus::space);
  }
  return std::nullopt;
}

bool has_own_origin(const Request& request) {
  const std::string_view authority = authority_of(request.header("origin"));
  return !authority.empty() && authority == request.header("host");
}

bool is_cross_origin(const Request& request) {
  if (!request.header("origin").empty() && !has_own_origin(request)) return true;
  const std::string_view site = request.header("sec-fetch-site");
  return !site.empty() && site != "same-origin" && site != "none";
}

}  // namespace wl::web
