#include "gateway/gateway_config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wl::gateway {
namespace {

using testing::HasSubstr;

const std::map<std::string, std::string> plc{{"PLC_OPC_UA_HOST", "10.0.0.5"},
                                             {"PLC_OPC_UA_PORT", "4841"}};

/// A file with one tag whose members are `tag`.
std::string file_with(const std::string& tag,
                      const std::string& endpoint = "opc.tcp://127.0.0.1:4841") {
  return R"({"channels": [{"name": "C", "driver": "opcua", "endpoint": ")" + endpoint + R"(",
"devices": [{"name": "D", "groups": [{"name": "G", "tags": [
)" + tag +
         R"(
]}]}]}]})";
}

const std::string power =
    R"({"name": "Power", "address": "PLC_PRG.rPower", "type": "Float", "access": "R",
        "scan_ms": 500})";

std::string error_of(const std::string& text) {
  const auto config = parse_gateway_config(text, "gateway.json", plc);
  return config ? "" : config.error().what;
}

TEST(GatewayConfig, a_tag_is_read_with_its_path) {
  const auto config = parse_gateway_config(file_with(power), "gateway.json", plc);

  ASSERT_TRUE(config) << config.error().what;
  const auto tags = config->channels.at(0).tags();
  ASSERT_EQ(tags.size(), 1u);
  EXPECT_EQ(tags[0].path, "C.D.G.Power");
  EXPECT_EQ(tags[0].address, "PLC_PRG.rPower");
  EXPECT_EQ(tags[0].type, DataType::float32);
  EXPECT_EQ(tags[0].access, TagAccess::read);
  EXPECT_EQ(tags[0].scan, Milliseconds{500});
}

TEST(GatewayConfig, variables_in_the_endpoint_are_replaced) {
  const auto config = parse_gateway_config(
      file_with(power, "opc.tcp://${PLC_OPC_UA_HOST}:${PLC_OPC_UA_PORT}"), "gateway.json", plc);

  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(config->channels[0].endpoint, "opc.tcp://10.0.0.5:4841");
}

TEST(GatewayConfig, an_unknown_variable_is_named_with_the_known_ones) {
  const auto error = error_of(file_with(power, "opc.tcp://${PLC_HOST}:4841"));

  EXPECT_THAT(error, HasSubstr("gateway.json:1"));
  EXPECT_THAT(error, HasSubstr("PLC_HOST"));
  EXPECT_THAT(error, HasSubstr("PLC_OPC_UA_HOST"));
}

TEST(GatewayConfig, an_unknown_key_is_named_with_its_line_and_the_nearest_one) {
  const auto error = error_of(file_with(
      R"({"name": "P", "adress": "x", "address": "x", "type": "Float", "access": "R",
          "scan_ms": 500})"));

  EXPECT_THAT(error, HasSubstr("gateway.json:3"));
  EXPECT_THAT(error, HasSubstr("adress"));
}

TEST(GatewayConfig, an_unknown_type_is_named_with_the_nearest_one) {
  const auto error = error_of(file_with(
      R"({"name": "P", "address": "x", "type": "float", "access": "R", "scan_ms": 500})"));

  EXPECT_THAT(error, HasSubstr("did you mean 'Float'?"));
}

TEST(GatewayConfig, the_same_tag_twice_is_named) {
  EXPECT_THAT(error_of(file_with(power + ",\n" + power)), HasSubstr("'Power' exists twice"));
}

TEST(GatewayConfig, an_unknown_access_is_refused) {
  EXPECT_THAT(
      error_of(file_with(
          R"({"name": "P", "address": "x", "type": "Float", "access": "W", "scan_ms": 500})")),
      HasSubstr("expected R or RW"));
}

TEST(GatewayConfig, all_mistakes_are_told_at_once) {
  const auto error = error_of(
      file_with(R"({"name": "P.Q", "address": "", "type": "Real", "access": "R", "scan_ms": 5})"));

  EXPECT_EQ(std::count(error.begin(), error.end(), '\n'), 3) << error;
}

TEST(GatewayConfig, a_file_without_a_tag_is_refused) {
  EXPECT_THAT(error_of(R"({"channels": []})"), HasSubstr("no tag"));
}

TEST(GatewayConfig, a_scaling_without_a_range_is_refused) {
  EXPECT_THAT(error_of(file_with(
                  R"({"name": "P", "address": "x", "type": "Float", "access": "R", "scan_ms": 500,
                  "scaling": {"raw_low": 4, "raw_high": 4, "low": 0, "high": 100}})")),
              HasSubstr("raw_low and raw_high must differ"));
}

TEST(GatewayConfig, a_scaling_maps_both_ways) {
  const Scaling scaling{4, 20, 0, 100};

  EXPECT_DOUBLE_EQ(scaling.to_engineering(12), 50);
  EXPECT_DOUBLE_EQ(scaling.to_raw(50), 12);
}

}  // namespace
}  // namespace wl::gateway
