// The gateway between a real server in the PLC's place and a real client.
#include "gateway/gateway.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

#include "opcua/free_port.hpp"
#include "opcua/recorder.hpp"
#include "opcua/tcp_proxy.hpp"

namespace wl::gateway {
namespace {

using opcua::LinkState;
using opcua::Recorder;
using std::chrono::milliseconds;
using testing::HasSubstr;

constexpr std::uint32_t power_item = 0;
constexpr std::uint32_t setpoint_item = 1;
constexpr std::uint32_t scan_item = 2;

const Timestamp scan_time = from_unix_ms(1'763'820'000'000);

DataValue good(Value value, std::int64_t ms = 0) {
  return {std::move(value), quality::good, scan_time + milliseconds{ms}};
}

/// A server with the NodeIds of a CODESYS runtime.
class Plc {
 public:
  explicit Plc(std::uint16_t port) : server_(options(port)) {
    power = add("PLC_PRG.rPower", DataType::float32, opcua::Access::read);
    setpoint = add("PLC_PRG.rSetpoint", DataType::float32, opcua::Access::read_write);
    scan = add("PLC_PRG.udiScan", DataType::uint32, opcua::Access::read);
    // As a PLC does: the written value is the variable's value from the next scan on.
    server_.on_write([this](opcua::VariableId variable, const Value& value) {
      server_.post({{variable, good(value, 500)}});
      return quality::good;
    });
  }

  bool start() { return server_.start().has_value(); }
  void post(opcua::VariableId variable, DataValue value) {
    server_.post({{variable, std::move(value)}});
  }
  /// What each of these shows before anything was measured.
  void post_all() {
    post(power, good(1.5));
    post(setpoint, good(0.5));
    post(scan, good(std::uint64_t{1}));
  }

  opcua::VariableId power;
  opcua::VariableId setpoint;
  opcua::VariableId scan;

 private:
  static opcua::ServerOptions options(std::uint16_t port) {
    opcua::ServerOptions options;
    options.port = port;
    options.application_uri = "urn:localhost:Test:PLC";
    options.application_name = "PLC";
    options.namespace_uris = {"urn:test:2", "urn:test:3", "urn:test:4"};
    options.anonymous_may_write = true;
    return options;
  }

  opcua::VariableId add(const std::string& address, DataType type, opcua::Access access) {
    opcua::VariableSpec spec;
    spec.namespace_index = 4;
    spec.node_id = "|var|Wattline.Application." + address;
    spec.browse_path = {"Wattline", "Application", address};
    spec.type = type;
    spec.access = access;
    return *server_.add_variable(spec);
  }

  opcua::Server server_;
};

GatewayConfig config_to(std::uint16_t plc_port) {
  const std::string text = R"({"channels": [{"name": "C", "driver": "opcua",
    "endpoint": "opc.tcp://127.0.0.1:${PORT}",
    "devices": [{"name": "D", "groups": [{"name": "G", "tags": [
      {"name": "Power", "address": "PLC_PRG.rPower", "type": "Float", "access": "R",
       "scan_ms": 100, "unit": "kW"},
      {"name": "Setpoint", "address": "PLC_PRG.rSetpoint", "type": "Float", "access": "RW",
       "scan_ms": 100},
      {"name": "Scan", "address": "PLC_PRG.udiScan", "type": "UInt32", "access": "R",
       "scan_ms": 100}]}]}]}]})";
  return *parse_gateway_config(text, "gateway.json", {{"PORT", std::to_string(plc_port)}});
}

/// A PLC, a gateway to it and a client of the gateway.
class GatewayTest : public testing::Test {
 protected:
  void SetUp() override {
    plc_ = std::make_unique<Plc>(plc_port_);
    ASSERT_TRUE(plc_->start());
    plc_->post_all();
    ASSERT_TRUE(gateway_.start());
    opcua::SubscriberOptions options;
    options.endpoint_urls = {"opc.tcp://127.0.0.1:" + std::to_string(port_)};
    options.node_ids = {"ns=2;s=C.D.G.Power", "ns=2;s=C.D.G.Setpoint", "ns=2;s=C.D.G.Scan"};
    options.queue_size = 1'000;  // The test posts in bursts.
    client_ = std::make_unique<opcua::Subscriber>(options, recorder_.events());
    client_->start();
    ASSERT_TRUE(wait_quality(quality::good));
  }

