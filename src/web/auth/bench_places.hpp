// How much of the password bench one address may have.
#pragma once

#include <string>
#include <unordered_map>

namespace wl::web {

/// bcrypt does about four passwords a second, one after the other. A storm of guesses from one
/// address gets a few places at a time, so that a valid sign-in elsewhere waits for those at most.
/// Pure; one thread.
class BenchPlaces {
 public:
  /// `most` places an address, at least 1.
  explicit BenchPlaces(int most) : most_(most) {}

  /// False: all places of the address are taken. Each true needs one leave().
  bool take(const std::string& address) {
    int& taken = taken_[address];
    if (taken >= most_) return false;
    ++taken;
    return true;
  }
  void leave(const std::string& address) {
    const auto found = taken_.find(address);
    if (found != taken_.end() && --found->second <= 0) taken_.erase(found);
  }

 private:
  int most_;
  std::unordered_map<std::string, int> taken_;  // No more entries than the bench's queue is long.
};

}  // namespace wl::web
