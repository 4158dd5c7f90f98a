#include "opcua/publish_loop.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace wl::opcua {
namespace {

/// More wait for the next request.
constexpr std::size_t max_acknowledgements = 1'000;
/// No server keeps more; a number further ahead comes from a broken one.
constexpr std::uint32_t max_missing = 10'000;

/// IEC 62541-6 annex A. Spelled here because this file does not know open62541.
constexpr std::uint32_t bad_timeout = 0x800A0000;
constexpr std::uint32_t bad_session_id_invalid = 0x80250000;
constexpr std::uint32_t bad_session_closed = 0x80260000;
constexpr std::uint32_t bad_subscription_id_invalid = 0x80280000;
constexpr std::uint32_t bad_too_many_publish_requests = 0x80780000;
constexpr std::uint32_t bad_secure_channel_closed = 0x80860000;
constexpr std::uint32_t bad_connection_closed = 0x80AE0000;

/// IEC 62541-4, 7.40: 0 is left out when the counter wraps.
std::uint32_t after(std::uint32_t sequence) {
  return sequence == std::numeric_limits<std::uint32_t>::max() ? 1 : sequence + 1;
}

/// How many numbers lie from `from` up to `to`, over the wrap; neither may be 0.
std::uint32_t distance(std::uint32_t from, std::uint32_t to) {
  return to >= from ? to - from : std::numeric_limits<std::uint32_t>::max() - (from - to);
}

bool is_before(std::uint32_t sequence, std::uint32_t expected) {
  return distance(expected, sequence) > std::numeric_limits<std::uint32_t>::max() / 2;
}

bool is_bad(std::uint32_t status) {
  return status >> 30 != 0;
}

}  // namespace

void PublishLoop::begin(std::uint32_t subscription_id, Milliseconds max_silence, SteadyTime now) {
  ++generation_;
  subscription_id_ = subscription_id;
  next_sequence_ = first_sequence_;
  max_silence_ = max_silence;
  last_heard_ = now;
  forget_requests();
  released_.clear();
  probing_ = false;
  nothing_waits_ = true;
  behind_since_.reset();
}

void PublishLoop::resume(SteadyTime now) {
  last_heard_ = now;
  for (auto& [id, acknowledgements] : outstanding_) {
    released_.insert(released_.begin(), acknowledgements.begin(), acknowledgements.end());
  }
  forget_requests();
  probing_ = true;
  nothing_waits_ = false;
  behind_since_ = now;
}

void PublishLoop::forget_requests() {
  outstanding_.clear();
  wanted_ = configured_;
  asked_.reset();
  missing_until_ = 0;
  held_.clear();  // They are at the server still: nobody has released them.
}

std::optional<PublishOrder> PublishLoop::next_request() {
  if (probing_ || outstanding_.size() >= wanted_) return std::nullopt;
  const std::size_t count = std::min(released_.size(), max_acknowledgements);
  const auto end = released_.begin() + static_cast<std::ptrdiff_t>(count);
  PublishOrder order{++last_order_, {released_.begin(), end}};
  released_.erase(released_.begin(), end);
  outstanding_[order.id] = order.acknowledgements;
  return order;
}

PublishVerdict PublishLoop::on_response(const PublishResponse& response, SteadyTime now) {
  outstanding_.erase(response.order_id);
  if (is_bad(response.status)) return on_refusal(response.status);
  if (response.subscription_id != subscription_id_) return PublishVerdict::ignored;
  if (response.sequence == 0) return PublishVerdict::broken;
  last_heard_ = now;
  const PublishVerdict verdict =
      response.has_data ? on_data(response.sequence) : on_keep_alive(response.sequence);
  nothing_waits_ = !response.more;
  if (!nothing_waits_ && !behind_since_) behind_since_ = now;
  settle();
  return verdict;
}

/// A keep-alive carries the number that the next notification will have.
PublishVerdict PublishLoop::on_keep_alive(std::uint32_t sequence) {
  if (sequence == next_sequence_) return PublishVerdict::keep_alive;
  if (is_before(sequence, next_sequence_)) return PublishVerdict::broken;
  const PublishVerdict ahead = on_number_ahead(sequence);
  return ahead == PublishVerdict::broken ? ahead : PublishVerdict::keep_alive;
}

PublishVerdict PublishLoop::on_data(std::uint32_t sequence) {
  if (sequence == next_sequence_) {
    next_sequence_ = after(sequence);
    return PublishVerdict::data;
  }
  if (is_before(sequence, next_sequence_) || held_.contains(sequence)) {
    return PublishVerdict::duplicate;
  }
  const PublishVerdict ahead = on_number_ahead(sequence);
  if (ahead != PublishVerdict::broken) held_.insert(sequence);
  return ahead;
}

/// Everything from the expected number up to `sequence` is missing.
PublishVerdict PublishLoop::on_number_ahead(std::uint32_t sequence) {
  if (distance(next_sequence_, sequence) > max_missing) return PublishVerdict::broken;
  if (missing_until_ == 0 || is_before(missing_until_, sequence)) missing_until_ = sequence;
  return PublishVerdict::held;
}

PublishVerdict PublishLoop::on_refusal(std::uint32_t status) {
  if (status == bad_timeout) return PublishVerdict::ignored;
  if (status == bad_too_many_publish_requests && wanted_ > 1) {
    --wanted_;
    return PublishVerdict::ignored;
  }
  return PublishVerdict::broken;
}

std::optional<std::uint32_t> PublishLoop::next_republish() {
  if (asked_) return std::nullopt;
  if (probing_ || missing_until_ != 0) asked_ = next_sequence_;
  return asked_;
}

RepublishVerdict PublishLoop::on_republish(std::uint32_t sequence, std::uint32_t status,
                                           SteadyTime now) {
  asked_.reset();
  const bool is_gone = status == bad_subscription_id_invalid || status == bad_session_id_invalid ||
                       status == bad_session_closed || status == bad_secure_channel_closed ||
                       status == bad_connection_closed || status == bad_timeout;
  if (is_gone) return RepublishVerdict::broken;
  last_heard_ = now;
  // A number that was delivered while we asked for it.
  if (sequence != next_sequence_) return RepublishVerdict::current;
  if (is_bad(status) && missing_until_ == 0) {
    // BadMessageNotAvailable, or a server without Republish. If it dropped a notification, the next
    // number that it sends shows the hole.
    probing_ = false;
    return RepublishVerdict::current;
  }
  next_sequence_ = after(sequence);
  settle();
  if (!is_bad(status)) return RepublishVerdict::data;
  ++lost_;
  return RepublishVerdict::lost;
}

std::optional<std::uint32_t> PublishLoop::take_ready() {
  if (held_.erase(next_sequence_) == 0) return std::nullopt;
  const std::uint32_t sequence = next_sequence_;
  next_sequence_ = after(sequence);
  settle();
  return sequence;
}

void PublishLoop::settle() {
  if (missing_until_ != 0 && !is_before(next_sequence_, missing_until_)) missing_until_ = 0;
  if (missing_until_ == 0 && nothing_waits_ && !probing_) behind_since_.reset();
}

std::uint64_t PublishLoop::take_lost() {
  return std::exchange(lost_, 0);
}

void PublishLoop::release(std::uint64_t token) {
  if (token >> 32 != generation_) return;
  released_.push_back(static_cast<std::uint32_t>(token));
}

}  // namespace wl::opcua
