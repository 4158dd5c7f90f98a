#include "apps/collector/host_probe.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace wl {
namespace {

/// A port of 127.0.0.1 that is taken; whether somebody listens is up to the test.
class Port {
 public:
  Port() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    socklen_t size = sizeof address;
    ::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    number_ = ntohs(address.sin_port);
  }
  void listen() { ::listen(socket_.get(), 1); }
  Endpoint endpoint() const { return {"127.0.0.1", std::to_string(number_)}; }
  std::string url() const { return "opc.tcp://127.0.0.1:" + std::to_string(number_); }

 private:
  UniqueFd socket_;
  std::uint16_t number_ = 0;
};

TEST(HostProbe, finds_host_and_port_in_the_address_of_a_server) {
  EXPECT_EQ(endpoint_of("opc.tcp://plant.example:4840/UA"), (Endpoint{"plant.example", "4840"}));
  EXPECT_EQ(endpoint_of("opc.tcp://10.0.0.7"), (Endpoint{"10.0.0.7", "4840"}));
  EXPECT_EQ(endpoint_of("opc.tcp://[::1]:49320"), (Endpoint{"::1", "49320"}));
  EXPECT_EQ(endpoint_of("opc.tcp://[::1]"), (Endpoint{"::1", "4840"}));
  EXPECT_EQ(endpoint_of("http://localhost:80"), std::nullopt);
  EXPECT_EQ(endpoint_of("opc.tcp://"), std::nullopt);
}

TEST(HostProbe, a_port_with_nobody_behind_it_refuses) {
  EXPECT_EQ(listens_at(Port().endpoint()), false);
}

TEST(HostProbe, a_server_that_listens_is_there) {
  Port port;
  port.listen();

  EXPECT_EQ(listens_at(port.endpoint()), true);
}

TEST(HostProbe, of_a_host_that_does_not_exist_nothing_is_known) {
  EXPECT_EQ(listens_at({"no-such-host.invalid", "4840"}), std::nullopt);
}

TEST(HostProbe, tells_the_room_on_a_disk) {
  const auto disk = disk_of("data", std::filesystem::temp_directory_path());

  ASSERT_TRUE(disk);
  EXPECT_EQ(disk->name, "data");
  EXPECT_GT(disk->total_bytes, 0u);
  EXPECT_LE(disk->free_bytes, disk->total_bytes);
  EXPECT_FALSE(disk_of("data", "/no/such/folder"));
}

}  // namespace
}  // namespace wl
