// A Tables in memory: what the tests of the decisions above it run on, fast and without files.
// Several MemoryTables may share one MemoryContent, as connections share a file. Header only.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "base/check.hpp"
#include "storage/historian/testing/memory_alarms.hpp"
#include "storage/tables.hpp"

namespace wl::storage {

struct MemoryContent {
  std::map<std::string, std::uint32_t> devices;
  std::map<std::string, std::uint32_t> points;
  std::map<std::pair<std::string, std::uint64_t>, std::int64_t> batches;
  std::map<std::string, std::string> facts;
  std::map<std::tuple<std::uint32_t, Timestamp, std::int64_t>, std::string> hot;
  std::map<std::pair<std::uint32_t, Timestamp>, std::string> chunks;
  std::map<std::uint32_t, LatestRow> latest;
  std::map<std::uint32_t, std::string> open;
  std::map<std::pair<std::uint32_t, Timestamp>, std::string> hot_minutes;
  std::map<std::tuple<Tier, std::uint32_t, Timestamp>, std::string> blocks;
  std::map<std::pair<std::uint32_t, Timestamp>, DeviceMinute> device_minutes;
  std::map<Timestamp, ProductionMinute> production_minutes;
  std::map<std::pair<std::uint32_t, Timestamp>, EnergyRow> energy;
  std::map<std::pair<std::uint32_t, Timestamp>, std::string> energy_days;
  std::map<std::tuple<Timestamp, std::uint32_t, MeterEventKind, std::uint32_t>, EventRow> events;
  std::map<Timestamp, OeeSums> oee_quarters;
  std::map<Timestamp, OeeStop> oee_stops;
  std::map<Timestamp, LinkInterval> links;
  MemoryAlarms alarms;
};

class MemoryTables : public Tables {
 public:
  explicit MemoryTables(std::shared_ptr<MemoryContent> content)
      : content_(std::move(content)), alarms_(content_->alarms) {}

  void begin(Access access) override {
    WL_CHECK(!open_);
    open_ = true;
    if (access == Access::write) before_ = std::make_unique<MemoryContent>(*content_);
  }
  void commit() override {
    WL_CHECK(open_);
    open_ = false;
    before_.reset();
  }
  void rollback() noexcept override {
    if (before_) *content_ = std::move(*before_);
    before_.reset();
    open_ = false;
  }

  std::vector<NamedRow> points() override { return named(content_->points); }
  std::vector<NamedRow> devices() override { return named(content_->devices); }
  DeviceRow make_device(const std::string& key) override {
    return {number(content_->devices, key)};
  }
  PointRow make_point(const std::string& key, DeviceRow, const std::string&) override {
    return {number(content_->points, key)};
  }

  std::optional<std::int64_t> claim_batch(const std::string& source, std::uint64_t seq,
                                          std::uint64_t) override {
    const auto id = static_cast<std::int64_t>(content_->batches.size()) + 1;
    const auto [at, made] = content_->batches.try_emplace({source, seq}, id);
    return made ? std::optional(id) : std::nullopt;
  }
  std::uint64_t last_seq(const std::string& source) override {
    std::uint64_t last = 0;
    for (const auto& [key, id] : content_->batches)
      if (key.first == source) last = std::max(last, key.second);
    return last;
  }

  std::optional<std::string> fact(const std::string& name) override {
    const auto at = content_->facts.find(name);
    return at == content_->facts.end() ? std::nullopt : std::optional(at->second);
  }
  void put_fact(const std::string& name, const std::string& value) override {
    content_->facts[name] = value;
  }

