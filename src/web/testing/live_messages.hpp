// Messages of a line, and a client that keeps what it gets, for tests of the live view.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "web/live/live_hub.hpp"

namespace wl::web::testing {

inline constexpr Timestamp start{std::chrono::seconds{1'000'000'000}};

inline LiveMessage values(std::map<std::string, LiveValue> changed, Timestamp at = start) {
  LiveMessage message;
  message.ts = at;
  message.values = std::move(changed);
  return message;
}

inline LiveMessage snapshot(std::map<std::string, LiveValue> all, Timestamp at = start) {
  LiveMessage message = values(std::move(all), at);
  message.type = LiveMessage::Type::snapshot;
  message.link = LiveLink{true, "", start};
  return message;
}

inline LiveMessage link_down() {
  LiveMessage message;
  message.type = LiveMessage::Type::link;
  message.ts = start;
  message.link = LiveLink{false, "gateway gone", start};
  return message;
}

inline LiveValue good(double value) {
  return LiveValue{value, quality::good, start};
}

inline LiveAlarm alarm(std::uint64_t id, std::string state, std::string event = "raise") {
  LiveAlarm made;
  made.row.id = id;
  made.row.state = std::move(state);
  made.event = std::move(event);
  return made;
}

inline LiveMessage alarms(std::vector<LiveAlarm> changed, int active) {
  LiveMessage message;
  message.type = LiveMessage::Type::alarm;
  message.ts = start;
  message.alarms = std::move(changed);
  message.alarm_counts = LiveAlarmCounts{.active = active};
  return message;
}

/// `count` alarms with the ids from `first` on.
inline LiveMessage many_alarms(std::uint64_t first, std::size_t count) {
  LiveMessage message = alarms({}, static_cast<int>(count));
  for (std::size_t i = 0; i < count; ++i) {
    message.alarms.push_back(alarm(first + i, "active_unacked"));
  }
  return message;
}

inline std::vector<std::uint64_t> ids(const LiveMessage& message) {
  std::vector<std::uint64_t> all;
  for (const LiveAlarm& each : message.alarms) all.push_back(each.row.id);
  return all;
}

/// Any point and device of the tests.
inline LiveNames line_names() {
  return LiveNames({"a", "b", "conveyor", "conveyor.power_kw", "conveyor.status", "station1",
                    "station1.power_kw", "station10", "station10.power_kw"});
}

/// A client that keeps what it gets.
class RecordingClient : public PushClient {
 public:
  explicit RecordingClient(LiveWish wish = {}) : wish_(std::move(wish)) {}

  bool push(const Pushed& pushed) override {
    if (pushed.message->type == LiveMessage::Type::alarm && refuses_alarms) return false;
    got.push_back(*pushed.message);
    texts.push_back(pushed.text);
    return true;
  }
  void close(std::string_view reason) override { closed = reason; }
  const std::string& session() const override { return session_; }
  const LiveWish& wish() const override { return wish_; }

  bool refuses_alarms = false;
  std::vector<LiveMessage> got;
  std::vector<std::shared_ptr<const std::string>> texts;
  std::string closed;

 private:
  LiveWish wish_;
  std::string session_ = "s";
};

}  // namespace wl::web::testing
