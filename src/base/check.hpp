// Broken invariants: a bug, never a refusal. The process ends and the supervisor restarts it.
#pragma once

namespace wl::detail {
/// Logs the violated condition with its place, flushes the log and aborts.
[[noreturn]] void check_failed(const char* condition, const char* file, int line);
}  // namespace wl::detail

/// Stays on in release builds: a process that goes on with a broken invariant writes wrong data.
#define WL_CHECK(condition) \
  ((condition) ? void(0) : ::wl::detail::check_failed(#condition, __FILE__, __LINE__))
