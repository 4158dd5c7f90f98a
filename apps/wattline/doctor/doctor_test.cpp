// Every link of the doctor is broken here once; the working chain is an integration test.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fstream>
#include <thread>

#include "apps/wattline/doctor/finding.hpp"
#include "apps/wattline/doctor/net.hpp"
#include "apps/wattline/doctor/tag_route.hpp"
#include "apps/wattline/supervise/unix_address.hpp"
#include "base/durable_file.hpp"

namespace wl::doctor {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

/// Answers one connection with a fixed text. On a free port of the loopback, or a Unix socket.
class OneAnswer {
 public:
  explicit OneAnswer(std::string text) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(fd_, reinterpret_cast<sockaddr*>(&address), size);
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    serve(std::move(text));
  }
  OneAnswer(const std::filesystem::path& path, std::string text)
      : fd_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    const supervise::UnixAddress address{path};
    ::bind(fd_, address.get(), address.size());
    serve(std::move(text));
  }
  ~OneAnswer() {
    ::shutdown(fd_, SHUT_RDWR);  // Ends an accept() that nobody answered.
    thread_.join();
    ::close(fd_);
  }
  std::uint16_t port() const { return port_; }

 private:
  void serve(std::string text) {
    ::listen(fd_, 1);
    thread_ = std::thread([this, text = std::move(text)] {
      const int client = ::accept(fd_, nullptr, nullptr);
      if (client < 0) return;
      char request[4096];
      ::recv(client, request, sizeof request, MSG_DONTWAIT);
      ::send(client, text.data(), text.size(), MSG_NOSIGNAL);
      ::shutdown(client, SHUT_WR);
      while (::recv(client, request, sizeof request, 0) > 0) {
      }
      ::close(client);
    });
  }

  int fd_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

/// A port on which nobody listens: it was free a moment ago.
std::uint16_t closed_port() {
  return OneAnswer{""}.port();
}

class DoctorTest : public ::testing::Test {
 protected:
  DoctorTest() {
    std::string name = (std::filesystem::temp_directory_path() / "wl-doctor-XXXXXX").string();
    settings_.root = ::mkdtemp(name.data());
    settings_.run_dir = settings_.root;
    settings_.log_dir = settings_.root;
    settings_.db_sqlite_path = settings_.root / "wattline.db";
    settings_.plc_opc_ua_port = closed_port();
    settings_.gateway_opc_ua_port = closed_port();
    settings_.opc_ua_server_url =
        fmt::format("opc.tcp://127.0.0.1:{}", settings_.gateway_opc_ua_port);
    settings_.web_port = closed_port();
    options_.timeout = Milliseconds{1000};
    std::filesystem::create_directory(settings_.root / "config");
  }
  ~DoctorTest() override { std::filesystem::remove_all(settings_.root); }

  void write_gateway_config(const std::string& endpoint) {
    std::ofstream(settings_.gateway_config())
        << R"({"channels":[{"name":"C","driver":"opcua","endpoint":")" << endpoint
        << R"(","application_path":"A.B","devices":[{"name":"D","groups":[{"name":"G","tags":[
           {"name":"ScanCount","address":"P.udi"}]}]}]}]})";
  }
  Finding web_with(const std::string& answer) {
    const OneAnswer server{answer};
    settings_.web_port = server.port();
    return check_web(settings_, options_);
  }

  Settings settings_;
  DoctorOptions options_;
};

TEST_F(DoctorTest, the_route_of_the_scan_counter_follows_the_configuration) {
  write_gateway_config("opc.tcp://${PLC_OPC_UA_HOST}:${PLC_OPC_UA_PORT}");
  settings_.plc_opc_ua_port = 14841;

  const auto route = find_scan_count(read_file(settings_.gateway_config()).value(), "g", settings_);

  ASSERT_TRUE(route.has_value()) << route.error().what;
  EXPECT_EQ(route->plc_endpoint, "opc.tcp://127.0.0.1:14841");
  EXPECT_EQ(route->plc_node_id, "ns=4;s=|var|A.B.P.udi");
  EXPECT_EQ(route->gateway_node_id, "ns=2;s=C.D.G.ScanCount");
  EXPECT_TRUE(route->own_plc);
}

TEST_F(DoctorTest, a_configuration_without_the_scan_counter_is_named) {
  EXPECT_EQ(find_scan_count(R"({"channels":[]})", "gateway.json", settings_).error().what,
            "gateway.json has no tag ScanCount");
}

TEST_F(DoctorTest, a_plc_that_does_not_run_is_told_so) {
  write_gateway_config("opc.tcp://${PLC_OPC_UA_HOST}:${PLC_OPC_UA_PORT}");

  const Finding finding = check_plc(settings_, options_);

  EXPECT_FALSE(finding.ok);
  EXPECT_EQ(finding.cause, "wattline-plc is not running");
  EXPECT_THAT(finding.next_step, HasSubstr("wattline logs plc"));
}

TEST_F(DoctorTest, a_real_controller_that_does_not_answer_is_not_taken_for_ours) {
  write_gateway_config(fmt::format("opc.tcp://127.0.0.1:{}", closed_port()));

  const Finding finding = check_plc(settings_, options_);

  EXPECT_FALSE(finding.ok);
  EXPECT_THAT(finding.next_step, HasSubstr("is the controller on"));
}

