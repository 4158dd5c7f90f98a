// One write over a connection of its own, and the proof that it had its effect.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"
#include "model/value.hpp"
#include "opcua/security.hpp"

namespace wl::opcua {

/// A server answers a write before the device behind it has it, so its answer proves nothing.
struct ConfirmedWrite {
  enum class Proof {
    value,    ///< The node shows what was written.
    cleared,  ///< It shows false again: the device took the edge that true was.
  };
  enum class Before {
    must_be_good,  ///< Node and state are read first; one that is not good refuses the write.
    is_read,       ///< They are read and do not matter: the write itself decides.
  };

  std::string node_id;
  Value value;  ///< Is brought to the type that the server has.
  Proof proof = Proof::value;
  Before before = Before::must_be_good;
  std::string state_node_id;  ///< What the device does.
  /// The state to which the write leads; nothing: to none.
  std::optional<Value> leads_to;
  Milliseconds patience{3000};  ///< For the proof, from the answer of the server on.
  /// What could not be written by then is not written any more: who asked has gone.
  std::chrono::steady_clock::time_point write_until = std::chrono::steady_clock::time_point::max();
};

struct WriteReport {
  enum class Proven {
    by_state,     ///< The state became the one to which the write leads.
    by_value,     ///< The node shows the value.
    by_clearing,  ///< The device took the edge; the state stayed, or was there already.
    no,           ///< It may have been written: `reason`.
  };

  Proven proven = Proven::no;
  std::string reason;  ///< Why not proven.
  DataValue before;    ///< Of the node.
  DataValue after;
  DataValue state_before;
  DataValue state_after;
};

/// Waits at most `timeout` for each of: name and TCP, session, read, write; then `patience`. An
/// error means that nothing was written: `unavailable` (no connection, too late), `conflict` (a
/// quality that is not good, or the server refuses), `not_found` (no such node),
/// `invalid_argument` (the value does not fit the node).
Result<WriteReport> write_confirmed(const std::string& endpoint_url, const ConfirmedWrite& write,
                                    const ClientSecurity& security, Milliseconds timeout);

}  // namespace wl::opcua
