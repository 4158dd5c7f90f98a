// The collector's computer: starts the process, and starts it again when it died.
#pragma once

#include <memory>

#include "tests/sim/collector.hpp"

namespace wl::sim {

class Host {
 public:
  Host(Surroundings around, std::uint64_t seed)
      : around_(around), world_(around.world), seed_(seed), dice_(seed, 16) {}

  /// The process stops where it stands and goes on after that, as with SIGSTOP.
  void hang(Milliseconds time) { hung_until_ = world_.clock.now + time; }
  void die(const Crash& crash);
  /// At the end: dies by power cut, and stays so.
  void stop();
  /// Null while it does not run.
  Collector* collector() { return collector_.get(); }

  std::uint32_t starts() const { return run_; }

  Milliseconds next_due() const;
  void turn();

 private:
  void start();
  void lose(const Crash& crash);

  Surroundings around_;
  World& world_;
  const std::uint64_t seed_;
  Dice dice_;
  std::unique_ptr<Collector> collector_;
  std::uint32_t run_ = 0;  ///< On the disk before the process begins.
  int refusals_ = 0;       ///< In a row.
  Milliseconds start_at_{};
  Milliseconds hung_until_{};
  std::optional<std::size_t> outage_;
};

}  // namespace wl::sim
