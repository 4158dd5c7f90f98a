// Clients that take their time: each holds its own connection for so long and nobody else's.
#include <poll.h>
#include <sys/socket.h>

#include <memory>
#include <thread>
#include <vector>

#include "web/attacks/attack_tools.hpp"

namespace wl::web::attacks {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// Whether the server closes within so long, while nothing is sent.
bool closes_within(Connection& connection, std::chrono::milliseconds time) {
  pollfd waiting{connection.fd(), POLLIN | POLLRDHUP, 0};
  return ::poll(&waiting, 1, static_cast<int>(time.count())) > 0 &&
         (waiting.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

/// Sends one byte after the other, as slowly as that; returns how long the server bore it, at most
/// 8 s.
SteadyClock::duration drip(Connection& connection, std::string_view text,
                           std::chrono::milliseconds pause) {
  const auto begin = SteadyClock::now();
  for (const char c : text) {
    connection.send({&c, 1});
    if (closes_within(connection, pause) || SteadyClock::now() - begin > 8s) break;
  }
  return SteadyClock::now() - begin;
}

const std::string endless_header =
    "GET /healthz HTTP/1.1\r\nHost: a\r\nX: " + std::string(2000, 'a');

TEST(SlowLoris, that_drips_a_header_is_cut_by_the_time_of_the_whole_header) {
  const RunningServer server{{.limits = {.header_read = 1s}}};
  Connection connection(server.port());

  EXPECT_LT(drip(connection, endless_header, 20ms), 5s);
}

TEST(SlowLoris, that_drips_a_body_is_cut_by_the_time_of_the_whole_body) {
  const RunningServer server{{.limits = {.body_read = 1s}}};
  Connection connection(server.port());
  connection.send("POST /auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 2000\r\n\r\n");

  EXPECT_LT(drip(connection, std::string(2000, ' '), 20ms), 5s);
}

TEST(SlowLoris, that_waits_for_100_continue_and_sends_nothing_is_cut) {
  const RunningServer server{{.limits = {.body_read = 1s}}};
  Connection connection(server.port());

  connection.send(
      "POST /auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
      "Expect: 100-continue\r\n\r\n");
  const Answer go_on = connection.receive("HEAD");

  EXPECT_EQ(go_on.status, 100);
  EXPECT_TRUE(connection.closed_by_peer());
}

TEST(SlowReader, that_never_reads_its_answers_is_cut_and_stalls_nobody) {
  const RunningServer server{{.limits = {.write = 1s}}};
  const SignedInClient client = sign_in(server.port());
  Connection greedy(server.port());
  const int tiny = 4096;
  ::setsockopt(greedy.fd(), SOL_SOCKET, SO_RCVBUF, &tiny, sizeof tiny);
  std::string many;
  for (int i = 0; i < 2000; ++i) many += "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  std::jthread sender([&greedy, &many] {
    for (int i = 0; i < 20; ++i) greedy.send(many);  // Blocks until the server cuts it.
  });

  const Answer other = request(server.port(), "GET /auth/check", client.cookie);
  sender.join();

  EXPECT_EQ(other.status, 200);
}

TEST(SlowClients, two_hundred_of_them_leave_the_others_their_service) {
  const RunningServer server;
  const SignedInClient client = sign_in(server.port());
  std::vector<std::unique_ptr<Connection>> slow;
  for (int i = 0; i < 200; ++i) {
    slow.push_back(std::make_unique<Connection>(server.port()));
    slow.back()->send("GET /heal");
  }
  const auto begin = SteadyClock::now();

  const Answer answer = request(server.port(), "GET /api/devices", client.cookie);

  EXPECT_EQ(answer.status, 200);
  EXPECT_LT(SteadyClock::now() - begin, 1s);
}

TEST(SlowClients, that_vanish_in_the_middle_leave_nothing_behind) {
  const RunningServer server{{.limits = {.connections = 50}}};
  for (int i = 0; i < 500; ++i) {
    Connection gone(server.port());
    gone.send("POST /auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{");
  }
  const auto end = SteadyClock::now() + 5s;
  bool serves = false;
  while (!serves && SteadyClock::now() < end) serves = still_serves(server);

  EXPECT_TRUE(serves) << "the connections of the vanished still count";
}

TEST(HalfClosed, client_that_has_said_all_gets_its_answer) {
  const RunningServer server;
  Connection connection(server.port());

  connection.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
  ::shutdown(connection.fd(), SHUT_WR);

  EXPECT_EQ(connection.receive().status, 200);
}

}  // namespace
}  // namespace wl::web::attacks
