// One look at the system for everybody who asks within a second.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "web/system/system_files.hpp"

namespace wl::web {

/// Fifty dashboards cost one reading. Lives on the loop's thread.
class SystemCache {
 public:
  using Facts = std::shared_ptr<const SystemFacts>;
  using Then = std::move_only_function<void(Result<Facts>)>;

  SystemCache(SystemDesk& desk, std::function<Timestamp()> clock)
      : desk_(desk), clock_(std::move(clock)) {}

  /// Calls `then` with facts at most a second old: at once, or when they have been read.
  /// `unavailable` when they cannot be, or too many wait.
  void get(Then then);
  /// How many looks were asked for.
  std::uint64_t looks() const { return looks_; }

 private:
  void look();

  SystemDesk& desk_;
  std::function<Timestamp()> clock_;
  Facts facts_;
  std::vector<Then> waiting_;
  bool looking_ = false;
  std::uint64_t looks_ = 0;
};

}  // namespace wl::web
