// What listens at the endpoint is no OPC UA server, or one that means harm.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstring>
#include <thread>

#include "opcua/recorder.hpp"

namespace wl::opcua {
namespace {

using testing::HasSubstr;

/// Answers the first bytes of every connection with the same ones of its own, then stays silent.
class FixedAnswer {
 public:
  explicit FixedAnswer(std::string answer) : answer_(std::move(answer)) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* plain = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(listener_, plain, size), 0);
    EXPECT_EQ(listen(listener_, 8), 0);
    EXPECT_EQ(getsockname(listener_, plain, &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  ~FixedAnswer() {
    stopping_ = true;
    thread_.join();
    close(listener_);
  }
  FixedAnswer(const FixedAnswer&) = delete;
  FixedAnswer& operator=(const FixedAnswer&) = delete;
  std::uint16_t port() const { return port_; }

 private:
  void run() {
    std::vector<int> taken;
    while (!stopping_) {
      pollfd waiting{listener_, POLLIN, 0};
      if (poll(&waiting, 1, 10) <= 0) continue;
      taken.push_back(accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC));
      std::array<char, 4'096> heard{};
      pollfd speaking{taken.back(), POLLIN, 0};
      if (poll(&speaking, 1, 1'000) > 0) recv(taken.back(), heard.data(), heard.size(), 0);
      send(taken.back(), answer_.data(), answer_.size(), MSG_NOSIGNAL);
    }
    for (const int fd : taken) close(fd);
  }

  std::string answer_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

/// Little-endian, as OPC UA encodes numbers.
std::string number(std::uint32_t value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

/// A correct answer to the first message of a client (IEC 62541-6, 7.1.2.4).
std::string acknowledge() {
  return "ACKF" + number(28) + number(0) + number(65'536) + number(65'536) + number(0) + number(0);
}

/// What the subscriber says about such a server in the end.
std::string verdict_on(const std::string& answer) {
  FixedAnswer server(answer);
  Recorder recorder;
  SubscriberOptions options;
  options.endpoint_urls = {"opc.tcp://127.0.0.1:" + std::to_string(server.port())};
  options.node_ids = {"ns=2;s=Line.Count"};
  options.timeout = std::chrono::milliseconds{500};
  options.reconnect_attempts = 2;
  Subscriber subscriber(options, recorder.events());
  subscriber.start();
  EXPECT_TRUE(recorder.wait(
      [](const auto& seen) { return seen.reason().find("gave up after 2") != std::string::npos; }));
  return recorder.seen().reason();
}

TEST(MaliciousServer, one_that_speaks_another_protocol_is_given_up) {
  EXPECT_THAT(verdict_on("HTTP/1.1 400 Bad Request\r\n\r\n"), HasSubstr("opc.tcp://127.0.0.1:"));
}

TEST(MaliciousServer, noise_is_no_answer) {
  EXPECT_THAT(verdict_on(std::string(100'000, '\xFF')), HasSubstr("gave up after 2"));
}

TEST(MaliciousServer, a_message_of_two_gigabytes_is_not_waited_for) {
  EXPECT_THAT(verdict_on(acknowledge() + "OPNF" + number(0x7FFF'FFFF) + number(1)),
              HasSubstr("gave up after 2"));
}

TEST(MaliciousServer, a_message_that_is_shorter_than_its_header_is_refused) {
  EXPECT_THAT(verdict_on(acknowledge() + "OPNF" + number(3)), HasSubstr("gave up after 2"));
}

TEST(MaliciousServer, one_that_accepts_and_says_nothing_times_out) {
  EXPECT_THAT(verdict_on(""), HasSubstr("no answer to the connection"));
}

}  // namespace
}  // namespace wl::opcua
