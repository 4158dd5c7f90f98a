#include "cache/publication.hpp"

#include <algorithm>

namespace wl::cache {

using Type = LiveMessage::Type;

void Publication::apply(const LiveMessage& message) {
  whole_.ts = message.ts;
  whole_.seq = seq_;
  whole_.epoch = epoch_;
  if (message.type == Type::snapshot) whole_.values.clear();
  for (const auto& [key, value] : message.values) whole_.values.insert_or_assign(key, value);
  if (message.link) whole_.link = message.link;
  apply_alarms(message);
}

void Publication::apply_alarms(const LiveMessage& message) {
  if (message.type == Type::snapshot) whole_.alarms.clear();
  for (const LiveAlarm& alarm : message.alarms) {
    std::erase_if(whole_.alarms,
                  [&](const LiveAlarm& held) { return held.row.id == alarm.row.id; });
    if (alarm.row.state != alarm_state::normal) whole_.alarms.push_back({alarm.row, {}});
  }
  std::ranges::sort(whole_.alarms, {}, [](const LiveAlarm& alarm) { return alarm.row.id; });
  if (whole_.alarms.size() > max_live_alarms) {
    whole_.alarms.erase(whole_.alarms.begin(),
                        whole_.alarms.end() - static_cast<std::ptrdiff_t>(max_live_alarms));
  }
  if (message.alarm_counts) whole_.alarm_counts = message.alarm_counts;
}

Command Publication::store_values(const LiveMessage& message) const {
  Command store{"HSET", keys_.latest};
  for (const auto& [key, value] : message.values) {
    store.push_back(key);
    store.push_back(encode_live_value(value));
  }
  return store;
}

Command Publication::store_state(bool with_rest) const {
  Command store{"HSET", keys_.state,          "epoch",  epoch_,
                "seq",  std::to_string(seq_), "points", std::to_string(whole_.values.size())};
  if (!with_rest) return store;
  LiveMessage rest = whole_;
  rest.values.clear();
  store.push_back("rest");
  store.push_back(encode_live(rest));
  return store;
}

std::vector<Command> Publication::commands(const LiveMessage& message) {
  ++seq_;
  const bool is_whole = message.type == Type::snapshot;
  LiveMessage told = message;  // apply() may change the whole, which `message` may be.
  told.seq = seq_;
  told.epoch = epoch_;
  apply(told);
  const bool with_rest = is_whole || told.type != Type::values;
  const std::string kept = std::to_string(kept_for.count());
  std::vector<Command> all{{"MULTI"}};
  if (is_whole) all.push_back({"DEL", keys_.latest, keys_.state});
  if (!told.values.empty()) all.push_back(store_values(told));
  all.push_back(store_state(with_rest));
  all.push_back({"EXPIRE", keys_.latest, kept});
  all.push_back({"EXPIRE", keys_.state, kept});
  all.push_back({"PUBLISH", keys_.live, encode_live(told)});
  all.push_back({"HLEN", keys_.latest});
  all.push_back({"EXEC"});
  return all;
}

}  // namespace wl::cache
