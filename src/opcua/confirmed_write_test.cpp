#include "opcua/confirmed_write.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "opcua/free_port.hpp"
#include "opcua/quality_name.hpp"
#include "opcua/server.hpp"
#include "opcua/tcp_proxy.hpp"

namespace wl::opcua {
namespace {

using testing::HasSubstr;
using Proven = WriteReport::Proven;

const Timestamp scan_time = from_unix_ms(1'763'820'000'123);
constexpr std::int64_t standby = 0;
constexpr std::int64_t running = 1;

/// A server with a start command, a set point, a stop state and the state of a line; what a write
/// does to them is up to the test.
class Line {
 public:
  enum class Start { runs, is_cleared_only, stays_true };

  explicit Line(Start start = Start::runs) : server_(options(port_)), start_(start) {
    command_ = add("Start", DataType::boolean);
    stop_ = add("Stop", DataType::boolean);
    speed_ = add("Speed", DataType::float32);
    state_ = add("State", DataType::int16);
    server_.on_write(
        [this](VariableId variable, const Value& value) { return take(variable, value); });
    const auto started = server_.start();
    EXPECT_TRUE(started) << started.error().what;
    show(quality::good);
  }

  /// All nodes at rest, with this quality.
  void show(Quality quality) {
    server_.post({{command_, {false, quality, scan_time}},
                  {stop_, {false, quality, scan_time}},
                  {speed_, {1.5, quality, scan_time}},
                  {state_, {standby, quality, scan_time}}});
  }
  void refuse_with(Quality quality) { answer_ = quality; }
  std::uint16_t port() const { return port_; }
  std::string url() const { return "opc.tcp://127.0.0.1:" + std::to_string(port_); }

 private:
  static ServerOptions options(std::uint16_t at) {
    ServerOptions options;
    options.port = at;
    options.application_uri = "urn:localhost:Wattline:Test";
    options.application_name = "Test";
    options.namespace_uris = {"urn:wattline:test"};
    options.anonymous_may_write = true;
    return options;
  }

  VariableId add(const std::string& name, DataType type) {
    VariableSpec spec;
    spec.node_id = "Line." + name;
    spec.browse_path = {"Line", name};
    spec.type = type;
    spec.access = Access::read_write;
    return *server_.add_variable(spec);
  }

  /// On the server's thread.
  Quality take(VariableId variable, const Value& value) {
    const Quality answer = answer_;
    if (!answer.is_good()) return answer;
    if (variable == command_ && start_ == Start::runs)
      server_.post({{state_, {running, quality::good, scan_time}}});
    else if (variable != command_ || start_ == Start::stays_true)
      server_.post({{variable, {value, quality::good, scan_time}}});
    return quality::good;
  }

  std::uint16_t port_ = free_port();
  Server server_;
  Start start_;
  std::atomic<Quality> answer_ = quality::good;
  VariableId command_;
  VariableId stop_;
  VariableId speed_;
  VariableId state_;
};

ConfirmedWrite write_to(const std::string& name, Value value) {
  ConfirmedWrite write;
  write.node_id = "ns=2;s=Line." + name;
  write.state_node_id = "ns=2;s=Line.State";
  write.value = std::move(value);
  write.patience = Milliseconds{500};
  return write;
}

ConfirmedWrite start_command() {
  ConfirmedWrite write = write_to("Start", true);
  write.proof = ConfirmedWrite::Proof::cleared;
  write.leads_to = Value{running};
  return write;
}

Result<WriteReport> carry_out(const std::string& url, const ConfirmedWrite& write) {
  return write_confirmed(url, write, {}, Milliseconds{3000});
}

/// Carried out again while the first values have not reached the server's nodes yet.
Result<WriteReport> carry_out(const Line& line, const ConfirmedWrite& write) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{5};
  auto report = carry_out(line.url(), write);
  while (!report && report.error().what.find("WaitingForInitialData") != std::string::npos &&
         std::chrono::steady_clock::now() < until) {
    report = carry_out(line.url(), write);
  }
  return report;
}

TEST(ConfirmedWrite, an_edge_is_proven_by_the_state_to_which_it_leads) {
  const Line line;

  const auto report = carry_out(line, start_command());

  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->proven, Proven::by_state);
  EXPECT_EQ(report->state_before.value, Value{standby});
  EXPECT_EQ(report->state_after.value, Value{running});
  EXPECT_EQ(report->after.value, Value{false});
}

