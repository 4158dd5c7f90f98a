#include "storage/sqlite/convert_samples.hpp"

#include "storage/historian/historian.hpp"
#include "storage/sqlite/name_rows.hpp"
#include "storage/sqlite/sqlite_tables.hpp"

namespace wl::storage {
namespace {

constexpr const char* source = "schema-1";
constexpr Milliseconds hour{3'600'000};
constexpr int hours_between_checkpoints = 24;

struct OldPoint {
  std::int64_t row = 0;
  PointId id;
};

/// The rows of schema 1, by the points that are registered in the file.
class OldSamples {
 public:
  explicit OldSamples(SQLite::Database& database)
      : next_(database,
              "SELECT ts FROM samples WHERE point_id = ?1 AND ts >= ?2 ORDER BY ts LIMIT 1"),
        last_(database, "SELECT ts FROM samples WHERE point_id = ?1 ORDER BY ts DESC LIMIT 1"),
        range_(database,
               "SELECT ts, value, quality FROM samples WHERE point_id = ?1 AND ts >= ?2 "
               "AND ts < ?3 ORDER BY ts") {
    read_plant(database);
  }

  const Plant& plant() const { return plant_; }

  /// The first hour that begins at or after `from` and has a row.
  std::optional<Timestamp> next_hour(Timestamp from) {
    std::optional<Timestamp> first;
    for (const OldPoint& point : points_) {
      auto row = next_.with(point.row, from);
      if (!row->executeStep()) continue;
      const Timestamp found = floor_to(time_of(row->getColumn(0)), hour);
      if (!first || found < *first) first = found;
    }
    return first;
  }

  Timestamp last_time() {
    Timestamp last = Timestamp::min();
    for (const OldPoint& point : points_) {
      auto row = last_.with(point.row);
      if (row->executeStep()) last = std::max(last, time_of(row->getColumn(0)));
    }
    return last;
  }

  std::vector<Sample> of_hour(Timestamp start) {
    std::vector<Sample> samples;
    for (const OldPoint& point : points_) {
      auto rows = range_.with(point.row, start, start + hour);
      while (rows->executeStep()) {
        samples.push_back({.point = point.id,
                           .value = rows->getColumn(1).getDouble(),
                           .quality = {rows->getColumn(2).getUInt()},
                           .source_time = time_of(rows->getColumn(0))});
      }
    }
    return samples;
  }

 private:
  void read_plant(SQLite::Database& database) {
    SQLite::Statement rows(database,
                           "SELECT p.id, p.key, p.unit, d.key FROM points p "
                           "JOIN devices d ON d.id = p.device_id ORDER BY p.id");
    while (rows.executeStep()) {
      PointSpec point;
      point.key = rows.getColumn(1).getString();
      point.name = point.key.substr(point.key.find('.') + 1);
      point.unit = rows.getColumn(2).getString();
      point.device = device_of(rows.getColumn(3).getString());
      points_.push_back({rows.getColumn(0).getInt64(),
                         PointId{static_cast<std::uint32_t>(plant_.points.size())}});
      plant_.points.push_back(std::move(point));
    }
  }

  DeviceId device_of(const std::string& key) {
    if (const auto known = plant_.find_device(key)) return *known;
    plant_.devices.push_back({.id = key, .name = {}, .description = {}, .type = {}});
    return DeviceId{static_cast<std::uint32_t>(plant_.devices.size() - 1)};
  }

  Prepared next_;
  Prepared last_;
  Prepared range_;
  Plant plant_;
  std::vector<OldPoint> points_;
};

/// The rows of `latest` stand for samples that are not converted yet: they would make every sample
/// late, and the newest ones repetitions that are left out.
void forget_latest(SQLite::Database& database) {
  WriteTransaction transaction(database);
  database.exec("DELETE FROM latest");
  transaction.commit();
}

/// Folds what is full, without retention.
Result<void> fold(Historian& historian, Timestamp now) {
  for (int step = 0; step < 10'000; ++step) {
    const auto report = historian.upkeep(now, {});
    if (!report) return std::unexpected(report.error());
    if (!report->more) break;  // What is left the collector folds.
  }
  return historian.checkpoint();
}

Result<void> convert(OldSamples& old, Historian& historian,
                     const std::function<void(double)>& progress) {
  const auto stored = historian.last_seq(source);
  if (!stored) return std::unexpected(stored.error());
  const auto first = old.next_hour(Timestamp::min());
  if (!first) return {};
  const Timestamp last = old.last_time();
  std::uint64_t seq = 0;  // Counts the hours that have rows: the table does not change meanwhile.
  for (auto start = first; start; start = old.next_hour(*start + hour)) {
    if (++seq <= *stored) continue;
    const auto written = historian.write_batch({.source = source,
                                                .seq = seq,
                                                .samples = old.of_hour(*start),
                                                .intervals = {},
                                                .ledger = {},
                                                .ledger_state = {}});
    if (!written) return written;
    if (seq % hours_between_checkpoints == 0) {
      if (auto folded = fold(historian, *start); !folded) return folded;
    }
    if (progress) {
      const auto whole = std::max<std::int64_t>(1, (last - *first).count());
      const auto done = std::min(*start + hour, last) - *first;
      progress(static_cast<double>(done.count()) / static_cast<double>(whole));
    }
  }
  return fold(historian, last);
}

}  // namespace

Result<void> convert_samples(const DatabaseOptions& options,
                             const std::function<void(double)>& progress) {
  const std::string& path = options.sqlite_path;
  return guarded(path, "convert", [&]() -> Result<void> {
    const auto database = connect(options, Checkpoints::by_the_collector);
    if (!database->tableExists("samples")) return {};
    OldSamples old(*database);
    if (!old.next_hour(Timestamp::min())) return {};
    if (BatchRows(*database).last_seq(source) == 0) forget_latest(*database);
    auto calendar = Calendar::of("UTC");
    if (!calendar) return std::unexpected(calendar.error());
    try {
      auto tables = sqlite_tables_on(connect(options, Checkpoints::by_this_connection), path,
                                     Checkpoints::by_this_connection);
      Historian historian(std::move(tables), old.plant(), *calendar);
      return convert(old, historian, progress);
    } catch (const DatabaseError& error) {
      return std::unexpected(error.error());
    }
  });
}

}  // namespace wl::storage
