#include "storage/historian/fold.hpp"

#include <set>

#include "storage/historian/hot_minutes.hpp"
#include "storage/historian/hour_chunk.hpp"
#include "storage/historian/stored_bytes.hpp"
#include "storage/historian/transaction.hpp"

namespace wl::storage {
Fold::Fold(Tables& tables, const HotHour& hour) : tables_(tables), hour_(hour) {
  parts_ = tables.hot(hour.segment, hour.hour, hour.hour + one_hour);
  std::set<std::uint32_t> slots;
  for (const HotPart& part : parts_) {
    for (const HotEntry& entry :
         or_throw(hot_entries(part.body), {"hot part", Owner::segment, hour.segment, hour.hour}))
      slots.insert(entry.slot);
  }
  slots_.assign(slots.begin(), slots.end());
}

std::size_t Fold::step() {
  std::vector<ChunkRow> chunks;
  std::size_t coded = 0;
  std::size_t next = next_;
  Transaction transaction(tables_, Access::write);
  for (; next < slots_.size() && coded < step_samples; ++next) {
    const std::uint32_t slot = slots_[next];
    const std::vector<Sample> samples = samples_of(slot);
    coded += samples.size();
    chunks.push_back(
        {row_of(hour_.segment, slot), hour_.hour,
         or_throw(encode_hour(samples),
                  {"chunk", Owner::point, row_of(hour_.segment, slot).value, hour_.hour})});
  }
  if (!chunks.empty()) tables_.put_chunks(chunks);
  if (next == slots_.size()) {
    fold_hot_minutes(tables_, hour_);
    tables_.drop_hot(hour_);
  }
  transaction.commit();
  next_ = next;
  done_ = next_ == slots_.size();
  return chunks.size();
}

std::vector<Sample> Fold::samples_of(std::uint32_t slot) {
  const PointRow row = row_of(hour_.segment, slot);
  std::vector<Sample> samples;
  for (const ChunkRow& chunk : tables_.chunks(row, hour_.hour, hour_.hour + one_hour, 1))
    samples = or_throw(decode_hour(chunk.body, PointId{}),
                       {"chunk", Owner::point, row_of(hour_.segment, slot).value, hour_.hour});
  for (const HotPart& part : parts_)
    or_throw(read_hot(part, slot, PointId{}, samples),
             {"hot part", Owner::point, row.value, hour_.hour});
  put_in_order(samples);
  return samples;
}

}  // namespace wl::storage
