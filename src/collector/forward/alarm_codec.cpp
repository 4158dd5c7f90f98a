#include "collector/forward/alarm_codec.hpp"

#include <bit>

namespace wl::collector {
namespace {

/// One list of members serves both directions, so that they cannot differ.
struct Put {
  std::string& out;
  void operator()(const std::string& text) const { put_text(out, text); }
  void operator()(bool flag) const { put_varint(out, flag ? 1 : 0); }
  void operator()(std::uint32_t number) const { put_varint(out, number); }
  void operator()(std::uint64_t number) const { put_varint(out, number); }
  void operator()(double number) const { put_fixed(out, std::bit_cast<std::uint64_t>(number)); }
  void operator()(Timestamp time) const { put_signed(out, to_unix_ms(time)); }
  template <class T>
  void operator()(const std::optional<T>& value) const {
    (*this)(value.has_value());
    if (value) (*this)(*value);
  }
};

struct Take {
  Reader& in;
  void operator()(std::string& text) const { text = in.text(); }
  void operator()(bool& flag) const { flag = in.number() != 0; }
  void operator()(std::uint32_t& number) const { number = static_cast<std::uint32_t>(in.number()); }
  void operator()(std::uint64_t& number) const { number = in.number(); }
  void operator()(double& number) const {
    number = std::bit_cast<double>(in.fixed<std::uint64_t>());
  }
  void operator()(Timestamp& time) const { time = from_unix_ms(in.signed_number()); }
  template <class T>
  void operator()(std::optional<T>& value) const {
    bool there = false;
    (*this)(there);
    if (there) (*this)(value.emplace());
  }
};

template <class Each>
void each_member(auto& row, const Each& each) requires requires {
  row.raise_count;
}
{
  each(row.id), each(row.key), each(row.timestamp), each(row.device_id);
  each(row.parameter_name), each(row.alarm_type), each(row.message_key), each(row.message);
  each(row.alarm_level), each(row.threshold_value), each(row.actual_value), each(row.state);
  each(row.active), each(row.cleared_at), each(row.acknowledged), each(row.acknowledged_by);
  each(row.acknowledged_at), each(row.note), each(row.shelved_by), each(row.shelved_until);
  each(row.raise_count), each(row.suppressed_count), each(row.announced_at);
  each(row.announced_level), each(row.announced), each(row.chattering), each(row.superseded_by);
}

template <class Each>
void each_member(auto& row, const Each& each) requires requires {
  row.from_state;
}
{
  each(row.seq), each(row.alarm_id), each(row.key), each(row.at), each(row.event);
  each(row.from_state), each(row.to_state), each(row.by), each(row.alarm_level), each(row.note);
}

}  // namespace

void put_alarm(std::string& out, const AlarmRow& row) {
  each_member(row, Put{out});
}

AlarmRow take_alarm(Reader& in) {
  AlarmRow row;
  each_member(row, Take{in});
  return row;
}

void put_journal(std::string& out, const AlarmJournalRow& row) {
  each_member(row, Put{out});
}

AlarmJournalRow take_journal(Reader& in) {
  AlarmJournalRow row;
  each_member(row, Take{in});
  return row;
}

}  // namespace wl::collector
