// The Publish service of one subscription as a state machine: no network, no clock inside.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "base/time.hpp"

namespace wl::opcua {

using SteadyTime = std::chrono::steady_clock::time_point;

/// What a Publish response said (IEC 62541-4, 5.13.5).
struct PublishResponse {
  std::uint32_t status = 0;  ///< serviceResult.
  std::uint32_t subscription_id = 0;
  std::uint32_t sequence = 0;
  bool has_data = false;  ///< Carries notifications; otherwise it is a keep-alive.
};

enum class PublishVerdict {
  data,        ///< The expected notification.
  keep_alive,  ///< Proof of life.
  ignored,     ///< Of an older subscription, or a refusal that only means "ask again".
  gap,         ///< Data, but at least one notification before it is missing.
  broken,      ///< The subscription or the session is gone: make a new one.
};

/// Keeps several Publish requests at the server, counts sequence numbers and acknowledges exactly
/// what was released. One thread. Republish (IEC 62541-4, 5.13.6) will begin at
/// next_sequence().
class PublishLoop {
 public:
  explicit PublishLoop(std::size_t outstanding = 8) : wanted_(outstanding) {}

  /// A new subscription. Silence longer than `max_silence` means that the link is dead. Tokens of
  /// older subscriptions are void from now on.
  void begin(std::uint32_t subscription_id, Milliseconds max_silence, SteadyTime now);

  /// The acknowledgements of the Publish request to send now; nothing when enough are out.
  std::optional<std::vector<std::uint32_t>> next_request();

  PublishVerdict on_response(const PublishResponse& response, SteadyTime now);

  /// Names a notification of the current subscription, unique over all subscriptions.
  std::uint64_t token(std::uint32_t sequence) const {
    return std::uint64_t{generation_} << 32 | sequence;
  }
  /// The notification needs not be kept by the server any more.
  void release(std::uint64_t token);

  bool is_silent(SteadyTime now) const { return now - last_heard_ > max_silence_; }
  std::uint32_t subscription_id() const { return subscription_id_; }
  std::uint32_t next_sequence() const { return next_sequence_; }

 private:
  PublishVerdict on_refusal(std::uint32_t status);

  std::size_t wanted_;
  std::size_t outstanding_ = 0;
  std::uint32_t generation_ = 0;
  std::uint32_t subscription_id_ = 0;
  std::uint32_t next_sequence_ = 1;
  Milliseconds max_silence_{};
  SteadyTime last_heard_{};
  std::deque<std::uint32_t> released_;
};

}  // namespace wl::opcua
