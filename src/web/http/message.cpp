#include "web/http/message.hpp"

#include <algorithm>
#include <charconv>

#include "base/trimmed.hpp"
#include "base/utf8.hpp"

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

/// The part before `separator`, which is removed from `rest` together with it.
std::string_view next_part(std::string_view& rest, char separator) {
  const auto end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return part;
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

/// Paths and parameters are echoed in problems, where JSON holds only UTF-8, and go into logs and
/// SQL: nothing that this server answers to has a control character.
bool is_plain(std::string_view text) {
  return is_utf8(text) && std::ranges::none_of(text, is_control);
}

bool is_plain_path(std::string_view path) {
  if (!is_plain(path) || path.find('\\') != std::string_view::npos) return false;
  std::string_view rest = path;
  while (!rest.empty()) {
    const std::string_view segment = next_part(rest, '/');
    if (segment == "." || segment == "..") return false;
  }
  return true;
}

/// A slash that hides in an escape is one segment to a proxy and two to us.
bool hides_a_slash(std::string_view raw_path) {
  for (const std::string_view slash : {"%2f", "%2F"})
    if (raw_path.find(slash) != std::string_view::npos) return true;
  return false;
}

bool is_plain_query(std::string_view query) {
  const auto decoded = decode(query, Plus::space);
  return decoded && is_plain(*decoded);
}

/// `en;q=0.8` → (en, 0.8). A missing or broken weight is 1.
std::pair<std::string_view, double> weighted(std::string_view part) {
  const std::string_view tag = trimmed(next_part(part, ';'));
  part = trimmed(part);
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
      std::string_view pair = trimmed(next_part(rest, ';'));
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
  const std::string_view raw_path = next_part(rest, '?');
  auto path = decode(raw_path, Plus::literal);
  if (!path || !is_plain_path(*path) || hides_a_slash(raw_path)) return std::nullopt;
  if (!is_plain_query(rest)) return std::nullopt;
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