TEST_F(DoctorTest, a_missing_gateway_configuration_is_named) {
  EXPECT_THAT(check_gateway(settings_, options_).cause, HasSubstr("gateway.json"));
}

TEST_F(DoctorTest, each_of_several_servers_that_does_not_answer_is_named) {
  const std::string first = fmt::format("opc.tcp://127.0.0.1:{}", closed_port());
  const std::string second = fmt::format("opc.tcp://127.0.0.1:{}", closed_port());
  write_gateway_config(first);
  settings_.opc_ua_server_url = first + ", " + second;

  const Finding finding = check_gateway(settings_, options_);

  EXPECT_FALSE(finding.ok);
  EXPECT_THAT(finding.cause, AllOf(HasSubstr(first), HasSubstr(second)));
  EXPECT_THAT(finding.next_step, HasSubstr("OPC_UA_SERVER_URL"));
}

TEST_F(DoctorTest, a_collector_that_does_not_run_is_told_so) {
  EXPECT_EQ(check_collector(settings_, options_).cause, "wattline-collector is not running");
}

TEST_F(DoctorTest, a_live_snapshot_is_measured) {
  const OneAnswer server{settings_.live_socket(),
                         fmt::format(R"({{"type":"snapshot","ts":"{}","values":{{}}}})"
                                     "\n",
                                     to_iso8601(wall_now()))};

  const Finding finding = check_collector(settings_, options_);

  EXPECT_TRUE(finding.ok) << finding.cause;
  EXPECT_THAT(finding.measured, HasSubstr("snapshot of 0 points"));
}

TEST_F(DoctorTest, an_old_snapshot_breaks_the_link) {
  const OneAnswer server{settings_.live_socket(),
                         "{\"type\":\"snapshot\",\"ts\":\"2020-01-01T00:00:00Z\",\"values\":{}}\n"};

  EXPECT_FALSE(check_collector(settings_, options_).ok);
}

TEST_F(DoctorTest, a_database_that_was_not_initialised_names_the_command) {
  std::filesystem::copy_file(std::filesystem::path(WATTLINE_SOURCE_DIR) / "config/plant.json",
                             settings_.plant_config());

  const Finding finding = check_database(settings_, options_);

  EXPECT_FALSE(finding.ok);
  EXPECT_THAT(finding.next_step, HasSubstr("wattline init-db"));
}

TEST_F(DoctorTest, a_web_process_that_answers_200_is_well) {
  const Finding finding = web_with("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

  EXPECT_TRUE(finding.ok) << finding.cause;
  EXPECT_THAT(finding.measured, HasSubstr("GET /healthz 200 in"));
}

TEST_F(DoctorTest, a_web_process_that_is_not_well_breaks_the_link) {
  EXPECT_FALSE(web_with("HTTP/1.1 503 Service Unavailable\r\n\r\nno database").ok);
}

TEST_F(DoctorTest, a_web_process_that_speaks_only_https_is_well) {
  const Finding finding =
      web_with("HTTP/1.1 400 Bad Request\r\n\r\nThis port speaks HTTPS: use https://");

  EXPECT_TRUE(finding.ok) << finding.cause;
  EXPECT_THAT(finding.measured, HasSubstr("HTTPS only"));
}

TEST_F(DoctorTest, a_web_process_that_refuses_this_address_is_well) {
  EXPECT_TRUE(web_with("HTTP/1.1 403 Forbidden\r\n\r\n{\"error\":\"address_refused\"}").ok);
}

TEST_F(DoctorTest, another_program_on_the_web_port_breaks_the_link) {
  EXPECT_FALSE(web_with("SSH-2.0-OpenSSH_9.2\r\n").ok);
}

TEST_F(DoctorTest, a_page_that_was_not_built_names_the_command) {
  const OneAnswer server{"HTTP/1.1 404 Not Found\r\n\r\n"};
  settings_.web_port = server.port();

  const Finding finding = check_browser_port(settings_, options_);

  EXPECT_EQ(finding.cause, "GET / answers 404 without the page");
  EXPECT_THAT(finding.next_step, HasSubstr("./start_system.sh"));
}

TEST_F(DoctorTest, a_closed_browser_port_says_that_nobody_listens) {
  const Finding finding = check_browser_port(settings_, options_);

  EXPECT_THAT(finding.cause, HasSubstr("Connection refused"));
  EXPECT_THAT(finding.next_step,
              HasSubstr(fmt::format("nobody listens on port {}", settings_.web_port)));
}

TEST_F(DoctorTest, the_owner_of_a_port_is_named) {
  const OneAnswer server{""};

  EXPECT_THAT(port_owner(server.port()), HasSubstr(fmt::format("pid {} (", ::getpid())));
}

TEST_F(DoctorTest, a_server_that_says_nothing_does_not_hold_the_doctor_up) {
  const OneAnswer server{""};
  options_.timeout = Milliseconds{50};

  EXPECT_FALSE(http_get("127.0.0.1", server.port(), "/", options_.timeout).has_value());
}

TEST_F(DoctorTest, the_first_broken_link_of_a_stopped_installation_is_the_plc) {
  write_gateway_config("opc.tcp://${PLC_OPC_UA_HOST}:${PLC_OPC_UA_PORT}");

  const auto findings = examine(settings_, options_);

  ASSERT_EQ(findings.size(), 6u);
  EXPECT_EQ(findings.front().link, "plc");
  EXPECT_FALSE(findings.front().ok);
}

}  // namespace
}  // namespace wl::doctor
