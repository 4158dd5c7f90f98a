#include "base/ip_address.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/trimmed.hpp"

namespace wl {
namespace {

constexpr std::size_t max_ranges = 1000;
constexpr int mapped_bits = 96;  // ::ffff:0:0/96 stands before the 32 bits of IPv4.

bool is_mapped(const IpAddress& address) {
  const auto zeros = std::ranges::count(address.bytes.begin(), address.bytes.begin() + 10, 0);
  return zeros == 10 && address.bytes[10] == 0xff && address.bytes[11] == 0xff;
}

bool same_prefix(const IpAddress& a, const IpAddress& b, int bits) {
  const auto whole = static_cast<std::size_t>(bits / 8);
  if (!std::equal(a.bytes.begin(), a.bytes.begin() + whole, b.bytes.begin())) return false;
  if (bits % 8 == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xff << (8 - bits % 8));
  return (a.bytes[whole] & mask) == (b.bytes[whole] & mask);
}

bool has_bits_behind(const IpAddress& address, int prefix) {
  for (int bit = prefix; bit < 128; ++bit) {
    if (address.bytes[static_cast<std::size_t>(bit / 8)] >> (7 - bit % 8) & 1) return true;
  }
  return false;
}

std::unexpected<Error> refused(std::string_view text, std::string_view why) {
  return fail(Errc::invalid_argument, fmt::format("'{}' {}", text, why));
}

}  // namespace

std::optional<IpAddress> parse_ip_address(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  const std::string plain(text.substr(0, text.find('%')));
  IpAddress address;
  in_addr four{};
  if (::inet_pton(AF_INET, plain.c_str(), &four) == 1) {
    address.bytes[10] = address.bytes[11] = 0xff;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(&four.s_addr);
    std::copy_n(bytes, 4, address.bytes.begin() + 12);
    return address;
  }
  if (::inet_pton(AF_INET6, plain.c_str(), address.bytes.data()) == 1) return address;
  return std::nullopt;
}

std::string to_text(const IpAddress& address) {
  char text[INET6_ADDRSTRLEN] = {};
  if (is_mapped(address)) {
    ::inet_ntop(AF_INET, address.bytes.data() + 12, text, sizeof text);
  } else {
    ::inet_ntop(AF_INET6, address.bytes.data(), text, sizeof text);
  }
  return text;
}

Result<IpRanges::Range> IpRanges::parse_range(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = parse_ip_address(text.substr(0, slash));
  if (!address) return refused(text, "is no IP address or range such as 10.0.0.0/8");
  Range range{*address, 128};
  if (slash == std::string_view::npos) return range;
  const int bits = is_mapped(*address) ? 32 : 128;
  const std::string_view digits = text.substr(slash + 1);
  int prefix = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
  if (error != std::errc{} || end != digits.data() + digits.size() || prefix < 0 || prefix > bits) {
    return refused(text, fmt::format("needs a prefix of 0 to {} behind the slash", bits));
  }
  range.prefix = bits == 32 ? mapped_bits + prefix : prefix;
  if (has_bits_behind(range.first, range.prefix)) {
    return refused(text, fmt::format("has bits behind its prefix: write the network's address, or "
                                     "the address alone"));
  }
  return range;
}

Result<IpRanges> IpRanges::parse(std::string_view text) {
  IpRanges parsed;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    const std::string_view entry = trimmed(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
    if (entry.empty()) continue;
    if (parsed.ranges_.size() >= max_ranges) return refused(entry, "is one of more than 1,000");
    auto range = parse_range(entry);
    if (!range) return std::unexpected(range.error());
    parsed.ranges_.push_back(*range);
  }
  return parsed;
}

bool IpRanges::contains(const IpAddress& address) const {
  return std::ranges::any_of(
      ranges_, [&](const Range& range) { return same_prefix(range.first, address, range.prefix); });
}

}  // namespace wl
