// Protected connections between our client and our server.
#include "opcua/security.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/durable_file.hpp"
#include "opcua/free_port.hpp"
#include "opcua/pki.hpp"
#include "opcua/recorder.hpp"
#include "opcua/scanning_line.hpp"
#include "opcua/tcp_proxy.hpp"
#include "opcua/temp_folder.hpp"

namespace wl::opcua {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

constexpr const char* client_uri = "urn:localhost:Wattline:Test:Client";

/// A server and a client, each with a folder of certificates of its own.
struct Secured : testing::Test {
  Secured() {
    server_options.security.pki_dir = server_folder.path();
    server_options.security.certificate_name = "server";
    options.endpoint_urls = {"opc.tcp://127.0.0.1:" + std::to_string(server_options.port)};
    options.node_ids = {"ns=2;s=Line.Count"};
    options.security.policy = SecurityPolicy::basic256sha256;
    options.security.mode = SecurityMode::sign_and_encrypt;
    options.security.pki_dir = client_folder.path();
    options.security.certificate_name = "client";
    options.security.application_uri = client_uri;
    // Both make their certificate before they meet.
    server_certificate = made(server_folder, "server", server_options.application_uri);
    client_certificate = made(client_folder, "client", client_uri);
  }

  static std::string made(const TempFolder& folder, const std::string& name,
                          const std::string& uri) {
    const auto own = Pki(folder.path()).own(name, uri, "Test");
    EXPECT_TRUE(own) << own.error().what;
    return own->certificate;
  }
  /// As a person does who moves the file.
  static void trust(const TempFolder& folder, const std::string& certificate) {
    std::filesystem::create_directories(folder.path() / "trusted");
    EXPECT_TRUE(write_file(folder.path() / "trusted/other.der", certificate, Durability::visible));
  }
  void trust_each_other() const {
    trust(server_folder, client_certificate);
    trust(client_folder, server_certificate);
  }
  void start() {
    line = std::make_unique<ScanningLine>(server_options);
    ASSERT_EQ(line->start(), "");
    subscriber = std::make_unique<Subscriber>(options, recorder.events());
    subscriber->start();
  }
  /// Why there is no connection.
  std::string refusal() {
    start();
    EXPECT_TRUE(recorder.wait_link(LinkState::down));
    return recorder.seen().reason();
  }

