// Memory of a process that crashed must not lie about in a file: it holds passwords and keys.
#pragma once

#include "base/result.hpp"

namespace wl {

/// From here on this process and those that it starts leave no core dump, neither as a file nor to
/// a program that the kernel starts for it (core_pattern with a pipe): see ADR 0581.
Result<void> forbid_core_dumps();

}  // namespace wl
