// One keep-alive HTTP/1.1 connection that asks one request at a time.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "stream.hpp"

namespace wl::bench {

struct Answer {
  int status = 0;         ///< 0: the connection broke.
  std::size_t bytes = 0;  ///< Of the body as it was sent.
  double ms = 0;          ///< From `due` of ask() to the last byte.
};

/// GET or POST as a browser sends it: Host, Cookie, Origin for a POST, Accept-Encoding: gzip.
struct RequestText {
  std::uint16_t port = 0;
  std::string target;
  std::string cookie = {};  ///< Empty: none.
  std::string body = {};    ///< Not empty: a POST of JSON.
};
std::string text_of(const RequestText& request);

/// Opens the connection when there is none, and again after the server closed it.
class HttpClient : public Stream {
 public:
  using Answered = std::function<void(const Answer&)>;
  using Stream::Stream;

  /// Precondition: not busy(). `due`: when it should have been asked, so that a wait in front of a
  /// slow server counts.
  void ask(std::string_view request, Clock::time_point due, Answered answered);
  bool busy() const { return static_cast<bool>(answered_); }

 protected:
  std::size_t on_bytes(std::string_view received) override;
  void on_end() override;

 private:
  struct Head {
    int status = 0;
    std::size_t size = 0;  ///< Of the head itself.
    std::optional<std::size_t> length;
    bool chunked = false;
    bool closes = false;
  };

  static std::optional<Head> parse(std::string_view received);
  static std::optional<std::size_t> end_of_chunks(std::string_view body);
  void finish(int status, std::size_t bytes);

  Answered answered_;
  Clock::time_point due_{};
  std::optional<Head> head_;
  std::size_t received_ = 0;  ///< At the newest on_bytes(), for a body that ends with the stream.
};

}  // namespace wl::bench
