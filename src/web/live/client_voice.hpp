// What a client of /ws/live says, and what is to be done about it.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <variant>

#include "base/time.hpp"
#include "web/live/live_wish.hpp"

namespace wl::web {

/// It wants another part of the line from now on.
struct Resubscribe {
  Subscription subscription;
};
/// Send it this text: {"type":"error","ts":"…","code":"unknown_type","error":"…"}.
struct Complain {
  std::string text;
};
/// It was told too often: close it, with code 1008.
struct Dismiss {
  std::string reason;
};
using ClientAction = std::variant<Resubscribe, Complain, Dismiss>;

/// Reads the messages of one client: `{"type":"subscribe","devices":["conveyor"]}` or
/// `{"type":"subscribe","all":true}`, and nothing else. Pure; the session's strand uses it.
///
/// Limits: `burst` messages at once and two a second in the long run, more are not read and count
/// as bad; the eleventh bad one dismisses the client, one is forgiven every 30 s. The size of a
/// message is limited where it is received.
class ClientVoice {
 public:
  /// `names` outlives it.
  ClientVoice(const LiveNames& names, Language language) : names_(names), language_(language) {}

  ClientAction hear(std::string_view text, Timestamp now);
  /// It sent what is no text.
  ClientAction hear_binary(Timestamp now);

  static constexpr double burst = 20;
  static constexpr double a_second = 2;
  static constexpr int patience = 10;
  static constexpr std::chrono::seconds forgiven_after{30};

 private:
  bool too_fast(Timestamp now);
  ClientAction complain(const Problem& problem, Timestamp now);

  const LiveNames& names_;
  Language language_;
  double allowance_ = burst;
  Timestamp filled_at_{};
  int bad_ = 0;
  Timestamp forgave_at_{};
};

}  // namespace wl::web