  bool wait_value(std::uint32_t item, const DataValue& value, milliseconds limit) {
    return recorder_.wait([&](const auto& seen) { return seen.last(item).value == value; }, limit);
  }
  bool wait_quality(Quality wanted, milliseconds limit = milliseconds{5'000}) {
    return recorder_.wait(
        [wanted](const auto& seen) {
          return !seen.changes.empty() && seen.last(power_item).value.quality == wanted &&
                 seen.last(setpoint_item).value.quality == wanted &&
                 seen.last(scan_item).value.quality == wanted;
        },
        limit);
  }

  const std::uint16_t plc_port_ = opcua::free_port();
  const std::uint16_t port_ = opcua::free_port();
  opcua::TcpProxy plc_line_{plc_port_};
  std::unique_ptr<Plc> plc_;
  Gateway gateway_{config_to(plc_line_.port()), {"127.0.0.1", port_, true}};
  Recorder recorder_;
  std::unique_ptr<opcua::Subscriber> client_;
};

TEST_F(GatewayTest, values_go_through_with_source_time_and_quality) {
  const DataValue measured{2.5, quality::uncertain_last_usable, scan_time + milliseconds{100}};

  plc_->post(plc_->power, measured);

  EXPECT_TRUE(wait_value(power_item, measured, milliseconds{1'000}));
}

TEST_F(GatewayTest, a_tag_scanned_at_100_ms_loses_none_of_the_plcs_scans) {
  constexpr std::int64_t total = 300;
  std::vector<DataValue> expected{good(std::uint64_t{1})};

  for (std::int64_t i = 1; i <= total; ++i) {
    expected.push_back(good(static_cast<std::uint64_t>(i + 1), i * 100 + (i % 3) * 10));
    plc_->post(plc_->scan, expected.back());
  }

  ASSERT_TRUE(wait_value(scan_item, expected.back(), milliseconds{5'000}));
  std::vector<DataValue> arrived;
  for (const auto& change : recorder_.seen().changes) {
    const bool is_scan = change.item == scan_item && change.value.quality.is_good();
    if (is_scan) arrived.push_back(change.value);
  }
  EXPECT_EQ(arrived, expected);
}

TEST_F(GatewayTest, a_plc_that_ends_makes_its_tags_bad_within_a_second_and_keeps_their_values) {
  plc_.reset();

  ASSERT_TRUE(wait_quality(quality::bad_no_communication, milliseconds{1'000}));

  EXPECT_EQ(recorder_.seen().last(power_item).value.value, Value{1.5});
  EXPECT_FALSE(gateway_.health().all_up);
  EXPECT_THAT(gateway_.health().reason, HasSubstr("127.0.0.1:" + std::to_string(plc_line_.port())));
  EXPECT_EQ(gateway_.health().good, 0u);
}

TEST_F(GatewayTest, a_hanging_line_is_bad_since_its_last_sign_of_life_and_loses_nothing) {
  const Timestamp hung_at = wall_now();
  plc_line_.stall();
  const Timestamp measured_at = hung_at + milliseconds{1'500};  // Behind the last sign of life.
  plc_->post(plc_->scan, {std::uint64_t{7}, quality::good, measured_at});
  ASSERT_TRUE(wait_quality(quality::bad_no_communication));
  plc_line_.restore();

  EXPECT_TRUE(wait_value(scan_item, {std::uint64_t{7}, quality::good, measured_at},
                         milliseconds{5'000}));

  const auto changes = recorder_.seen().changes;
  const auto lost = std::ranges::find_if(changes, [](const auto& change) {
    return change.item == scan_item && change.value.quality == quality::bad_no_communication;
  });
  ASSERT_NE(lost, changes.end());
  EXPECT_LE(lost->value.source_time, hung_at + milliseconds{100});
  EXPECT_GE(lost->value.source_time, hung_at - milliseconds{1'500});
}

TEST_F(GatewayTest, tags_are_good_again_within_three_seconds_after_the_plc_is_back) {
  plc_.reset();
  ASSERT_TRUE(wait_quality(quality::bad_no_communication));

  plc_ = std::make_unique<Plc>(plc_port_);
  ASSERT_TRUE(plc_->start());
  plc_->post_all();

  EXPECT_TRUE(wait_quality(quality::good, milliseconds{3'000}));
  EXPECT_TRUE(gateway_.health().all_up);
  EXPECT_EQ(gateway_.health().good, 3u);
}

TEST_F(GatewayTest, a_write_goes_through_to_the_plc_and_the_tag_follows) {
  client_->write(setpoint_item, 3.5, DataType::float32, recorder_.write_result());

  ASSERT_TRUE(recorder_.wait([](const auto& seen) { return !seen.write_results.empty(); }));
  EXPECT_EQ(recorder_.seen().write_results.front(), quality::good);
  EXPECT_TRUE(wait_value(setpoint_item, good(3.5, 500), milliseconds{1'000}));
}

TEST_F(GatewayTest, a_write_while_the_plc_is_away_is_refused) {
  plc_.reset();
  ASSERT_TRUE(wait_quality(quality::bad_no_communication));

  client_->write(setpoint_item, 3.5, DataType::float32, recorder_.write_result());

  ASSERT_TRUE(recorder_.wait([](const auto& seen) { return !seen.write_results.empty(); }));
  EXPECT_EQ(recorder_.seen().write_results.front(), quality::bad_no_communication);
}

TEST_F(GatewayTest, a_write_that_is_no_number_is_out_of_range) {
  client_->write(setpoint_item, std::numeric_limits<double>::quiet_NaN(), DataType::float32,
                 recorder_.write_result());

  ASSERT_TRUE(recorder_.wait([](const auto& seen) { return !seen.write_results.empty(); }));
  EXPECT_EQ(recorder_.seen().write_results.front().status_code, 0x803C0000u);
}

TEST(Gateway, a_plc_that_was_never_there_makes_the_tags_bad_no_communication) {
  const auto port = opcua::free_port();
  Gateway gateway(config_to(opcua::free_port()), {"127.0.0.1", port, true});
  ASSERT_TRUE(gateway.start());
  Recorder recorder;
  opcua::SubscriberOptions options;
  options.endpoint_urls = {"opc.tcp://127.0.0.1:" + std::to_string(port)};
  options.node_ids = {"ns=2;s=C.D.G.Power"};
  opcua::Subscriber client(options, recorder.events());
  client.start();

  EXPECT_TRUE(recorder.wait(
      [](const auto& seen) {
        return seen.last(power_item).value.quality == quality::bad_no_communication;
      },
      milliseconds{3'000}));
}

TEST(Gateway, a_port_in_use_is_named) {
  const auto port = opcua::free_port();
  Gateway first(config_to(opcua::free_port()), {"127.0.0.1", port, true});
  ASSERT_TRUE(first.start());
  Gateway second(config_to(opcua::free_port()), {"127.0.0.1", port, true});

  const auto started = second.start();

  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().what, HasSubstr("127.0.0.1:" + std::to_string(port)));
}

}  // namespace
}  // namespace wl::gateway
