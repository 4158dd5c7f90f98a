// What the policy of notification wants told: a letter in numbers and keys, in no language yet.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alarm/record.hpp"

namespace wl::alarm::notify {

enum class LetterKind : std::uint8_t {
  alarm,       ///< One alarm that is active, with what was collapsed into it.
  returned,    ///< One alarm that is over.
  digest,      ///< A storm: counts, and the first alarms.
  escalation,  ///< Critical or emergency alarms that nobody has acknowledged.
  flood_over,  ///< A flood has ended: how long it was, how many alarms.
};

/// `alarm`, `returned` …: names of templates and of states on disk.
std::string_view word(LetterKind kind);
std::optional<LetterKind> letter_kind_from_word(std::string_view text);

/// One alarm of a letter. Of the record a letter keeps what words need: who acknowledged, notes and
/// shelving are left out.
struct LetterLine {
  AlarmRecord record;            ///< As it stood when it was last told about.
  std::uint64_t wishes = 0;      ///< Collapsed into this line; 0 in an escalation.
  std::uint64_t suppressed = 0;  ///< Annunciations that the dedupe window had held back before.

  bool operator==(const LetterLine&) const = default;
};

/// A digest and an escalation name this many alarms; all are counted.
inline constexpr std::size_t most_lines = 20;
/// Devices that are counted by name; the alarms of further ones count under an empty name.
inline constexpr std::size_t most_devices = 50;

struct Letter {
  /// Never used twice by one installation, growing; at least the wall time in ms, so that it is new
  /// also after the saved state was lost.
  std::uint64_t id = 0;
  LetterKind kind{};
  Timestamp at{};
  Level level = Level::warning;  ///< The highest in it.
  std::vector<LetterLine> lines;

  std::uint64_t alarms = 0;                 ///< All of the letter, also those without a line.
  std::uint64_t returned = 0;               ///< Of them are over already.
  std::array<std::uint64_t, 3> by_level{};  ///< Alarms, by Level.
  std::map<std::string, std::uint64_t> by_device;  ///< Alarms.

  /// Wishes that this letter answers. The sum over all letters, with what the policy still holds,
  /// is the number of wishes that it was given.
  std::uint64_t wishes = 0;
  /// Wishes that no letter will speak of, since the letter before: an alarm that was over, or in
  /// the hands of a person, before its letter was due.
  std::uint64_t settled = 0;
  bool state_lost = false;  ///< First letter after a saved state that could not be read.

  bool flood = false;              ///< A digest of a flood; of flood_over always.
  std::uint64_t flood_raises = 0;  ///< Alarms raised in it so far.
  Milliseconds flood_time{};       ///< flood_over: how long it was.
  Milliseconds waited{};           ///< escalation: how long the oldest has been unacknowledged.

  bool operator==(const Letter&) const = default;

  /// It may not be dropped for want of room while others can be.
  bool urgent() const {
    return kind == LetterKind::escalation ||
           (kind != LetterKind::returned && kind != LetterKind::flood_over &&
            level >= Level::critical);
  }
};

}  // namespace wl::alarm::notify
