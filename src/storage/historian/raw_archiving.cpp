#include "storage/historian/raw_archiving.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "storage/historian/facts.hpp"
#include "storage/historian/hour_chunk.hpp"
#include "storage/historian/stored_bytes.hpp"
#include "storage/historian/transaction.hpp"

namespace wl::storage {
namespace {

/// Of a slice. A chunk of a point with a sample a second is some kB; the bytes bound the time that
/// an hour with far more samples takes.
constexpr std::size_t chunks_at_once = 128;
constexpr std::size_t bytes_at_once = 512u << 10;

}  // namespace

Result<UpkeepReport> RawArchiving::step(Timestamp before, ChunkArchive& archive) {
  const auto oldest = tables_.oldest_chunk_hour(hour_);
  if (!oldest || *oldest >= before) {
    begin_anew();
    return UpkeepReport{};
  }
  if (*oldest != hour_) {
    hour_ = *oldest;
    first_ = PointRow{0};
  }
  const Slice slice = read_slice();
  if (!slice.sound.empty()) {
    if (auto kept = put_into(archive, slice.sound); !kept) return std::unexpected(kept.error());
    drop(slice.sound);
  }
  const Timestamp hour = hour_;
  go_on_behind(slice);
  tell_once(slice.damaged, hour);
  return UpkeepReport{.chunks_removed = slice.sound.size(), .more = true};
}

RawArchiving::Slice RawArchiving::read_slice() {
  std::vector<ChunkRow> rows = tables_.chunks_of_hour(hour_, first_, chunks_at_once);
  read_keys_of(rows);
  Slice slice{.sound = {}, .damaged = {}, .next = first_, .ends_hour = false};
  std::size_t bytes = 0;
  for (ChunkRow& row : rows) {
    if (bytes >= bytes_at_once) return slice;
    bytes += row.body.size();
    slice.next = PointRow{row.point.value + 1};
    const auto samples = decode_hour(row.body, PointId{0});
    if (!samples) {
      slice.damaged.emplace_back(row.point, samples.error());
    } else if (!keys_.contains(row.point.value)) {
      slice.damaged.emplace_back(row.point, Error{Errc::corrupt, "its point has no name"});
    } else {
      slice.sound.push_back(std::move(row));
    }
  }
  slice.ends_hour = rows.size() < chunks_at_once;
  return slice;
}

void RawArchiving::read_keys_of(const std::vector<ChunkRow>& rows) {
  const bool known = std::ranges::all_of(
      rows, [&](const ChunkRow& row) { return keys_.contains(row.point.value); });
  if (known) return;
  for (NamedRow& named : tables_.points()) keys_[named.row] = std::move(named.key);
}

Result<void> RawArchiving::put_into(ChunkArchive& archive, const std::vector<ChunkRow>& chunks) {
  if (chunks == archived_) return {};
  std::vector<NamedChunk> named;
  for (const ChunkRow& row : chunks) {
    const std::string& key = keys_.at(row.point.value);
    const auto parts = chunks_in(row.body);  // It was decoded just now: there is no error.
    for (const std::string_view part : *parts) named.push_back({key, part});
  }
  auto kept = archive.append(hour_, named);
  if (kept) archived_ = chunks;
  return kept;
}

void RawArchiving::drop(const std::vector<ChunkRow>& chunks) {
  std::vector<PointRow> points;
  for (const ChunkRow& row : chunks) points.push_back(row.point);
  Transaction transaction(tables_, Access::write);
  const Timestamp mark =
      facts::raise_time(tables_, facts::raw_removed_before, hour_ + Milliseconds{one_hour});
  tables_.drop_chunks_of_hour(hour_, points);
  transaction.commit();
  ingest_.on_raw_removed(mark);
  archived_.clear();
}

void RawArchiving::go_on_behind(const Slice& slice) {
  first_ = slice.ends_hour ? PointRow{0} : slice.next;
  if (slice.ends_hour) hour_ += one_hour;
}

/// Late samples may have made a new chunk of an hour that it has passed.
void RawArchiving::begin_anew() {
  hour_ = Timestamp::min();
  first_ = PointRow{0};
  keys_.clear();
}

void RawArchiving::tell_once(const std::vector<std::pair<PointRow, Error>>& damaged,
                             Timestamp hour) {
  std::vector<std::pair<PointRow, Error>> news;
  for (const auto& [point, error] : damaged) {
    if (told_.emplace(hour, point.value).second) news.emplace_back(point, error);
  }
  if (news.empty()) return;
  Error error = news.front().second;
  error.what += ". It is not archived and stays in the database";
  if (news.size() > 1) {
    error.what +=
        fmt::format(", as {} more of this hour do, which are damaged, too", news.size() - 1);
  }
  throw_damage(error, {"chunk", Owner::point, news.front().first.value, hour});
}

}  // namespace wl::storage
