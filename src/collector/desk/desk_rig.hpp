// For tests: a plant with two controllers, and a desk that gets a tick a second.
#pragma once

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "alarm/row.hpp"
#include "collector/desk/alarm_desk.hpp"

namespace wl::collector {

inline constexpr PointId rig_power{0};
inline constexpr PointId rig_scan_count{1};
inline constexpr PointId rig_boot_count{2};
inline constexpr PointId rig_other{3};

/// conveyor: power_kw, scan_count and boot_count of Ch.Plc1; press: power_kw of Ch.Plc2, and
/// shift_kwh without a tag.
inline Plant rig_plant() {
  Plant plant;
  plant.devices.resize(2);
  plant.devices[0].id = "conveyor";
  plant.devices[1].id = "press";
  const auto add = [&](std::string device, std::string name, std::string tag) {
    PointSpec point;
    point.key = device + "." + name;
    point.name = std::move(name);
    point.tag = std::move(tag);
    point.high = 1e9;
    plant.points.push_back(point);
  };
  add("conveyor", "power_kw", "Ch.Plc1.Energy.Power");
  add("conveyor", "scan_count", "Ch.Plc1.Status.ScanCount");
  add("conveyor", "boot_count", "Ch.Plc1.Status.BootCount");
  add("press", "power_kw", "Ch.Plc2.Energy.Power");
  add("press", "shift_kwh", "");
  return plant;
}

inline ThresholdRow rig_rule(std::string device, double limit) {
  ThresholdRow rule;
  rule.id = 1;
  rule.device_id = std::move(device);
  rule.parameter_name = "power_kw";
  rule.threshold_value = limit;
  rule.alarm_level = "critical";
  return rule;
}

/// `seconds` after the start of a test.
inline Now rig_now(double seconds) {
  const Milliseconds ms{static_cast<std::int64_t>(seconds * 1000)};
  return {from_unix_ms(1'700'000'000'000) + ms, Milliseconds{1'000'000} + ms};
}

inline AlarmMemory rig_memory(std::vector<ThresholdRow> rules = {rig_rule("conveyor", 3)}) {
  AlarmMemory memory;
  memory.rules = std::move(rules);
  return memory;
}

/// Everything is well at first: what a test changes is how it is from the next tick on.
class DeskRig {
 public:
  explicit DeskRig(std::optional<AlarmMemory> memory = rig_memory(), double start = 0)
      : second_(start), desk(plant_, {}, std::move(memory), rig_now(start)) {
    values.assign(plant_.points.size(), {1, quality::good, rig_now(start).wall});
    take();
  }

  /// So many ticks, a second apart.
  DeskRig& seconds(int count) {
    while (count-- > 0) one_second();
    return *this;
  }
  /// Until the alarm with the rule of the conveyor is there.
  DeskRig& overload() {
    values[rig_power.value].value = 3.4;
    return seconds(3);
  }

  LiveAnswer order(LiveOrder::Kind kind, std::vector<std::uint64_t> ids, int minutes = 0) {
    desk.on_order(7,
                  {.kind = kind,
                   .ref = 1,
                   .ids = std::move(ids),
                   .minutes = minutes,
                   .by = "wang",
                   .note = "seen"},
                  now());
    take();
    const auto found = std::ranges::find(news.answers, 7u, &AlarmNews::Answer::reader);
    if (found == news.answers.end()) return {.ref = 0, .error = Error{Errc::not_found, "none"}};
    LiveAnswer answer = found->answer;
    news.answers.clear();
    return answer;
  }

  void take() {
    AlarmNews more = desk.take(now());
    std::ranges::move(more.rows, std::back_inserter(news.rows));
    std::ranges::move(more.journal, std::back_inserter(news.journal));
    std::ranges::move(more.answers, std::back_inserter(news.answers));
    std::ranges::move(more.notices, std::back_inserter(news.notices));
    std::ranges::move(more.letters, std::back_inserter(news.letters));
    if (more.live) news.live = std::move(more.live);
    if (more.memory) news.memory = std::move(more.memory);
    news.memory_number = std::max(news.memory_number, more.memory_number);
    news.read_database = news.read_database || more.read_database;
  }

  /// What a process that starts `later` seconds after now reads.
  DeskRig restarted(double later = 1) const {
    return DeskRig(decode_memory(news.memory.value_or("")).value(), second_ + later);
  }

  Now now() const { return rig_now(second_); }
  /// State of an alarm by its key; empty when there is none.
  std::string state(const std::string& key) const {
    const alarm::AlarmRecord* record = desk.core()->book().find(key);
    return record ? std::string(alarm::word(record->state)) : "";
  }
  /// Wishes to tell somebody, since the first start of the installation.
  std::uint64_t wishes() const { return desk.policy().account().given; }
  std::vector<std::string> events() const {
    std::vector<std::string> all;
    for (const AlarmJournalRow& row : news.journal) all.push_back(row.event);
    return all;
  }

 private:
  const Plant plant_ = rig_plant();
  double second_;

  void one_second() {
    second_ += 1;
    if (scan_moves) values[rig_scan_count.value].source_time = now().wall;
    if (gateway_speaks) proven_ = now().wall;
    desk.on_tick({.at = now().wall + clock_ahead,
                  .monotonic = now().monotonic,
                  .values = values,
                  .link_alive = link_alive,
                  .proven_at = proven_});
    desk.on_time(now());
    take();
  }
  Timestamp proven_{};

 public:
  std::vector<LiveValue> values;
  bool link_alive = true;
  bool scan_moves = true;
  bool gateway_speaks = true;
  Milliseconds clock_ahead{};
  AlarmDesk desk;
  AlarmNews news;  ///< Everything since the start, or since a test emptied it.
};

inline const std::string rig_alarm = "conveyor.power_kw:high:critical";
inline const std::string plc1_down = "system:plc_down:Ch.Plc1";
inline const std::string plc2_down = "system:plc_down:Ch.Plc2";

}  // namespace wl::collector
