#include "http_client.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace wl::bench {
namespace {

std::size_t number(std::string_view text, int base) {
  std::size_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value, base);
  return value;
}

bool begins(std::string_view line, std::string_view lower_name) {
  return line.size() >= lower_name.size() &&
         std::ranges::equal(line.substr(0, lower_name.size()), lower_name,
                            [](char a, char b) { return std::tolower(a) == b; });
}

}  // namespace

HttpClient::HttpClient(std::string name, std::uint16_t port)
    : name_(std::move(name)), port_(port) {}

HttpClient::~HttpClient() {
  disconnect();
}

void HttpClient::disconnect() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

void HttpClient::connect() {
  disconnect();
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  const timeval limit{60, 0};
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port_);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error(
        fmt::format("{}: no connection to port {}: {}", name_, port_, std::strerror(errno)));
}

std::string HttpClient::get(std::string_view target) {
  send_all(fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", target, port_), {});
  return answer();
}

std::string HttpClient::post(std::string_view target, std::string_view body) {
  send_all(fmt::format("POST {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Length: {}\r\n"
                       "Content-Type: application/octet-stream\r\n\r\n",
                       target, port_, body.size()),
           body);
  return answer();
}

void HttpClient::send_all(std::string_view head, std::string_view body) {
  const auto now = std::chrono::steady_clock::now();
  if (now - used_ > std::chrono::seconds{2}) connect();
  used_ = now;
  while (!head.empty() || !body.empty()) {
    const iovec parts[] = {{const_cast<char*>(head.data()), head.size()},
                           {const_cast<char*>(body.data()), body.size()}};
    msghdr message{};
    message.msg_iov = const_cast<iovec*>(parts);
    message.msg_iovlen = 2;
    const ssize_t sent = ::sendmsg(socket_, &message, MSG_NOSIGNAL);
    if (sent <= 0)
      throw std::runtime_error(fmt::format("{}: cannot send: {}", name_, std::strerror(errno)));
    const std::size_t of_head = std::min(head.size(), static_cast<std::size_t>(sent));
    head.remove_prefix(of_head);
    body.remove_prefix(static_cast<std::size_t>(sent) - of_head);
  }
}

void HttpClient::receive() {
  char bytes[65536];
  const ssize_t count = ::recv(socket_, bytes, sizeof bytes, 0);
  if (count <= 0)
    throw std::runtime_error(
        fmt::format("{}: {}", name_, count == 0 ? "closed the connection" : std::strerror(errno)));
  received_.append(bytes, static_cast<std::size_t>(count));
}

std::string_view HttpClient::line() {
  for (;;) {
    const std::size_t end = received_.find("\r\n", at_);
    if (end != std::string::npos) {
      const std::string_view text(received_.data() + at_, end - at_);
      at_ = end + 2;
      return text;
    }
    receive();
  }
}

std::string HttpClient::take(std::size_t bytes) {
  while (received_.size() - at_ < bytes) receive();
  std::string part = received_.substr(at_, bytes);
  at_ += bytes;
  return part;
}

std::string HttpClient::take_chunks() {
  std::string body;
  while (const std::size_t size = number(line(), 16)) {
    body += take(size);
    line();
  }
  line();
  return body;
}

std::string HttpClient::answer() {
  received_.clear();
  at_ = 0;
  const std::string status(line().substr(9, 3));
  std::size_t length = 0;
  bool chunked = false;
  for (std::string_view field = line(); !field.empty(); field = line()) {
    if (begins(field, "content-length:"))
      length = number(field.substr(field.find_first_not_of(" ", 15)), 10);
    if (begins(field, "transfer-encoding: chunked")) chunked = true;
  }
  std::string body = chunked ? take_chunks() : take(length);
  used_ = std::chrono::steady_clock::now();
  if (status[0] != '2')
    throw std::runtime_error(fmt::format("{} answered {}: {:.500}", name_, status, body));
  return body;
}

std::string url_encoded(std::string_view text) {
  std::string encoded;
  for (const char letter : text) {
    if (std::isalnum(static_cast<unsigned char>(letter)) != 0)
      encoded += letter;
    else
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(letter));
  }
  return encoded;
}

}  // namespace wl::bench
