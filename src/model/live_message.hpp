// What the collector says on run/live.sock, and what the web process passes on: one JSON a line.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "model/quality.hpp"

namespace wl {

/// The newest known value of one point.
struct LiveValue {
  double value = 0;  ///< Unusable when the quality is bad; sent as null then.
  Quality quality;
  Timestamp source_time{};

  bool operator==(const LiveValue&) const = default;
};

/// The state of the collector's subscription at the gateway.
struct LiveLink {
  bool up = false;
  std::string reason;  ///< Why not up, for a person.
  Timestamp since{};

  bool operator==(const LiveLink&) const = default;
};

/// - snapshot: all points and the link; the first line on every connection.
/// - values:   what changed since the line before. Empty values prove that the collector lives;
///             one is sent at least every second.
/// - link:     the subscription went up or down.
struct LiveMessage {
  enum class Type { snapshot, values, link };

  Type type = Type::values;
  Timestamp ts{};                           ///< When the collector sent it.
  std::map<std::string, LiveValue> values;  ///< By point key: `conveyor.power_kw`.
  std::optional<LiveLink> link;             ///< In snapshot and link.
};

/// One line without the line feed:
/// {"type":"values","ts":"…Z","values":{"conveyor.power_kw":{"v":0.95,"q":"good","t":"…Z"}}}
/// Also the form of the WebSocket messages on /ws/live. The status code travels in "s" when it is
/// not 0.
std::string encode_live(const LiveMessage& message);

/// Refuses what encode_live does not write. Unknown members are ignored: the form may grow.
Result<LiveMessage> decode_live(std::string_view line);

}  // namespace wl
