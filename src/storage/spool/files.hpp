// What the spool asks of a file system; tests answer with a disk that fails, tears and forgets.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace wl::storage::spool {

/// The files of one spool folder. A name is relative to it: `00000001.wlspool` or, one folder down,
/// `quarantine/…`. One thread.
///
/// Nothing survives a power cut before it was synced: bytes by sync(), and names that were created,
/// renamed or removed by sync_directory(). Errors name the file and the cause: `not_found`,
/// `conflict` (exists already), `permission`, `unavailable` (disk full, input/output error).
class SpoolFiles {
 public:
  struct Entry {
    std::string name;        ///< As the other functions take it.
    std::uint64_t size = 0;  ///< Bytes.
  };

  virtual ~SpoolFiles() = default;
  SpoolFiles() = default;
  SpoolFiles(const SpoolFiles&) = delete;
  SpoolFiles& operator=(const SpoolFiles&) = delete;

  /// The files of `folder` ("" or "quarantine"), in no order; none when there is no such folder.
  virtual Result<std::vector<Entry>> list(const std::string& folder) = 0;
  /// Fewer bytes than `size` only where the file ends.
  virtual Result<std::string> read(const std::string& name, std::uint64_t offset,
                                   std::size_t size) = 0;
  /// Makes an empty file, and its folder when needed.
  virtual Result<void> create(const std::string& name) = 0;
  /// Writes at the end. After an error any part of `bytes` may be there.
  virtual Result<void> append(const std::string& name, std::string_view bytes) = 0;
  virtual Result<void> truncate(const std::string& name, std::uint64_t size) = 0;
  /// After an error nobody knows what is on the disk, and a later success does not mend it.
  virtual Result<void> sync(const std::string& name) = 0;
  /// `to` is replaced when it exists.
  virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
  virtual Result<void> remove(const std::string& name) = 0;
  virtual Result<void> sync_directory(const std::string& folder) = 0;
};

}  // namespace wl::storage::spool
