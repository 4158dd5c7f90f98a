// A Tables that fails at one call: what a disk, a lock or a server may do at any moment.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "storage/historian/testing/failing_alarms.hpp"
#include "storage/tables.hpp"

namespace wl::storage {

/// Counts the calls. The one with number `fail_at` throws instead of being done; or, for a commit
/// with `after_commit`, after it was done, as when a connection is cut before the answer comes.
struct FailurePlan {
  int fail_at = 0;  ///< From 1; 0: never.
  bool after_commit = false;
  int calls = 0;
  int failures = 0;
  std::vector<int> commits;  ///< Numbers of the calls that were commits.
};

class FailingTables : public Tables {
 public:
  FailingTables(std::unique_ptr<Tables> inner, FailurePlan& plan)
      : inner_(std::move(inner)), plan_(plan), alarms_(inner_->alarms(), [this] { now(); }) {}

  void begin(Access access) override { now(), inner_->begin(access); }
  void commit() override {
    plan_.commits.push_back(plan_.calls + 1);
    if (plan_.after_commit && plan_.calls + 1 == plan_.fail_at) inner_->commit();
    now();
    inner_->commit();
  }
  void rollback() noexcept override { inner_->rollback(); }
  std::vector<NamedRow> points() override { return now(), inner_->points(); }
  std::vector<NamedRow> devices() override { return now(), inner_->devices(); }
  DeviceRow make_device(const std::string& key) override { return now(), inner_->make_device(key); }
  PointRow make_point(const std::string& key, DeviceRow device, const std::string& unit) override {
    return now(), inner_->make_point(key, device, unit);
  }
  std::optional<std::int64_t> claim_batch(const std::string& source, std::uint64_t seq,
                                          std::uint64_t samples) override {
    return now(), inner_->claim_batch(source, seq, samples);
  }
  std::uint64_t last_seq(const std::string& source) override {
    return now(), inner_->last_seq(source);
  }
  std::optional<std::string> fact(const std::string& name) override {
    return now(), inner_->fact(name);
  }
  void put_fact(const std::string& name, const std::string& value) override {
    now(), inner_->put_fact(name, value);
  }
  void put_hot(std::span<const HotPart> parts) override { now(), inner_->put_hot(parts); }
  std::vector<HotPart> hot(std::uint32_t segment, Timestamp from, Timestamp to) override {
    return now(), inner_->hot(segment, from, to);
  }
  std::vector<HotHour> hot_hours(Timestamp before, std::size_t limit) override {
    return now(), inner_->hot_hours(before, limit);
  }
  void drop_hot(const HotHour& hour) override { now(), inner_->drop_hot(hour); }
  void put_chunks(std::span<const ChunkRow> chunks) override { now(), inner_->put_chunks(chunks); }
  std::vector<ChunkRow> chunks(PointRow point, Timestamp from, Timestamp to,
                               std::size_t limit) override {
    return now(), inner_->chunks(point, from, to, limit);
  }
  std::optional<ChunkRow> chunk_before(PointRow point, Timestamp hour) override {
    return now(), inner_->chunk_before(point, hour);
  }
  std::vector<ChunkRow> chunks_of_hour(Timestamp hour, PointRow first, std::size_t limit) override {
    return now(), inner_->chunks_of_hour(hour, first, limit);
  }
  std::optional<Timestamp> oldest_chunk_hour(Timestamp from) override {
    return now(), inner_->oldest_chunk_hour(from);
  }
  void drop_chunks_of_hour(Timestamp hour, std::span<const PointRow> points) override {
    now(), inner_->drop_chunks_of_hour(hour, points);
  }
  std::size_t drop_chunks(Timestamp before, std::size_t limit) override {
    return now(), inner_->drop_chunks(before, limit);
  }
  void put_latest(std::span<const LatestRow> rows) override { now(), inner_->put_latest(rows); }
  std::vector<LatestRow> latest() override { return now(), inner_->latest(); }
  void put_open(std::span<const OpenRow> rows) override { now(), inner_->put_open(rows); }
  std::vector<OpenRow> open_all() override { return now(), inner_->open_all(); }
  std::optional<OpenRow> open_of(PointRow point) override { return now(), inner_->open_of(point); }
  void append_hot_minutes(std::span<const HotMinute> minutes) override {
    now(), inner_->append_hot_minutes(minutes);
  }
  std::vector<HotMinute> hot_minutes(std::uint32_t segment, Timestamp from, Timestamp to) override {
    return now(), inner_->hot_minutes(segment, from, to);
  }
  void drop_hot_minutes(const HotHour& hour) override { now(), inner_->drop_hot_minutes(hour); }
  void put_blocks(std::span<const BlockRow> rows) override { now(), inner_->put_blocks(rows); }
  std::vector<BlockRow> blocks(Tier tier, PointRow point, Timestamp from, Timestamp to) override {
    return now(), inner_->blocks(tier, point, from, to);
  }
  std::optional<BlockRow> block_before(Tier tier, PointRow point, Timestamp start) override {
    return now(), inner_->block_before(tier, point, start);
  }
  std::vector<BlockRow> blocks_at(Tier tier, Timestamp start,
                                  std::span<const PointRow> points) override {
    return now(), inner_->blocks_at(tier, start, points);
  }
  std::size_t drop_blocks(Tier tier, Timestamp before, std::size_t limit) override {
    return now(), inner_->drop_blocks(tier, before, limit);
  }
  void put_device_minutes(std::span<const DeviceMinute> rows) override {
    now(), inner_->put_device_minutes(rows);
  }
  void put_production_minutes(std::span<const ProductionMinute> rows) override {
    now(), inner_->put_production_minutes(rows);
  }
  std::size_t drop_minutes(Timestamp before, std::size_t limit) override {
    return now(), inner_->drop_minutes(before, limit);
  }
  void put_energy(std::span<const EnergyRow> rows) override { now(), inner_->put_energy(rows); }
  std::vector<EnergyRow> energy(DeviceRow device, Timestamp from, Timestamp to) override {
    return now(), inner_->energy(device, from, to);
  }
  void put_energy_days(std::span<const EnergyDayRow> rows) override {
    now(), inner_->put_energy_days(rows);
  }
  std::vector<EnergyDayRow> energy_days(DeviceRow device, Timestamp from, Timestamp to) override {
    return now(), inner_->energy_days(device, from, to);
  }
  void put_events(std::span<const EventRow> rows) override { now(), inner_->put_events(rows); }
  std::vector<EventRow> events(Timestamp from, Timestamp to, std::size_t limit) override {
    return now(), inner_->events(from, to, limit);
  }
  AlarmTables& alarms() override { return alarms_; }
  void put_oee_quarters(std::span<const OeeQuarter> quarters) override {
    now(), inner_->put_oee_quarters(quarters);
  }
  std::vector<OeeQuarter> oee_quarters(Timestamp from, Timestamp to) override {
    return now(), inner_->oee_quarters(from, to);
  }
  void replace_oee_stops(Timestamp from, std::span<const OeeStop> stops) override {
    now(), inner_->replace_oee_stops(from, stops);
  }
  std::vector<OeeStop> oee_stops(Timestamp from, Timestamp to, std::size_t limit) override {
    return now(), inner_->oee_stops(from, to, limit);
  }
  void put_link(const LinkInterval& interval) override { now(), inner_->put_link(interval); }
  void remove_link(Timestamp from) override { now(), inner_->remove_link(from); }
  std::optional<LinkInterval> link_at_or_before(Timestamp at) override {
    return now(), inner_->link_at_or_before(at);
  }
  std::optional<LinkInterval> link_after(Timestamp at) override {
    return now(), inner_->link_after(at);
  }
  std::vector<LinkInterval> links(Timestamp from, Timestamp to) override {
    return now(), inner_->links(from, to);
  }
  std::optional<Timestamp> links_end() override { return now(), inner_->links_end(); }
  std::string place() const override { return inner_->place(); }
  bool give_back_space() override { return now(), inner_->give_back_space(); }
  void checkpoint() override { now(), inner_->checkpoint(); }
  std::uint64_t size_bytes() override { return now(), inner_->size_bytes(); }
  std::vector<std::string> integrity() override { return now(), inner_->integrity(); }

 private:
  /// A call begins.
  void now() {
    if (++plan_.calls != plan_.fail_at) return;
    ++plan_.failures;
    throw DatabaseError({Errc::unavailable, "the disk is full"});
  }

  std::unique_ptr<Tables> inner_;
  FailurePlan& plan_;
  FailingAlarmTables alarms_;
};

}  // namespace wl::storage
