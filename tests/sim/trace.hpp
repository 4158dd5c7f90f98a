// What happened, as one number: two runs of one seed must agree.
#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace wl::sim {

class Trace {
 public:
  /// Also writes a line for each event from now on. False: the file cannot be written.
  bool write_to(const std::string& path);
  void note(Milliseconds at, std::string_view what, std::uint64_t a = 0, std::uint64_t b = 0,
            std::string_view text = {});
  std::uint64_t hash() const { return hash_; }
  std::uint64_t events() const { return events_; }

 private:
  void mix(std::uint64_t number);
  void mix(std::string_view text);

  std::uint64_t hash_ = 14'695'981'039'346'656'037u;  // FNV-1a
  std::uint64_t events_ = 0;
  std::ofstream file_;
};

}  // namespace wl::sim
