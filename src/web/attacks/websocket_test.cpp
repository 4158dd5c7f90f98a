// The handshake of /ws/live, and frames that a browser would never send.
#include "web/attacks/attack_tools.hpp"

namespace wl::web::attacks {
namespace {

constexpr const char* key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
constexpr const char* version = "Sec-WebSocket-Version: 13\r\n";

std::string own_origin(const RunningServer& server) {
  return fmt::format("Origin: http://127.0.0.1:{}\r\n", server.port());
}

/// With the headers of an upgrade and these.
std::string handshake_text(const RunningServer& server, const std::string& head,
                           const std::string& first_line = "GET /ws/live HTTP/1.1") {
  return fmt::format(
      "{}\r\nHost: 127.0.0.1:{}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n{}\r\n", first_line,
      server.port(), head);
}

TEST(Handshake, of_another_version_or_without_a_key_is_a_problem_that_says_so) {
  const RunningServer server;
  const std::string signed_in = sign_in(server.port()).cookie + own_origin(server);

  const Answer old =
      answer_to(server, handshake_text(server, signed_in + key + "Sec-WebSocket-Version: 8\r\n"));
  const Answer none = answer_to(server, handshake_text(server, signed_in + key));
  const Answer keyless = answer_to(server, handshake_text(server, signed_in + version));
  const Answer short_key =
      answer_to(server, handshake_text(server, signed_in + version + "Sec-WebSocket-Key: abc\r\n"));

  EXPECT_EQ(old.status, 426);
  EXPECT_EQ(old.header("Sec-WebSocket-Version"), "13");
  EXPECT_EQ(old.header("Content-Type"), "application/problem+json; charset=utf-8");
  EXPECT_EQ(none.status, 426);
  EXPECT_EQ(keyless.status, 400);
  EXPECT_EQ(short_key.status, 400);
}

TEST(Handshake, that_is_none_opens_no_socket) {
  const RunningServer server;
  const std::string all = sign_in(server.port()).cookie + own_origin(server) + key + version;

  EXPECT_EQ(request(server.port(), "GET /ws/live", all).status, 404);
  EXPECT_NE(answer_to(server, handshake_text(server, all, "POST /ws/live HTTP/1.1")).status, 101);
  EXPECT_NE(answer_to(server, handshake_text(server, all, "GET /ws/live HTTP/1.0")).status, 101);
  EXPECT_NE(answer_to(server, handshake_text(server, all, "GET /ws/other HTTP/1.1")).status, 101);
}

TEST(Handshake, with_a_session_that_has_just_expired_is_refused) {
  RunningServer server;
  const std::string all = sign_in(server.port()).cookie + own_origin(server) + key + version;

  server.set_now(RunningServer::start_time() + 31min);

  EXPECT_EQ(answer_to(server, handshake_text(server, all)).status, 401);
}

TEST(Handshake, names_no_library_and_no_version) {
  const RunningServer server;
  const std::string all = sign_in(server.port()).cookie + own_origin(server) + key + version;

  const Answer answer = answer_to(server, handshake_text(server, all));

  EXPECT_EQ(answer.status, 101);
  EXPECT_THAT(answer.head, Not(HasSubstr("Beast")));
}

/// A frame as a client sends it, with an empty mask.
std::string frame(unsigned first_byte, const std::string& payload) {
  std::string text{static_cast<char>(first_byte)};
  if (payload.size() < 126) {
    text += static_cast<char>(0x80 | payload.size());
  } else {
    text += static_cast<char>(0xfe);
    text += static_cast<char>(payload.size() >> 8);
    text += static_cast<char>(payload.size() & 0xff);
  }
  return text + std::string(4, '\0') + payload;
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

struct Frames {
  const char* name;
  std::string bytes;
};

void PrintTo(const Frames& frames, std::ostream* out) {
  *out << frames.name;
}

class BadFrames : public ::testing::TestWithParam<Frames> {};

TEST_P(BadFrames, end_their_own_connection_and_nothing_else) {
  const RunningServer server;
  const SignedInClient client = sign_in(server.port());
  Connection socket(server.port());
  socket.send(handshake_text(server, client.cookie + own_origin(server) + key + version));
  ASSERT_EQ(socket.receive().status, 101);

  socket.send(GetParam().bytes);

  EXPECT_TRUE(socket.closed_by_peer());
  EXPECT_EQ(request(server.port(), "GET /auth/check", client.cookie).status, 200);
}

INSTANTIATE_TEST_SUITE_P(
    corpus, BadFrames,
    ::testing::Values(
        Frames{"without a mask", std::string("\x81\x02hi")},
        Frames{"of a reserved opcode", frame(0x83, "x")},
        Frames{"of a reserved control opcode", frame(0x8b, "x")},
        Frames{"with a reserved bit", frame(0xc1, "x")},
        Frames{"that go on without a beginning", frame(0x80, "x")},
        Frames{"that begin twice", frame(0x01, "x") + frame(0x01, "y")},
        Frames{"larger than a client may send", frame(0x81, std::string(4097, 'x'))},
        Frames{"larger than that in parts", frame(0x01, std::string(2000, 'x')) +
                                                frame(0x00, std::string(2000, 'x')) +
                                                frame(0x00, std::string(2000, 'x'))},
        Frames{"that say 2^63 bytes",
               std::string("\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00", 14)},
        Frames{"that say more than 2^63 bytes",
               std::string("\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00", 14)},
        Frames{"whose length could be shorter",
               std::string("\x81\xfe\x00\x01\x00\x00\x00\x00x", 9)},
        Frames{"of a long ping", frame(0x89, std::string(126, 'x'))},
        Frames{"of a ping in parts", frame(0x09, "x")},
        Frames{"of text that is no UTF-8", frame(0x81, "\xff\xfe")},
        Frames{"of a close with one byte", frame(0x88, "x")},
        Frames{"of a close with a bad code", frame(0x88, std::string("\x03\xe7", 2))},
        Frames{"of plain HTTP", "GET /api/devices HTTP/1.1\r\nHost: a\r\n\r\n"},
        Frames{"of a regular close", frame(0x88, std::string("\x03\xe8", 2))}));

TEST(Flood, of_pings_and_messages_takes_no_service_from_others) {
  const RunningServer server;
  const SignedInClient client = sign_in(server.port());
  Connection socket(server.port());
  socket.send(handshake_text(server, client.cookie + own_origin(server) + key + version));
  ASSERT_EQ(socket.receive().status, 101);
  socket.send(repeated(frame(0x89, "x") + frame(0x81, "{}") + frame(0x8a, ""), 2000));
  const auto begin = std::chrono::steady_clock::now();

  const Answer answer = request(server.port(), "GET /api/devices", client.cookie);

  EXPECT_EQ(answer.status, 200);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 2s);
}

TEST(Socket, takes_no_password_and_no_session_after_the_handshake) {
  const RunningServer server;
  Connection socket(server.port());

  socket.send(handshake_text(server, own_origin(server) + key + version) +
              frame(0x81, R"({"username":"admin","password":"admin123"})"));
  const Answer refused = socket.receive();

  EXPECT_EQ(refused.status, 401);
  EXPECT_TRUE(socket.closed_by_peer());
}

}  // namespace
}  // namespace wl::web::attacks
