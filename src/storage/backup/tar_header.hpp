// The 512-byte blocks between the files of a tar archive (POSIX ustar with two GNU extensions:
// sizes above 8 GiB in binary, names above 100 bytes in a member of their own). Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace wl::storage {

inline constexpr std::size_t tar_block = 512;

struct TarMember {
  std::string name;
  std::uint64_t size = 0;
  std::uint32_t mode = 0600;
  std::int64_t mtime = 0;  ///< Seconds since 1970.
};

/// One block, or three and more when the name is long. The content follows, filled up with zeros
/// to whole blocks.
std::string encode_tar_header(const TarMember& member);

/// What one block says.
struct TarBlock {
  enum class Kind { file, long_name, end, other } kind = Kind::end;
  TarMember member;
};

/// `bytes` is one block. `corrupt`: the checksum differs.
Result<TarBlock> decode_tar_block(std::string_view bytes);

/// Zeros that fill a content of this size up to whole blocks.
constexpr std::size_t tar_padding(std::uint64_t size) {
  return static_cast<std::size_t>((tar_block - size % tar_block) % tar_block);
}

}  // namespace wl::storage
