// What a backup says about itself: `manifest.json`, the first file of a package.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace wl::storage {

inline constexpr std::string_view manifest_name = "manifest.json";
inline constexpr int backup_format = 1;

/// One file of the backup.
struct BackupFile {
  std::string name;  ///< `config/plant.json`: relative, `/` between, never `..`.
  std::uint64_t bytes = 0;
  std::uint32_t mode = 0600;
  std::string sha256;  ///< Hexadecimal.

  bool operator==(const BackupFile&) const = default;
};

struct Manifest {
  int format = backup_format;
  std::string version;  ///< Of the program that made it.
  Timestamp made_at{};
  std::string database;  ///< `sqlite` or `mysql`.
  int schema = 0;
  /// Rows by table. SQLite: of the very copy. MySQL: counted just before the dump.
  std::map<std::string, std::uint64_t> rows;
  std::vector<BackupFile> files;  ///< In the order in which they follow the manifest.

  const BackupFile* find(std::string_view name) const;
  std::uint64_t total_bytes() const;
  bool operator==(const Manifest&) const = default;
};

std::string to_json(const Manifest& manifest);

/// Trusts nothing. `corrupt`: no manifest; names that lead out of the folder; `conflict`: a newer
/// format, with the next step. `file` is for the messages.
Result<Manifest> parse_manifest(std::string text, const std::string& file);

/// Relative, without `..`, `.` or empty parts, valid UTF-8, no control characters.
bool is_safe_name(std::string_view name);

}  // namespace wl::storage
