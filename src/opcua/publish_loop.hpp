// The Publish and Republish services of one subscription as a state machine: no network, no clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "base/time.hpp"

namespace wl::opcua {

using SteadyTime = std::chrono::steady_clock::time_point;

/// A Publish request to send now.
struct PublishOrder {
  std::uint64_t id = 0;  ///< Comes back with its response.
  std::vector<std::uint32_t> acknowledgements;
};

/// What a Publish response said (IEC 62541-4, 5.13.5).
struct PublishResponse {
  std::uint64_t order_id = 0;  ///< Of the request that it answers.
  std::uint32_t status = 0;    ///< serviceResult.
  std::uint32_t subscription_id = 0;
  std::uint32_t sequence = 0;
  bool has_data = false;  ///< Carries notifications; otherwise it is a keep-alive.
  bool more = false;      ///< moreNotifications: the server could not send all that it has.
};

enum class PublishVerdict {
  data,        ///< The expected notification: deliver it, then take_ready() until it gives nothing.
  held,        ///< Data, but one before it is missing: keep it until take_ready() names it.
  duplicate,   ///< Data that came before: drop it.
  keep_alive,  ///< Proof of life.
  ignored,     ///< Of an older subscription, or a refusal that only means "ask again".
  broken,      ///< The subscription or the session is gone: make a new one.
};

enum class RepublishVerdict {
  data,     ///< The notification that was asked for: deliver it, then take_ready().
  lost,     ///< The server has it no more: it is counted by take_lost(); then take_ready().
  current,  ///< After resume(): the server sent nothing that we do not have. Publish again.
  broken,   ///< The subscription is gone.
};

/// Keeps several Publish requests at the server, counts sequence numbers and acknowledges exactly
/// what was released. A number that is missing is asked for by Republish before what follows is
/// delivered; none is skipped in silence. Republish is asked one number at a time.
///
/// The server's memory is small: open62541 keeps 256 unacknowledged notifications a subscription
/// and then drops the newest (measured with 1.4.11, whatever maxRetransmissionQueueSize says). What
/// it has not sent yet waits in the queues of the monitored items instead.
///
/// One thread.
class PublishLoop {
 public:
  static constexpr Milliseconds longest_catching_up{60'000};

  /// `first_sequence` is 1 for every server; tests begin before the wrap.
  explicit PublishLoop(std::size_t outstanding = 8, std::uint32_t first_sequence = 1)
      : configured_(outstanding), first_sequence_(first_sequence) {}

  /// A new subscription. Silence longer than `max_silence` means that the link is dead. Tokens of
  /// older subscriptions are void from now on.
  void begin(std::uint32_t subscription_id, Milliseconds max_silence, SteadyTime now);
  /// The same subscription over a new connection. What was requested over the old one is void: its
  /// acknowledgements are sent again, and what it answered is asked for by Republish.
  void resume(SteadyTime now);

  /// The next Publish request; nothing when enough are out or Republish comes first.
  std::optional<PublishOrder> next_request();
  PublishVerdict on_response(const PublishResponse& response, SteadyTime now);

  /// The number to ask for by Republish now; nothing when none is missing or one is asked for.
  std::optional<std::uint32_t> next_republish();
  RepublishVerdict on_republish(std::uint32_t sequence, std::uint32_t status, SteadyTime now);

  /// A held notification whose turn has come.
  std::optional<std::uint32_t> take_ready();
  /// How many notifications were lost since the last call.
  std::uint64_t take_lost();
  /// True while what arrives is not all that the server has: after resume() until everything from
  /// before it has been asked for, and as long as responses say that there is more: the latter for
  /// a minute at most, because a server that always has more is overloaded and its link alive.
  bool is_catching_up() const {
    if (!behind_since_) return false;
    const bool asks = probing_ || missing_until_ != 0;
    return asks || last_heard_ - *behind_since_ < longest_catching_up;
  }

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
  PublishVerdict on_data(std::uint32_t sequence);
  PublishVerdict on_keep_alive(std::uint32_t sequence);
  PublishVerdict on_number_ahead(std::uint32_t sequence);
  void settle();
  void forget_requests();

  std::size_t configured_;
  std::uint32_t first_sequence_;
  std::size_t wanted_ = 0;  ///< At most `configured_`: the server may allow fewer.
  std::uint64_t last_order_ = 0;
  /// Acknowledgements of the requests that are out, by order.
  std::map<std::uint64_t, std::vector<std::uint32_t>> outstanding_;
  std::uint32_t generation_ = 0;
  std::uint32_t subscription_id_ = 0;
  std::uint32_t next_sequence_ = 1;
  Milliseconds max_silence_{};
  SteadyTime last_heard_{};
  std::deque<std::uint32_t> released_;

  bool probing_ = false;       ///< After resume(): Republish goes on until the server has no more.
  bool nothing_waits_ = true;  ///< The last response said that the server has no more.
  std::optional<SteadyTime> behind_since_;
  std::optional<std::uint32_t> asked_;  ///< By Republish.
  std::uint32_t missing_until_ = 0;     ///< Numbers before it are asked for; 0 = none is missing.
  std::set<std::uint32_t> held_;
  std::uint64_t lost_ = 0;
};

}  // namespace wl::opcua
