// What a client asks for when it connects to /ws/live: in the query of its handshake.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "web/http/message.hpp"
#include "web/http/problem.hpp"
#include "web/live/subscription.hpp"

namespace wl::web {

/// The last message that a client has seen: `epoch` and `seq` of the messages that it got.
struct ResumePoint {
  std::string epoch;
  std::uint64_t seq = 0;

  bool operator==(const ResumePoint&) const = default;
};

/// `<epoch>:<seq>`: 1 to 40 lower case hex digits or hyphens, a colon, a whole number.
std::optional<ResumePoint> parse_resume_point(std::string_view text);

struct LiveWish {
  Subscription subscription;
  std::optional<ResumePoint> resume;
  Language language = Language::zh_cn;  ///< Of what it is told when it sends nonsense.
};

/// Under what a client was let in.
struct LiveAdmission {
  std::string session;  ///< The session or the token that it came with.
  LiveWish wish;
};

/// `devices=conveyor,station1.power_kw` and `resume=<epoch>:<seq>`, both optional, each once.
/// Strict: anything else is refused, so that a slip of the pen does not look like a silent line.
std::expected<LiveWish, Problem> parse_live_query(std::string_view query, const LiveNames& known);

}  // namespace wl::web
