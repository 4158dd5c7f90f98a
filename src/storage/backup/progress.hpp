// How long work tells where it is, and is told to stop.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "base/result.hpp"

namespace wl::storage {

struct ProgressStep {
  std::string_view doing;   ///< `copying the database`
  std::uint64_t done = 0;   ///< Bytes.
  std::uint64_t total = 0;  ///< 0: not known.
};

/// Called often. False: stop and leave nothing half done; the call then fails with `unavailable`.
using Progress = std::function<bool(const ProgressStep&)>;

inline Result<void> report(const Progress& progress, const ProgressStep& step) {
  if (!progress || progress(step)) return {};
  return fail(Errc::unavailable, "interrupted; nothing was left half done");
}

}  // namespace wl::storage
