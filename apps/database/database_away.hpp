// A start that may succeed later by itself, told apart from one that a person must mend.
#pragma once

#include <utility>

#include "base/result.hpp"

namespace wl {

/// The database cannot be reached now, as after a power cut when its machine comes up last. Nothing
/// is wrong with the settings as far as is known; trying again may succeed.
class DatabaseAway : public StartError {
 public:
  using StartError::StartError;
};

/// What the database answered. Throws DatabaseAway for `unavailable`, else StartError.
template <class T>
T or_stop_for(Result<T> answer) {
  if (answer) return std::move(*answer);
  if (answer.error().code == Errc::unavailable) throw DatabaseAway(answer.error().what);
  throw StartError(answer.error().what);
}

}  // namespace wl
