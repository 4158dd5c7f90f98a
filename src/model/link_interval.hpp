// When the collector's subscription was proven alive, and when it was not.
#pragma once

#include <string>

#include "base/time.hpp"

namespace wl {

/// A stretch of time [from, to) in which the subscription was proven alive by publish responses
/// or keep-alives; or, not alive, a gap: what happened then is not known, and `cause` says why.
struct LinkInterval {
  Timestamp from{};
  Timestamp to{};
  bool alive = true;
  std::string cause;  ///< Why not alive, for a person; empty when alive.

  bool operator==(const LinkInterval&) const = default;
};

}  // namespace wl
