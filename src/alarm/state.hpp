// The life of one alarm by ISA-18.2 / IEC 62682: every transition in one table.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace wl::alarm {

/// The words stored in `alarms.state` are the names of the enumerators.
enum class State : std::uint8_t {
  normal,
  active_unacked,
  active_acked,
  cleared_unacked,  ///< Back to normal before anybody acknowledged it (RTN-Unack).
  shelved,          ///< Hidden by a person until an end time.
  suppressed,       ///< Hidden by logic.
  out_of_service,   ///< Its rule is disabled.
};

enum class Event : std::uint8_t {
  raise,
  clear,
  escalate,  ///< Still active, at a higher level.
  acknowledge,
  shelve,
  unshelve,  ///< By a person, or because the end time came.
  suppress,
  unsuppress,
  take_out_of_service,
  return_to_service,
  retire,  ///< The rule was deleted, or a new row took over.
  // Facts beside the state: recorded, never a transition.
  chatter_start,
  chatter_end,
  announce,  ///< Told late: the window was over and it was still unacknowledged.
};

inline constexpr int state_count = 7;
inline constexpr int event_count = 14;

/// What an event does in a state.
struct Step {
  enum class Kind : std::uint8_t {
    ignored,       ///< It is so already: nothing changes, nothing is recorded.
    refused,       ///< Not allowed here: the person is told why.
    noted,         ///< The state stays, but the event is recorded.
    moves,         ///< To `to`.
    by_condition,  ///< To active_unacked while the condition holds, else to normal.
  };
  Kind kind = Kind::ignored;
  State to = State::normal;

  bool operator==(const Step&) const = default;
};

/// Hidden alarms follow their condition without saying so; when they come back and the condition
/// holds, somebody must see it anew, so they are unacknowledged then. A cleared_unacked alarm is
/// not hidden by logic: it still waits for a person.
Step step_of(State state, Event event);

/// Shelved, suppressed or out of service: it is neither announced nor acknowledged.
constexpr bool is_hidden(State state) {
  return state == State::shelved || state == State::suppressed || state == State::out_of_service;
}

std::string_view word(State state);
std::string_view word(Event event);
std::optional<State> state_from_word(std::string_view text);

}  // namespace wl::alarm
