#include "apps/plc/publication.hpp"

namespace wl {
namespace {

using ::testing::ElementsAre;

plc::Symbol symbol_of(std::string path, plc::IecType type) {
  plc::Symbol symbol;
  symbol.path = std::move(path);
  symbol.type = type;
  symbol.comment = "功率 / power [kW]";
  return symbol;
}

TEST(Publication, a_variable_has_the_node_id_and_the_place_of_a_codesys_controller) {
  const auto spec = variable_spec(symbol_of("PLC_PRG.rTotalPower", plc::IecType::real),
                                  opcua::Access::read_write);

  EXPECT_EQ(spec.namespace_index, 4);
  EXPECT_EQ(spec.node_id, "|var|Wattline.Application.PLC_PRG.rTotalPower");
  EXPECT_THAT(spec.browse_path, ElementsAre("Wattline", "Application", "PLC_PRG", "rTotalPower"));
  EXPECT_EQ(spec.type, DataType::float32);
  EXPECT_EQ(spec.access, opcua::Access::read_write);
  EXPECT_EQ(spec.unit, "kW");
}

TEST(Publication, a_constant_is_read_only_wherever_the_client_is) {
  auto symbol = symbol_of("GVL_Config.SPEED_MAX", plc::IecType::real);
  symbol.constant = true;
  EXPECT_EQ(variable_spec(symbol, opcua::Access::read_write).access, opcua::Access::read);
}

TEST(Publication, only_this_machine_is_loopback) {
  EXPECT_TRUE(is_loopback("127.0.0.1"));
  EXPECT_TRUE(is_loopback("127.8.0.1"));
  EXPECT_TRUE(is_loopback("localhost"));
  EXPECT_TRUE(is_loopback("::1"));
  EXPECT_FALSE(is_loopback("0.0.0.0"));
  EXPECT_FALSE(is_loopback("192.168.1.5"));
  EXPECT_FALSE(is_loopback("::"));
}

}  // namespace
}  // namespace wl
