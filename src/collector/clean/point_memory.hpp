// What the cleaner must know of a point's past, of fixed size.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "base/time.hpp"
#include "model/quality.hpp"

namespace wl::collector {

/// A value as it arrived, before anything was decided: its identity in the stream.
struct Claim {
  Timestamp at{};            ///< Source time as claimed; may be missing (1970).
  std::uint64_t number = 0;  ///< Bits of the number; 0 for a bad value or a text.
  Quality quality;

  bool operator==(const Claim&) const = default;
};

/// A number that was believed, to compare the next one with.
struct Believed {
  Timestamp at{};
  double number = 0;
  bool known = false;
};

struct PointMemory {
  /// Beyond this a repetition is not known as one any more; the ledger and the store leave out
  /// repetitions of a time by themselves.
  static constexpr std::size_t limit = 64;

  Timestamp received{};  ///< When the newest live value arrived.
  Believed live;
  Believed past;         ///< Of the history that is being filled in.
  Milliseconds still{};  ///< Proven alive without moving.
  bool stuck = false;    ///< And longer than `stuck_after`.
  Claim newest;          ///< Of the held value.
  bool has_newest = false;
  std::uint8_t next = 0;
  std::array<Claim, limit> claims;  ///< The newest, in a ring.

  void remember(const Claim& claim) {
    claims[next] = claim;
    next = static_cast<std::uint8_t>((next + 1) % limit);
  }
  bool knows(const Claim& claim) const {
    for (const Claim& known : claims)
      if (known == claim && known.at != Timestamp{}) return true;
    return false;
  }
};

}  // namespace wl::collector
