// Whatever a client of /ws/live sends, in the query of its handshake or later: it is taken, or
// refused with words, and nobody can be made to wait, to grow or to stay unpunished.
//
// The first byte chooses whether the rest stands alone or in the place of one member of a message.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.hpp"
#include "web/live/client_voice.hpp"

namespace {

using namespace wl;
using namespace wl::web;

const LiveNames& names() {
  static const LiveNames all({"conveyor", "conveyor.power_kw", "station1", "station1.status"});
  return all;
}

void check(const Subscription& subscription) {
  WL_CHECK(subscription.names().size() <= Subscription::max_names);
  for (const std::string& name : subscription.names()) WL_CHECK(names().knows(name));
  if (subscription.everything()) return;
  const auto again = Subscription::of(subscription.names(), names());
  WL_CHECK(again.has_value() && *again == subscription);
}

void check(const Problem& problem) {
  WL_CHECK(problem.status == 400 && !problem.error.empty());
  WL_CHECK(!problem.message.en.empty() && !problem.message.zh_cn.empty());
  WL_CHECK(problem.message.en.size() < 300);
}

void try_query(std::string_view query) {
  const auto wish = parse_live_query(query, names());
  if (!wish) return check(wish.error());
  check(wish->subscription);
  WL_CHECK(!wish->resume || wish->resume->epoch.size() <= 40);
}

void try_message(std::string_view text) {
  ClientVoice voice(names(), Language::en);
  int complaints = 0;
  bool dismissed = false;
  for (int i = 0; i < 40 && !dismissed; ++i) {
    const ClientAction action = voice.hear(text, Timestamp{});
    if (const auto* taken = std::get_if<Resubscribe>(&action)) check(taken->subscription);
    if (const auto* complaint = std::get_if<Complain>(&action)) {
      ++complaints;
      WL_CHECK(complaint->text.size() < 600);
      WL_CHECK(complaint->text.find('\n') == std::string::npos);
    }
    dismissed = std::holds_alternative<Dismiss>(action);
  }
  WL_CHECK(dismissed && complaints == ClientVoice::patience);
}

constexpr std::array<std::string_view, 8> frames{"?",
                                                 R"({"type":?})",
                                                 R"({"type":"?","all":true})",
                                                 R"({"type":"subscribe","devices":?})",
                                                 R"({"type":"subscribe","devices":["conveyor?"]})",
                                                 R"({"type":"subscribe","all":?})",
                                                 "devices=conveyor,?",
                                                 "devices=station1&resume=?"};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string text(frames[data[0] % frames.size()]);
  text.replace(text.find('?'), 1, reinterpret_cast<const char*>(data + 1), size - 1);
  try_query(text);
  try_message(text);
  return 0;
}
