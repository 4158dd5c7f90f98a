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
using ::testing::Not;

std::string upgrade(unsigned short port, const std::string& head, const std::string& query) {
  return fmt::format(
      "GET /ws/live{} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nUpgrade: websocket\r\n"
      "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
      "Sec-WebSocket-Version: 13\r\n{}\r\n",
      query, port, head);
}

std::string own_origin(unsigned short port) {
  return fmt::format("Origin: http://127.0.0.1:{}\r\n", port);
}

int handshake(Connection& connection, unsigned short port, const std::string& head,
              const std::string& query = "") {
  connection.send(upgrade(port, head, query));
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

/// A signed-in browser at a line that has power 1 and status 1.
class LiveClientTest : public ::testing::Test {
 protected:
  LiveClientTest() {
    collector_.accept();
    collector_.send_line(line(LiveMessage::Type::snapshot, 1));
    head_ = sign_in(server_.port()).cookie + own_origin(server_.port());
    // The snapshot has arrived when a client is told of it.
    Connection first(server_.port());
    handshake(first, server_.port(), head_);
    for (int i = 0; i < 3 && first.receive_frame().find("conveyor.status") == std::string::npos;) {
      ++i;
    }
  }
  int connect(Connection& browser, const std::string& query = "") {
    return handshake(browser, server_.port(), head_, query);
  }

  RunningServer server_;
  FakeCollector collector_{server_.directory()};
  std::string head_;
};

/// `<epoch>:<seq>` of a message.
std::string place_of(const std::string& frame) {
  const auto message = decode_live(frame);
  return message ? fmt::format("{}:{}", message->epoch, message->seq) : "";
}

TEST_F(LiveClientTest, gets_the_part_that_its_handshake_names) {
  Connection browser(server_.port());

  connect(browser, "?devices=conveyor.status");
  const std::string snapshot = browser.receive_frame();

  EXPECT_THAT(snapshot, HasSubstr(R"("devices":["conveyor.status"])"));
  EXPECT_THAT(snapshot, HasSubstr("conveyor.status\":{"));
  EXPECT_THAT(snapshot, Not(HasSubstr("conveyor.power_kw")));
}

TEST_F(LiveClientTest, is_refused_with_the_name_that_nobody_knows_when_it_is_signed_in) {
  Connection browser(server_.port());
  Connection stranger(server_.port());

  browser.send(upgrade(server_.port(), head_, "?devices=pump"));
  const Answer answer = browser.receive();

  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, HasSubstr("'pump'"));
  EXPECT_EQ(handshake(stranger, server_.port(), own_origin(server_.port()), "?devices=pump"), 401);
}

TEST_F(LiveClientTest, changes_its_subscription_and_gets_a_snapshot_of_it) {
  Connection browser(server_.port());
  connect(browser);
  browser.receive_frame();

  browser.send_frame(R"({"type":"subscribe","devices":["conveyor.power_kw"]})");

  const std::string snapshot = browser.receive_frame();
  EXPECT_THAT(snapshot, HasSubstr(R"("type":"snapshot")"));
  EXPECT_THAT(snapshot, Not(HasSubstr("conveyor.status")));
}

TEST_F(LiveClientTest, is_told_what_it_said_wrong_and_then_dismissed) {
  Connection browser(server_.port());
  connect(browser);
  browser.receive_frame();

  browser.send_frame(R"({"type":"publish"})");
  const std::string complaint = browser.receive_frame();
  for (int i = 0; i < 10; ++i) browser.send_frame("nonsense");
  while (!browser.receive_frame().empty()) {
  }

  EXPECT_THAT(complaint, HasSubstr(R"("code":"unknown_type")"));
  EXPECT_THAT(complaint, HasSubstr("'publish'"));
  EXPECT_EQ(browser.close_code(), 1008);
}

TEST_F(LiveClientTest, that_sends_a_long_message_is_closed_with_1009) {
  Connection browser(server_.port());
  connect(browser);
  browser.receive_frame();

  browser.send_frame(std::string(5000, ' '));

  EXPECT_EQ(browser.receive_frame(), "");
  EXPECT_EQ(browser.close_code(), 1009);
}

TEST_F(LiveClientTest, that_comes_back_gets_what_it_missed_and_nothing_else) {
  Connection before(server_.port());
  Connection witness(server_.port());
  Connection back(server_.port());
  connect(before);
  const std::string place = place_of(before.receive_frame());
  connect(witness);
  witness.receive_frame();
  collector_.send_line(line(LiveMessage::Type::values, 7));
  ASSERT_TRUE(gets(witness, R"("v":7,)"));

  connect(back, "?resume=" + place);
  const std::string resumed = back.receive_frame();

  EXPECT_THAT(resumed, HasSubstr(R"("type":"resumed")"));
  EXPECT_THAT(resumed, HasSubstr(R"("conveyor.power_kw":{"v":7,)"));
  EXPECT_THAT(resumed, Not(HasSubstr("conveyor.status")));
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
