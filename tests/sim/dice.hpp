// Random numbers of a seed: the same on every machine, unlike those of std's distributions.
#pragma once

#include <cstdint>
#include <random>

#include "base/time.hpp"

namespace wl::sim {

/// Each actor has dice of its own, so that one more throw here changes nothing there.
class Dice {
 public:
  Dice(std::uint64_t seed, std::uint64_t actor) : random_(seed * 1'000'003 + actor) {}

  std::uint64_t number() { return random_(); }
  std::uint64_t below(std::uint64_t n) { return random_() % n; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }
  Milliseconds between(Milliseconds low, Milliseconds high) {
    const auto width = static_cast<std::uint64_t>((high - low).count()) + 1;
    return low + Milliseconds{static_cast<std::int64_t>(below(width))};
  }
  double share() { return static_cast<double>(below(1'000'000)) / 1'000'000; }  ///< [0, 1)

 private:
  std::mt19937_64 random_;
};

}  // namespace wl::sim