TEST(ConfirmedWrite, an_edge_that_the_device_took_and_ignored_is_proven_by_its_clearing) {
  const Line line(Line::Start::is_cleared_only);

  const auto report = carry_out(line, start_command());

  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->proven, Proven::by_clearing);
  EXPECT_EQ(report->state_after.value, Value{standby});
}

TEST(ConfirmedWrite, an_edge_that_nobody_takes_is_not_proven_and_says_so) {
  const Line line(Line::Start::stays_true);

  const auto report = carry_out(line, start_command());

  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->proven, Proven::no);
  EXPECT_EQ(report->reason, "no effect was seen within 500 ms");
}

TEST(ConfirmedWrite, a_number_is_brought_to_the_type_of_the_node_and_read_back) {
  const Line line;

  const auto report = carry_out(line, write_to("Speed", 2.3));

  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->proven, Proven::by_value);
  EXPECT_EQ(report->before.value, Value{1.5});
  EXPECT_NEAR(to_number(report->after.value).value(), 2.3, 1e-6);
}

TEST(ConfirmedWrite, a_value_that_does_not_fit_the_node_is_not_sent) {
  const Line line;

  const auto report = carry_out(line, write_to("Stop", std::string("yes")));

  EXPECT_EQ(report.error().code, Errc::invalid_argument);
  EXPECT_THAT(report.error().what, HasSubstr("is a Boolean"));
}

TEST(ConfirmedWrite, nothing_is_written_while_a_quality_is_not_good) {
  Line line;
  ASSERT_TRUE(carry_out(line, write_to("Stop", false)));
  line.show(quality::uncertain_last_usable);
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{5};
  auto report = carry_out(line.url(), write_to("Stop", true));
  while (report && std::chrono::steady_clock::now() < until)
    report = carry_out(line.url(), write_to("Stop", false));

  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, Errc::conflict);
  EXPECT_THAT(report.error().what, HasSubstr("UncertainLastUsableValue"));
}

TEST(ConfirmedWrite, what_must_not_wait_is_written_whatever_the_quality) {
  Line line;
  line.show(quality::uncertain_last_usable);
  ConfirmedWrite write = write_to("Stop", true);
  write.before = ConfirmedWrite::Before::is_read;

  const auto report = carry_out(line.url(), write);

  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->proven, Proven::by_value);
}

TEST(ConfirmedWrite, what_the_server_refuses_is_told_with_its_word) {
  Line line;
  line.refuse_with(quality::bad_no_communication);

  const auto report = carry_out(line, start_command());

  EXPECT_EQ(report.error().code, Errc::conflict);
  EXPECT_THAT(report.error().what, HasSubstr("Line.Start: BadNoCommunication"));
}

TEST(ConfirmedWrite, a_node_that_is_not_there_and_a_server_that_is_not_there_are_told_apart) {
  const Line line;

  EXPECT_EQ(carry_out(line, write_to("Gone", true)).error().code, Errc::not_found);
  EXPECT_EQ(
      carry_out("opc.tcp://127.0.0.1:" + std::to_string(free_port()), start_command()).error().code,
      Errc::unavailable);
}

TEST(ConfirmedWrite, after_its_time_nothing_is_written_any_more) {
  const Line line;
  ConfirmedWrite late = start_command();
  late.write_until = std::chrono::steady_clock::now();

  const auto report = carry_out(line, late);

  EXPECT_EQ(report.error().code, Errc::unavailable);
  EXPECT_THAT(report.error().what, HasSubstr("nothing was written"));
}

TEST(ConfirmedWrite, a_server_that_hangs_is_given_up) {
  const Line line;
  ASSERT_TRUE(carry_out(line, write_to("Stop", false)));
  TcpProxy proxy(line.port());
  proxy.stall();

  const auto report = write_confirmed("opc.tcp://127.0.0.1:" + std::to_string(proxy.port()),
                                      start_command(), {}, Milliseconds{300});

  EXPECT_EQ(report.error().code, Errc::unavailable);
}

TEST(QualityName, is_that_of_the_code_without_its_info_bits) {
  EXPECT_EQ(quality_name(quality::good), "Good");
  EXPECT_EQ(quality_name(Quality{0x40900405}), "UncertainLastUsableValue");
  EXPECT_EQ(quality_name(quality::bad_no_communication), "BadNoCommunication");
}

}  // namespace
}  // namespace wl::opcua
