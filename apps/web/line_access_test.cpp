#include "apps/web/line_access.hpp"

#include <gtest/gtest.h>

namespace wl {
namespace {

TEST(LineAccess, the_tags_of_the_shipped_configuration_are_known_with_their_access) {
  Settings settings;
  settings.root = WATTLINE_SOURCE_DIR;

  const web::TagTable tags = tag_table(settings);

  const std::string device = "CodeSys_Channel.ProductionLine_PLC.";
  EXPECT_EQ(tags.at(device + "DeviceControl.ConveyorSpeedSetpoint").access, "RW");
  EXPECT_EQ(tags.at(device + "EnergyData.ConveyorPower").access, "R");
  EXPECT_EQ(tags.at(device + "EnergyData.ConveyorPower").data_type, "Float");
  EXPECT_EQ(tags.at(device + "EnergyData.ConveyorPower").scan, Milliseconds{1000});
}

TEST(LineAccess, without_a_gateway_configuration_nothing_is_known_of_tags) {
  Settings settings;
  settings.root = "/no/such/folder";

  EXPECT_TRUE(tag_table(settings).empty());
}

TEST(LineAccess, commands_go_where_the_values_come_from) {
  Settings settings;
  settings.opc_ua_server_url = "opc.tcp://a:4840,opc.tcp://b:4840";
  settings.opc_ua_timeout = Milliseconds{700};
  settings.data_dir = "/srv/wattline/data";

  const web::LineAccess access = line_access(settings);

  EXPECT_EQ(access.endpoint_urls.size(), 2u);
  EXPECT_EQ(access.timeout, Milliseconds{700});
  EXPECT_EQ(access.security.certificate_name, "collector");
}

}  // namespace
}  // namespace wl
