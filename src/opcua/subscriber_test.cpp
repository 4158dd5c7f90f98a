#include "opcua/subscriber.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <new>
#include <utility>

#include "opcua/free_port.hpp"
#include "opcua/recorder.hpp"
#include "opcua/server.hpp"

namespace wl::opcua {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;

const Timestamp scan_time = from_unix_ms(1'763'820'000'123);
constexpr std::uint32_t count_item = 0;
constexpr std::uint32_t setpoint_item = 1;

DataValue good(Value value) {
  return {std::move(value), quality::good, scan_time};
}

enum class Anonymous { reads, writes };

/// A server with a counter (read) and a set point (read and write).
struct Line {
  explicit Line(std::uint16_t at, Anonymous anonymous = Anonymous::writes)
      : port(at), server(options(at, anonymous)) {
    count = *server.add_variable(spec("Count", DataType::uint32, Access::read));
    setpoint = *server.add_variable(spec("Setpoint", DataType::float32, Access::read_write));
  }

  static ServerOptions options(std::uint16_t at, Anonymous anonymous) {
    ServerOptions options;
    options.port = at;
    options.application_uri = "urn:localhost:Wattline:Test";
    options.application_name = "Test";
    options.namespace_uris = {"urn:wattline:test"};
    options.anonymous_may_write = anonymous == Anonymous::writes;
    return options;
  }

  static VariableSpec spec(const std::string& name, DataType type, Access access) {
    VariableSpec spec;
    spec.node_id = "Line." + name;
    spec.browse_path = {"Line", name};
    spec.type = type;
    spec.access = access;
    return spec;
  }

  std::string start() {
    const auto started = server.start();
    return started ? std::string{} : started.error().what;
  }

  void post_count(std::uint64_t number) { server.post({{count, good(number)}}); }

