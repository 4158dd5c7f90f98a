#include "base/mail_address.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace wl {
namespace {

constexpr std::size_t longest_address = 254;  // RFC 5321
constexpr std::size_t most_addresses = 50;

bool is_printable(char c) {
  return c > ' ' && c < 0x7f;
}

/// The beginning of what was written, fit for a log.
std::string shown(std::string_view address) {
  std::string text(address.substr(0, 80));
  std::ranges::replace_if(
      text, [](char c) { return c != ' ' && !is_printable(c); }, '?');
  return text;
}

std::string_view without_blanks(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
  const std::size_t end = text.find_last_not_of(" \t");
  return text.substr(begin, end == std::string_view::npos ? 0 : end + 1 - begin);
}

}  // namespace

Result<void> check_mail_address(std::string_view address) {
  const auto refuse = [&](std::string_view why) {
    return fail(Errc::invalid_argument,
                fmt::format("'{}' is not a mail address: {}", shown(address), why));
  };
  if (address.size() > longest_address) return refuse("longer than 254 bytes");
  if (!std::ranges::all_of(address, is_printable)) {
    return refuse("blanks, control and non-ASCII characters are refused");
  }
  if (const auto at = address.find_first_of("<>()[],;:\\\""); at != std::string_view::npos) {
    return refuse(fmt::format("'{}' cannot be in it", address[at]));
  }
  if (std::ranges::count(address, '@') != 1) return refuse("one @ belongs in it");
  if (address.starts_with('@') || address.ends_with('@')) {
    return refuse("a name and a host belong around the @");
  }
  return {};
}

Result<std::vector<std::string>> parse_mail_addresses(std::string_view text) {
  std::vector<std::string> found;
  if (without_blanks(text).empty()) return found;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string address(without_blanks(text.substr(begin, end - begin)));
    if (const auto good = check_mail_address(address); !good) return std::unexpected(good.error());
    if (std::ranges::find(found, address) == found.end()) found.push_back(address);
    begin = end + 1;
  }
  if (found.size() > most_addresses) {
    return fail(Errc::invalid_argument,
                fmt::format("{} addresses; at most {} are allowed: use a mailing list of the mail "
                            "server instead",
                            found.size(), most_addresses));
  }
  return found;
}

}  // namespace wl
