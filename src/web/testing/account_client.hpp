// Calls about accounts over real sockets, for tests.
#pragma once

#include <fmt/format.h>

#include <charconv>
#include <string>

#include "web/testing/running_server.hpp"

namespace wl::web::testing {

/// A server with admin (signed in) and operator, and short ways to call it.
class AccountClient {
 public:
  explicit AccountClient(ServerSetup setup = {}) : server(setup) {}

  Answer get(const std::string& path, const std::string& head = "") {
    return request(server.port(), "GET " + path, (head.empty() ? admin.cookie : head) + english);
  }
  Answer send(const std::string& method, const std::string& path, const std::string& body = "",
              const std::string& head = "") {
    return request(server.port(), method + " " + path,
                   (head.empty() ? admin.all() : head) + english, body);
  }
  /// Moves the clock and lets the process do what it does every second.
  void pass(Milliseconds time) {
    now += time;
    server.set_now(now);
    server.tick();
  }
  /// Asks again until the status is this one, at most 10 s.
  bool comes_to(int status, const std::string& path, const std::string& head) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (std::chrono::steady_clock::now() < end)
      if (get(path, head).status == status) return true;
    return false;
  }
  std::int64_t user_id(const std::string& name) {
    return server.accounts()->find_user(name).value()->id;
  }
  /// The secret of a new token.
  std::string token(const std::string& scopes, const std::string& more = "") {
    const Answer made =
        send("POST", "/api/tokens",
             fmt::format(R"({{"name":"script {}","scopes":[{}]{}}})", ++tokens, scopes, more));
    return made.text("secret");
  }
  /// All that the audit log holds, as JSON; what is on its way is awaited.
  std::string audit() {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (server.audit_counts().waiting > 0 && std::chrono::steady_clock::now() < end) {
    }
    return get("/api/audit?page_size=500").body;
  }

  static std::string bearer(const std::string& token) {
    return "Authorization: Bearer " + token + "\r\n";
  }
  static std::string json() { return "Content-Type: application/json\r\n"; }

  RunningServer server;
  SignedInClient admin = sign_in(server.port());
  Timestamp now = RunningServer::start_time();
  int tokens = 0;
  static constexpr const char* english = "Accept-Language: en\r\n";
};

/// The first integer after `"name":` in a body; -1 when there is none.
inline std::int64_t number_in(const std::string& body, const std::string& name) {
  const auto at = body.find('"' + name + "\":");
  std::int64_t number = -1;
  if (at != std::string::npos) {
    const char* begin = body.data() + at + name.size() + 3;
    std::from_chars(begin, body.data() + body.size(), number);
  }
  return number;
}

/// Opens /ws/live; the status of the answer.
inline int open_live(Connection& connection, unsigned short port, const std::string& head) {
  connection.send(
      fmt::format("GET /ws/live HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nUpgrade: websocket\r\n"
                  "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                  "Sec-WebSocket-Version: 13\r\n{}\r\n",
                  port, head));
  return connection.receive().status;
}

inline std::string own_origin(unsigned short port) {
  return fmt::format("Origin: http://127.0.0.1:{}\r\n", port);
}

}  // namespace wl::web::testing
