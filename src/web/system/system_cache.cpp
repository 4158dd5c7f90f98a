#include "web/system/system_cache.hpp"

#include <utility>

namespace wl::web {
namespace {

constexpr Milliseconds fresh_for{1000};
constexpr std::size_t most_waiting = 1000;

}  // namespace

void SystemCache::get(Then then) {
  if (facts_) {
    const Milliseconds age = clock_() - facts_->at;
    // Below 0: the clock was set back, and the age is not known.
    if (age >= Milliseconds{0} && age < fresh_for) return then(facts_);
  }
  if (waiting_.size() >= most_waiting) {
    return then(fail(Errc::unavailable, "too many wait for the state of the system"));
  }
  waiting_.push_back(std::move(then));
  if (!looking_) look();
}

void SystemCache::look() {
  looking_ = true;
  ++looks_;
  const auto done = [this](Result<SystemFacts> seen) {
    looking_ = false;
    Result<Facts> told = fail(Errc::unavailable, "the state of the system cannot be read now");
    if (seen) told = facts_ = std::make_shared<const SystemFacts>(std::move(*seen));
    for (Then& then : std::exchange(waiting_, {})) then(told);
  };
  const bool asked =
      desk_.ask([now = clock_()](SystemFiles& files) { return files.look(now); }, done);
  if (!asked) done(fail(Errc::unavailable, "the desk is full"));
}

}  // namespace wl::web
