#include "apps/collector/store_writer.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>

#include "base/check.hpp"

namespace wl {

StoreWriter::StoreWriter(std::unique_ptr<storage::CollectorStore> store, std::string source,
                         std::function<void(WriteDone)> done)
    : store_(std::move(store)), source_(std::move(source)), done_(std::move(done)) {
  thread_ = std::thread([this] { run(); });
}

StoreWriter::~StoreWriter() {
  waiting_.close();
  thread_.join();
}

void StoreWriter::write(std::shared_ptr<const collector::CollectedBatch> batch) {
  WL_CHECK(waiting_.push(std::move(batch)));
}

void StoreWriter::run() {
  using Clock = std::chrono::steady_clock;
  for (bool open = true; open;) {
    open = !waiting_.closed();
    for (const auto& batch : waiting_.drain(Milliseconds{60'000})) {
      const auto start = Clock::now();
      std::string error = try_write(*batch);
      const auto took = std::chrono::duration_cast<Milliseconds>(Clock::now() - start);
      done_({batch->seq, std::move(error), took});
    }
  }
  if (const auto moved = store_->checkpoint(); !moved) spdlog::warn("{}", moved.error().what);
}

std::string StoreWriter::try_write(const collector::CollectedBatch& batch) {
  try {
    const auto written = store_->write_batch({source_, batch.seq, batch.samples, batch.intervals});
    return written ? "" : written.error().what;
  } catch (const std::exception& error) {
    return fmt::format("batch {}: {}", batch.seq, error.what());
  }
}

}  // namespace wl
