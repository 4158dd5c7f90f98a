// What the PLC really did, written beside everything that is tested: `boot,scan,unix_ms`.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

#include "base/result.hpp"
#include "base/time.hpp"
#include "plc/codegen/native_program.hpp"

namespace wl {

/// Appends one line a scan from PLC_PRG.udiBootCount and PLC_PRG.udiScanCount. A line is handed to
/// the kernel before its scan is published, so after kill -9 no client can know a scan that is not
/// in the log. Not synced: it outlives the process, not the machine. The scan thread owns it.
class TruthLog {
 public:
  /// `not_found` names the missing variable, `unavailable` the file.
  static Result<std::unique_ptr<TruthLog>> open(const std::filesystem::path& path,
                                                std::span<const plc::Symbol> symbols);
  ~TruthLog();
  TruthLog(const TruthLog&) = delete;
  TruthLog& operator=(const TruthLog&) = delete;

  /// `image` is Resource::image() after a whole scan. A failure is logged once.
  void append(std::span<const std::byte> image, Timestamp time);

 private:
  TruthLog(int fd, const plc::Symbol& boot, const plc::Symbol& scan)
      : fd_(fd), boot_(boot), scan_(scan) {}

  const int fd_;
  const plc::Symbol boot_;
  const plc::Symbol scan_;
  bool failed_ = false;
};

}  // namespace wl
