// ServerLimits, made small: what a slow or greedy client can hold, and for how long.
#include <gtest/gtest.h>

#include <chrono>

#include "web/testing/running_server.hpp"

namespace wl::web {
namespace {

using namespace std::chrono_literals;
using namespace wl::web::testing;

/// How long the server lets the connection stand; at most the client's 10 s.
std::chrono::steady_clock::duration time_until_closed(Connection& connection) {
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(connection.closed_by_peer());
  return std::chrono::steady_clock::now() - begin;
}

TEST(ServerLimits, close_a_connection_whose_header_never_ends) {
  const RunningServer server{{.limits = {.header_read = 1s}}};
  Connection connection(server.port());

  connection.send("GET /healthz HTTP/1.1\r\nHost: a\r\nX: ");

  EXPECT_LT(time_until_closed(connection), 5s);
}

TEST(ServerLimits, close_a_connection_whose_body_never_comes) {
  const RunningServer server{{.limits = {.body_read = 1s}}};
  Connection connection(server.port());

  connection.send("POST /auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{");

  EXPECT_LT(time_until_closed(connection), 5s);
}

TEST(ServerLimits, close_a_connection_that_asks_for_nothing) {
  const RunningServer server{{.limits = {.idle = 1s}}};
  Connection connection(server.port());

  EXPECT_LT(time_until_closed(connection), 5s);
}

TEST(ServerLimits, close_what_comes_above_the_number_of_busy_connections) {
  const RunningServer server{{.limits = {.connections = 1}}};
  Connection first(server.port());
  first.send(
      "POST /auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n"
      "Content-Type: application/json\r\n\r\n");
  EXPECT_EQ(first.receive().status, 100);
  Connection second(server.port());

  EXPECT_LT(time_until_closed(second), 5s);
  first.send("{}");
  EXPECT_EQ(first.receive().status, 400);
}

TEST(ServerLimits, let_an_idle_connection_make_room_for_a_new_one) {
  const RunningServer server{{.limits = {.connections = 1}}};
  Connection first(server.port());
  first.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(first.receive().status, 200);
  Connection second(server.port());
  second.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");

  EXPECT_EQ(second.receive().status, 200);
  EXPECT_LT(time_until_closed(first), 5s);
}

TEST(ServerLimits, ask_for_a_length_in_place_of_chunks) {
  const RunningServer server;

  const Answer answer =
      request(server.port(), "POST /auth/login", "Transfer-Encoding: chunked\r\n");

  EXPECT_EQ(answer.status, 411);
}

TEST(ServerLimits, name_a_header_that_is_too_long) {
  const RunningServer server{{.limits = {.header_bytes = 512}}};

  const Answer answer =
      request(server.port(), "GET /healthz", "X: " + std::string(600, 'a') + "\r\n");

  EXPECT_EQ(answer.status, 431);
  EXPECT_EQ(answer.header("Content-Type"), "application/problem+json; charset=utf-8");
}

}  // namespace
}  // namespace wl::web
