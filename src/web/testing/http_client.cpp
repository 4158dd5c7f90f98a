#include "web/testing/http_client.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <stdexcept>

namespace wl::web::testing {

std::string Answer::header(std::string_view name) const {
  for (std::size_t at = 0; at < head.size();) {
    const auto end = head.find("\r\n", at);
    const std::string_view line = std::string_view(head).substr(at, end - at);
    if (line.size() > name.size() && line[name.size()] == ':' &&
        ::strncasecmp(line.data(), name.data(), name.size()) == 0) {
      return std::string(line.substr(name.size() + 2));
    }
    if (end == std::string::npos) break;
    at = end + 2;
  }
  return {};
}

std::string Answer::text(std::string_view name) const {
  const std::string key = fmt::format("\"{}\":\"", name);
  const auto at = body.find(key);
  if (at == std::string::npos) return {};
  const auto begin = at + key.size();
  return body.substr(begin, body.find('"', begin) - begin);
}

Connection::Connection(unsigned short port, const char* from)
    : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval limit{10, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  sockaddr_in source{};
  source.sin_family = AF_INET;
  ::inet_pton(AF_INET, from, &source.sin_addr);
  ::bind(fd_, reinterpret_cast<sockaddr*>(&source), sizeof source);
  if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect to the server under test");
  }
}

Connection::~Connection() {
  ::close(fd_);
}

void Connection::send(std::string_view bytes) {
  ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

bool Connection::fill() {
  char chunk[65536];
  const auto got = ::recv(fd_, chunk, sizeof chunk, 0);
  if (got <= 0) return false;
  buffer_.append(chunk, static_cast<std::size_t>(got));
  return true;
}

bool Connection::closed_by_peer() {
  while (fill()) {
  }
  return errno != EAGAIN;
}

Answer Connection::receive(std::string_view method) {
  std::size_t end = buffer_.find("\r\n\r\n");
  while (end == std::string::npos && fill()) end = buffer_.find("\r\n\r\n");
  if (end == std::string::npos) return {};
  Answer answer;
  answer.head = buffer_.substr(0, end + 2);
  buffer_.erase(0, end + 4);
  answer.status = std::stoi(answer.head.substr(9, 3));
  std::size_t length = 0;
  const std::string text = answer.header("Content-Length");
  std::from_chars(text.data(), text.data() + text.size(), length);
  if (method == "HEAD" || answer.status == 304 || answer.status == 101) return answer;
  if (answer.header("Transfer-Encoding") == "chunked") {
    std::size_t before = 0;
    do {
      before = answer.body.size();
      answer.cut = !take_chunk(answer.body);
    } while (!answer.cut && answer.body.size() > before);
    return answer;
  }
  answer.cut = !need(length);
  answer.body = buffer_.substr(0, length);
  buffer_.erase(0, length);
  return answer;
}

bool Connection::need(std::size_t bytes) {
  while (buffer_.size() < bytes && fill()) {
  }
  return buffer_.size() >= bytes;
}

bool Connection::take_chunk(std::string& body) {
  std::size_t end = buffer_.find("\r\n");
  while (end == std::string::npos && fill()) end = buffer_.find("\r\n");
  if (end == std::string::npos) return false;
  std::size_t length = 0;
  std::from_chars(buffer_.data(), buffer_.data() + end, length, 16);
  if (!need(end + 2 + length + 2)) return false;
  body += buffer_.substr(end + 2, length);
  buffer_.erase(0, end + 2 + length + 2);
  return true;
}

std::string Connection::receive_frame() {
  if (!need(2)) return {};
  const auto byte = [this](std::size_t at) {
    return static_cast<std::size_t>(static_cast<unsigned char>(buffer_[at]));
  };
  std::size_t length = byte(1) & 0x7f;
  std::size_t head = 2;
  if (length == 126) {
    if (!need(4)) return {};
    length = byte(2) * 256 + byte(3);
    head = 4;
  }
  const bool text = (byte(0) & 0x0f) == 1;
  const bool goodbye = (byte(0) & 0x0f) == 8;
  if (!need(head + length)) return {};
  if (goodbye && length >= 2) close_code_ = static_cast<int>(byte(head) * 256 + byte(head + 1));
  std::string payload = buffer_.substr(head, length);
  buffer_.erase(0, head + length);
  return text ? payload : std::string();
}

void Connection::send_frame(std::string_view text) {
  std::string frame{static_cast<char>(0x81)};
  if (text.size() < 126) {
    frame += static_cast<char>(0x80 | text.size());
  } else {
    frame += static_cast<char>(0xfe);
    frame += static_cast<char>(text.size() >> 8);
    frame += static_cast<char>(text.size() & 0xff);
  }
  frame.append(4, '\0');  // A mask that changes nothing.
  send(frame.append(text));
}

Answer request(unsigned short port, std::string_view method_and_target, std::string_view head,
               std::string_view body) {
  Connection connection(port);
  std::string length;
  if (!body.empty()) length = fmt::format("Content-Length: {}\r\n", body.size());
  connection.send(fmt::format("{} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{}{}\r\n{}", method_and_target,
                              port, length, head, body));
  return connection.receive(method_and_target.substr(0, method_and_target.find(' ')));
}

}  // namespace wl::web::testing
