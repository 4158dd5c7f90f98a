// Bodies that are made to cost much, or to mean two things.
#include "base/utf8.hpp"
#include "web/attacks/attack_tools.hpp"

namespace wl::web::attacks {
namespace {

class HostileBody : public ::testing::TestWithParam<std::string> {
 protected:
  RunningServer server_;
  SignedInClient client_ = sign_in(server_.port());
};

TEST_P(HostileBody, is_refused_quickly_and_in_words_that_are_utf8) {
  const auto begin = std::chrono::steady_clock::now();

  const Answer order =
      request(server_.port(), "POST /api/alarms/acknowledge", client_.all(), GetParam());
  const Answer threshold =
      request(server_.port(), "POST /api/thresholds", client_.all(), GetParam());
  const Answer password = request(server_.port(), "POST /auth/password", client_.all(), GetParam());

  EXPECT_EQ(order.status, 400) << order.body;
  EXPECT_EQ(threshold.status, 400) << threshold.body;
  EXPECT_EQ(password.status, 400) << password.body;
  EXPECT_TRUE(is_utf8(order.body) && is_utf8(threshold.body) && is_utf8(password.body));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 2s);
  EXPECT_TRUE(still_serves(server_));
}

std::string nested(int levels) {
  const auto depth = static_cast<std::size_t>(levels);
  return R"({"note":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
}

INSTANTIATE_TEST_SUITE_P(
    corpus, HostileBody,
    ::testing::Values(nested(33), nested(60'000), std::string(100'000, '{'),
                      std::string(100'000, '['), R"({"ids":[1],"ids":[2]})",
                      R"({"device_id":"a","device_id":"conveyor"})", R"({"ids":[1e999]})",
                      R"({"ids":[-1]})", R"({"ids":[18446744073709551616]})", R"({"ids":[1.5]})",
                      R"({"threshold_value":1e999})", R"({"threshold_value":NaN})",
                      R"({"threshold_value":-1e308})", R"({"threshold_value":0x10})", R"({"a":+1})",
                      R"({'ids':[1]})", R"({"ids":[1],})", "{\"ids\":[1]}{\"ids\":[2]}", "null",
                      "1", "\"text\"", "[]", " ", "\xef\xbb\xbf{}", std::string("{}\0", 3),
                      "{\"\xff\":1}", R"({"\ud800":1})", R"({"__proto__":{"role":"admin"}})",
                      "{\"" + std::string(20'000, 'k') + "\":1}",
                      "{\"传传传传传传传传传传传传传传传传传传\":1}", "<xml/>",
                      "\x1f\x8b\x08\x01\x02\x03\x04\x05\x06\x03gzip"));

class BodyType : public ::testing::TestWithParam<const char*> {};

TEST_P(BodyType, that_a_form_of_another_site_can_send_is_not_taken) {
  const RunningServer server;
  const SignedInClient client = sign_in(server.port());
  const std::string head = client.cookie + client.csrf + "Content-Type: " + GetParam() + "\r\n";

  EXPECT_EQ(request(server.port(), "POST /auth/logout", head, "{}").status, 415);
  EXPECT_EQ(request(server.port(), "GET /auth/check", client.cookie).status, 200);
}

INSTANTIATE_TEST_SUITE_P(corpus, BodyType,
                         ::testing::Values("text/plain", "application/x-www-form-urlencoded",
                                           "multipart/form-data; boundary=x", "",
                                           "application/jsonx", "text/plain; application/json",
                                           "application/xml"));

TEST(CompressedBody, is_never_unpacked) {
  const RunningServer server;

  const Answer answer =
      request(server.port(), "POST /auth/login",
              "Content-Type: application/json\r\nContent-Encoding: gzip\r\n",
              std::string("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", 10) + std::string(1000, 'x'));

  EXPECT_THAT(answer.status, ::testing::AnyOf(400, 415));
}

}  // namespace
}  // namespace wl::web::attacks
