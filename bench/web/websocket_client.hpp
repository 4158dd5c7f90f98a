// One client of /ws/live: handshake, text messages in, pongs out.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "stream.hpp"

namespace wl::bench {

class WebSocketClient : public Stream {
 public:
  struct Events {
    std::function<void(std::string_view text)> on_text;
    std::function<void()> on_lost;  ///< Closed, refused or broken off.
  };

  WebSocketClient(Loop& loop, Route route, std::string cookie, Events events)
      : Stream(loop, std::move(route)), cookie_(std::move(cookie)), events_(std::move(events)) {}

  void join();
  /// Says goodbye and hangs up.
  void leave();
  bool joined() const { return is_open() && upgraded_; }
  /// The status line when the handshake was refused.
  const std::string& refusal() const { return refusal_; }

 protected:
  std::size_t on_bytes(std::string_view received) override;
  void on_end() override;

 private:
  std::size_t take_handshake(std::string_view received);
  /// Bytes of the frame at the front of `received`; 0 while it is not whole.
  std::size_t take_frame(std::string_view received);
  void on_frame(unsigned opcode, bool last, std::string_view payload);
  void send_frame(unsigned opcode, std::string_view payload);

  std::string cookie_;
  Events events_;
  bool upgraded_ = false;
  std::string refusal_;
  std::string text_;  ///< Of a message in several frames.
};

}  // namespace wl::bench
