#include "collector/backlog.hpp"

#include "base/check.hpp"
#include "collector/link_history.hpp"

namespace wl::collector {

const char* const cache_full_cause =
    "samples were dropped: the database was not available and DATA_CACHE_SIZE was used up";

std::size_t size_of(const CollectedBatch& batch) {
  std::size_t bytes = sizeof(CollectedBatch) + batch.samples.capacity() * sizeof(Sample);
  for (const LinkInterval& interval : batch.intervals) {
    bytes += sizeof(LinkInterval) + interval.cause.size();
  }
  return bytes;
}

void Backlog::push(CollectedBatch batch) {
  batch.samples.shrink_to_fit();
  bytes_ += size_of(batch);
  batches_.push_back(std::make_shared<const CollectedBatch>(std::move(batch)));
  // Ends: each round empties one batch, and the newest one without samples stays.
  while (bytes_ > limit_ && batches_.size() > (in_flight_ ? 2u : 1u)) drop_oldest();
}

std::shared_ptr<const CollectedBatch> Backlog::start_write() {
  if (in_flight_ || batches_.empty()) return nullptr;
  in_flight_ = true;
  return batches_.front();
}

std::size_t Backlog::written() {
  WL_CHECK(in_flight_);
  in_flight_ = false;
  const std::size_t samples = batches_.front()->samples.size();
  bytes_ -= size_of(*batches_.front());
  batches_.pop_front();
  return samples;
}

void Backlog::failed() {
  WL_CHECK(in_flight_);
  in_flight_ = false;
}

/// The oldest that is not in flight goes; the next one takes its time over, as a gap.
void Backlog::drop_oldest() {
  const auto oldest = batches_.begin() + (in_flight_ ? 1 : 0);
  const auto heir = oldest + 1;
  CollectedBatch joined{(*heir)->seq, (*heir)->samples, {}};
  for (const LinkInterval& interval : (*oldest)->intervals) {
    const std::string cause = interval.alive ? cache_full_cause : interval.cause;
    append_interval(joined.intervals, {interval.from, interval.to, false, cause});
  }
  for (const LinkInterval& interval : (*heir)->intervals) {
    append_interval(joined.intervals, interval);
  }
  dropped_samples_ += (*oldest)->samples.size();
  bytes_ -= size_of(**oldest) + size_of(**heir);
  bytes_ += size_of(joined);
  *heir = std::make_shared<const CollectedBatch>(std::move(joined));
  batches_.erase(oldest);
}

}  // namespace wl::collector
