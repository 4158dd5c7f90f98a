#include "opcua/history_ring.hpp"

#include <algorithm>
#include <utility>

namespace wl::opcua {
namespace {

std::size_t cost(const DataValue& value) {
  const auto* text = std::get_if<std::string>(&value.value);
  return sizeof value + 2 * sizeof(std::uint64_t) + (text ? text->size() : 0);
}

/// The first value that is not before `time`.
std::size_t position(const std::deque<DataValue>& values, Timestamp time) {
  const auto found = std::ranges::lower_bound(values, time, {}, &DataValue::source_time);
  return static_cast<std::size_t>(found - values.begin());
}

}  // namespace

void HistoryRing::add(std::uint32_t variable, const DataValue& value, SteadyTime now) {
  if (limits_.bytes == 0) return;
  forget_aged(
      now);  // Before: a value that was the newest until now stays as the bound of this one.
  auto& values = rings_[variable].values;
  const auto place =
      std::ranges::upper_bound(values, value.source_time, {}, &DataValue::source_time);
  values.insert(place, value);
  recorded_.push_back({variable, now});
  ++values_;
  bytes_ += cost(value);
  while (!recorded_.empty() && bytes_ > limits_.bytes) {
    if (forget_oldest()) ++cut_;
  }
}

void HistoryRing::forget_aged(SteadyTime now) {
  while (!recorded_.empty() && now - recorded_.front().at > limits_.age) forget_oldest();
}

/// False when it was the only value of its variable, which stays.
bool HistoryRing::forget_oldest() {
  Ring& ring = rings_[recorded_.front().variable];
  recorded_.pop_front();
  if (ring.values.size() == 1) return false;
  bytes_ -= cost(ring.values.front());
  --values_;
  ring.values.pop_front();
  ++ring.forgotten;
  return true;
}

std::optional<HistoryPage> HistoryRing::read(std::uint32_t variable, const HistoryQuery& query,
                                             std::optional<std::uint64_t> next) const {
  const Ring& ring = rings_[variable];
  const auto& values = ring.values;
  HistoryPage page;
  std::size_t begin = position(values, query.from);
  const bool is_exact = begin < values.size() && values[begin].source_time == query.from;
  if (next) {
    if (*next < ring.forgotten) return std::nullopt;
    begin = std::min<std::size_t>(*next - ring.forgotten, values.size());
  } else if (query.bounds && !is_exact) {
    page.lacks_first_bound = begin == 0;
    if (begin > 0) --begin;
  }
  std::size_t end = query.to ? position(values, *query.to) : values.size();
  if (query.bounds && end < values.size()) ++end;
  const bool lacks_last = query.bounds && query.to && position(values, *query.to) == values.size();
  std::size_t bytes = 0;
  std::size_t at = begin;
  for (; at < end && page.values.size() < query.max_values && bytes < query.max_bytes; ++at) {
    page.values.push_back(values[at]);
    bytes += cost(values[at]);
  }
  if (at < end) page.next = ring.forgotten + at;
  page.lacks_last_bound = lacks_last && !page.next;
  return page;
}

}  // namespace wl::opcua
