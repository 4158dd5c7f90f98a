// Where the batches of a VirtualCollector go.
#pragma once

#include <memory>

#include "collector/record.hpp"

namespace wl::bench {

class BatchSink {
 public:
  virtual ~BatchSink() = default;
  /// Returns when the batch is stored. Throws when it cannot be.
  virtual void store(std::shared_ptr<const collector::Record> batch, Timestamp now) = 0;
};

/// A database that costs nothing: what is left is the cost of the way there.
class FreeDatabase : public BatchSink {
 public:
  void store(std::shared_ptr<const collector::Record>, Timestamp) override {}
};

}  // namespace wl::bench
