#include "storage/sqlite/name_rows.hpp"

#include "storage/sqlite/period_key.hpp"

namespace wl::storage {
namespace {

std::vector<NamedRow> all_names(Prepared::Use rows) {
  std::vector<NamedRow> names;
  while (rows->executeStep()) {
    names.push_back({rows->getColumn(0).getUInt(), rows->getColumn(1).getString()});
  }
  return names;
}

std::optional<std::uint32_t> number(Prepared::Use row) {
  if (!row->executeStep()) return std::nullopt;
  return row->getColumn(0).getUInt();
}

}  // namespace

NameRows::NameRows(SQLite::Database& database)
    : points_(database, "SELECT id, key FROM points ORDER BY id"),
      devices_(database, "SELECT id, key FROM devices ORDER BY id"),
      find_device_(database, "SELECT id FROM devices WHERE key = ?1"),
      add_device_(database, "INSERT INTO devices (key) VALUES (?1) RETURNING id"),
      find_point_(database, "SELECT id FROM points WHERE key = ?1"),
      add_point_(database,
                 "INSERT INTO points (key, device_id, unit) VALUES (?1, ?2, ?3) RETURNING id"),
      fact_(database, "SELECT value FROM facts WHERE name = ?1"),
      put_fact_(database,
                "INSERT INTO facts VALUES (?1, ?2) "
                "ON CONFLICT (name) DO UPDATE SET value = excluded.value") {}

std::vector<NamedRow> NameRows::points() {
  return all_names(points_.with());
}

std::vector<NamedRow> NameRows::devices() {
  return all_names(devices_.with());
}

DeviceRow NameRows::make_device(const std::string& key) {
  if (const auto known = number(find_device_.with(key))) return DeviceRow{*known};
  return DeviceRow{number(add_device_.with(key)).value()};
}

PointRow NameRows::make_point(const std::string& key, DeviceRow device, const std::string& unit) {
  if (const auto known = number(find_point_.with(key))) return PointRow{*known};
  const PointRow made{number(add_point_.with(key, device, unit)).value()};
  if (made.value > max_point_row) {
    throw DatabaseError({Errc::invalid_argument,
                         fmt::format("the point {} is one too many: a database holds {} points",
                                     key, max_point_row)});
  }
  return made;
}

std::optional<std::string> NameRows::fact(const std::string& name) {
  auto row = fact_.with(name);
  if (!row->executeStep()) return std::nullopt;
  return bytes_of(row->getColumn(0));
}

void NameRows::put_fact(const std::string& name, const std::string& value) {
  put_fact_.with(name, Blob{value})->exec();
}

BatchRows::BatchRows(SQLite::Database& database)
    : database_(database),
      count_(database, "SELECT count(*) FROM ingest_batch WHERE source = ?1"),
      oldest_(database, "SELECT min(seq) FROM ingest_batch WHERE source = ?1"),
      newest_(database, "SELECT max(seq) FROM ingest_batch WHERE source = ?1"),
      insert_(database,
              "INSERT INTO ingest_batch (source, seq, samples) VALUES (?1, ?2, ?3) "
              "ON CONFLICT (source, seq) DO NOTHING"),
      remove_(database, "DELETE FROM ingest_batch WHERE source = ?1 AND seq = ?2") {}

std::optional<std::int64_t> BatchRows::claim(const std::string& source, std::uint64_t seq,
                                             std::uint64_t samples) {
  const auto number = static_cast<std::int64_t>(seq);
  std::int64_t& count = count_of(source);
  std::int64_t oldest = 0;
  if (count >= remembered) {
    auto row = oldest_.with(source);
    row->executeStep();
    oldest = row->getColumn(0).getInt64();
    if (number < oldest) return std::nullopt;
  }
  const auto size = static_cast<std::int64_t>(samples);
  if (insert_.with(source, number, size)->exec() == 0) return std::nullopt;
  // The row that leaves is never the newest, so an id (the highest plus one) is never given again.
  const std::int64_t id = database_.getLastInsertRowid();
  if (++count > remembered) {
    remove_.with(source, oldest)->exec();
    --count;
  }
  return id;
}

std::int64_t& BatchRows::count_of(const std::string& source) {
  const auto [entry, is_new] = counts_.try_emplace(source, 0);
  if (is_new) {
    auto row = count_.with(source);
    row->executeStep();
    entry->second = row->getColumn(0).getInt64();
  }
  return entry->second;
}

std::uint64_t BatchRows::last_seq(const std::string& source) {
  auto row = newest_.with(source);
  row->executeStep();
  return static_cast<std::uint64_t>(row->getColumn(0).getInt64());  // NULL reads as 0.
}

}  // namespace wl::storage
