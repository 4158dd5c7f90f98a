// One connection that stays open to an HTTP/1.1 server on this machine: as fast as a peer's own
// client could be, so that its figures are the server's.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace wl::bench {

/// Connects anew when it was quiet for 2 s: servers close connections that say nothing.
///
/// Throws std::runtime_error with the server's answer when it is not 2xx, does not come within
/// 60 s, or the connection breaks. One thread uses it.
class HttpClient {
 public:
  HttpClient(std::string name, std::uint16_t port);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  std::string get(std::string_view target);
  std::string post(std::string_view target, std::string_view body);

 private:
  std::string answer();
  void connect();
  void disconnect();
  void send_all(std::string_view head, std::string_view body);
  std::string_view line();
  std::string take(std::size_t bytes);
  std::string take_chunks();
  void receive();

  std::string name_;  ///< Of the peer, for messages.
  std::uint16_t port_;
  int socket_ = -1;
  std::chrono::steady_clock::time_point used_{};
  std::string received_;
  std::size_t at_ = 0;  ///< Read up to here.
};

/// `text` as it may stand in the query part of a target.
std::string url_encoded(std::string_view text);

}  // namespace wl::bench
