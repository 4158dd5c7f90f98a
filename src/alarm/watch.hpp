// How often alarms come: what is announced again, what chatters, when it is a flood.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "alarm/rule.hpp"

namespace wl::alarm {

/// Announces one alarm at most once in a window, except for a level that was not announced in it.
class Annunciator {
 public:
  enum class Verdict { announce, announce_level, later };

  /// Asks at a raise or escalation. `later`: counted; due() says when to ask on_due().
  Verdict ask(Level level, Milliseconds now, Milliseconds window);
  /// After the window: the alarm that waited is announced if it still needs somebody.
  void announced(Level level, Milliseconds now);
  /// It needs nobody any more: what was counted stays counted.
  void drop_pending() { pending_ = false; }
  /// An announcement before a restart.
  void restore(Level level, Milliseconds at) { last_ = at, level_ = level; }

  /// When the pending annunciation may be made; nothing when none waits.
  std::optional<Milliseconds> due(Milliseconds window) const;
  std::uint32_t suppressed() const { return suppressed_; }  ///< Since the last announcement.
  bool within(Milliseconds now, Milliseconds window) const;

 private:
  std::optional<Milliseconds> last_;
  Level level_ = Level::warning;
  bool pending_ = false;
  std::uint32_t suppressed_ = 0;
};

/// The times of the last N raises.
template <std::size_t N>
class LastTimes {
 public:
  void add(Milliseconds at) {
    times_[next_ % N] = at;
    ++next_;
  }
  /// Time of the n-th newest, 1 … N; nothing when there were fewer.
  std::optional<Milliseconds> newest(std::size_t n) const {
    if (n > next_) return std::nullopt;
    return times_[(next_ - n) % N];
  }

 private:
  std::array<Milliseconds, N> times_{};
  std::size_t next_ = 0;
};

/// Chattering by ISA-18.2: raised three times or more in a minute.
class ChatterWatch {
 public:
  /// True when this raise makes it chatter and it did not before.
  bool on_raise(Milliseconds now);
  /// When it will be calm; nothing when it is. It is calm a minute after the raise before the last.
  std::optional<Milliseconds> calm_at() const;
  void calm() { chattering_ = false; }

 private:
  static constexpr std::size_t limit = 3;
  LastTimes<limit> raises_;
  bool chattering_ = false;
};

/// Flood by ISA-18.2: more than 10 alarms in 10 minutes; over when there are fewer than 5.
class FloodWatch {
 public:
  /// True when this raise begins a flood.
  bool on_raise(Milliseconds now);
  /// When the flood will be over if nothing comes; nothing when there is none.
  std::optional<Milliseconds> over_at() const;
  void over() { flood_ = false; }
  bool flood() const { return flood_; }
  std::uint64_t raises() const { return raises_in_flood_; }

 private:
  static constexpr std::size_t more_than = 10;
  static constexpr std::size_t fewer_than = 5;
  LastTimes<more_than + 1> raises_;
  bool flood_ = false;
  std::uint64_t raises_in_flood_ = 0;
};

}  // namespace wl::alarm
