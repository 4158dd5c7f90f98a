// A connection to run/live.sock, for those who read it and those who order over it.
#pragma once

#include <string>

namespace wl::web {

/// Owns a file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor();
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

/// A stream socket that never blocks: to connect to a hung process whose backlog is full would wait
/// for ever.
int open_unix_socket();

/// Empty when connected; otherwise why not, for a person.
std::string connect_to(int socket, const std::string& path);

}  // namespace wl::web
