#include "opcua/publish_loop.hpp"

#include <algorithm>
#include <limits>

namespace wl::opcua {
namespace {

/// More wait for the next request.
constexpr std::size_t max_acknowledgements = 1'000;

/// IEC 62541-6 annex A. Spelled here because this file does not know open62541.
constexpr std::uint32_t bad_timeout = 0x800A0000;
constexpr std::uint32_t bad_too_many_publish_requests = 0x80780000;

/// IEC 62541-4, 7.40: 0 is left out when the counter wraps.
std::uint32_t after(std::uint32_t sequence) {
  return sequence == std::numeric_limits<std::uint32_t>::max() ? 1 : sequence + 1;
}

}  // namespace

void PublishLoop::begin(std::uint32_t subscription_id, Milliseconds max_silence, SteadyTime now) {
  ++generation_;
  subscription_id_ = subscription_id;
  next_sequence_ = 1;
  outstanding_ = 0;
  max_silence_ = max_silence;
  last_heard_ = now;
  released_.clear();
}

std::optional<std::vector<std::uint32_t>> PublishLoop::next_request() {
  if (outstanding_ >= wanted_) return std::nullopt;
  ++outstanding_;
  const std::size_t count = std::min(released_.size(), max_acknowledgements);
  const auto end = released_.begin() + static_cast<std::ptrdiff_t>(count);
  std::vector<std::uint32_t> acknowledgements(released_.begin(), end);
  released_.erase(released_.begin(), end);
  return acknowledgements;
}

PublishVerdict PublishLoop::on_response(const PublishResponse& response, SteadyTime now) {
  if (outstanding_ > 0) --outstanding_;
  if (response.status >> 30 != 0) return on_refusal(response.status);
  if (response.subscription_id != subscription_id_) return PublishVerdict::ignored;
  last_heard_ = now;
  // A keep-alive carries the number that the next notification will have.
  const bool is_gap = response.sequence != next_sequence_;
  if (!response.has_data) return is_gap ? PublishVerdict::broken : PublishVerdict::keep_alive;
  next_sequence_ = after(response.sequence);
  return is_gap ? PublishVerdict::gap : PublishVerdict::data;
}

PublishVerdict PublishLoop::on_refusal(std::uint32_t status) {
  if (status == bad_timeout) return PublishVerdict::ignored;
  if (status == bad_too_many_publish_requests && wanted_ > 1) {
    --wanted_;
    return PublishVerdict::ignored;
  }
  return PublishVerdict::broken;
}

void PublishLoop::release(std::uint64_t token) {
  if (token >> 32 != generation_) return;
  released_.push_back(static_cast<std::uint32_t>(token));
}

}  // namespace wl::opcua