  TempFolder server_folder;
  TempFolder client_folder;
  ServerOptions server_options = ScanningLine::options_at(free_port());
  SubscriberOptions options;
  std::string server_certificate;
  std::string client_certificate;
  Recorder recorder;
  std::unique_ptr<ScanningLine> line;
  std::unique_ptr<Subscriber> subscriber;
};

struct EachPolicy : Secured,
                    testing::WithParamInterface<std::pair<SecurityPolicy, SecurityMode>> {};

TEST_P(EachPolicy, carries_values) {
  trust_each_other();
  std::tie(options.security.policy, options.security.mode) = GetParam();

  start();

  EXPECT_TRUE(recorder.wait([](const auto& seen) { return seen.numbers(0).size() > 2; }))
      << recorder.seen().reason();
}

INSTANTIATE_TEST_SUITE_P(
    Security, EachPolicy,
    testing::Values(
        std::pair{SecurityPolicy::basic256sha256, SecurityMode::sign},
        std::pair{SecurityPolicy::basic256sha256, SecurityMode::sign_and_encrypt},
        std::pair{SecurityPolicy::aes128_sha256_rsa_oaep, SecurityMode::sign_and_encrypt},
        std::pair{SecurityPolicy::aes256_sha256_rsa_pss, SecurityMode::sign_and_encrypt}));

TEST_F(Secured, a_server_that_we_do_not_trust_is_refused_with_the_next_step) {
  trust(server_folder, client_certificate);

  const std::string reason = refusal();

  EXPECT_THAT(reason, HasSubstr("CN=Test"));
  EXPECT_THAT(reason, HasSubstr("is not trusted; to trust it: mv '"));
  EXPECT_THAT(reason, HasSubstr(client_folder.path().string() + "/rejected/Test-"));
}

TEST_F(Secured, moving_the_file_is_enough_to_be_connected) {
  trust(server_folder, client_certificate);
  refusal();

  trust(client_folder, server_certificate);

  EXPECT_TRUE(recorder.wait_link(LinkState::up));
}

TEST_F(Secured, a_server_that_does_not_trust_us_keeps_our_certificate_for_its_operator) {
  trust(client_folder, server_certificate);

  refusal();

  const auto rejected = std::filesystem::directory_iterator(server_folder.path() / "rejected");
  EXPECT_EQ(read_file(rejected->path()).value(), client_certificate);
}

TEST_F(Secured, a_policy_that_is_not_offered_is_named_and_never_replaced_by_none) {
  server_options.security.pki_dir.clear();

  const std::string reason = refusal();

  EXPECT_THAT(reason, HasSubstr("offers no endpoint with policy Basic256Sha256"));
  EXPECT_THAT(reason, HasSubstr("mode SignAndEncrypt"));
}

TEST_F(Secured, without_protection_a_server_that_wants_it_is_not_reached) {
  trust_each_other();
  server_options.security.offers_none = false;
  options.security = {};

  EXPECT_THAT(refusal(), HasSubstr("offers no endpoint with policy None"));
}

TEST_F(Secured, a_protected_session_is_taken_back_after_a_cut) {
  trust_each_other();
  line = std::make_unique<ScanningLine>(server_options);
  ASSERT_EQ(line->start(), "");
  TcpProxy proxy(server_options.port);
  options.endpoint_urls = {"opc.tcp://127.0.0.1:" + std::to_string(proxy.port())};
  subscriber = std::make_unique<Subscriber>(options, recorder.events_with_history());
  subscriber->start();
  ASSERT_TRUE(recorder.wait([](const auto& seen) { return seen.numbers(0).size() > 2; }));

  proxy.cut();
  ASSERT_TRUE(recorder.wait_link(LinkState::down));
  proxy.restore();

  ASSERT_TRUE(recorder.wait([](const auto& seen) { return !seen.fills.empty(); }));
  EXPECT_EQ(recorder.seen().fills.front().state, HistoryFill::State::whole);
  EXPECT_TRUE(recorder.seen().fills.front().changes.empty());
}

TEST_F(Secured, the_user_of_the_server_may_sign_in) {
  trust_each_other();
  server_options.security.username = options.security.username = "collector";
  server_options.security.password = options.security.password = "right horse";

  start();

  EXPECT_TRUE(recorder.wait_link(LinkState::up)) << recorder.seen().reason();
}

TEST_F(Secured, a_wrong_password_is_refused_by_name) {
  trust_each_other();
  server_options.security.username = options.security.username = "collector";
  server_options.security.password = "right horse";
  options.security.password = "wrong horse";

  EXPECT_THAT(refusal(), HasSubstr("BadUserAccessDenied"));
}

TEST_F(Secured, a_password_is_encrypted_even_where_the_channel_is_not) {
  trust_each_other();
  server_options.security.username = options.security.username = "collector";
  server_options.security.password = options.security.password = "right horse";
  options.security.policy = SecurityPolicy::none;
  options.security.mode = SecurityMode::none;

  start();

  EXPECT_TRUE(recorder.wait_link(LinkState::up)) << recorder.seen().reason();
}

TEST(ClientSecurity, policy_and_mode_are_both_none_or_neither) {
  EXPECT_TRUE(parse_client_security("None", "None", "", ""));
  EXPECT_TRUE(parse_client_security("Basic256Sha256", "Sign", "", ""));
  EXPECT_FALSE(parse_client_security("Basic256Sha256", "None", "", ""));
  EXPECT_FALSE(parse_client_security("None", "Sign", "", ""));
}

TEST(ClientSecurity, an_unknown_policy_is_named_with_the_known_ones) {
  const auto security = parse_client_security("Basic128Rsa15", "Sign", "", "");

  ASSERT_FALSE(security);
  EXPECT_THAT(security.error().what, HasSubstr("'Basic128Rsa15' is none of None, Basic256Sha256"));
}

}  // namespace
}  // namespace wl::opcua
