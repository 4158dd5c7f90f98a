// Requests whose end a proxy and we might see in different places (request smuggling): refused,
// and the connection is closed, so that what follows is never taken for a request.
#include "web/attacks/attack_tools.hpp"

namespace wl::web::attacks {
namespace {

constexpr std::string_view smuggled = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";

struct Framing {
  const char* name;
  std::string head;  ///< Behind the request line and Host.
  std::string body;
};

void PrintTo(const Framing& framing, std::ostream* out) {
  *out << framing.name;
}

class DoubtfulFraming : public ::testing::TestWithParam<Framing> {};

TEST_P(DoubtfulFraming, is_refused_and_nothing_behind_it_is_answered) {
  const RunningServer server;
  Connection connection(server.port());

  connection.send(fmt::format("POST /auth/login HTTP/1.1\r\nHost: a\r\n{}\r\n{}{}", GetParam().head,
                              GetParam().body, smuggled));
  const Answer refused = connection.receive();
  const Answer second = connection.receive();

  EXPECT_THAT(refused.status, ::testing::AnyOf(400, 411, 413, 431)) << refused.head;
  EXPECT_EQ(second.status, 0) << "the smuggled request was answered";
  EXPECT_TRUE(still_serves(server));
}

const std::string chunked = "Transfer-Encoding: chunked\r\n";
const std::string json = "Content-Type: application/json\r\n";

INSTANTIATE_TEST_SUITE_P(
    corpus, DoubtfulFraming,
    ::testing::Values(
        Framing{"length and chunked", "Content-Length: 4\r\n" + chunked, "0\r\n\r\n"},
        Framing{"chunked and length", chunked + "Content-Length: 4\r\n", "0\r\n\r\n"},
        Framing{"chunked alone", json + chunked, "2\r\n{}\r\n0\r\n\r\n"},
        Framing{"unknown coding", "Transfer-Encoding: xchunked\r\n", ""},
        Framing{"unknown coding and length", "Transfer-Encoding: x\r\nContent-Length: 2\r\n", "{}"},
        Framing{"chunked is not last", "Transfer-Encoding: chunked, identity\r\n", ""},
        Framing{"gzip before chunked", "Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"},
        Framing{"chunked twice", chunked + chunked, "0\r\n\r\n"},
        Framing{"chunked, then identity", chunked + "Transfer-Encoding: identity\r\n", "0\r\n\r\n"},
        Framing{"upper case", "TRANSFER-ENCODING: CHUNKED\r\n", "0\r\n\r\n"},
        Framing{"quoted", "Transfer-Encoding: \"chunked\"\r\n", ""},
        Framing{"tab before the value", "Transfer-Encoding:\tchunked\r\n", "0\r\n\r\n"},
        Framing{"blank before the colon", "Transfer-Encoding : chunked\r\n", "0\r\n\r\n"},
        Framing{"folded line",
                "X: a\r\n Transfer-Encoding: chunked\r\nTransfer-Encoding:\r\n "
                "chunked\r\n",
                "0\r\n\r\n"},
        Framing{"vertical tab in it",
                "Transfer-Encoding: \x0b"
                "chunked\r\n",
                "0\r\n\r\n"},
        Framing{"trailer with a cookie", chunked, "0\r\nCookie: wattline_session=x\r\n\r\n"},
        Framing{"chunk of negative length", chunked, "-1\r\nx\r\n0\r\n\r\n"},
        Framing{"chunk of 2^64", chunked, "10000000000000000\r\nx\r\n0\r\n\r\n"},
        Framing{"chunk extension of 4 KB", chunked,
                "1;" + std::string(4096, 'a') + "\r\nx\r\n0\r\n\r\n"},
        Framing{"two lengths", "Content-Length: 2\r\nContent-Length: 3\r\n", "{}"},
        Framing{"a list of lengths", "Content-Length: 2, 3\r\n", "{}"},
        Framing{"negative length", "Content-Length: -1\r\n", ""},
        Framing{"length with a sign", "Content-Length: +2\r\n", "{}"},
        Framing{"hexadecimal length", "Content-Length: 0x2\r\n", "{}"},
        Framing{"length of 2^64", "Content-Length: 18446744073709551616\r\n", ""},
        Framing{"length of 2^64 - 1", "Content-Length: 18446744073709551615\r\n", ""},
        Framing{"no number at all", "Content-Length: two\r\n", "{}"},
        Framing{"empty length", "Content-Length:\r\n", ""},
        Framing{"bare line feeds", "X: a\nContent-Length: 2\n", "{}"},
        Framing{"bare carriage return", "X: a\rContent-Length: 2\r\n", ""},
        Framing{"NUL in a value", std::string("X: a\0b\r\n", 8), ""},
        Framing{"no colon", "Content-Length 2\r\n", ""}, Framing{"no name", ": 2\r\n", ""},
        Framing{"blank in a name", "Content Length: 2\r\n", ""}));

TEST(DoubledLength, is_refused_even_when_both_agree) {
  const RunningServer server;

  const Answer answer =
      request(server.port(), "POST /auth/login", json + "Content-Length: 2\r\n", "{}");

  EXPECT_EQ(answer.status, 400);
}

class BadRequestLine : public ::testing::TestWithParam<const char*> {};

TEST_P(BadRequestLine, is_refused_or_not_answered_at_all) {
  const RunningServer server;

  const Answer answer =
      answer_to(server, fmt::format("{}\r\nHost: a\r\n\r\n{}", GetParam(), smuggled));

  EXPECT_THAT(answer.status, ::testing::AnyOf(0, 400, 405, 431)) << answer.head;
  EXPECT_THAT(answer.body, Not(HasSubstr(R"("status":"ok")")));
  EXPECT_TRUE(still_serves(server));
}

INSTANTIATE_TEST_SUITE_P(
    corpus, BadRequestLine,
    ::testing::Values("GET  /healthz HTTP/1.1", "GET /healthz  HTTP/1.1", "GET /healthz",
                      "GET /healthz HTTP/2.0", "GET /healthz HTTP/0.9", "GET /healthz HTTP/1.1 x",
                      "GET /healthz http/1.1", "GET /healthz HTTX/1.1", "GET\t/healthz HTTP/1.1",
                      " GET /healthz HTTP/1.1", "G\x01T /healthz HTTP/1.1", "/healthz HTTP/1.1",
                      "GET healthz HTTP/1.1", "GET http://a/healthz HTTP/1.1",
                      "CONNECT a:443 HTTP/1.1", "OPTIONS * HTTP/1.1", "PRI * HTTP/2.0",
                      "get /healthz HTTP/1.1", "\x16\x03\x01\x02"));

TEST(Method, of_nine_thousand_letters_is_refused) {
  const RunningServer server;

  const Answer answer =
      answer_to(server, std::string(9000, 'A') + " / HTTP/1.1\r\nHost: a\r\n\r\n");

  EXPECT_THAT(answer.status, ::testing::AnyOf(400, 431));
}

TEST(Address, longer_than_the_header_may_be_is_refused) {
  const RunningServer server;

  EXPECT_EQ(request(server.port(), "GET /" + std::string(9000, 'a')).status, 431);
  EXPECT_EQ(request(server.port(), "GET /healthz?" + std::string(9000, 'a')).status, 431);
}

/// Beast's own limit looks at what it has not parsed yet, so it never ends a header of short lines.
TEST(Header, that_never_ends_is_refused_at_its_limit_though_its_lines_are_short) {
  const RunningServer server;
  Connection connection(server.port());
  std::string lines;
  for (int i = 0; i < 100'000; ++i) lines += "X: 1\r\n";

  connection.send("GET /healthz HTTP/1.1\r\nHost: a\r\n" + lines);

  EXPECT_EQ(connection.receive().status, 431);
}

TEST(Header, of_a_thousand_short_lines_is_bounded_by_its_bytes) {
  const RunningServer server;
  std::string head;
  for (int i = 0; i < 1000; ++i) head += fmt::format("X-{}: 1\r\n", i);

  EXPECT_EQ(request(server.port(), "GET /healthz", head).status, 431);
}

TEST(Body, that_is_longer_than_said_is_not_a_second_request_of_the_same_user) {
  const RunningServer server;
  const SignedInClient client = sign_in(server.port());
  Connection connection(server.port());

  connection.send(
      fmt::format("GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n{}\r\n{{}}{}",
                  client.cookie, "garbage\r\n\r\n"));
  const Answer first = connection.receive();
  const Answer second = connection.receive();

  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(second.status, 400);
  EXPECT_TRUE(connection.closed_by_peer());
}

}  // namespace
}  // namespace wl::web::attacks
