#include "opcua/server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <thread>

#include "opcua/free_port.hpp"
#include "opcua/subscriber.hpp"

namespace wl::opcua {
namespace {

using testing::HasSubstr;

const Timestamp scan_time = from_unix_ms(1'763'820'000'123);

ServerOptions options_at(std::uint16_t port) {
  ServerOptions options;
  options.port = port;
  options.application_uri = "urn:localhost:Wattline:Test";
  options.application_name = "Test";
  options.namespace_uris = {"urn:wattline:test"};
  return options;
}

VariableSpec variable(const std::string& name, DataType type) {
  VariableSpec spec;
  spec.node_id = "Line." + name;
  spec.browse_path = {"Line", name};
  spec.type = type;
  return spec;
}

std::string url_of(std::uint16_t port) {
  return "opc.tcp://127.0.0.1:" + std::to_string(port);
}

DataValue read_node(std::uint16_t port, const std::string& name) {
  const auto values = read_once(url_of(port), {"ns=2;s=Line." + name}, Milliseconds{3000});
  EXPECT_TRUE(values) << values.error().what;
  return values ? values->front() : DataValue{};
}

/// What a reader sees once it is no longer what it was before the post.
DataValue read_until_posted(std::uint16_t port, const std::string& name) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{3};
  DataValue seen = read_node(port, name);
  while (seen.quality == quality::bad_waiting_for_initial_data &&
         std::chrono::steady_clock::now() < until) {
    seen = read_node(port, name);
  }
  return seen;
}

/// Empty when the server runs; otherwise why not.
std::string start(Server& server) {
  const auto started = server.start();
  return started ? std::string{} : started.error().what;
}

TEST(Server, a_variable_waits_for_initial_data_until_its_first_value) {
  const auto port = free_port();
  Server server(options_at(port));
  ASSERT_TRUE(server.add_variable(variable("Power", DataType::float32)));
  ASSERT_EQ(start(server), "");

  EXPECT_EQ(read_node(port, "Power").quality, quality::bad_waiting_for_initial_data);
}

TEST(Server, a_posted_value_is_read_with_its_source_time_and_quality) {
  const auto port = free_port();
  Server server(options_at(port));
  const auto power = server.add_variable(variable("Power", DataType::float64));
  ASSERT_TRUE(power);
  ASSERT_EQ(start(server), "");
  const DataValue posted{3.25, quality::uncertain_last_usable, scan_time};

  server.post({{*power, posted}});

  EXPECT_EQ(read_until_posted(port, "Power"), posted);
}

TEST(Server, a_bad_value_keeps_its_last_number) {
  const auto port = free_port();
  Server server(options_at(port));
  const auto count = server.add_variable(variable("Count", DataType::uint32));
  ASSERT_TRUE(count);
  ASSERT_EQ(start(server), "");
  const DataValue posted{std::uint64_t{42}, quality::bad_no_communication, scan_time};

  server.post({{*count, posted}});

  EXPECT_EQ(read_until_posted(port, "Count"), posted);
}

TEST(Server, a_value_that_does_not_fit_its_type_is_a_type_mismatch) {
  const auto port = free_port();
  Server server(options_at(port));
  const auto count = server.add_variable(variable("Count", DataType::byte));
  ASSERT_TRUE(count);
  ASSERT_EQ(start(server), "");

  server.post({{*count, {std::int64_t{300}, quality::good, scan_time}}});

  EXPECT_EQ(read_until_posted(port, "Count").quality.status_code, 0x80740000u);
}

TEST(Server, text_is_carried_as_it_is) {
  const auto port = free_port();
  Server server(options_at(port));
  const auto status = server.add_variable(variable("Status", DataType::string));
  ASSERT_TRUE(status);
  ASSERT_EQ(start(server), "");

  server.post({{*status, {std::string("运行 running"), quality::good, scan_time}}});

  EXPECT_EQ(read_until_posted(port, "Status").value, Value{std::string("运行 running")});
}

TEST(Server, the_same_node_id_twice_is_refused) {
  Server server(options_at(0));
  ASSERT_TRUE(server.add_variable(variable("Power", DataType::float32)));

  const auto again = server.add_variable(variable("Power", DataType::float64));

  ASSERT_FALSE(again);
  EXPECT_THAT(again.error().what, HasSubstr("Line.Power"));
}

TEST(Server, a_namespace_that_the_server_lacks_is_refused) {
  Server server(options_at(0));
  auto spec = variable("Power", DataType::float32);
  spec.namespace_index = 3;

  EXPECT_FALSE(server.add_variable(spec));
}

TEST(Server, a_port_in_use_is_named) {
  const auto port = free_port();
  Server first(options_at(port));
  ASSERT_EQ(start(first), "");
  Server second(options_at(port));

  const auto started = second.start();

  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, Errc::unavailable);
  EXPECT_THAT(started.error().what, HasSubstr("127.0.0.1:" + std::to_string(port)));
  EXPECT_THAT(started.error().what, HasSubstr("in use"));
}

TEST(Server, it_can_be_started_again_on_the_same_port) {
  const auto port = free_port();
  Server server(options_at(port));
  ASSERT_TRUE(server.add_variable(variable("Power", DataType::float32)));
  ASSERT_EQ(start(server), "");
  server.stop();

  ASSERT_EQ(start(server), "");

  EXPECT_EQ(read_node(port, "Power").quality, quality::bad_waiting_for_initial_data);
}

TEST(ReadOnce, an_unknown_host_is_named_as_the_broken_step) {
  const auto values = read_once("opc.tcp://no-such-host.invalid:4840", {}, Milliseconds{500});

  ASSERT_FALSE(values);
  EXPECT_THAT(values.error().what, HasSubstr("name look-up of 'no-such-host.invalid'"));
}

/// Up to two seconds.
bool turns_reach(const Server& server, std::uint64_t turns) {
  for (int i = 0; i < 200 && server.stats().turns < turns; ++i) ::poll(nullptr, 0, 10);
  return server.stats().turns >= turns;
}

TEST(Server, the_turns_move_while_its_thread_lives_and_not_after) {
  Server server(options_at(free_port()));
  ASSERT_EQ(start(server), "");

  const bool moved = turns_reach(server, 3);
  server.stop();

  EXPECT_TRUE(moved);
  EXPECT_FALSE(turns_reach(server, server.stats().turns + 1));
}

TEST(ReadOnce, a_closed_port_is_a_tcp_error) {
  const auto values = read_once(url_of(free_port()), {}, Milliseconds{500});

  ASSERT_FALSE(values);
  EXPECT_THAT(values.error().what, HasSubstr("TCP to 127.0.0.1"));
}

TEST(ReadOnce, an_unknown_node_is_named) {
  const auto port = free_port();
  Server server(options_at(port));
  ASSERT_EQ(start(server), "");

  const auto values = read_once(url_of(port), {"ns=2;s=Line.Missing"}, Milliseconds{3000});

  ASSERT_FALSE(values);
  EXPECT_EQ(values.error().code, Errc::not_found);
  EXPECT_THAT(values.error().what, HasSubstr("ns=2;s=Line.Missing"));
}

TEST(ReadOnce, what_is_no_endpoint_is_refused_with_the_expected_form) {
  const auto values = read_once("http://127.0.0.1", {}, Milliseconds{500});

  ASSERT_FALSE(values);
  EXPECT_THAT(values.error().what, HasSubstr("opc.tcp://host:port"));
}

}  // namespace
}  // namespace wl::opcua
