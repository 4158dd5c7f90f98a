// For the tests in this folder: what an attacker sends, and what an answer tells him.
#pragma once

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "web/testing/running_server.hpp"

namespace wl::web::attacks {

using namespace std::chrono_literals;
using namespace wl::web::testing;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// For a URL: everything but letters and digits as %XX.
inline std::string percent(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

/// As the text of a JSON member, without the quotes around it.
inline std::string json_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool special = c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
    out += special ? fmt::format("\\u{:04x}", static_cast<unsigned>(c)) : std::string(1, c);
  }
  return out;
}

/// What can be learned from an answer: a success's whole body, of a refusal its status and word.
inline std::string told(const Answer& answer) {
  return fmt::format("{} {}", answer.status,
                     answer.status < 300 ? answer.body : answer.text("error"));
}

/// One answer to bytes that are no request of our own client.
inline Answer answer_to(const RunningServer& server, std::string_view bytes) {
  Connection connection(server.port());
  connection.send(bytes);
  return connection.receive();
}

/// The server is as well as before.
inline bool still_serves(const RunningServer& server) {
  return request(server.port(), "GET /healthz").status == 200;
}

}  // namespace wl::web::attacks
