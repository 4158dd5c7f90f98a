#include "storage/spool/frame.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <span>

#include "base/durable_file.hpp"

namespace wl::storage::spool {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are copied as they are");

constexpr std::string_view magic = "WLSPOOL\n";
constexpr std::string_view record_magic = "WLSR";
constexpr std::string_view seal_magic = "WLSE";
constexpr std::string_view mark_magic = "WLM1";
constexpr std::string_view name_end = ".wlspool";
constexpr std::size_t name_digits = 8;

std::uint32_t checksum(std::string_view bytes, std::uint64_t seed = 0) {
  return crc32c(std::as_bytes(std::span(bytes)), static_cast<std::uint32_t>(seed));
}

template <class T>
void put(std::string& to, T value) {
  to.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <class T>
T get(std::string_view from, std::size_t at) {
  T value{};
  std::memcpy(&value, from.data() + at, sizeof value);
  return value;
}

/// Whether only the magic decayed: every other byte fits.
bool rest_is_ours(std::string_view bytes) {
  if (bytes.size() < header_bytes) return false;
  const std::string mended = std::string(magic) + std::string(bytes.substr(magic.size()));
  return checksum(std::string_view(mended).substr(0, 36)) == get<std::uint32_t>(mended, 36);
}

}  // namespace

std::string encode_header(const Header& header) {
  std::string bytes{magic};
  put(bytes, version);
  put(bytes, checksum(bytes));
  put(bytes, header.number);
  put(bytes, header.after_seq);
  put(bytes, std::uint32_t{0});
  put(bytes, checksum(bytes));
  return bytes;
}

ReadHeader decode_header(std::string_view bytes, std::uint64_t number) {
  const bool zeros = std::ranges::all_of(bytes, [](char c) { return c == 0; });
  const std::string_view start = bytes.substr(0, magic.size());
  const bool ours = zeros || magic.starts_with(start) || rest_is_ours(bytes);
  if (!ours) return {HeaderState::foreign, {}};
  if (bytes.size() < prelude_bytes) return {HeaderState::damaged, {}};
  if (checksum(bytes.substr(0, 12)) != get<std::uint32_t>(bytes, 12)) {
    return {HeaderState::damaged, {}};
  }
  if (get<std::uint32_t>(bytes, 8) > version) return {HeaderState::newer, {}};
  if (bytes.size() < header_bytes) return {HeaderState::damaged, {}};
  const Header header{.number = get<std::uint64_t>(bytes, 16),
                      .after_seq = get<std::uint64_t>(bytes, 24)};
  const bool whole = checksum(bytes.substr(0, 36)) == get<std::uint32_t>(bytes, 36) &&
                     get<std::uint32_t>(bytes, 8) == version && header.number == number;
  return {whole ? HeaderState::whole : HeaderState::damaged, header};
}

std::string encode_head(const Head& head, std::uint64_t number) {
  std::string bytes{head.kind == Head::Kind::seal ? seal_magic : record_magic};
  put(bytes, head.size);
  put(bytes, head.seq);
  put(bytes, head.durable_seq);
  put(bytes, head.payload_crc);
  put(bytes, checksum(bytes, number));
  return bytes;
}

std::optional<Head> decode_head(std::string_view bytes, std::uint64_t number) {
  if (bytes.size() < head_bytes) return std::nullopt;
  const bool seal = bytes.starts_with(seal_magic);
  if (!seal && !bytes.starts_with(record_magic)) return std::nullopt;
  if (checksum(bytes.substr(0, 28), number) != get<std::uint32_t>(bytes, 28)) return std::nullopt;
  const Head head{.kind = seal ? Head::Kind::seal : Head::Kind::record,
                  .size = get<std::uint32_t>(bytes, 4),
                  .seq = get<std::uint64_t>(bytes, 8),
                  .durable_seq = get<std::uint64_t>(bytes, 16),
                  .payload_crc = get<std::uint32_t>(bytes, 24)};
  if (!seal && head.size > max_record_bytes) return std::nullopt;
  return head;
}

std::uint32_t payload_checksum(std::string_view payload) {
  return checksum(payload);
}

void append_record(std::string& to, Head head, std::string_view payload, std::uint64_t number) {
  head.kind = Head::Kind::record;
  head.size = static_cast<std::uint32_t>(payload.size());
  head.payload_crc = payload_checksum(payload);
  to += encode_head(head, number);
  to += payload;
}

Vouched search_heads(std::string_view bytes, std::uint64_t number) {
  Vouched found;
  for (std::size_t at = bytes.find("WLS"); at != std::string_view::npos;
       at = bytes.find("WLS", at + 1)) {
    const auto head = decode_head(bytes.substr(at), number);
    if (!head) continue;
    found.durable_seq = std::max(found.durable_seq, head->durable_seq);
    found.seq = std::max(found.seq, head->seq);
  }
  return found;
}

std::string encode_mark(const Mark& mark) {
  std::string bytes{mark_magic};
  put(bytes, std::uint32_t{0});
  put(bytes, mark.released);
  put(bytes, mark.dropped_to);
  put(bytes, std::uint32_t{0});
  put(bytes, checksum(bytes));
  return bytes;
}

std::optional<Mark> decode_mark(std::string_view bytes) {
  if (bytes.size() < mark_bytes || !bytes.starts_with(mark_magic)) return std::nullopt;
  if (checksum(bytes.substr(0, 28)) != get<std::uint32_t>(bytes, 28)) return std::nullopt;
  return Mark{.released = get<std::uint64_t>(bytes, 8),
              .dropped_to = get<std::uint64_t>(bytes, 16)};
}

std::string segment_name(std::uint64_t number) {
  return fmt::format("{:08}{}", number, name_end);
}

std::optional<std::uint64_t> segment_number(std::string_view name) {
  if (name.size() != name_digits + name_end.size() || !name.ends_with(name_end)) {
    return std::nullopt;
  }
  std::uint64_t number = 0;
  const char* const end = name.data() + name_digits;
  const auto [stopped, error] = std::from_chars(name.data(), end, number);
  if (error != std::errc{} || stopped != end || number == 0) return std::nullopt;
  return number;
}

}  // namespace wl::storage::spool
