#include "apps/plc/publication.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>

#include "plc/runtime/fake_program.hpp"

namespace wl {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

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

/// Listens on a free port of this machine while it lives.
class TakenPort {
 public:
  TakenPort() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(fd_, reinterpret_cast<const sockaddr*>(&address_), sizeof address_);
    ::listen(fd_, 1);
    socklen_t size = sizeof address_;
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address_), &size);
  }
  ~TakenPort() { ::close(fd_); }
  TakenPort(const TakenPort&) = delete;
  TakenPort& operator=(const TakenPort&) = delete;
  std::uint16_t port() const { return ntohs(address_.sin_port); }

 private:
  sockaddr_in address_{};
  int fd_;
};

TEST(Publication, a_taken_port_is_named_with_its_key) {
  plc::FakeProgram program;
  program.add_task("Main", std::chrono::milliseconds(100), 1, [](auto) { return std::nullopt; });
  const auto resource = plc::Resource::create(program).value();
  const TakenPort taken;

  const auto refused = Publication::start(*resource, {.host = "127.0.0.1", .port = taken.port()});

  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().what, HasSubstr(std::to_string(taken.port())));
  EXPECT_THAT(refused.error().what, HasSubstr("PLC_OPC_UA_PORT"));
}

}  // namespace
}  // namespace wl