  std::uint16_t port;
  Server server;
  VariableId count;
  VariableId setpoint;
};

SubscriberOptions options_to(std::uint16_t port) {
  SubscriberOptions options;
  options.endpoint_urls = {"opc.tcp://127.0.0.1:" + std::to_string(port)};
  options.node_ids = {"ns=2;s=Line.Count", "ns=2;s=Line.Setpoint"};
  options.max_backoff = milliseconds{300};
  return options;
}

auto count_is(std::uint64_t number) {
  return [number](const Recorder::Seen& seen) {
    return seen.last(count_item).value.value == Value{number};
  };
}

TEST(Subscriber, values_arrive_with_source_time_and_quality) {
  Line line(free_port());
  ASSERT_EQ(line.start(), "");
  Recorder recorder;
  Subscriber subscriber(options_to(line.port), recorder.events());
  subscriber.start();
  ASSERT_TRUE(recorder.wait_link(LinkState::up));
  const DataValue posted{std::uint64_t{7}, quality::uncertain_last_usable, scan_time};

  line.server.post({{line.count, posted}});

  ASSERT_TRUE(recorder.wait(count_is(7)));
  EXPECT_EQ(recorder.seen().last(count_item).value, posted);
}

TEST(Subscriber, a_loss_that_could_not_be_told_is_told_again) {
  Recorder recorder;
  SubscriberEvents events = recorder.events();
  bool fails = true;
  events.on_link = [&, hear = events.on_link](LinkState state, std::string reason, Timestamp at) {
    if (state == LinkState::down && std::exchange(fails, false)) throw std::bad_alloc();
    hear(state, std::move(reason), at);
  };
  Subscriber subscriber(options_to(free_port()), events);

  subscriber.start();

  EXPECT_TRUE(recorder.wait_link(LinkState::down));
}

TEST(Subscriber, values_that_could_not_be_taken_come_again_over_a_new_link) {
  Line line(free_port());
  ASSERT_EQ(line.start(), "");
  line.post_count(7);
  Recorder recorder;
  SubscriberEvents events = recorder.events();
  bool fails = true;
  events.on_data = [&, take = events.on_data](Notification notification) {
    if (std::exchange(fails, false)) throw std::bad_alloc();
    take(std::move(notification));
  };
  Subscriber subscriber(options_to(line.port), events);

  subscriber.start();

  EXPECT_TRUE(recorder.wait(count_is(7)));
}

TEST(Subscriber, a_variable_without_a_value_is_reported_as_waiting_for_it) {
  Line line(free_port());
  ASSERT_EQ(line.start(), "");
  Recorder recorder;
  Subscriber subscriber(options_to(line.port), recorder.events());
  subscriber.start();

  ASSERT_TRUE(recorder.wait([](const auto& seen) { return !seen.changes.empty(); }));

  EXPECT_EQ(recorder.seen().last(count_item).value.quality, quality::bad_waiting_for_initial_data);
}

TEST(Subscriber, ten_thousand_changes_arrive_in_order_and_none_is_lost) {
  constexpr std::uint64_t total = 10'000;
  Line line(free_port());
  ASSERT_EQ(line.start(), "");
  Recorder recorder;
  auto options = options_to(line.port);
  options.queue_size = 10'000;
  Subscriber subscriber(options, recorder.events());
  subscriber.start();
  ASSERT_TRUE(recorder.wait([](const auto& seen) { return seen.alive > 0; }));
  std::vector<Value> expected;

  for (std::uint64_t number = 1; number <= total; ++number) {
    line.post_count(number);
    expected.emplace_back(number);
  }

  ASSERT_TRUE(recorder.wait(count_is(total), milliseconds{30'000}));
  std::vector<Value> arrived;
  for (const ItemChange& change : recorder.seen().changes) {
    if (change.item == count_item && change.value.quality.is_good()) {
      arrived.push_back(change.value.value);
    }
  }
  EXPECT_EQ(arrived, expected);
}

TEST(Subscriber, values_lost_in_the_servers_queue_are_marked_as_overflow) {
  Line line(free_port());
  ASSERT_EQ(line.start(), "");
  Recorder recorder;
  auto options = options_to(line.port);
  options.queue_size = 2;
  options.publishing_interval = milliseconds{500};
  Subscriber subscriber(options, recorder.events());
  subscriber.start();
  ASSERT_TRUE(recorder.wait([](const auto& seen) { return seen.alive > 0; }));

  for (std::uint64_t number = 1; number <= 50; ++number) line.post_count(number);

  ASSERT_TRUE(recorder.wait(count_is(50)));
  const auto changes = recorder.seen().changes;
  EXPECT_TRUE(std::any_of(changes.begin(), changes.end(),
                          [](const ItemChange& change) { return change.overflow; }));
  EXPECT_EQ(recorder.seen().last(count_item).value.quality, quality::good);
}

TEST(Subscriber, a_quiet_link_is_proven_alive_each_second) {
  Line line(free_port());
  ASSERT_EQ(line.start(), "");
  Recorder recorder;
  Subscriber subscriber(options_to(line.port), recorder.events());
  subscriber.start();
  ASSERT_TRUE(recorder.wait_link(LinkState::up));

  EXPECT_TRUE(recorder.wait([](const auto& seen) { return seen.alive >= 3; }, milliseconds{3'000}));
  EXPECT_EQ(recorder.seen().link(), LinkState::up);
}

TEST(Subscriber, acknowledged_notifications_do_not_disturb_the_flow) {
  Line line(free_port());
  ASSERT_EQ(line.start(), "");
  Recorder recorder;
  Subscriber* acknowledger = nullptr;
  auto events = recorder.events();
  events.on_data = [&, record = events.on_data](Notification notification) {
    acknowledger->acknowledge(notification.token);
    record(std::move(notification));
  };
  Subscriber subscriber(options_to(line.port), events);
  acknowledger = &subscriber;
  subscriber.start();
  ASSERT_TRUE(recorder.wait_link(LinkState::up));

  line.post_count(1);
  ASSERT_TRUE(recorder.wait(count_is(1)));
  line.post_count(2);

  EXPECT_TRUE(recorder.wait(count_is(2)));
  EXPECT_EQ(recorder.seen().links.size(), 2u);  // connecting, up
}

TEST(Subscriber, a_restarted_server_brings_the_link_down_and_up_and_values_again) {
  const auto port = free_port();
  auto line = std::make_unique<Line>(port);
  ASSERT_EQ(line->start(), "");
  Recorder recorder;
  Subscriber subscriber(options_to(port), recorder.events());
  subscriber.start();
  ASSERT_TRUE(recorder.wait_link(LinkState::up));

  line.reset();
  ASSERT_TRUE(recorder.wait_link(LinkState::down, milliseconds{1'000}));
  EXPECT_THAT(recorder.seen().reason(), HasSubstr(options_to(port).endpoint_urls.front()));
  line = std::make_unique<Line>(port);
  ASSERT_EQ(line->start(), "");
  line->post_count(99);

  EXPECT_TRUE(recorder.wait_link(LinkState::up, milliseconds{3'000}));
  EXPECT_TRUE(recorder.wait(count_is(99)));
}

TEST(Subscriber, a_server_that_is_not_there_is_told_once_with_its_endpoint) {
  const auto port = free_port();
  Recorder recorder;
  auto options = options_to(port);
  options.reconnect_attempts = 2;
  Subscriber subscriber(options, recorder.events());
  subscriber.start();

  ASSERT_TRUE(recorder.wait(
      [](const auto& seen) { return seen.reason().find("gave up after 2") != std::string::npos; }));

  EXPECT_THAT(recorder.seen().links.at(1).second, HasSubstr(options.endpoint_urls.front()));
  EXPECT_EQ(recorder.seen().links.size(), 3u);  // connecting, down, gave up
}

TEST(Subscriber, unknown_nodes_are_named_and_delivered_as_bad_once) {
  Line line(free_port());
  ASSERT_EQ(line.start(), "");
  Recorder recorder;
  auto options = options_to(line.port);
  options.node_ids.push_back("ns=2;s=Line.Missing");
  Subscriber subscriber(options, recorder.events());
  subscriber.start();

  ASSERT_TRUE(recorder.wait([](const auto& seen) { return seen.alive > 0; }));

  EXPECT_THAT(recorder.seen().reason(), HasSubstr("ns=2;s=Line.Missing"));
  EXPECT_EQ(recorder.seen().last(2).value.quality.status_code, 0x80340000u);
}

TEST(Subscriber, a_write_reaches_the_handler_and_does_not_fake_the_value) {
  Line line(free_port());
  std::atomic<double> wish{0};
  line.server.on_write([&](VariableId, const Value& value) {
    wish = std::get<double>(value);
    return quality::good;
  });
  ASSERT_EQ(line.start(), "");
  line.server.post({{line.setpoint, good(1.5)}});
  Recorder recorder;
  Subscriber subscriber(options_to(line.port), recorder.events());
  subscriber.start();
  ASSERT_TRUE(recorder.wait_link(LinkState::up));

  subscriber.write(setpoint_item, 2.5, DataType::float32, recorder.write_result());

  ASSERT_TRUE(recorder.wait([](const auto& seen) { return !seen.write_results.empty(); }));
  EXPECT_EQ(recorder.seen().write_results.front(), quality::good);
  EXPECT_EQ(wish, 2.5);
  line.post_count(1);
  ASSERT_TRUE(recorder.wait(count_is(1)));
  EXPECT_EQ(recorder.seen().last(setpoint_item).value, good(1.5));
}

TEST(Subscriber, what_the_handler_refuses_is_the_result_of_the_write) {
  Line line(free_port());
  line.server.on_write([](VariableId, const Value&) { return quality::bad_out_of_service; });
  ASSERT_EQ(line.start(), "");
  Recorder recorder;
  Subscriber subscriber(options_to(line.port), recorder.events());
  subscriber.start();
  ASSERT_TRUE(recorder.wait_link(LinkState::up));

  subscriber.write(setpoint_item, 2.5, DataType::float32, recorder.write_result());

  ASSERT_TRUE(recorder.wait([](const auto& seen) { return !seen.write_results.empty(); }));
  EXPECT_EQ(recorder.seen().write_results.front(), quality::bad_out_of_service);
}

/// The result of writing 2.5 as `type` to `item`.
std::uint32_t write_status(Line& line, std::uint32_t item, DataType type) {
  Recorder recorder;
  Subscriber subscriber(options_to(line.port), recorder.events());
  subscriber.start();
  EXPECT_TRUE(recorder.wait_link(LinkState::up));
  subscriber.write(item, 2.0, type, recorder.write_result());
  EXPECT_TRUE(recorder.wait([](const auto& seen) { return !seen.write_results.empty(); }));
  return recorder.seen().write_results.at(0).status_code;
}

TEST(Subscriber, a_variable_for_reading_is_not_writable) {
  Line line(free_port());
  line.server.on_write([](VariableId, const Value&) { return quality::good; });
  ASSERT_EQ(line.start(), "");

  EXPECT_EQ(write_status(line, count_item, DataType::uint32), 0x803B0000u);  // BadNotWritable
}

TEST(Subscriber, without_a_handler_nothing_is_writable) {
  Line line(free_port());
  ASSERT_EQ(line.start(), "");

  EXPECT_EQ(write_status(line, setpoint_item, DataType::float32), 0x803B0000u);
}

TEST(Subscriber, an_anonymous_client_may_not_write_where_that_is_not_allowed) {
  Line line(free_port(), Anonymous::reads);
  line.server.on_write([](VariableId, const Value&) { return quality::good; });
  ASSERT_EQ(line.start(), "");

  EXPECT_EQ(write_status(line, setpoint_item, DataType::float32),
            0x801F0000u);  // BadUserAccessDenied
}

TEST(Subscriber, a_write_of_another_type_is_a_type_mismatch) {
  Line line(free_port());
  line.server.on_write([](VariableId, const Value&) { return quality::good; });
  ASSERT_EQ(line.start(), "");

  EXPECT_EQ(write_status(line, setpoint_item, DataType::int32), 0x80740000u);
}

TEST(Subscriber, a_write_without_a_link_fails_at_once) {
  Recorder recorder;
  Subscriber subscriber(options_to(free_port()), recorder.events());
  subscriber.start();

  subscriber.write(setpoint_item, 2.5, DataType::float32, recorder.write_result());

  ASSERT_TRUE(recorder.wait([](const auto& seen) { return !seen.write_results.empty(); },
                            milliseconds{500}));
  EXPECT_EQ(recorder.seen().write_results.front(), quality::bad_no_communication);
}

TEST(Subscriber, a_write_after_the_stop_fails_too) {
  Recorder recorder;
  Subscriber subscriber(options_to(free_port()), recorder.events());
  subscriber.start();
  subscriber.stop();

  subscriber.write(setpoint_item, 2.5, DataType::float32, recorder.write_result());

  EXPECT_THAT(recorder.seen().write_results, ElementsAre(quality::bad_no_communication));
}

}  // namespace
}  // namespace wl::opcua
