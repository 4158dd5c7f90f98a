// What really happened: written by those who do it, outside of everything that can fail.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "model/ids.hpp"

namespace wl::sim {

/// The PLC's truth log, and the ground truth of outages. Times are true ones.
class Truth {
 public:
  struct Scan {
    std::int64_t serial = 0;  ///< Boot counter × 1,000,000 + scan counter.
    Timestamp at{};
  };
  /// A time in which data may be missing with good reason. On the collector's clock.
  struct Outage {
    std::string why;
    Timestamp from{};
    Timestamp to{};
    bool only_extends = false;  ///< No gap begins by it, but one may last as long.
  };

  void scanned(std::int64_t serial, Timestamp at) { scans_.push_back({serial, at}); }
  void changed(PointId point, Timestamp at, double value) { values_[point.value][at] = value; }

  /// Returns its number, for end().
  std::size_t begin(std::string why, Timestamp from) {
    outages_.push_back({std::move(why), from, Timestamp::max(), false});
    return outages_.size() - 1;
  }
  void end(std::size_t outage, Timestamp to) { outages_[outage].to = to; }
  void was(std::string why, Timestamp from, Timestamp to) {
    outages_.push_back({std::move(why), from, to, false});
  }

  /// A gap that another outage began may last all through this time: its end takes long to notice.
  void prolonged(std::string why, Timestamp from, Timestamp to) {
    outages_.push_back({std::move(why), from, to, true});
  }

  /// The collector's clock was wrong in this (true) time, or what came then bears its marks.
  void clock_set(Timestamp from, Timestamp to) { clock_set_.push_back({from, to}); }
  bool clock_was_set() const { return !clock_set_.empty(); }
  bool clock_was_set(Timestamp at) const {
    for (const auto& [from, to] : clock_set_)
      if (at >= from && at < to) return true;
    return false;
  }

  const std::vector<Scan>& scans() const { return scans_; }
  const std::map<Timestamp, double>& values(PointId point) const {
    static const std::map<Timestamp, double> none;
    const auto found = values_.find(point.value);
    return found == values_.end() ? none : found->second;
  }
  const std::vector<Outage>& outages() const { return outages_; }

 private:
  std::vector<Scan> scans_;
  std::map<std::uint32_t, std::map<Timestamp, double>> values_;
  std::vector<Outage> outages_;
  std::vector<std::pair<Timestamp, Timestamp>> clock_set_;
};

}  // namespace wl::sim
