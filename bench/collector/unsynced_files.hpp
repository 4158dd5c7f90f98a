// The spool's files without syncs, where bytes are counted and no power is cut.
#pragma once

#include <memory>
#include <string>

#include "storage/spool/posix_files.hpp"

namespace wl::bench {

class UnsyncedFiles final : public storage::spool::SpoolFiles {
 public:
  explicit UnsyncedFiles(std::unique_ptr<SpoolFiles> files) : files_(std::move(files)) {}

  Result<std::vector<Entry>> list(const std::string& folder) override {
    return files_->list(folder);
  }
  Result<std::string> read(const std::string& name, std::uint64_t offset,
                           std::size_t size) override {
    return files_->read(name, offset, size);
  }
  Result<void> create(const std::string& name) override { return files_->create(name); }
  Result<void> append(const std::string& name, std::string_view bytes) override {
    return files_->append(name, bytes);
  }
  Result<void> truncate(const std::string& name, std::uint64_t size) override {
    return files_->truncate(name, size);
  }
  Result<void> sync(const std::string&) override { return {}; }
  Result<void> rename(const std::string& from, const std::string& to) override {
    return files_->rename(from, to);
  }
  Result<void> remove(const std::string& name) override { return files_->remove(name); }
  Result<void> sync_directory(const std::string&) override { return {}; }

 private:
  std::unique_ptr<SpoolFiles> files_;
};

}  // namespace wl::bench
