#include "storage/historian/batch_runs.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace wl::storage {
namespace {

Result<void> check(const Sample& sample, std::size_t points) {
  if (sample.point.value >= points) {
    return fail(Errc::invalid_argument, fmt::format("a sample is of point {}, the plant has {}",
                                                    sample.point.value, points));
  }
  const auto since = sample.source_time.time_since_epoch();
  if (since > farthest_time || since < -farthest_time)
    return fail(Errc::invalid_argument, fmt::format("a sample of point {} has the impossible "
                                                    "source time {} ms",
                                                    sample.point.value, since.count()));
  return {};
}

}  // namespace

Result<BatchRuns> BatchRuns::of(std::span<const Sample> samples, std::size_t points, Names& names) {
  BatchRuns batch;
  if (samples.empty()) return batch;
  batch.newest_ = batch.oldest_ = samples.front().source_time;
  for (const Sample& sample : samples) {
    if (auto fine = check(sample, points); !fine) return std::unexpected(fine.error());
    batch.newest_ = std::max(batch.newest_, sample.source_time);
    batch.oldest_ = std::min(batch.oldest_, sample.source_time);
  }
  std::vector<PointRow> rows;
  rows.reserve(samples.size());
  for (const Sample& sample : samples) {
    const auto known = names.find(sample.point);
    rows.push_back(known ? *known : names.make(sample.point));
  }
  batch.sort_out(samples, rows);
  return batch;
}

void BatchRuns::sort_out(std::span<const Sample> samples, std::span<const PointRow> rows) {
  // Counting: one pass a step and no comparison, and the order of arrival stays within a point.
  std::vector<std::uint32_t> ends(std::ranges::max(rows).value + 1, 0);
  for (const PointRow row : rows) ++ends[row.value];
  std::uint32_t sum = 0;
  for (std::uint32_t& end : ends) end = sum += end;
  std::vector<std::uint32_t> order(samples.size());
  for (std::size_t i = samples.size(); i-- > 0;)
    order[--ends[rows[i].value]] = static_cast<std::uint32_t>(i);
  sorted_.reserve(samples.size());
  for (const std::uint32_t i : order) sorted_.push_back(samples[i]);
  // Now ends[row] is where the row starts.
  for (std::uint32_t row = 0; row < ends.size(); ++row) {
    const std::uint32_t start = ends[row];
    const auto end = row + 1 < ends.size() ? ends[row + 1] : static_cast<std::uint32_t>(sum);
    if (start < end) add_run({row}, std::span(sorted_).subspan(start, end - start));
  }
}

void BatchRuns::add_run(PointRow row, std::span<Sample> samples) {
  const auto disorder = std::ranges::adjacent_find(
      samples, [](Timestamp a, Timestamp b) { return a >= b; }, &Sample::source_time);
  if (disorder != samples.end()) {
    std::ranges::stable_sort(samples, {}, &Sample::source_time);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const bool last_of_its_time =
          i + 1 == samples.size() || samples[i + 1].source_time != samples[i].source_time;
      if (last_of_its_time) samples[kept++] = samples[i];
    }
    samples = samples.first(kept);
  }
  runs_.push_back({row, samples.front().point, samples});
}

std::span<const Sample> before(std::span<const Sample> samples, Timestamp end) {
  const auto at = std::ranges::lower_bound(samples, end, {}, &Sample::source_time);
  return samples.first(static_cast<std::size_t>(at - samples.begin()));
}

}  // namespace wl::storage
