#include "storage/backup/tar_header.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace wl::storage {
namespace {

constexpr std::size_t name_bytes = 100;
constexpr std::uint64_t octal_limit = 1ull << 33;  // Eleven octal digits.

// Places of the fields.
constexpr std::size_t mode_at = 100, uid_at = 108, gid_at = 116, size_at = 124, mtime_at = 136,
                      sum_at = 148, kind_at = 156, magic_at = 257;

void put(std::string& block, std::size_t at, std::string_view text) {
  std::ranges::copy(text, block.begin() + static_cast<std::ptrdiff_t>(at));
}

/// The sum of all bytes, the checksum field itself counting as blanks.
unsigned sum_of(std::string_view block) {
  const auto add = [](unsigned sum, char c) { return sum + static_cast<unsigned char>(c); };
  const unsigned all = std::accumulate(block.begin(), block.end(), 0u, add);
  const auto field = block.substr(sum_at, 8);
  return all - std::accumulate(field.begin(), field.end(), 0u, add) + 8 * ' ';
}

void put_size(std::string& block, std::uint64_t size) {
  if (size < octal_limit) return put(block, size_at, fmt::format("{:011o}", size));
  block[size_at] = '\x80';  // GNU: the other eleven bytes are a big-endian number.
  for (std::size_t i = 11; i > 3; --i, size >>= 8) block[size_at + i] = static_cast<char>(size);
}

std::string block_of(const TarMember& member, char kind) {
  std::string block(tar_block, '\0');
  put(block, 0, std::string_view(member.name).substr(0, name_bytes));
  put(block, mode_at, fmt::format("{:07o}", member.mode & 07777u));
  put(block, uid_at, "0000000");
  put(block, gid_at, "0000000");
  put_size(block, member.size);
  put(block, mtime_at,
      fmt::format("{:011o}", std::clamp<std::int64_t>(member.mtime, 0, octal_limit - 1)));
  block[kind_at] = kind;
  put(block, magic_at,
      std::string_view("ustar\0"
                       "00",
                       8));
  put(block, sum_at, fmt::format("{:06o}", sum_of(block)));
  block[sum_at + 7] = ' ';
  return block;
}

std::optional<std::uint64_t> octal(std::string_view field) {
  std::uint64_t value = 0;
  bool any = false;
  for (const char c : field) {
    if (c == ' ' || c == '\0') {
      if (any) break;
      continue;
    }
    if (c < '0' || c > '7') return std::nullopt;
    value = value * 8 + static_cast<std::uint64_t>(c - '0');
    any = true;
  }
  return value;
}

std::optional<std::uint64_t> size_in(std::string_view block) {
  const std::string_view field = block.substr(size_at, 12);
  if (field[0] != '\x80') return octal(field);
  std::uint64_t size = 0;
  for (const char c : field.substr(4)) size = size << 8 | static_cast<unsigned char>(c);
  return size <= static_cast<std::uint64_t>(INT64_MAX) ? std::optional(size) : std::nullopt;
}

std::string text_in(std::string_view block, std::size_t at, std::size_t size) {
  const std::string_view field = block.substr(at, size);
  return std::string(field.substr(0, field.find('\0')));
}

TarBlock::Kind kind_in(std::string_view block) {
  switch (block[kind_at]) {
    case '0':
    case '\0':
      return TarBlock::Kind::file;
    case 'L':
      return TarBlock::Kind::long_name;
    default:
      return TarBlock::Kind::other;
  }
}

}  // namespace

std::string encode_tar_header(const TarMember& member) {
  if (member.name.size() <= name_bytes) return block_of(member, '0');
  TarMember name{.name = "././@LongLink", .size = member.name.size() + 1};
  std::string out = block_of(name, 'L');
  out += member.name;
  out.append(1 + tar_padding(name.size), '\0');
  return out + block_of(member, '0');
}

Result<TarBlock> decode_tar_block(std::string_view block) {
  TarBlock found;
  if (std::ranges::all_of(block, [](char c) { return c == '\0'; })) return found;
  const auto sum = octal(block.substr(sum_at, 8));
  const auto size = size_in(block);
  const auto mode = octal(block.substr(mode_at, 8));
  const auto mtime = octal(block.substr(mtime_at, 12));
  if (!sum || *sum != sum_of(block) || !size || !mode || !mtime) {
    return fail(Errc::corrupt, "a tar header is damaged");
  }
  found.kind = kind_in(block);
  found.member.name = text_in(block, 0, name_bytes);
  const std::string prefix = text_in(block, 345, 155);
  if (!prefix.empty()) found.member.name = prefix + "/" + found.member.name;
  found.member.size = *size;
  found.member.mode = static_cast<std::uint32_t>(*mode);
  found.member.mtime = static_cast<std::int64_t>(*mtime);
  return found;
}

}  // namespace wl::storage
