// SpoolFiles on a folder of this computer.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "base/open_file.hpp"
#include "storage/spool/files.hpp"

namespace wl::storage::spool {

/// Keeps the file that is appended to and the one that is read open. One thread.
class PosixSpoolFiles final : public SpoolFiles {
 public:
  /// Makes the folder when needed and locks it: `conflict` when another process uses the spool.
  static Result<std::unique_ptr<PosixSpoolFiles>> open(const std::filesystem::path& directory);

  Result<std::vector<Entry>> list(const std::string& folder) override;
  Result<std::string> read(const std::string& name, std::uint64_t offset,
                           std::size_t size) override;
  Result<void> create(const std::string& name) override;
  Result<void> append(const std::string& name, std::string_view bytes) override;
  Result<void> truncate(const std::string& name, std::uint64_t size) override;
  Result<void> sync(const std::string& name) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<void> remove(const std::string& name) override;
  Result<void> sync_directory(const std::string& folder) override;

 private:
  PosixSpoolFiles(std::filesystem::path directory, OpenFile lock)
      : directory_(std::move(directory)), lock_(std::move(lock)) {}

  std::filesystem::path path(const std::string& name) const { return directory_ / name; }
  Result<OpenFile*> writable(const std::string& name);
  Result<void> make_folder_of(const std::string& name);
  void close(const std::string& name);

  std::filesystem::path directory_;
  OpenFile lock_;
  std::optional<OpenFile> written_;
  std::optional<OpenFile> read_;
};

}  // namespace wl::storage::spool
