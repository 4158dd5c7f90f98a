#include "websocket_client.hpp"

#include <fmt/format.h>

namespace wl::bench {
namespace {

// RFC 6455, 5.2.
constexpr unsigned continuation = 0;
constexpr unsigned text = 1;
constexpr unsigned close_frame = 8;
constexpr unsigned ping = 9;
constexpr unsigned pong = 10;

std::size_t big_endian(std::string_view bytes) {
  std::size_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

}  // namespace

void WebSocketClient::join() {
  upgraded_ = false;
  text_.clear();
  open();
  send(
      fmt::format("GET /ws/live HTTP/1.1\r\nHost: 127.0.0.1:{0}\r\nUpgrade: "
                  "websocket\r\nConnection: Upgrade\r\n"
                  "Origin: http://127.0.0.1:{0}\r\nSec-WebSocket-Version: 13\r\n"
                  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: {1}\r\n\r\n",
                  route().port, cookie_));
}

void WebSocketClient::leave() {
  if (joined()) send_frame(close_frame, {});
  close();
}

std::size_t WebSocketClient::on_bytes(std::string_view received) {
  std::size_t taken = 0;
  if (!upgraded_) taken = take_handshake(received);
  if (!upgraded_) return taken;
  while (const std::size_t size = take_frame(received.substr(taken))) {
    taken += size;
    if (!is_open()) break;
  }
  return taken;
}

std::size_t WebSocketClient::take_handshake(std::string_view received) {
  const auto end = received.find("\r\n\r\n");
  if (end == std::string_view::npos) return 0;
  upgraded_ = received.starts_with("HTTP/1.1 101");
  if (!upgraded_) {
    refusal_ = std::string(received.substr(0, received.find("\r\n")));
    close();
    events_.on_lost();
  }
  return end + 4;
}

std::size_t WebSocketClient::take_frame(std::string_view received) {
  if (received.size() < 2) return 0;
  const auto first = static_cast<unsigned char>(received[0]);
  std::size_t length = static_cast<unsigned char>(received[1]) & 0x7fU;
  const std::size_t extra = length == 126 ? 2 : length == 127 ? 8 : 0;
  if (received.size() < 2 + extra) return 0;
  if (extra > 0) length = big_endian(received.substr(2, extra));
  const std::size_t size = 2 + extra + length;
  if (received.size() < size) return 0;
  on_frame(first & 0x0fU, (first & 0x80U) != 0, received.substr(2 + extra, length));
  return size;
}

void WebSocketClient::on_frame(unsigned opcode, bool last, std::string_view payload) {
  if (opcode == ping) return send_frame(pong, payload);
  if (opcode == close_frame) {
    send_frame(close_frame, payload);
    close();
    return events_.on_lost();
  }
  if (opcode != text && opcode != continuation) return;
  if (opcode == text && last) return events_.on_text(payload);
  text_ += payload;
  if (!last) return;
  events_.on_text(text_);
  text_.clear();
}

/// A client masks; with zeros the payload stays as it is. Control frames only: below 126 bytes.
void WebSocketClient::send_frame(unsigned opcode, std::string_view payload) {
  std::string frame;
  frame += static_cast<char>(0x80U | opcode);
  frame += static_cast<char>(0x80U | payload.size());
  frame.append(4, '\0');
  frame += payload;
  send(frame);
}

void WebSocketClient::on_end() {
  events_.on_lost();
}

}  // namespace wl::bench