  void put_hot(std::span<const HotPart> parts) override {
    for (const HotPart& part : parts)
      content_->hot[{part.segment, part.hour, part.batch}] = part.body;
  }
  std::vector<HotPart> hot(std::uint32_t segment, Timestamp from, Timestamp to) override {
    std::vector<HotPart> found;
    for (const auto& [key, body] : content_->hot) {
      const auto& [owner, hour, batch] = key;
      if (owner == segment && hour >= from && hour < to)
        found.push_back({segment, hour, batch, body});
    }
    return found;
  }
  std::vector<HotHour> hot_hours(Timestamp before, std::size_t limit) override {
    std::set<std::pair<Timestamp, std::uint32_t>> hours;
    for (const auto& [key, body] : content_->hot)
      if (std::get<1>(key) < before) hours.insert({std::get<1>(key), std::get<0>(key)});
    std::vector<HotHour> found;
    for (const auto& [hour, segment] : hours)
      if (found.size() < limit) found.push_back({segment, hour});
    return found;
  }
  void drop_hot(const HotHour& gone) override {
    std::erase_if(content_->hot, [&](const auto& entry) {
      return std::get<0>(entry.first) == gone.segment && std::get<1>(entry.first) == gone.hour;
    });
  }
  void put_chunks(std::span<const ChunkRow> chunks) override {
    for (const ChunkRow& chunk : chunks)
      content_->chunks[{chunk.point.value, chunk.hour}] = chunk.body;
  }
  std::vector<ChunkRow> chunks(PointRow point, Timestamp from, Timestamp to,
                               std::size_t limit) override {
    std::vector<ChunkRow> found;
    for (auto at = content_->chunks.lower_bound({point.value, from});
         at != content_->chunks.end() && at->first < std::pair(point.value, to) &&
         found.size() < limit;
         ++at)
      found.push_back({point, at->first.second, at->second});
    return found;
  }
  std::optional<ChunkRow> chunk_before(PointRow point, Timestamp hour) override {
    auto at = content_->chunks.lower_bound({point.value, hour});
    if (at == content_->chunks.begin() || (--at)->first.first != point.value) return std::nullopt;
    return ChunkRow{point, at->first.second, at->second};
  }
  std::vector<ChunkRow> chunks_of_hour(Timestamp hour, PointRow first, std::size_t limit) override {
    std::vector<ChunkRow> found;
    for (const auto& [key, body] : content_->chunks)
      if (key.second == hour && key.first >= first.value && found.size() < limit)
        found.push_back({{key.first}, hour, body});
    return found;
  }
  std::optional<Timestamp> oldest_chunk_hour(Timestamp from) override {
    std::optional<Timestamp> oldest;
    for (const auto& [key, body] : content_->chunks)
      if (key.second >= from) oldest = std::min(oldest.value_or(key.second), key.second);
    return oldest;
  }
  void drop_chunks_of_hour(Timestamp hour, std::span<const PointRow> points) override {
    for (const PointRow point : points) content_->chunks.erase({point.value, hour});
  }
  std::size_t drop_chunks(Timestamp before, std::size_t limit) override {
    std::size_t dropped = 0;
    for (auto at = content_->chunks.begin(); at != content_->chunks.end() && dropped < limit;) {
      const bool gone = at->first.second < before;
      at = gone ? content_->chunks.erase(at) : std::next(at);
      dropped += gone ? 1 : 0;
    }
    return dropped;
  }

  void put_latest(std::span<const LatestRow> rows) override {
    for (const LatestRow& row : rows) content_->latest[row.point.value] = row;
  }
  std::vector<LatestRow> latest() override {
    std::vector<LatestRow> found;
    for (const auto& [point, row] : content_->latest) found.push_back(row);
    return found;
  }

