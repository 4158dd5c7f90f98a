#include "http_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace wl::bench {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return out;
}

std::size_t number(std::string_view text, int base) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  std::size_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value, base);
  return value;
}

}  // namespace

std::string text_of(const RequestText& request) {
  const bool post = !request.body.empty();
  std::string text = fmt::format(
      "{} {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nUser-Agent: bench\r\nAccept: application/json\r\n"
      "Accept-Encoding: gzip\r\nAccept-Language: zh-CN,zh;q=0.9\r\n",
      post ? "POST" : "GET", request.target, request.port);
  if (!request.cookie.empty()) text += fmt::format("Cookie: {}\r\n", request.cookie);
  if (post) {
    text += fmt::format(
        "Origin: http://127.0.0.1:{}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n",
        request.port, request.body.size());
  }
  return text + "\r\n" + request.body;
}

void HttpClient::ask(std::string_view request, Clock::time_point due, Answered answered) {
  due_ = due;
  answered_ = std::move(answered);
  head_.reset();
  received_ = 0;
  if (!is_open()) open();
  send(request);
}

std::optional<HttpClient::Head> HttpClient::parse(std::string_view received) {
  const auto end = received.find("\r\n\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  Head head;
  head.size = end + 4;
  head.status = static_cast<int>(number(received.substr(9, 3), 10));
  head.closes = received.starts_with("HTTP/1.0");
  std::string_view lines = received.substr(0, end + 2);
  lines.remove_prefix(lines.find("\r\n") + 2);
  while (!lines.empty()) {
    const std::string line = lower(lines.substr(0, lines.find("\r\n")));
    lines.remove_prefix(line.size() + 2);
    if (line.starts_with("content-length:")) head.length = number(line.substr(15), 10);
    if (line.starts_with("transfer-encoding:")) head.chunked = line.ends_with("chunked");
    if (line.starts_with("connection:")) head.closes = line.ends_with("close");
  }
  if (head.status == 204 || head.status == 304) head.length = 0;
  return head;
}

/// Where the body ends; nothing while it has not.
std::optional<std::size_t> HttpClient::end_of_chunks(std::string_view body) {
  for (std::size_t at = 0;;) {
    const auto line_end = body.find("\r\n", at);
    if (line_end == std::string_view::npos) return std::nullopt;
    const std::size_t size = number(body.substr(at, line_end - at), 16);
    at = line_end + 2 + size + 2;
    if (at > body.size()) return std::nullopt;
    if (size == 0) return at;
  }
}

std::size_t HttpClient::on_bytes(std::string_view received) {
  received_ = received.size();
  if (!busy()) return received.size();
  if (!head_) head_ = parse(received);
  if (!head_) return 0;
  const std::string_view body = received.substr(head_->size);
  std::optional<std::size_t> size = head_->length;
  if (head_->chunked) size = end_of_chunks(body);
  if (!size || body.size() < *size) return 0;
  const Head head = *head_;
  if (head.closes) close();
  finish(head.status, *size);
  return head.size + *size;
}

void HttpClient::on_end() {
  if (!busy()) return;
  const bool until_end = head_ && !head_->length && !head_->chunked;
  finish(until_end ? head_->status : 0, until_end ? received_ - head_->size : 0);
}

void HttpClient::finish(int status, std::size_t bytes) {
  const double ms = std::chrono::duration<double, std::milli>(Clock::now() - due_).count();
  const Answered answered = std::exchange(answered_, nullptr);
  answered({status, bytes, ms});
}

}  // namespace wl::bench
