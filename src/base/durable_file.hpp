// Small files that are either old or new after a crash, never torn.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace wl {

enum class Durability {
  visible,  ///< Readers see old or new; a power cut may lose the new one.
  synced,   ///< On return the new content survives a power cut.
};

/// The whole file; `not_found` when it does not exist; `invalid_argument` above `limit` bytes.
Result<std::string> read_file(const std::filesystem::path& path, std::uint64_t limit = 64 << 20);

/// Writes `<path>.tmp`, then renames it over `path`. The error names the path and the reason.
Result<void> write_file(const std::filesystem::path& path, std::string_view content,
                        Durability durability, unsigned mode = 0644);

/// Makes the directory (with parents) and proves that files can be made in it.
Result<void> ensure_writable_directory(const std::filesystem::path& path);

/// CRC-32C (Castagnoli), as used by retain images, spool records and chunks.
std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t seed = 0);
/// The same on a processor without an instruction for it.
std::uint32_t crc32c_by_tables(std::span<const std::byte> bytes, std::uint32_t seed = 0);

}  // namespace wl
