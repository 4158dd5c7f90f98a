#include "opcua/connection_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "opcua/free_port.hpp"
#include "opcua/recorder.hpp"
#include "opcua/scanning_line.hpp"
#include "opcua/temp_folder.hpp"

namespace wl::opcua {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr Milliseconds timeout{3'000};

std::string url_of(std::uint16_t port) {
  return "opc.tcp://127.0.0.1:" + std::to_string(port);
}

std::vector<std::string> names(const ConnectionCheck& check) {
  std::vector<std::string> all;
  for (const CheckStep& step : check.steps) all.push_back(step.name);
  return all;
}

/// A server with certificates, and a client with a folder of its own.
struct ConnectionCheckTest : testing::Test {
  ConnectionCheckTest() {
    ServerOptions options = ScanningLine::options_at(port);
    options.security.pki_dir = server_folder.path();
    options.security.certificate_name = "server";
    line = std::make_unique<ScanningLine>(options);
    EXPECT_EQ(line->start(), "");
    security.pki_dir = client_folder.path();
    security.certificate_name = "client";
  }
  ConnectionCheck check(const std::vector<std::string>& nodes = {}) const {
    return check_connection(url_of(port), nodes, security, timeout);
  }
  void protect() {
    security.policy = SecurityPolicy::basic256sha256;
    security.mode = SecurityMode::sign_and_encrypt;
  }

  TempFolder server_folder;
  TempFolder client_folder;
  std::uint16_t port = free_port();
  std::unique_ptr<ScanningLine> line;
  ClientSecurity security;
};

TEST_F(ConnectionCheckTest, a_server_that_works_passes_each_step_and_its_nodes_are_described) {
  const auto result = check({"ns=2;s=Line.Mode", "ns=2;s=Line.Count"});

  EXPECT_TRUE(result.ok());
  EXPECT_THAT(names(result), ElementsAre("name look-up", "TCP", "endpoints", "session"));
  EXPECT_THAT(result.steps.at(2).detail, HasSubstr("None/None (anonymous)"));
  EXPECT_THAT(result.steps.at(2).detail, HasSubstr("Aes256_Sha256_RsaPss/SignAndEncrypt"));
  ASSERT_EQ(result.nodes.size(), 2u);
  EXPECT_EQ(result.nodes.at(0).type, "Int16");
  EXPECT_TRUE(result.nodes.at(1).readable);
}

TEST_F(ConnectionCheckTest, a_node_that_the_server_does_not_know_is_named) {
  const auto result = check({"ns=2;s=Line.Mode", "ns=2;s=Line.Missing"});

  EXPECT_FALSE(result.ok());
  EXPECT_TRUE(result.nodes.at(0).readable);
  EXPECT_FALSE(result.nodes.at(1).readable);
  EXPECT_EQ(result.nodes.at(1).reason, "BadNodeIdUnknown");
}

TEST_F(ConnectionCheckTest, a_closed_port_fails_at_the_tcp_step_with_what_to_do) {
  const auto result = check_connection(url_of(free_port()), {}, security, timeout);

  EXPECT_THAT(names(result), ElementsAre("name look-up", "TCP"));
  EXPECT_FALSE(result.ok());
  EXPECT_THAT(result.steps.back().next_step, HasSubstr("start the server"));
}

TEST_F(ConnectionCheckTest, an_unknown_host_fails_at_the_name) {
  const auto result =
      check_connection("opc.tcp://no-such-host.invalid:4840", {}, security, timeout);

  EXPECT_THAT(names(result), ElementsAre("name look-up"));
  EXPECT_THAT(result.steps.back().detail, HasSubstr("no-such-host.invalid"));
}

TEST_F(ConnectionCheckTest, a_login_that_is_not_offered_is_told_with_what_is) {
  security.username = "somebody";

  const auto result = check();

  EXPECT_THAT(names(result), ElementsAre("name look-up", "TCP", "endpoints"));
  EXPECT_THAT(result.steps.back().detail, HasSubstr("no None/None for user name login; offered:"));
}

TEST_F(ConnectionCheckTest, an_unknown_certificate_stops_it_with_the_command_that_trusts_it) {
  protect();

  const auto result = check();

  EXPECT_THAT(names(result), ElementsAre("name look-up", "TCP", "endpoints", "own certificate",
                                         "server certificate"));
  EXPECT_THAT(result.steps.back().detail, HasSubstr("to trust it: mv '"));
}

TEST_F(ConnectionCheckTest, a_server_that_does_not_trust_us_is_told_as_such) {
  protect();
  check();
  const auto rejected =
      std::filesystem::directory_iterator(client_folder.path() / "rejected")->path();
  std::filesystem::rename(rejected, client_folder.path() / "trusted/server.der");

  const auto result = check();

  EXPECT_EQ(result.steps.back().name, "session");
  EXPECT_FALSE(result.ok());
  EXPECT_THAT(result.steps.back().next_step, HasSubstr("at the server, trust "));
}

}  // namespace
}  // namespace wl::opcua
