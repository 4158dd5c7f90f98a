#include "opcua/fill_plan.hpp"

#include <algorithm>
#include <utility>

namespace wl::opcua {
namespace {

constexpr Milliseconds max_lag{10 * 60'000};
/// A server whose queues overflow all the time must not be asked for its history all the time.
constexpr Milliseconds pause_between_readings{5'000};

}  // namespace

FillPlan::FillPlan(std::size_t items, std::optional<Timestamp> from)
    : open_from_(from), lag_(items), has_value_(items, false) {}

void FillPlan::on_value(std::uint32_t item, Timestamp source_time, Timestamp received_at) {
  if (has_value_[item]) {
    const Milliseconds lag = received_at - source_time;
    lag_[item] = std::min(lag_[item].value_or(lag), lag);
  }
  has_value_[item] = true;
}

void FillPlan::on_proof(Timestamp at) {
  last_proof_ = at;
  is_proven_ = true;
}

void FillPlan::on_loss() {
  if (!open_from_) open_from_ = last_proof_;
  needs_reading_ = true;
}

void FillPlan::on_down() {
  is_proven_ = false;
  if (!open_from_) open_from_ = last_proof_;
  if (!reading_from_) return;
  open_from_ = std::min(*open_from_, *reading_from_);  // That reading ended with its link.
  needs_reading_ = true;
  reading_from_.reset();
}

void FillPlan::on_up(bool is_resumed) {
  if (is_resumed) return;
  needs_reading_ = open_from_.has_value();
  has_value_.assign(has_value_.size(), false);
}

std::optional<FillOrder> FillPlan::next(bool is_caught_up, Timestamp now) {
  if (!open_from_ || !is_proven_ || !is_caught_up || reading_from_) return std::nullopt;
  const HistoryRange range{*open_from_, now, lag()};
  if (!needs_reading_) {
    open_from_.reset();
    return FillOrder{FillOrder::How::told_whole, range};
  }
  if (now < next_reading_) return std::nullopt;
  reading_from_ = std::exchange(open_from_, std::nullopt);
  needs_reading_ = false;
  return FillOrder{FillOrder::How::read, range};
}

void FillPlan::on_told(Timestamp now) {
  reading_from_.reset();
  next_reading_ = now + pause_between_readings;
}

Milliseconds FillPlan::lag() const {
  Milliseconds slowest{};
  for (const auto& lag : lag_) slowest = std::max(slowest, lag.value_or(Milliseconds{}));
  return std::min(slowest, max_lag);
}

}  // namespace wl::opcua
