// How a client's write reaches the scan: without a lock and without an allocation.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "base/check.hpp"

namespace wl::plc {

/// A ring of encoded writes with a limit. One producer (the OPC UA server's thread) and one
/// consumer (the scan thread); neither ever waits for the other, which a mutex could not promise
/// under SCHED_FIFO (priority inversion). Memory: capacity × max_bytes.
class WriteQueue {
 public:
  WriteQueue(std::size_t capacity, std::size_t max_bytes)
      : max_bytes_(max_bytes), slots_(capacity), bytes_(capacity * max_bytes) {
    WL_CHECK(capacity > 0);
  }

  /// Producer. False when `capacity` writes already wait: the client is told, nothing is dropped.
  bool push(std::uint32_t symbol, std::span<const std::byte> bytes) {
    WL_CHECK(bytes.size() <= max_bytes_);
    const std::uint64_t tail = tail_.load(std::memory_order_relaxed);
    if (tail - head_.load(std::memory_order_acquire) >= slots_.size()) return false;
    const std::size_t slot = tail % slots_.size();
    slots_[slot] = {symbol, static_cast<std::uint32_t>(bytes.size())};
    std::memcpy(bytes_.data() + slot * max_bytes_, bytes.data(), bytes.size());
    tail_.store(tail + 1, std::memory_order_release);
    return true;
  }

  /// Consumer. Calls apply(symbol, bytes) for what waits now, oldest first.
  template <class Apply>
  void drain(Apply&& apply) {
    std::uint64_t head = head_.load(std::memory_order_relaxed);
    const std::uint64_t tail = tail_.load(std::memory_order_acquire);
    for (; head != tail; ++head) {
      const std::size_t slot = head % slots_.size();
      apply(slots_[slot].symbol,
            std::span<const std::byte>(bytes_.data() + slot * max_bytes_, slots_[slot].size));
    }
    head_.store(head, std::memory_order_release);
  }

 private:
  struct Slot {
    std::uint32_t symbol = 0;
    std::uint32_t size = 0;
  };

  const std::size_t max_bytes_;
  std::vector<Slot> slots_;
  std::vector<std::byte> bytes_;
  std::atomic<std::uint64_t> head_ = 0;
  std::atomic<std::uint64_t> tail_ = 0;
};

}  // namespace wl::plc
