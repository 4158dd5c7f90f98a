#include "base/core_dump.hpp"

#include <sys/resource.h>

#include <cerrno>
#include <cstring>

namespace wl {

Result<void> forbid_core_dumps() {
  // Not 0: a program behind a pipe gets its dump with any limit but 1, which the kernel takes for
  // "that program crashed itself". As the size of a file one byte is less than any dump needs.
  const rlimit one_byte{1, 1};
  if (::setrlimit(RLIMIT_CORE, &one_byte) == 0) return {};
  // Lower already, by who started us.
  rlimit limit{};
  if (::getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_max == 0) return {};
  return fail(Errc::permission,
              std::string("core dumps cannot be switched off: ") + std::strerror(errno));
}

}  // namespace wl
