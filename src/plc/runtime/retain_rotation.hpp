// Which of the retain files is written next, so that a whole image always survives.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace wl::plc {

/// Pure bookkeeping over `count` files. Never chooses
/// - the file written last: kill -9 in the middle of a write leaves that one whole;
/// - the file known to be on the disk, nor the one on its way there: a power cut leaves that one
///   whole, even when the kernel had written half of every other.
/// Two files are enough against kill -9 alone; against a power cut it takes four (ADR 0005).
class RetainRotation {
 public:
  static constexpr std::size_t count = 4;

  /// `newest` is the file that was loaded, if any: it is on the disk.
  explicit RetainRotation(std::optional<std::size_t> newest) : last_(newest), synced_(newest) {}

  /// The file to write now: the free one that was written longest ago.
  std::size_t next() const {
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < count; ++i) {
      if (last_ == i || synced_ == i || syncing_ == i) continue;
      if (!best || written_at_[i] < written_at_[*best]) best = i;
    }
    return *best;  // Three of four can be taken at most.
  }
  void written(std::size_t file) {
    last_ = file;
    written_at_[file] = ++writes_;
  }

  /// The file to bring to the disk now; nothing while another is on its way or none is newer.
  std::optional<std::size_t> begin_sync() {
    if (syncing_ || last_ == synced_) return std::nullopt;
    syncing_ = last_;
    return syncing_;
  }
  /// After a failure the file that was on the disk before stays the safe one.
  void end_sync(bool succeeded) {
    if (succeeded) synced_ = syncing_;
    syncing_.reset();
  }

  std::optional<std::size_t> last_written() const { return last_; }
  std::optional<std::size_t> synced() const { return synced_; }
  std::optional<std::size_t> syncing() const { return syncing_; }

 private:
  std::optional<std::size_t> last_;
  std::optional<std::size_t> synced_;
  std::optional<std::size_t> syncing_;
  std::array<std::uint64_t, count> written_at_{};
  std::uint64_t writes_ = 0;
};

}  // namespace wl::plc
