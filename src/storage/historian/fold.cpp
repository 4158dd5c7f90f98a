#include "storage/historian/fold.hpp"

#include <fmt/format.h>

#include <set>

#include "storage/historian/hour_chunk.hpp"
#include "storage/historian/transaction.hpp"

namespace wl::storage {
namespace {

std::string where(const char* what, const HotHour& hour, std::uint32_t slot) {
  return fmt::format("{} of point row {}, hour {}: ", what, row_of(hour.segment, slot).value,
                     to_iso8601(hour.hour));
}

}  // namespace

Fold::Fold(Tables& tables, const HotHour& hour) : tables_(tables), hour_(hour) {
  parts_ = tables.hot(hour.segment, hour.hour, hour.hour + one_hour);
  std::set<std::uint32_t> slots;
  for (const HotPart& part : parts_) {
    for (const HotEntry& entry : or_throw(hot_entries(part.body), where("hot part", hour, 0)))
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
    chunks.push_back({row_of(hour_.segment, slot), hour_.hour,
                      or_throw(encode_hour(samples), where("chunk", hour_, slot))});
  }
  if (!chunks.empty()) tables_.put_chunks(chunks);
  if (next == slots_.size()) tables_.drop_hot(hour_);
  transaction.commit();
  next_ = next;
  done_ = next_ == slots_.size();
  return chunks.size();
}

std::vector<Sample> Fold::samples_of(std::uint32_t slot) {
  const PointRow row = row_of(hour_.segment, slot);
  std::vector<Sample> samples;
  for (const ChunkRow& chunk : tables_.chunks(row, hour_.hour, hour_.hour + one_hour, 1))
    samples = or_throw(decode_hour(chunk.body, PointId{}), where("chunk", hour_, slot));
  for (const HotPart& part : parts_)
    or_throw(read_hot(part, slot, PointId{}, samples), where("hot part", hour_, slot));
  put_in_order(samples);
  return samples;
}

}  // namespace wl::storage