  void put_open(std::span<const OpenRow> rows) override {
    for (const OpenRow& row : rows) content_->open[row.point.value] = row.body;
  }
  std::vector<OpenRow> open_all() override {
    std::vector<OpenRow> found;
    for (const auto& [point, body] : content_->open) found.push_back({{point}, body});
    return found;
  }
  std::optional<OpenRow> open_of(PointRow point) override {
    const auto at = content_->open.find(point.value);
    if (at == content_->open.end()) return std::nullopt;
    return OpenRow{point, at->second};
  }
  void append_hot_minutes(std::span<const HotMinute> minutes) override {
    for (const HotMinute& minute : minutes)
      content_->hot_minutes[{minute.segment, minute.minute}] += minute.body;
  }
  std::vector<HotMinute> hot_minutes(std::uint32_t segment, Timestamp from, Timestamp to) override {
    std::vector<HotMinute> found;
    for (auto at = content_->hot_minutes.lower_bound({segment, from});
         at != content_->hot_minutes.end() && at->first < std::pair(segment, to); ++at)
      found.push_back({segment, at->first.second, at->second});
    return found;
  }
  void drop_hot_minutes(const HotHour& gone) override {
    std::erase_if(content_->hot_minutes, [&](const auto& entry) {
      const auto& [segment, minute] = entry.first;
      return segment == gone.segment && floor_to(minute, std::chrono::hours{1}) == gone.hour;
    });
  }
  void put_blocks(std::span<const BlockRow> rows) override {
    for (const BlockRow& row : rows)
      content_->blocks[{row.tier, row.point.value, row.start}] = row.body;
  }
  std::vector<BlockRow> blocks(Tier tier, PointRow point, Timestamp from, Timestamp to) override {
    std::vector<BlockRow> found;
    for (auto at = content_->blocks.lower_bound({tier, point.value, from});
         at != content_->blocks.end() && at->first < std::tuple(tier, point.value, to); ++at)
      found.push_back({tier, point, std::get<2>(at->first), at->second});
    return found;
  }
  std::optional<BlockRow> block_before(Tier tier, PointRow point, Timestamp start) override {
    auto at = content_->blocks.lower_bound({tier, point.value, start});
    if (at == content_->blocks.begin()) return std::nullopt;
    --at;
    const auto& [of_tier, of_point, of_start] = at->first;
    if (of_tier != tier || of_point != point.value) return std::nullopt;
    return BlockRow{tier, point, of_start, at->second};
  }
  std::vector<BlockRow> blocks_at(Tier tier, Timestamp start,
                                  std::span<const PointRow> points) override {
    std::vector<BlockRow> found;
    for (const PointRow point : points) {
      const auto at = content_->blocks.find({tier, point.value, start});
      if (at != content_->blocks.end()) found.push_back({tier, point, start, at->second});
    }
    return found;
  }
  std::size_t drop_blocks(Tier tier, Timestamp before, std::size_t limit) override {
    std::size_t dropped = 0;
    std::erase_if(content_->blocks, [&](const auto& entry) {
      const bool gone = std::get<0>(entry.first) == tier && std::get<2>(entry.first) < before;
      return gone && dropped < limit && ++dropped > 0;
    });
    return dropped;
  }

  void put_device_minutes(std::span<const DeviceMinute> rows) override {
    for (const DeviceMinute& row : rows)
      content_->device_minutes[{row.device.value, row.minute}] = row;
  }
  void put_production_minutes(std::span<const ProductionMinute> rows) override {
    for (const ProductionMinute& row : rows) content_->production_minutes[row.minute] = row;
  }
  std::size_t drop_minutes(Timestamp before, std::size_t limit) override {
    std::size_t dropped = 0;
    std::erase_if(content_->device_minutes, [&](const auto& entry) {
      return entry.first.second < before && dropped < limit && ++dropped > 0;
    });
    std::erase_if(content_->production_minutes, [&](const auto& entry) {
      return entry.first < before && dropped < limit && ++dropped > 0;
    });
    return dropped;
  }

