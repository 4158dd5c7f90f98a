// What stands in the head of a request: whatever it is, what is taken of it is harmless.
//
// The first byte of the input chooses what the rest is.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.hpp"
#include "base/utf8.hpp"
#include "storage/transfer/csv.hpp"
#include "web/http/allowed_hosts.hpp"
#include "web/http/gzip.hpp"
#include "web/http/message.hpp"
#include "web/http/problem.hpp"

namespace {

using namespace wl;
using namespace wl::web;

bool has_control(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return true;
  return false;
}

/// Everything but letters and digits escaped; the slash as well when `keep` does not name it.
std::string escaped(std::string_view text, std::string_view keep) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (plain || keep.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return out;
}

bool has_dot_segment(std::string_view path) {
  const std::string framed = std::string(path) + "/";
  return framed.find("/../") != std::string::npos || framed.find("/./") != std::string::npos;
}

void try_target(std::string_view text) {
  const auto target = parse_target(text);
  if (!target) return;
  WL_CHECK(target->path.starts_with('/') && !has_dot_segment(target->path));
  WL_CHECK(is_utf8(target->path) && !has_control(target->path));
  WL_CHECK(target->path.find('\\') == std::string::npos);
  const auto again = parse_target(escaped(target->path, "/") + "?" + target->query);
  WL_CHECK(again && again->path == target->path && again->query == target->query);
  for (const std::string_view name : {"", "page", "start_time", "device_id", "a"}) {
    const auto value = query_parameter(target->query, name);
    WL_CHECK(!value || (is_utf8(*value) && !has_control(*value)));
  }
  const Response refusal = problem_response(problems::not_found(target->path), Language::zh_cn);
  WL_CHECK(is_utf8(refusal.body) && !has_control(refusal.body));
}

void try_encoding(std::string_view text) {
  const std::string query = "a=1&" + escaped(text, "") + "x=2&value=" + escaped(text, "");
  WL_CHECK(query_parameter(query, "value") == text);
}

void try_cookie(std::string_view text) {
  Request request;
  request.headers = {{"cookie", std::string(text)}};
  const auto token = request.cookie("wattline_session");
  WL_CHECK(!token || token->find(';') == std::string::npos);
  const std::string whole = "wattline_session=" + token.value_or("");
  WL_CHECK(!token || text.find(whole) != std::string_view::npos);
  request.headers = {{"cookie", "a=b; wattline_session=abc; " + std::string(text)}};
  WL_CHECK(request.cookie("wattline_session") == "abc");
}

void try_preferences(std::string_view text) {
  Request request;
  request.headers = {{"accept-language", std::string(text)}};
  const bool names_english = text.find("en") != std::string_view::npos;
  WL_CHECK(request.language() == Language::zh_cn || names_english);
  const bool names_gzip = text.find("gzip") != std::string_view::npos;
  WL_CHECK(!accepts_gzip(text) || names_gzip);
}

void try_host(std::string_view text) {
  static const AllowedHosts hosts = AllowedHosts::parse("ems.example.com").value();
  const bool taken = hosts.takes(text);
  WL_CHECK(!taken || text.find_first_of("/@\\?# \t%") == std::string_view::npos);
  WL_CHECK(!hosts.takes(std::string(text) + ".evil.example"));
  WL_CHECK(!hosts.takes(std::string(text) + "@evil.example"));
  static_cast<void>(AllowedHosts::parse(text));
}

void try_origin(std::string_view text) {
  Request request;
  request.headers = {{"host", "10.0.0.1:5000"}, {"origin", std::string(text)}};
  const bool own = text == "http://10.0.0.1:5000" || text == "https://10.0.0.1:5000";
  WL_CHECK(has_own_origin(request) == own);
  WL_CHECK(is_cross_origin(request) == (!own && !text.empty()));
}

void try_csv(std::string_view text) {
  const std::string cell = storage::csv_text(text);
  WL_CHECK(cell.find_first_of("\r\n") == std::string::npos);
  const std::string_view inner = cell.starts_with('"') ? std::string_view(cell).substr(1) : cell;
  WL_CHECK(inner.empty() || std::string_view("=+-@\t").find(inner[0]) == std::string_view::npos);
  WL_CHECK(!inner.starts_with("＝") && !inner.starts_with("＠"));
  const bool quoted = cell.starts_with('"') && cell.ends_with('"') && cell.size() > 1;
  WL_CHECK(quoted || cell.find_first_of(",\"") == std::string::npos);
}

void try_log(std::string_view text) {
  const std::string line = one_line(text);
  WL_CHECK(is_utf8(line));
  for (const char c : line) WL_CHECK(c == '\t' || static_cast<unsigned char>(c) >= 0x20);
  WL_CHECK(one_line(line) == line);
  WL_CHECK(!is_utf8(text) || is_utf8(utf8_prefix(text, text.size() / 2)));
}

constexpr std::array tries{try_target, try_encoding, try_cookie, try_preferences,
                           try_host,   try_origin,   try_csv,    try_log};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data + 1), size - 1);
  tries[data[0] % tries.size()](rest);
  return 0;
}
