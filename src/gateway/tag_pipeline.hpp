// What happens to a tag's values between its driver and the server. Pure: time is passed in.
#pragma once

#include <optional>
#include <vector>

#include "gateway/gateway_config.hpp"

namespace wl::gateway {

/// Lets one value a scan period pass, by source time. The grid follows the source, and a value may
/// be half a period early: a 100 ms tag fed by a 100 ms scan loses nothing to jitter.
class ScanRateFilter {
 public:
  explicit ScanRateFilter(Milliseconds period) : period_(period) {}

  /// True when a value of this source time may pass; it then takes its slot.
  bool take(Timestamp source_time);
  /// A withheld value is passed on at its slot.
  void take_slot() { due_ += period_; }
  /// The time until the slot of a value that take() refused.
  Milliseconds until_slot(Timestamp source_time) const { return due_ - source_time; }

 private:
  Milliseconds period_;
  Timestamp due_{};
  bool is_first_ = true;
};

/// Scaling, type, deadband and scan rate of one tag. One thread; values come in order.
///
/// A change of quality always passes at once. A value that comes too early is kept and replaced by
/// later ones; on_time() gives it out at its slot even when nothing follows.
class TagPipeline {
 public:
  explicit TagPipeline(const TagConfig& config)
      : type_(config.type),
        scaling_(config.scaling),
        deadband_(config.deadband),
        filter_(config.scan),
        last_{zero_of(config.type), quality::bad_waiting_for_initial_data, {}} {}

  /// A value from the driver. Returns what clients see now, if anything. `now` is the gateway's
  /// clock, which may differ from the source's.
  std::optional<DataValue> on_value(const DataValue& value, Timestamp now);
  /// Gives out the withheld value when its slot has come.
  std::optional<DataValue> on_time(Timestamp now);
  /// The driver lost its device: the withheld value, if any, then the last one as
  /// Bad_NoCommunication with the time of the loss; right after what the device told last when its
  /// clock is ahead of ours.
  std::vector<DataValue> on_link_down(Timestamp at);

  /// When on_time() has something to do.
  std::optional<Timestamp> due() const { return due_; }
  const DataValue& last() const { return last_; }
  /// True once, when a value did not fit the tag's type.
  bool take_mismatch();

 private:
  DataValue prepared(const DataValue& value);
  bool is_within_deadband(const DataValue& value) const;
  DataValue pass(DataValue value);

  DataType type_;
  std::optional<Scaling> scaling_;
  double deadband_;
  ScanRateFilter filter_;
  DataValue last_;  ///< What clients see.
  std::optional<DataValue> withheld_;
  std::optional<Timestamp> due_;
  bool mismatch_ = false;
  bool mismatch_told_ = false;
};

}  // namespace wl::gateway
