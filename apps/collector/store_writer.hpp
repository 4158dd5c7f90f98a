// The thread that owns the collector's Store.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "base/bounded_queue.hpp"
#include "collector/backlog.hpp"
#include "storage/store.hpp"

namespace wl {

struct WriteDone {
  std::uint64_t seq = 0;
  std::string error;  ///< Empty: the batch is on disk.
  Milliseconds took{};
};

/// Writes one batch after the other, under this collector's source id.
class StoreWriter {
 public:
  /// `done` is called on the writer's thread, once for each batch; it must not throw.
  StoreWriter(std::unique_ptr<storage::CollectorStore> store, std::string source,
              std::function<void(WriteDone)> done);
  ~StoreWriter();  ///< Writes what was handed over, moves the log into the file, ends the thread.

  /// The core hands over one batch at a time, so the queue never fills.
  void write(std::shared_ptr<const collector::CollectedBatch> batch);

 private:
  void run();
  /// Empty when the batch is on disk.
  std::string try_write(const collector::CollectedBatch& batch);

  std::unique_ptr<storage::CollectorStore> store_;
  const std::string source_;
  const std::function<void(WriteDone)> done_;
  BoundedQueue<std::shared_ptr<const collector::CollectedBatch>> waiting_{4, WhenFull::refuse};
  std::thread thread_;
};

}  // namespace wl
