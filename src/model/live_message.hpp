// What the collector says on run/live.sock, and what the web process passes on: one JSON a line.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "model/alarm_row.hpp"
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

/// An alarm as it is now.
struct LiveAlarm {
  AlarmRow row;
  std::string event;  ///< What made it so: `raise`, `acknowledge` …; empty in a snapshot.

  bool operator==(const LiveAlarm&) const = default;
};

/// For the head line of a page: how many alarms there are, also those that a message leaves out.
struct LiveAlarmCounts {
  int active = 0;  ///< Not hidden.
  int unacknowledged = 0;
  int shelved = 0;
  int suppressed = 0;
  int out_of_service = 0;
  bool flood = false;  ///< More than 10 in 10 minutes.

  bool operator==(const LiveAlarmCounts&) const = default;
};

/// The collector's answer to one LiveOrder, to the reader that gave it.
struct LiveAnswer {
  struct Refusal {
    std::uint64_t id = 0;
    Error why;
  };

  std::uint64_t ref = 0;  ///< Of the order.
  /// Nothing: everything ordered is done. Otherwise why not; with several ids that of the first
  /// one that was refused. Each id is done or refused by itself.
  std::optional<Error> error = {};
  std::vector<AlarmRow> alarms = {};  ///< The alarms to which it was done, as they are now.
  std::vector<Refusal> refused = {};  ///< The others, each with its reason.
};

/// - snapshot: all points, the link and the alarms; the first line on every connection, and again
///             when alarms come faster than a line each can tell. What it does not name is gone.
/// - values:   what changed since the line before. Empty values prove that the collector lives;
///             one is sent at least every second.
/// - link:     the subscription went up or down.
/// - alarm:    alarms that changed, each as it is now; `state` normal: it is over.
/// - answer:   to one order of this reader; never passed on.
/// - resumed:  what a reader that was here before has missed, in the form of a snapshot; whatever
/// it
///             does not name is as the reader knows it. An alarm of state `normal` is over.
struct LiveMessage {
  enum class Type { snapshot, values, link, alarm, answer, resumed };

  Type type = Type::values;
  Timestamp ts{};                           ///< When the collector sent it.
  std::map<std::string, LiveValue> values = {};  ///< By point key: `conveyor.power_kw`.
  std::optional<LiveLink> link = {};             ///< In snapshot, resumed and link.
  /// In snapshot: those that are not normal, the newest max_live_alarms. In alarm: what changed.
  std::vector<LiveAlarm> alarms = {};
  std::optional<LiveAlarmCounts> alarm_counts = {};  ///< In snapshot, resumed and alarm.
  std::optional<LiveAnswer> answer = {};
  /// Grows from message to message of one sender, not always by one; 0: it does not count.
  std::uint64_t seq = 0;
  std::string epoch = {};  ///< In snapshot and resumed: within which `seq` means something.
  /// In snapshot and resumed: the devices and points to which it is limited; empty: all.
  std::vector<std::string> devices = {};
};

/// Alarms in one message at most; the database has the others.
inline constexpr std::size_t max_live_alarms = 500;

/// One line without the line feed:
/// {"type":"values","ts":"…Z","values":{"conveyor.power_kw":{"v":0.95,"q":"good","t":"…Z"}}}
/// Also the form of the WebSocket messages on /ws/live. The status code travels in "s" when it is
/// not 0; "seq", "epoch" and "devices" when there is something in them. Alarms:
/// "alarms":[{…,"event":"raise"}], each in the form of alarm_json(). An answer:
/// {"type":"answer","ts":"…Z","ref":7,"ok":false,"code":"conflict","error":"…","alarms":[…],
/// "refused":[{"id":12,"code":"conflict","error":"…"}]}
std::string encode_live(const LiveMessage& message);

/// One value as it stands in "values".
std::string encode_live_value(const LiveValue& value);

/// Refuses what encode_live does not write. Unknown members are ignored: the form may grow.
Result<LiveMessage> decode_live(std::string_view line);

}  // namespace wl
