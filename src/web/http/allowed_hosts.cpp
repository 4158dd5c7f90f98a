#include "web/http/allowed_hosts.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/trimmed.hpp"

namespace wl::web {
namespace {

constexpr std::size_t longest_name = 253;  // RFC 1035
constexpr std::size_t most_names = 64;

/// Reserved, or never to be delegated (RFC 6761, 6762 with appendix G, 8375; ICANN: internal).
constexpr std::array<std::string_view, 10> private_suffixes{
    ".localhost", ".local", ".internal", ".home.arpa", ".lan",
    ".intranet",  ".corp",  ".home",     ".private",   ".test"};

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return out;
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= longest_name && !name.starts_with('.') &&
         name.find("..") == std::string_view::npos && std::ranges::all_of(name, is_name_character);
}

bool is_address(int family, const std::string& text) {
  std::array<unsigned char, 16> address{};
  return ::inet_pton(family, text.c_str(), address.data()) == 1;
}

bool is_port(std::string_view text) {
  return text.size() <= 5 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// The host of `host[:port]` in lower case, `[v6]` with its brackets; nothing when it is malformed.
std::optional<std::string> host_of(std::string_view header) {
  const bool bracketed = header.starts_with('[');
  const auto end = bracketed ? header.find(']') : header.find(':');
  const std::size_t length = end == std::string_view::npos ? header.size() : end + bracketed;
  if (bracketed && end == std::string_view::npos) return std::nullopt;
  const std::string_view rest = header.substr(length);
  if (!rest.empty() && (rest.front() != ':' || !is_port(rest.substr(1)))) return std::nullopt;
  std::string host = lower(header.substr(0, length));
  if (host.ends_with('.')) host.pop_back();  // The root of the tree of names.
  return host;
}

bool is_private(std::string_view name) {
  if (name.find('.') == std::string_view::npos) return true;
  return std::ranges::any_of(private_suffixes,
                             [name](std::string_view suffix) { return name.ends_with(suffix); });
}

/// `entry` as written in WEB_ALLOWED_HOSTS.
bool stands_for(std::string_view entry, std::string_view name) {
  return entry.starts_with('.') ? name.ends_with(entry) : name == entry;
}

}  // namespace

Result<AllowedHosts> AllowedHosts::parse(std::string_view list) {
  AllowedHosts hosts;
  while (!list.empty()) {
    const std::string_view entry = trimmed(list.substr(0, list.find(',')));
    list.remove_prefix(std::min(list.size(), list.find(',')));
    if (!list.empty()) list.remove_prefix(1);
    if (entry.empty()) continue;
    const std::string name = lower(entry);
    if (name == "*") {
      hosts.any_ = true;
    } else if (!is_name(name.starts_with('.') ? name.substr(1) : name) || name.ends_with('.')) {
      return fail(Errc::invalid_argument,
                  fmt::format("'{}' is not a host name (want ems.example.com or .example.com, "
                              "without scheme and port, commas between)",
                              entry));
    } else {
      hosts.names_.push_back(name);
    }
  }
  if (hosts.names_.size() > most_names) {
    return fail(Errc::invalid_argument,
                fmt::format("{} names, at most {} are taken", hosts.names_.size(), most_names));
  }
  return hosts;
}

bool AllowedHosts::takes(std::string_view host_header) const {
  const auto host = host_of(host_header);
  if (!host) return false;
  if (host->starts_with('[')) return is_address(AF_INET6, host->substr(1, host->size() - 2));
  if (is_address(AF_INET, *host)) return true;
  if (!is_name(*host)) return false;
  if (any_ || is_private(*host)) return true;
  return std::ranges::any_of(
      names_, [&host](const std::string& entry) { return stands_for(entry, *host); });
}

}  // namespace wl::web