  void put_energy(std::span<const EnergyRow> rows) override {
    for (const EnergyRow& row : rows) content_->energy[{row.device.value, row.start}] = row;
  }
  std::vector<EnergyRow> energy(DeviceRow device, Timestamp from, Timestamp to) override {
    std::vector<EnergyRow> found;
    for (const auto& [key, row] : content_->energy)
      if (key.first == device.value && key.second >= from && key.second < to) found.push_back(row);
    return found;
  }
  void put_energy_days(std::span<const EnergyDayRow> rows) override {
    for (const EnergyDayRow& row : rows)
      content_->energy_days[{row.device.value, row.day}] = row.body;
  }
  std::vector<EnergyDayRow> energy_days(DeviceRow device, Timestamp from, Timestamp to) override {
    std::vector<EnergyDayRow> found;
    for (const auto& [key, body] : content_->energy_days)
      if (key.first == device.value && key.second >= from && key.second < to)
        found.push_back({device, key.second, body});
    return found;
  }
  void put_events(std::span<const EventRow> rows) override {
    for (const EventRow& row : rows)
      content_->events[{row.at, row.device.value, row.kind, row.revision}] = row;
  }
  std::vector<EventRow> events(Timestamp from, Timestamp to, std::size_t limit) override {
    std::vector<EventRow> found;
    for (const auto& [key, row] : content_->events)
      if (row.at >= from && row.at < to && found.size() < limit) found.push_back(row);
    return found;
  }

  AlarmTables& alarms() override { return alarms_; }
  void put_oee_quarters(std::span<const OeeQuarter> quarters) override {
    for (const OeeQuarter& quarter : quarters) content_->oee_quarters[quarter.start] = quarter.sums;
  }
  std::vector<OeeQuarter> oee_quarters(Timestamp from, Timestamp to) override {
    std::vector<OeeQuarter> found;
    for (const auto& [start, sums] : content_->oee_quarters)
      if (start >= from && start < to) found.push_back({start, sums});
    return found;
  }
  void replace_oee_stops(Timestamp from, std::span<const OeeStop> stops) override {
    content_->oee_stops.erase(content_->oee_stops.lower_bound(from), content_->oee_stops.end());
    for (const OeeStop& stop : stops) content_->oee_stops[stop.start] = stop;
  }
  std::vector<OeeStop> oee_stops(Timestamp from, Timestamp to, std::size_t limit) override {
    std::vector<OeeStop> found;
    for (const auto& [start, stop] : content_->oee_stops)
      if (start < to && (!stop.end || *stop.end > from) && found.size() < limit)
        found.push_back(stop);
    return found;
  }

  void put_link(const LinkInterval& interval) override {
    content_->links[interval.from] = interval;
  }
  void remove_link(Timestamp from) override { content_->links.erase(from); }
  std::optional<LinkInterval> link_at_or_before(Timestamp at) override {
    auto found = content_->links.upper_bound(at);
    if (found == content_->links.begin()) return std::nullopt;
    return std::prev(found)->second;
  }
  std::optional<LinkInterval> link_after(Timestamp at) override {
    const auto found = content_->links.upper_bound(at);
    return found == content_->links.end() ? std::nullopt : std::optional(found->second);
  }
  std::vector<LinkInterval> links(Timestamp from, Timestamp to) override {
    std::vector<LinkInterval> found;
    for (const auto& [start, link] : content_->links)
      if (start < to && link.to > from) found.push_back(link);
    return found;
  }
  std::optional<Timestamp> links_end() override {
    if (content_->links.empty()) return std::nullopt;
    return std::prev(content_->links.end())->second.to;
  }

  std::string place() const override { return "memory"; }
  bool give_back_space() override { return false; }
  void checkpoint() override {}
  std::uint64_t size_bytes() override { return 0; }
  std::vector<std::string> integrity() override { return {}; }

 private:
  static std::vector<NamedRow> named(const std::map<std::string, std::uint32_t>& rows) {
    std::vector<NamedRow> found;
    for (const auto& [key, row] : rows) found.push_back({row, key});
    return found;
  }
  static std::uint32_t number(std::map<std::string, std::uint32_t>& rows, const std::string& key) {
    return rows.try_emplace(key, static_cast<std::uint32_t>(rows.size()) + 1).first->second;
  }

  std::shared_ptr<MemoryContent> content_;
  MemoryAlarmTables alarms_;
  std::unique_ptr<MemoryContent> before_;
  bool open_ = false;
};

}  // namespace wl::storage
