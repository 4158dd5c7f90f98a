#include "storage/sqlite/sample_store.hpp"

#include <algorithm>
#include <cmath>

#include "model/quality.hpp"

namespace wl::storage {
namespace {

Sample sample_of(SQLite::Statement& row, PointId point) {
  return {.point = point,
          .value = row.getColumn(1).getDouble(),
          .quality = {static_cast<std::uint32_t>(row.getColumn(2).getInt64())},
          .source_time = from_unix_ms(row.getColumn(0).getInt64())};
}

/// Each series was read with one sample more than the limit, so the limit-th oldest time of all is
/// known: every series is whole before it.
void cut_to_limit(RawAnswer& answer, std::size_t limit) {
  std::vector<Timestamp> times;
  for (const RawSeries& series : answer.series) {
    for (const Sample& sample : series.samples) times.push_back(sample.source_time);
  }
  if (times.size() <= limit) return;
  const auto first_too_many = times.begin() + static_cast<std::ptrdiff_t>(limit);
  std::ranges::nth_element(times, first_too_many);
  answer.cut = true;
  answer.complete_to = *first_too_many;
  for (RawSeries& series : answer.series) {
    const auto tail =
        std::ranges::lower_bound(series.samples, answer.complete_to, {}, &Sample::source_time);
    series.samples.erase(tail, series.samples.end());
  }
}

}  // namespace

SampleStore::SampleStore(std::unique_ptr<SQLite::Database> database, std::string path,
                         const Plant& plant)
    : database_(std::move(database)),
      path_(std::move(path)),
      plant_(plant),
      timeline_(*database_),
      find_point_(*database_, "SELECT id FROM points WHERE key = ?1"),
      make_device_(*database_, "INSERT INTO devices (key) VALUES (?1) ON CONFLICT DO NOTHING"),
      make_point_(*database_,
                  "INSERT INTO points (device_id, key, unit) VALUES "
                  "((SELECT id FROM devices WHERE key = ?1), ?2, ?3) ON CONFLICT DO NOTHING"),
      claim_batch_(*database_,
                   "INSERT INTO ingest_batch VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING"),
      last_seq_(*database_, "SELECT max(seq) FROM ingest_batch WHERE source = ?1"),
      put_sample_(*database_,
                  "INSERT INTO samples VALUES (?1, ?2, ?3, ?4) ON CONFLICT (point_id, ts) "
                  "DO UPDATE SET value = excluded.value, quality = excluded.quality"),
      put_latest_(*database_,
                  "INSERT INTO latest VALUES (?1, ?2, ?3, ?4) ON CONFLICT (point_id) DO UPDATE SET "
                  "ts = excluded.ts, value = excluded.value, quality = excluded.quality "
                  "WHERE excluded.ts >= ts"),
      held_before_(*database_,
                   "SELECT ts, value, quality FROM samples WHERE point_id = ?1 AND ts < ?2 "
                   "ORDER BY ts DESC LIMIT 1"),
      range_(*database_,
             "SELECT ts, value, quality FROM samples WHERE point_id = ?1 AND ts >= ?2 AND ts < ?3 "
             "ORDER BY ts LIMIT ?4") {}

Result<void> SampleStore::write_batch(const Batch& batch) {
  auto written = guarded(path_, "write to", [&]() -> Result<void> {
    WriteTransaction transaction(*database_);
    const auto seq = static_cast<std::int64_t>(batch.seq);
    const auto count = static_cast<std::int64_t>(batch.samples.size());
    if (claim_batch_.with(batch.source, seq, count)->exec() == 0) return {};  // Written before.
    for (const Sample& sample : batch.samples) write_sample(sample);
    for (const LinkInterval& interval : batch.intervals) timeline_.add(interval);
    transaction.commit();
    return {};
  });
  if (!written) rows_.clear();  // Points registered by it were rolled back too.
  return written;
}

void SampleStore::write_sample(const Sample& sample) {
  const std::int64_t row = make_row(sample.point);
  // SQLite turns NaN into NULL; no number that may be used is what bad quality says.
  const bool finite = std::isfinite(sample.value);
  const double value = finite ? sample.value : 0;
  const Quality quality = finite || sample.quality.is_bad() ? sample.quality : quality::bad;
  const auto code = static_cast<std::int64_t>(quality.status_code);
  put_sample_.with(row, sample.source_time, value, code)->exec();
  put_latest_.with(row, sample.source_time, value, code)->exec();
}

Result<std::uint64_t> SampleStore::last_seq(const std::string& source) {
  return guarded(path_, "read", [&]() -> Result<std::uint64_t> {
    auto row = last_seq_.with(source);
    row->executeStep();
    return static_cast<std::uint64_t>(row->getColumn(0).getInt64());  // NULL reads as 0.
  });
}

Result<std::vector<Sample>> SampleStore::latest() {
  return guarded(path_, "read", [&]() -> Result<std::vector<Sample>> {
    std::vector<Sample> found;
    SQLite::Statement rows(*database_,
                           "SELECT l.ts, l.value, l.quality, p.key FROM latest l "
                           "JOIN points p ON p.id = l.point_id");
    while (rows.executeStep()) {
      const auto point = plant_.find_point(rows.getColumn(3).getString());
      if (point) found.push_back(sample_of(rows, *point));  // Others left plant.json.
    }
    std::ranges::sort(found, {}, &Sample::point);
    return found;
  });
}

Result<RawAnswer> SampleStore::read_raw(const RawQuery& query) {
  return guarded(path_, "read", [&]() -> Result<RawAnswer> {
    RawAnswer answer{.series = {}, .intervals = {}, .complete_to = query.to};
    SQLite::Transaction same_moment(*database_);  // Series and intervals fit together.
    read_all_series(query, answer);
    answer.intervals = timeline_.touching(query.from, query.to);
    return answer;
  });
}

void SampleStore::read_all_series(const RawQuery& query, RawAnswer& answer) {
  const auto points = static_cast<std::uint32_t>(query.points.size());
  const std::uint32_t limit = std::max(query.limit, points);
  Timestamp to = query.to;
  for (const PointId point : query.points) {
    answer.series.push_back(read_series(point, query.from, to, limit));
    const auto& samples = answer.series.back().samples;
    // What lies behind a full series will be cut off anyway.
    if (samples.size() > limit) to = std::min(to, samples.back().source_time + Milliseconds{1});
  }
  cut_to_limit(answer, limit);
}

RawSeries SampleStore::read_series(PointId point, Timestamp from, Timestamp to,
                                   std::uint32_t limit) {
  RawSeries series{.point = point, .before = {}, .samples = {}};
  const std::int64_t row = find_row(point);
  if (row == 0) return series;
  if (auto held = held_before_.with(row, from); held->executeStep()) {
    series.before = sample_of(*held.operator->(), point);
  }
  auto rows = range_.with(row, from, to, static_cast<std::int64_t>(limit) + 1);
  while (rows->executeStep()) series.samples.push_back(sample_of(*rows.operator->(), point));
  return series;
}

Result<std::optional<std::pair<Timestamp, Timestamp>>> SampleStore::extent() {
  using Extent = std::optional<std::pair<Timestamp, Timestamp>>;
  return guarded(path_, "read", [&]() -> Result<Extent> {
    SQLite::Statement row(
        *database_,
        "SELECT min(first), max(last) FROM (SELECT "
        "(SELECT ts FROM samples WHERE point_id = p.id ORDER BY ts LIMIT 1) AS first, "
        "(SELECT ts FROM samples WHERE point_id = p.id ORDER BY ts DESC LIMIT 1) AS last "
        "FROM points p)");
    row.executeStep();
    if (row.getColumn(0).isNull()) return Extent{};
    return Extent{
        {from_unix_ms(row.getColumn(0).getInt64()), from_unix_ms(row.getColumn(1).getInt64())}};
  });
}

Result<void> SampleStore::checkpoint() {
  return guarded(path_, "checkpoint", [&]() -> Result<void> {
    // TRUNCATE needs all readers to be past; PASSIVE moves what it can and never waits.
    SQLite::Statement(*database_, "PRAGMA wal_checkpoint(PASSIVE)").executeStep();
    return {};
  });
}

Result<std::optional<Timestamp>> SampleStore::covered_until() {
  return guarded(path_, "read",
                 [&]() -> Result<std::optional<Timestamp>> { return timeline_.end(); });
}

std::int64_t SampleStore::find_row(PointId point) {
  if (const auto known = rows_.find(point); known != rows_.end()) return known->second;
  auto row = find_point_.with(plant_.point(point).key);
  if (!row->executeStep()) return 0;
  return rows_[point] = row->getColumn(0).getInt64();
}

std::int64_t SampleStore::make_row(PointId point) {
  if (const std::int64_t row = find_row(point)) return row;
  const PointSpec& spec = plant_.point(point);
  const std::string& device = plant_.device(spec.device).id;
  make_device_.with(device)->exec();
  make_point_.with(device, spec.key, spec.unit)->exec();
  return find_row(point);
}

namespace {

Result<std::unique_ptr<CollectorStore>> open(const DatabaseOptions& options, const Plant& plant,
                                             Checkpoints checkpoints) {
  auto database = open_existing(options, checkpoints);
  if (!database) return std::unexpected(database.error());
  return guarded(options.sqlite_path, "open", [&]() -> Result<std::unique_ptr<CollectorStore>> {
    return std::make_unique<SampleStore>(std::move(*database), options.sqlite_path, plant);
  });
}

}  // namespace

Result<std::unique_ptr<Store>> open_store(const DatabaseOptions& options, const Plant& plant) {
  return open(options, plant, Checkpoints::by_the_collector);
}

Result<std::unique_ptr<CollectorStore>> open_collector_store(const DatabaseOptions& options,
                                                             const Plant& plant) {
  return open(options, plant, Checkpoints::by_this_connection);
}

}  // namespace wl::storage
