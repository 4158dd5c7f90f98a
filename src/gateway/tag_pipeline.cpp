#include "gateway/tag_pipeline.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace wl::gateway {

bool ScanRateFilter::take(Timestamp source_time) {
  const Milliseconds error = source_time - due_;
  // Two periods early cannot be: the source's clock was set back.
  if (std::exchange(is_first_, false) || error < -2 * period_) {
    due_ = source_time + period_;
    return true;
  }
  if (error < -period_ / 2) return false;
  // A late value uses up the slots that have gone by, but not the next one: a scan that was late
  // once is followed by one in time.
  const auto missed = std::max<std::int64_t>(error / period_, 0);
  due_ += (missed + 1) * period_;
  // A source of the tag's own period drifts against the grid: follow it slowly, but do not let a
  // faster source pull the rate up.
  if (std::chrono::abs(error) <= period_ / 4) due_ += error / 8;
  return true;
}

std::optional<DataValue> TagPipeline::on_value(const DataValue& value, Timestamp now) {
  DataValue next = prepared(value);
  if (next.quality != last_.quality) {
    filter_.take(next.source_time);
    return pass(std::move(next));
  }
  if (is_within_deadband(next)) {
    withheld_.reset();  // It went and came back.
    due_.reset();
    return std::nullopt;
  }
  if (filter_.take(next.source_time)) return pass(std::move(next));
  if (!due_) due_ = now + filter_.until_slot(next.source_time);
  withheld_ = std::move(next);
  return std::nullopt;
}

std::optional<DataValue> TagPipeline::on_time(Timestamp now) {
  if (!withheld_ || now < *due_) return std::nullopt;
  filter_.take_slot();
  return pass(std::move(*withheld_));
}

std::vector<DataValue> TagPipeline::on_link_down(Timestamp at) {
  std::vector<DataValue> out;
  if (withheld_) out.push_back(pass(std::move(*withheld_)));
  const Timestamp after_last = last_.source_time + Milliseconds{1};
  out.push_back(pass({last_.value, quality::bad_no_communication, std::max(at, after_last)}));
  return out;
}

bool TagPipeline::take_mismatch() {
  return std::exchange(mismatch_, false);
}

DataValue TagPipeline::prepared(const DataValue& value) {
  // A Bad value's number must not be used: the last good one stays to be seen.
  if (value.quality.is_bad()) return {last_.value, value.quality, value.source_time};
  Value scaled = value.value;
  const auto number = to_number(scaled);
  if (scaling_ && number) scaled = scaling_->to_engineering(*number);
  const bool is_integer = type_ != DataType::float32 && type_ != DataType::float64;
  if (scaling_ && number && is_integer) scaled = std::round(std::get<double>(scaled));
  auto fitting = convert(scaled, type_);
  if (fitting) return {std::move(*fitting), value.quality, value.source_time};
  if (!std::exchange(mismatch_told_, true)) mismatch_ = true;
  return {last_.value, quality::bad_configuration_error, value.source_time};
}

bool TagPipeline::is_within_deadband(const DataValue& value) const {
  if (deadband_ <= 0) return false;
  const auto before = to_number(last_.value);
  const auto after = to_number(value.value);
  return before && after && std::abs(*after - *before) < deadband_;
}

DataValue TagPipeline::pass(DataValue value) {
  withheld_.reset();
  due_.reset();
  last_ = std::move(value);
  return last_;
}

}  // namespace wl::gateway
