// The rows of the historian in MariaDB or MySQL.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "storage/mysql/alarm_rows.hpp"
#include "storage/mysql/day_partitions.hpp"
#include "storage/mysql/multi_row.hpp"
#include "storage/mysql/pool.hpp"
#include "storage/tables.hpp"

namespace wl::storage::mysql {

/// Borrows a connection for each transaction, or for one call outside of a transaction. A
/// connection that is lost inside a transaction fails the transaction; the next one takes another
/// connection, of another host if need be. A call outside is tried once more by itself.
///
/// A write transaction first takes the one row of `writer`, so that writers follow each other, on
/// one server by its lock and in a Galera cluster by its certification.
///
/// When the answer to a COMMIT is lost nobody knows whether it was done. The caller writes the
/// batch again, and claim_batch() tells.
class MysqlTables : public Tables {
 public:
  explicit MysqlTables(std::shared_ptr<ConnectionPool> pool);
  ~MysqlTables() override;

  void begin(Access access) override;
  void commit() override;
  void rollback() noexcept override;

  std::vector<NamedRow> points() override;
  std::vector<NamedRow> devices() override;
  DeviceRow make_device(const std::string& key) override;
  PointRow make_point(const std::string& key, DeviceRow device, const std::string& unit) override;

  std::optional<std::int64_t> claim_batch(const std::string& source, std::uint64_t seq,
                                          std::uint64_t samples) override;
  std::uint64_t last_seq(const std::string& source) override;
  std::string place() const override { return pool_->place(); }

  std::optional<std::string> fact(const std::string& name) override;
  void put_fact(const std::string& name, const std::string& value) override;

  void put_hot(std::span<const HotPart> parts) override;
  std::vector<HotPart> hot(std::uint32_t segment, Timestamp from, Timestamp to) override;
  std::vector<HotHour> hot_hours(Timestamp before, std::size_t limit) override;
  void drop_hot(const HotHour& hour) override;
  void put_chunks(std::span<const ChunkRow> chunks) override;
  std::vector<ChunkRow> chunks(PointRow point, Timestamp from, Timestamp to,
                               std::size_t limit) override;
  std::optional<ChunkRow> chunk_before(PointRow point, Timestamp hour) override;
  std::vector<ChunkRow> chunks_of_hour(Timestamp hour, PointRow first, std::size_t limit) override;
  std::optional<Timestamp> oldest_chunk_hour(Timestamp from) override;
  /// Whole days go by DROP PARTITION, hours of the day at the edge by DELETE. Inside of a
  /// transaction the days are counted at once and dropped after its COMMIT, because ALTER TABLE
  /// commits by itself; a kill in between leaves them for the next call.
  std::size_t drop_chunks(Timestamp before, std::size_t limit) override;
  void drop_chunks_of_hour(Timestamp hour, std::span<const PointRow> points) override;

  void put_latest(std::span<const LatestRow> rows) override;
  std::vector<LatestRow> latest() override;

  void put_open(std::span<const OpenRow> rows) override;
  std::vector<OpenRow> open_all() override;
  std::optional<OpenRow> open_of(PointRow point) override;
  void append_hot_minutes(std::span<const HotMinute> minutes) override;
  std::vector<HotMinute> hot_minutes(std::uint32_t segment, Timestamp from, Timestamp to) override;
  void drop_hot_minutes(const HotHour& hour) override;
  void put_blocks(std::span<const BlockRow> rows) override;
  std::vector<BlockRow> blocks(Tier tier, PointRow point, Timestamp from, Timestamp to) override;
  std::optional<BlockRow> block_before(Tier tier, PointRow point, Timestamp start) override;
  std::vector<BlockRow> blocks_at(Tier tier, Timestamp start,
                                  std::span<const PointRow> points) override;
  std::size_t drop_blocks(Tier tier, Timestamp before, std::size_t limit) override;

  void put_device_minutes(std::span<const DeviceMinute> rows) override;
  void put_production_minutes(std::span<const ProductionMinute> rows) override;
  std::size_t drop_minutes(Timestamp before, std::size_t limit) override;

  void put_energy(std::span<const EnergyRow> rows) override;
  std::vector<EnergyRow> energy(DeviceRow device, Timestamp from, Timestamp to) override;
  void put_energy_days(std::span<const EnergyDayRow> rows) override;
  std::vector<EnergyDayRow> energy_days(DeviceRow device, Timestamp from, Timestamp to) override;
  void put_events(std::span<const EventRow> rows) override;
  std::vector<EventRow> events(Timestamp from, Timestamp to, std::size_t limit) override;

  AlarmTables& alarms() override { return alarms_; }
  void put_oee_quarters(std::span<const OeeQuarter> quarters) override;
  std::vector<OeeQuarter> oee_quarters(Timestamp from, Timestamp to) override;
  void replace_oee_stops(Timestamp from, std::span<const OeeStop> stops) override;
  std::vector<OeeStop> oee_stops(Timestamp from, Timestamp to, std::size_t limit) override;

  void put_link(const LinkInterval& interval) override;
  void remove_link(Timestamp from) override;
  std::optional<LinkInterval> link_at_or_before(Timestamp at) override;
  std::optional<LinkInterval> link_after(Timestamp at) override;
  std::vector<LinkInterval> links(Timestamp from, Timestamp to) override;
  std::optional<Timestamp> links_end() override;

  /// Drops days that drop_chunks_of_hour() left empty. The server keeps other free pages.
  bool give_back_space() override;
  void checkpoint() override {}  ///< The server does it by itself.
  std::uint64_t size_bytes() override;
  std::vector<std::string> integrity() override;

 private:
  friend class MysqlAlarmTables;
  using Lease = ConnectionPool::Lease;
  using Take = std::function<void(const Row&)>;

  /// Runs `work` on the connection of the transaction, or on a borrowed one: then once more when
  /// that was lost. What is run outside of a transaction must bear repetition.
  void on_connection(const std::function<void(Connection&)>& work);
  void query(std::string_view sql, std::span<const Parameter> parameters, const Take& take);
  void query(std::string_view sql, std::initializer_list<Parameter> parameters, const Take& take) {
    query(sql, std::span(parameters.begin(), parameters.size()), take);
  }
  Changed run(std::string_view sql, std::span<const Parameter> parameters);
  Changed run(std::string_view sql, std::initializer_list<Parameter> parameters) {
    return run(sql, std::span(parameters.begin(), parameters.size()));
  }
  void put(const Upsert& upsert, std::span<const Parameter> values);
  void drop_partitions(Connection& connection);
  std::optional<LinkInterval> one_link(std::string_view sql, Timestamp at);

  std::shared_ptr<ConnectionPool> pool_;
  MysqlAlarmTables alarms_{*this};
  std::optional<Lease> transaction_;
  DayPartitions partitions_;
  std::vector<Day> to_drop_;             ///< Bounds of partitions whose rows count as removed.
  std::optional<Timestamp> emptied_to_;  ///< Days up to here may have no rows any more.
};

}  // namespace wl::storage::mysql
