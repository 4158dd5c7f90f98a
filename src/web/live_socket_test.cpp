// /ws/live over real sockets: from the collector's line to the browser's frame.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "model/live_message.hpp"
#include "web/testing/running_server.hpp"

namespace wl::web {
namespace {

using namespace std::chrono_literals;
using namespace wl::web::testing;
using ::testing::HasSubstr;

std::string upgrade(unsigned short port, const std::string& head) {
  return fmt::format(
      "GET /ws/live HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nUpgrade: websocket\r\n"
      "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
      "Sec-WebSocket-Version: 13\r\n{}\r\n",
      port, head);
}

std::string own_origin(unsigned short port) {
  return fmt::format("Origin: http://127.0.0.1:{}\r\n", port);
}

int handshake(Connection& connection, unsigned short port, const std::string& head) {
  connection.send(upgrade(port, head));
  return connection.receive().status;
}

std::string line(LiveMessage::Type type, double power, Timestamp at = RunningServer::start_time()) {
  LiveMessage message;
  message.type = type;
  message.ts = at;
  message.values["conveyor.power_kw"] = LiveValue{power, quality::good, at};
  if (type == LiveMessage::Type::snapshot) {
    message.values["conveyor.status"] = LiveValue{1, quality::good, at};
    message.link = LiveLink{true, "", at};
  }
  return encode_live(message);
}

std::string burst(int lines) {
  std::string text;
  for (int i = 1; i <= lines; ++i) text += line(LiveMessage::Type::values, i) + "\n";
  return text;
}

/// Whether a frame with this text comes before the connection ends or falls silent.
bool gets(Connection& connection, const std::string& text) {
  for (std::string frame = connection.receive_frame(); !frame.empty();
       frame = connection.receive_frame()) {
    if (frame.find(text) != std::string::npos) return true;
  }
  return false;
}

TEST(LiveSocket, gives_a_snapshot_and_then_deltas) {
  RunningServer server;
  FakeCollector collector(server.directory());
  collector.accept();
  collector.send_line(line(LiveMessage::Type::snapshot, double(2.93f)));
  const SignedInClient client = sign_in(server.port());
  Connection browser(server.port());

  ASSERT_EQ(handshake(browser, server.port(), client.cookie + own_origin(server.port())), 101);
  const std::string snapshot = browser.receive_frame();
  collector.send_line(line(LiveMessage::Type::values, 4.5));

  EXPECT_THAT(snapshot, HasSubstr(R"("type":"snapshot")"));
  EXPECT_THAT(snapshot, HasSubstr(R"("conveyor.power_kw":{"v":2.93,)"));
  EXPECT_THAT(browser.receive_frame(), HasSubstr(R"("conveyor.power_kw":{"v":4.5,)"));
}

TEST(LiveSocket, tells_when_the_collector_is_gone_and_when_it_is_back) {
  RunningServer server;
  FakeCollector collector(server.directory());
  collector.accept();
  collector.send_line(line(LiveMessage::Type::snapshot, 1));
  const SignedInClient client = sign_in(server.port());
  Connection browser(server.port());
  handshake(browser, server.port(), client.cookie + own_origin(server.port()));
  browser.receive_frame();

  collector.hang_up();
  const std::string gone = browser.receive_frame();
  collector.accept();
  collector.send_line(line(LiveMessage::Type::snapshot, 2));

  EXPECT_THAT(gone, HasSubstr(R"("type":"link")"));
  EXPECT_THAT(gone, HasSubstr(R"("up":false)"));
  EXPECT_THAT(browser.receive_frame(), HasSubstr(R"("up":true)"));
}

TEST(LiveSocket, needs_a_session_and_the_own_origin) {
  RunningServer server;
  const SignedInClient client = sign_in(server.port());
  Connection anonymous(server.port());
  Connection foreign(server.port());
  Connection without(server.port());

  EXPECT_EQ(handshake(anonymous, server.port(), own_origin(server.port())), 401);
  EXPECT_EQ(handshake(foreign, server.port(), client.cookie + "Origin: http://evil\r\n"), 403);
  EXPECT_EQ(handshake(without, server.port(), client.cookie), 403);
}

TEST(LiveSocket, is_closed_when_its_session_signs_out) {
  RunningServer server;
  const SignedInClient client = sign_in(server.port());
  Connection browser(server.port());
  handshake(browser, server.port(), client.cookie + own_origin(server.port()));
  browser.receive_frame();

  request(server.port(), "POST /auth/logout", client.all(), "{}");

  EXPECT_EQ(browser.receive_frame(), "");
}

TEST(LiveSocket, a_client_that_does_not_read_stalls_nobody_else) {
  RunningServer server;
  FakeCollector collector(server.directory());
  collector.accept();
  collector.send_line(line(LiveMessage::Type::snapshot, 0));
  const SignedInClient client = sign_in(server.port());
  const std::string head = client.cookie + own_origin(server.port());
  Connection stalled(server.port());
  Connection reader(server.port());
  const int tiny = 4096;
  ::setsockopt(stalled.fd(), SOL_SOCKET, SO_RCVBUF, &tiny, sizeof tiny);
  handshake(stalled, server.port(), head);
  handshake(reader, server.port(), head);
  reader.receive_frame();

  collector.send_line(burst(5000) + line(LiveMessage::Type::values, 9999));

  EXPECT_TRUE(gets(reader, R"("v":9999,)"));
  EXPECT_EQ(request(server.port(), "GET /healthz").status, 200);
}

TEST(LiveSocket, feeds_current_with_the_held_values) {
  RunningServer server;
  FakeCollector collector(server.directory());
  collector.accept();
  const SignedInClient client = sign_in(server.port());
  Connection browser(server.port());
  handshake(browser, server.port(), client.cookie + own_origin(server.port()));
  browser.receive_frame();
  collector.send_line(line(LiveMessage::Type::snapshot, 0.95));
  browser.receive_frame();

  const Answer fresh = request(server.port(), "GET /api/devices/conveyor/current", client.cookie);
  server.set_now(RunningServer::start_time() + 10s);
  const Answer stale = request(server.port(), "GET /api/devices/conveyor/current", client.cookie);

  EXPECT_THAT(fresh.body, HasSubstr(R"("power_kw":0.95,"energy_kwh":null,"status":"running")"));
  EXPECT_THAT(fresh.body, HasSubstr(R"("stale":false)"));
  EXPECT_THAT(stale.body, HasSubstr(R"("power_kw":0.95,"energy_kwh":null,"status":"offline")"));
  EXPECT_THAT(stale.body, HasSubstr(R"("stale":true)"));
}

TEST(LiveSocket, a_device_that_was_never_heard_of_has_no_timestamp) {
  RunningServer server;
  FakeCollector collector(server.directory());
  collector.accept();
  const SignedInClient client = sign_in(server.port());
  Connection browser(server.port());
  handshake(browser, server.port(), client.cookie + own_origin(server.port()));
  browser.receive_frame();
  LiveMessage nothing_yet;
  nothing_yet.type = LiveMessage::Type::snapshot;
  nothing_yet.values["conveyor.power_kw"] = LiveValue{0, quality::bad_no_communication, {}};
  nothing_yet.link = LiveLink{false, "gateway gone", RunningServer::start_time()};
  collector.send_line(encode_live(nothing_yet));
  browser.receive_frame();

  const Answer answer = request(server.port(), "GET /api/devices/conveyor/current", client.cookie);

  EXPECT_THAT(answer.body, HasSubstr(R"("timestamp":null,)"));
}

TEST(Drain, ends_quickly_though_clients_are_connected) {
  RunningServer server;
  const SignedInClient client = sign_in(server.port());
  Connection idle(server.port());
  Connection browser(server.port());
  handshake(browser, server.port(), client.cookie + own_origin(server.port()));
  browser.receive_frame();
  const auto begin = std::chrono::steady_clock::now();

  server.stop();

  EXPECT_LT(std::chrono::steady_clock::now() - begin, 4s);
  EXPECT_TRUE(idle.closed_by_peer());
}

}  // namespace
}  // namespace wl::web
