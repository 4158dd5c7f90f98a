#include "storage/historian/hot_minutes.hpp"

#include <fmt/format.h>

#include <map>

#include "base/check.hpp"
#include "storage/historian/hot_part.hpp"
#include "storage/historian/stored_bytes.hpp"

namespace wl::storage {
namespace {

constexpr std::size_t head_bytes = 2;
/// A point that changes every minute has its newest bucket in so many minutes.
constexpr Milliseconds near_before = std::chrono::minutes{3};

struct Entry {
  std::uint32_t slot = 0;
  std::string_view bytes;
};

std::unexpected<Error> damaged(std::string_view what) {
  return fail(Errc::corrupt, fmt::format("row of closed minutes is damaged: {}", what));
}

/// Moves the entry from the front of `rest` into `entry`; false when it is cut.
bool take_entry(std::string_view& rest, Entry& entry) {
  if (rest.size() < head_bytes) return false;
  entry.slot = static_cast<std::uint8_t>(rest[0]);
  const auto size = static_cast<std::uint8_t>(rest[1]);
  if (rest.size() - head_bytes < size) return false;
  entry.bytes = rest.substr(head_bytes, size);
  rest.remove_prefix(head_bytes + size);
  return true;
}

Result<Bucket> bucket_in(const Entry& entry, Timestamp minute) {
  const auto open = decode_open(entry.bytes);
  if (!open) return std::unexpected(open.error());
  const auto& bucket = open->of_tier[index_of(Tier::minute)];
  if (!bucket || bucket->start != minute)
    return damaged(fmt::format("slot {} has a bucket of another time", entry.slot));
  return *bucket;
}

/// Calls `use` with each entry of which `wanted` holds; stops at the first error.
template <class Wanted, class Use>
Result<void> each_entry(const HotMinute& minute, Wanted wanted, Use use) {
  std::string_view rest = minute.body;
  Entry entry;
  while (!rest.empty()) {
    if (!take_entry(rest, entry)) return damaged("an entry is cut");
    if (entry.slot >= segment_points) return damaged("impossible slot");
    if (!wanted(entry.slot)) continue;
    const auto bucket = bucket_in(entry, minute.minute);
    if (!bucket) return std::unexpected(bucket.error());
    use(entry.slot, *bucket);
  }
  return {};
}

StoredAt place_of(const HotMinute& minute) {
  return {"closed minutes", Owner::segment, minute.segment, minute.minute};
}

}  // namespace

void put_minute(std::string& body, std::uint32_t slot, const Bucket& bucket) {
  OpenBuckets one;
  one.of_tier[index_of(Tier::minute)] = bucket;
  const std::string bytes = encode_open(one);
  WL_CHECK(slot < segment_points && bytes.size() <= 0xFF);
  body.push_back(static_cast<char>(slot));
  body.push_back(static_cast<char>(bytes.size()));
  body += bytes;
}

Result<std::vector<std::pair<std::uint32_t, Bucket>>> read_minute(const HotMinute& minute) {
  std::vector<std::pair<std::uint32_t, Bucket>> found;
  const auto all = [](std::uint32_t) { return true; };
  const auto read = each_entry(minute, all, [&](std::uint32_t slot, const Bucket& bucket) {
    found.emplace_back(slot, bucket);
  });
  if (!read) return std::unexpected(read.error());
  return found;
}

Result<std::vector<Bucket>> read_minute(const HotMinute& minute, std::uint32_t slot) {
  std::vector<Bucket> found;
  const auto same = [slot](std::uint32_t other) { return other == slot; };
  const auto read = each_entry(
      minute, same, [&](std::uint32_t, const Bucket& bucket) { found.push_back(bucket); });
  if (!read) return std::unexpected(read.error());
  return found;
}

void put_hot_minutes(Tables& tables, std::span<const ClosedBucket> closed) {
  std::map<std::pair<std::uint32_t, Timestamp>, std::string> bodies;
  for (const ClosedBucket& one : closed) {
    WL_CHECK(one.tier == Tier::minute);
    put_minute(bodies[{segment_of(one.row), one.bucket.start}], slot_of(one.row), one.bucket);
  }
  std::vector<HotMinute> rows;
  for (auto& [key, body] : bodies) rows.push_back({key.first, key.second, std::move(body)});
  if (!rows.empty()) tables.append_hot_minutes(rows);
}

std::vector<Bucket> hot_minutes_of(Tables& tables, PointRow row, Timestamp from, Timestamp to) {
  std::vector<Bucket> found;
  for (const HotMinute& minute : tables.hot_minutes(segment_of(row), from, to)) {
    for (const Bucket& bucket : or_throw(read_minute(minute, slot_of(row)), place_of(minute)))
      found.push_back(bucket);
  }
  return found;
}

std::optional<Bucket> hot_minute_before(Tables& tables, PointRow row, Timestamp end) {
  auto found = hot_minutes_of(tables, row, end - near_before, end);
  if (found.empty()) found = hot_minutes_of(tables, row, Timestamp::min(), end - near_before);
  return found.empty() ? std::nullopt : std::optional(found.back());
}

void fold_hot_minutes(Tables& tables, const HotHour& hour) {
  const auto rows = tables.hot_minutes(hour.segment, hour.hour, hour.hour + one_hour);
  if (rows.empty()) return;
  std::vector<ClosedBucket> closed;
  for (const HotMinute& minute : rows) {
    for (const auto& [slot, bucket] : or_throw(read_minute(minute), place_of(minute)))
      closed.push_back({Tier::minute, row_of(hour.segment, slot), bucket});
  }
  store_closed(tables, std::move(closed));
  tables.drop_hot_minutes(hour);
}

}  // namespace wl::storage
