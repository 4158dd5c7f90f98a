// A raw HTTP and WebSocket client for tests: plain sockets, so that malformed input can be sent.
#pragma once

#include <string>
#include <string_view>

namespace wl::web::testing {

struct Answer {
  int status = 0;  ///< 0: the connection was closed without an answer.
  std::string head;
  std::string body;
  bool cut = false;  ///< The connection ended before the body did.

  /// Value of a header; empty when missing. Names compare without case.
  std::string header(std::string_view name) const;
  /// The text after `"name":"` in the body, up to the next quote.
  std::string text(std::string_view name) const;
};

/// One connection to 127.0.0.1. Every wait ends after 10 s.
class Connection {
 public:
  /// `from`: the address that the server sees; all of 127.0.0.0/8 are ours.
  explicit Connection(unsigned short port, const char* from = "127.0.0.1");
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void send(std::string_view bytes);
  /// The next answer; `method` says whether a body follows.
  Answer receive(std::string_view method = "GET");
  /// The payload of the next text frame; empty when the server closed.
  std::string receive_frame();
  /// A text frame as a browser sends it.
  void send_frame(std::string_view text);
  /// Of the close frame that receive_frame() came upon; 0: none yet.
  int close_code() const { return close_code_; }
  bool closed_by_peer();
  int fd() const { return fd_; }

 private:
  bool fill();
  bool need(std::size_t bytes);
  /// False when the connection ended in it.
  bool take_chunk(std::string& body);

  int fd_;
  std::string buffer_;
  int close_code_ = 0;
};

/// One request on a connection of its own. `head` holds further header lines, each with \r\n.
Answer request(unsigned short port, std::string_view method_and_target, std::string_view head = "",
               std::string_view body = "");

}  // namespace wl::web::testing
