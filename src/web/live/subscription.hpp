// Which part of the line a client of /ws/live wants to hear of.
#pragma once

#include <compare>
#include <cstdint>
#include <expected>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/live_message.hpp"
#include "model/plant.hpp"
#include "web/http/problem.hpp"

namespace wl::web {

/// A client's word as a message may repeat it: at most 60 bytes of plain ASCII, `?` for others.
std::string shown_word(std::string_view word);

/// The names that a subscription may have. Immutable.
class LiveNames {
 public:
  /// Ids of devices and keys of points.
  explicit LiveNames(std::set<std::string, std::less<>> names) : names_(std::move(names)) {}
  explicit LiveNames(const Plant& plant);

  bool knows(std::string_view name) const { return names_.contains(name); }

 private:
  std::set<std::string, std::less<>> names_;
};

/// Everything, or some devices and points: `conveyor` stands for all points of the conveyor,
/// `station1.power_kw` for one. A value: two that mean the same are equal.
class Subscription {
 public:
  /// Everything.
  Subscription() = default;
  /// 1 to `max_names` names that the line has. The problem (`bad_subscription`, or
  /// `unknown_device` with the name) is for the client.
  static std::expected<Subscription, Problem> of(std::vector<std::string> names,
                                                 const LiveNames& known);

  bool everything() const { return names_.empty(); }
  /// Sorted; a point whose device is there too is left out. Empty: everything.
  const std::vector<std::string>& names() const { return names_; }

  /// What of a message belongs to it: its points, the alarms of its devices and of the system, the
  /// link and the counts always.
  LiveMessage part_of(const LiveMessage& message) const;
  /// The same in every process and version.
  std::uint32_t fingerprint() const;

  auto operator<=>(const Subscription&) const = default;

  static constexpr std::size_t max_names = 100;

 private:
  bool covers_device(std::string_view device) const;

  std::vector<std::string> names_;
};

/// The device of an alarm that belongs to no device; everybody gets it.
inline constexpr std::string_view system_device = "system";

}  // namespace wl::web
