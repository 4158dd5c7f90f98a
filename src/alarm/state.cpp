#include "alarm/state.hpp"

#include <algorithm>
#include <array>

#include "model/alarm_row.hpp"

namespace wl::alarm {
namespace {

constexpr std::array<std::string_view, state_count> state_words = alarm_state::all;
constexpr std::array<std::string_view, event_count> event_words{"raise",
                                                                "clear",
                                                                "escalate",
                                                                "acknowledge",
                                                                "shelve",
                                                                "unshelve",
                                                                "suppress",
                                                                "unsuppress",
                                                                "take_out_of_service",
                                                                "return_to_service",
                                                                "retire",
                                                                "chatter_start",
                                                                "chatter_end",
                                                                "announce"};

constexpr Step none{};
constexpr Step no{Step::Kind::refused, State::normal};
constexpr Step note{Step::Kind::noted, State::normal};
constexpr Step live{Step::Kind::by_condition, State::normal};
constexpr Step norm{Step::Kind::moves, State::normal};
constexpr Step unak{Step::Kind::moves, State::active_unacked};
constexpr Step ackd{Step::Kind::moves, State::active_acked};
constexpr Step rtnu{Step::Kind::moves, State::cleared_unacked};
constexpr Step shlv{Step::Kind::moves, State::shelved};
constexpr Step supp{Step::Kind::moves, State::suppressed};
constexpr Step oosv{Step::Kind::moves, State::out_of_service};

using Row = std::array<Step, event_count>;

// clang-format off
constexpr std::array<Row, state_count> table{{
  // raise clear escal ack   shelv unshl suppr unsup out   back  retir ch.st ch.en annou
  // normal
  Row{unak, none, none, no,   shlv, no,   supp, none, oosv, none, norm, note, note, note},
  // active_unacked
  Row{none, rtnu, note, ackd, shlv, no,   supp, none, oosv, none, norm, note, note, note},
  // active_acked
  Row{none, norm, unak, no,   shlv, no,   supp, none, oosv, none, norm, note, note, note},
  // cleared_unacked
  Row{unak, none, none, norm, shlv, no,   none, none, oosv, none, norm, note, note, note},
  // shelved
  Row{note, note, note, no,   note, live, none, none, oosv, none, norm, note, note, note},
  // suppressed
  Row{note, note, note, no,   shlv, no,   none, live, oosv, none, norm, note, note, note},
  // out_of_service
  Row{note, note, note, no,   no,   no,   none, none, none, live, norm, note, note, note},
}};
// clang-format on

}  // namespace

Step step_of(State state, Event event) {
  return table[static_cast<std::size_t>(state)][static_cast<std::size_t>(event)];
}

std::string_view word(State state) {
  return state_words[static_cast<std::size_t>(state)];
}
std::string_view word(Event event) {
  return event_words[static_cast<std::size_t>(event)];
}
std::optional<State> state_from_word(std::string_view text) {
  const auto found = std::ranges::find(state_words, text);
  if (found == state_words.end()) return std::nullopt;
  return static_cast<State>(found - state_words.begin());
}

}  // namespace wl::alarm
