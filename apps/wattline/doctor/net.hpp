// The three network questions of the doctor: who holds a port, what does an HTTP server answer,
// what does a Unix socket say first. Blocking, each within its time-out.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"

namespace wl::doctor {

/// `pid 812 (nginx)`; `a process of another user` when it may not be seen; empty when nobody
/// listens on that TCP port.
std::string port_owner(std::uint16_t port);

struct HttpAnswer {
  int status = 0;
  std::string body;  ///< At most 64 KiB.
  Milliseconds took{};
};

/// One GET over a connection of its own, HTTP/1.1 with Connection: close. The error says which
/// step failed.
Result<HttpAnswer> http_get(const std::string& host, std::uint16_t port, const std::string& target,
                            Milliseconds timeout);

/// The first line that the server of a Unix socket sends, at most 4 MiB.
Result<std::string> first_line(const std::filesystem::path& socket_path, Milliseconds timeout);

}  // namespace wl::doctor
