#include "web/live/subscription.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace wl::web {
namespace {

constexpr std::size_t longest_name = 200;

Problem unknown(std::string_view name) {
  const std::string word = shown_word(name);
  return {400,
          "unknown_device",
          {fmt::format("没有设备或测点 '{}',可用名称见 GET /api/points", word),
           fmt::format("there is no device or point '{}'; GET /api/points lists them", word)},
          {}};
}

Problem bad_count() {
  return {
      400,
      "bad_subscription",
      {fmt::format("devices 须为 1 至 {} 个设备或测点名称", Subscription::max_names),
       fmt::format("devices must be 1 to {} names of devices or points", Subscription::max_names)},
      {}};
}

std::string_view device_of(std::string_view name) {
  return name.substr(0, name.find('.'));
}

/// Copies the entries whose keys are `name`, or begin with `name` and a dot.
void copy_points(const std::map<std::string, LiveValue>& from, const std::string& name,
                 std::map<std::string, LiveValue>& to) {
  if (name.find('.') != std::string::npos) {
    if (const auto found = from.find(name); found != from.end()) to.insert(*found);
    return;
  }
  const std::string prefix = name + ".";
  for (auto at = from.lower_bound(prefix); at != from.end() && at->first.starts_with(prefix);
       ++at) {
    to.insert(to.end(), *at);
  }
}

}  // namespace

std::string shown_word(std::string_view word) {
  std::string text(word.substr(0, 60));
  const auto plain = [](char c) { return c >= ' ' && c < '\x7f'; };
  std::ranges::replace_if(text, std::not_fn(plain), '?');
  return text;
}

LiveNames::LiveNames(const Plant& plant) {
  for (const DeviceSpec& device : plant.devices) names_.insert(device.id);
  for (const PointSpec& point : plant.points) names_.insert(point.key);
}

std::expected<Subscription, Problem> Subscription::of(std::vector<std::string> names,
                                                      const LiveNames& known) {
  if (names.empty() || names.size() > max_names) return std::unexpected(bad_count());
  for (const std::string& name : names) {
    if (name.size() > longest_name || !known.knows(name)) return std::unexpected(unknown(name));
  }
  std::ranges::sort(names);
  const auto twice = std::ranges::unique(names);
  names.erase(twice.begin(), twice.end());
  const std::vector<std::string> all = names;
  std::erase_if(names, [&all](const std::string& name) {
    const std::string_view device = device_of(name);
    return device.size() < name.size() && std::ranges::binary_search(all, device);
  });
  Subscription made;
  made.names_ = std::move(names);
  return made;
}

bool Subscription::covers_device(std::string_view device) const {
  return device == system_device || std::ranges::any_of(names_, [device](std::string_view name) {
           return device_of(name) == device;
         });
}

LiveMessage Subscription::part_of(const LiveMessage& message) const {
  if (everything()) return message;
  LiveMessage part;
  part.type = message.type;
  part.ts = message.ts;
  part.link = message.link;
  part.alarm_counts = message.alarm_counts;
  part.seq = message.seq;
  part.epoch = message.epoch;
  for (const std::string& name : names_) copy_points(message.values, name, part.values);
  for (const LiveAlarm& alarm : message.alarms) {
    if (covers_device(alarm.row.device_id)) part.alarms.push_back(alarm);
  }
  return part;
}

std::uint32_t Subscription::fingerprint() const {
  std::uint32_t hash = 2166136261U;  // FNV-1a.
  const auto mix = [&hash](char c) { hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U; };
  for (const std::string& name : names_) {
    for (const char c : name) mix(c);
    mix('\n');
  }
  return hash;
}

}  // namespace wl::web
