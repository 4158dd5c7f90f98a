// For tests: files that may not be written, also when the tests run as root.
#pragma once

#include <unistd.h>

namespace wl::storage {

/// While it lives the process has no rights over other people's files: root becomes `nobody`.
class WithoutRights {
 public:
  WithoutRights() {
    if (root_ && ::seteuid(65534) != 0) ::_exit(99);  // As root the test would prove nothing.
  }
  ~WithoutRights() {
    if (root_ && ::seteuid(0) != 0) ::_exit(99);
  }
  WithoutRights(const WithoutRights&) = delete;
  WithoutRights& operator=(const WithoutRights&) = delete;

 private:
  bool root_ = ::geteuid() == 0;
};

}  // namespace wl::storage
