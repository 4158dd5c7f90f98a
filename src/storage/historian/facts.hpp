// The named values of the historian: one place for their names and how they are written.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "storage/tables.hpp"

namespace wl::storage::facts {

/// How many points and devices were registered: a reader knows from it that its names are old.
inline constexpr const char* registered = "registered";
/// First and last source time ever stored, Unix ms with a blank between.
inline constexpr const char* extent = "extent";
/// Raw samples of hours before this (Unix ms) are removed.
inline constexpr const char* raw_removed_before = "raw_removed_before";
/// Up to when (Unix ms) the rows behind the SQL views are written.
inline constexpr const char* minutes_until = "minutes_until";
/// See CollectorStore::ledger_state.
inline constexpr const char* ledger_state = "ledger_state";
/// The default thresholds that this database was given, a line each: never a second time.
inline constexpr const char* default_thresholds = "default_thresholds";
/// See CollectorStore::oee_state.
inline constexpr const char* oee_state = "oee_state";
/// And the device's key: its name for people, in the SQL views.
inline constexpr const char* device_name = "device_name.";

using Extent = std::pair<Timestamp, Timestamp>;

/// DatabaseError `corrupt` when the fact is there and is no such value.
std::optional<Timestamp> read_time(Tables& tables, const char* name);
void put_time(Tables& tables, const char* name, Timestamp time);
/// Puts `time` where the fact is missing or earlier. Returns what it then is.
Timestamp raise_time(Tables& tables, const char* name, Timestamp time);
std::optional<Extent> read_extent(Tables& tables);
void put_extent(Tables& tables, const Extent& extent);

}  // namespace wl::storage::facts
