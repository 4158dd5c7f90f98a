// The line between Subscriber and Server is cut, stalled and reset: no scan may be missing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "opcua/free_port.hpp"
#include "opcua/recorder.hpp"
#include "opcua/scanning_line.hpp"
#include "opcua/tcp_proxy.hpp"

namespace wl::opcua {
namespace {

using std::chrono::milliseconds;
using State = HistoryFill::State;

constexpr std::uint32_t count_item = 0;
constexpr std::uint32_t mode_item = 1;

SubscriberOptions options_to(std::uint16_t port) {
  SubscriberOptions options;
  options.endpoint_urls = {"opc.tcp://127.0.0.1:" + std::to_string(port)};
  options.node_ids = {"ns=2;s=Line.Count", "ns=2;s=Line.Mode"};
  options.queue_size = 1'000;
  options.timeout = milliseconds{1'000};
  return options;
}

/// A line behind a proxy with a subscriber that acknowledges everything at once.
struct Rig {
  explicit Rig(std::uint32_t queue_size = 1'000) : line(free_port_), proxy(free_port_) {
    EXPECT_EQ(line.start(), "");
    SubscriberOptions options = options_to(proxy.port());
    options.queue_size = queue_size;
    SubscriberEvents events = recorder.events_with_history();
    events.on_data = [this, record = events.on_data](Notification notification) {
      subscriber->acknowledge(notification.token);
      record(std::move(notification));
    };
    subscriber = std::make_unique<Subscriber>(options, events);
    subscriber->start();
    EXPECT_TRUE(
        recorder.wait([](const auto& seen) { return seen.numbers(count_item).size() > 9; }));
  }

  /// How long the fault lasts is what is tested.
  void last(milliseconds duration) const { std::this_thread::sleep_for(duration); }

  bool is_down() { return recorder.wait_link(LinkState::down, milliseconds{5'000}); }

  /// Ends the scans; every number from the first one heard up to the last one scanned.
  std::vector<std::uint64_t> expected() {
    const std::uint64_t last_number = line.finish();
    EXPECT_TRUE(recorder.wait(
        [&](const auto& seen) { return seen.numbers(count_item).back() == last_number; }));
    return all_numbers(heard().front(), last_number);
  }
  std::vector<std::uint64_t> heard() { return recorder.seen().numbers(count_item); }

  bool is_filled(State state = State::whole) {
    return recorder.wait([=](const auto& seen) { return seen.filled() == state; });
  }

  std::uint16_t free_port_ = free_port();
  ScanningLine line;
  TcpProxy proxy;
  Recorder recorder;
  std::unique_ptr<Subscriber> subscriber;
};

TEST(LinkFaults, a_cut_of_three_seconds_loses_nothing) {
  Rig rig;

  rig.proxy.cut();
  EXPECT_TRUE(rig.is_down());
  rig.last(milliseconds{3'000});
  rig.proxy.restore();

  EXPECT_TRUE(rig.is_filled());
  const auto expected = rig.expected();
  EXPECT_EQ(rig.heard(), expected);
}

TEST(LinkFaults, a_cut_is_bridged_without_reading_history) {
  Rig rig;
  rig.proxy.cut();
  EXPECT_TRUE(rig.is_down());
  rig.proxy.restore();

  EXPECT_TRUE(rig.is_filled());

  EXPECT_EQ(rig.recorder.seen().fills.size(), 1u);
  EXPECT_TRUE(rig.recorder.seen().fills.front().changes.empty());
}

TEST(LinkFaults, attempts_while_the_line_is_cut_are_few) {
  Rig rig;
  const int before = rig.proxy.accepted();
  rig.proxy.cut();
  EXPECT_TRUE(rig.is_down());

  rig.last(milliseconds{3'000});

  EXPECT_LT(rig.proxy.accepted() - before, 40);
}

TEST(LinkFaults, a_hang_of_six_seconds_loses_nothing) {
  Rig rig;

  rig.proxy.stall();
  rig.last(milliseconds{6'000});
  rig.proxy.restore();

  EXPECT_TRUE(rig.is_filled());
  const auto expected = rig.expected();
  EXPECT_EQ(rig.heard(), expected);
}

TEST(LinkFaults, a_half_open_line_is_found_and_loses_nothing) {
  Rig rig;

  rig.proxy.deafen();
  EXPECT_TRUE(rig.is_down());
  rig.proxy.restore();

  EXPECT_TRUE(rig.is_filled());
  const auto expected = rig.expected();
  EXPECT_EQ(rig.heard(), expected);
}

TEST(LinkFaults, a_reset_loses_nothing) {
  Rig rig;

  rig.proxy.reset();
  EXPECT_TRUE(rig.is_down());
  rig.proxy.restore();

  EXPECT_TRUE(rig.is_filled());
  const auto expected = rig.expected();
  EXPECT_EQ(rig.heard(), expected);
}

TEST(LinkFaults, a_value_that_does_not_change_is_told_again_after_a_cut) {
  Rig rig;
  const auto tells = [&] {
    const auto changes = rig.recorder.seen().changes;
    return std::count_if(changes.begin(), changes.end(), [](const ItemChange& change) {
      return change.item == mode_item && change.value.quality.is_good();
    });
  };
  const auto before = tells();
  rig.proxy.cut();
  EXPECT_TRUE(rig.is_down());
  rig.proxy.restore();

  EXPECT_TRUE(rig.is_filled());

  EXPECT_EQ(tells(), before + 1);
}

TEST(LinkFaults, values_that_the_servers_queue_lost_are_read_from_its_history) {
  Rig rig(5);

  rig.proxy.stall();
  EXPECT_TRUE(rig.is_down());
  rig.last(milliseconds{1'000});
  rig.proxy.restore();

  EXPECT_TRUE(rig.is_filled());
  const auto expected = rig.expected();
  EXPECT_EQ(rig.heard(), expected);
  EXPECT_FALSE(rig.recorder.seen().fills.front().changes.empty());
}

TEST(LinkFaults, a_server_that_restarts_and_remembers_loses_nothing) {
  Rig rig;

  rig.line.server().stop();
  EXPECT_TRUE(rig.is_down());
  rig.last(milliseconds{1'000});
  EXPECT_TRUE(rig.line.server().start());

  EXPECT_TRUE(rig.is_filled());
  const auto expected = rig.expected();
  EXPECT_EQ(rig.heard(), expected);
}

TEST(LinkFaults, the_history_of_before_the_start_is_read) {
  const auto port = free_port();
  ScanningLine line(port);
  ASSERT_EQ(line.start(), "");
  Recorder first;
  auto options = options_to(port);
  auto before = std::make_unique<Subscriber>(options, first.events());
  before->start();
  ASSERT_TRUE(first.wait([](const auto& seen) { return seen.numbers(count_item).size() > 300; }));
  before.reset();
  Recorder second;
  options.fill_from = first.seen().notifications.back().received_at;
  Subscriber after(options, second.events_with_history());

  after.start();

  ASSERT_TRUE(second.wait([](const auto& seen) { return seen.filled() != State::more; }));
  EXPECT_EQ(second.seen().fills.back().reason, "");
  EXPECT_LE(second.seen().numbers(count_item).front(), first.seen().numbers(count_item).back());
}

/// What a subscriber is told that was interrupted by a server of which `history` is remembered.
HistoryFill fill_after_new_process(HistoryLimits history) {
  const auto port = free_port();
  ServerOptions server = ScanningLine::options_at(port);
  server.history = history;
  auto line = std::make_unique<ScanningLine>(server);
  EXPECT_EQ(line->start(), "");
  Recorder recorder;
  Subscriber subscriber(options_to(port), recorder.events_with_history());
  subscriber.start();
  EXPECT_TRUE(recorder.wait([](const auto& seen) { return seen.alive > 0; }));
  line.reset();
  EXPECT_TRUE(recorder.wait_link(LinkState::down));
  line = std::make_unique<ScanningLine>(server);
  EXPECT_EQ(line->start(), "");
  EXPECT_TRUE(recorder.wait([](const auto& seen) { return seen.filled() != State::more; }));
  return recorder.seen().fills.back();
}

TEST(LinkFaults, a_new_server_process_does_not_claim_what_it_cannot_know) {
  const HistoryFill fill = fill_after_new_process({8 << 20});

  EXPECT_EQ(fill.state, State::not_whole);
  EXPECT_THAT(fill.reason, testing::HasSubstr("the server's history begins at"));
}

TEST(LinkFaults, a_server_without_history_is_said_to_have_none) {
  const HistoryFill fill = fill_after_new_process({0});

  EXPECT_EQ(fill.state, State::not_whole);
  EXPECT_THAT(fill.reason, testing::HasSubstr("the server keeps no history"));
}

TEST(LinkFaults, the_second_server_takes_over_and_the_first_one_after_it) {
  const auto ports = std::pair{free_port(), free_port()};
  auto first = std::make_unique<ScanningLine>(ports.first);
  ScanningLine second(ports.second);
  ASSERT_EQ(first->start(), "");
  ASSERT_EQ(second.start(), "");
  Recorder recorder;
  SubscriberOptions options = options_to(ports.first);
  options.endpoint_urls.push_back(options_to(ports.second).endpoint_urls.front());
  Subscriber subscriber(options, recorder.events());
  subscriber.start();
  ASSERT_TRUE(recorder.wait_link(LinkState::up));
  EXPECT_EQ(subscriber.endpoint_url(), options.endpoint_urls.at(0));

  first.reset();
  ASSERT_TRUE(recorder.wait_link(LinkState::down));
  ASSERT_TRUE(recorder.wait_link(LinkState::up));
  EXPECT_EQ(subscriber.endpoint_url(), options.endpoint_urls.at(1));
  second.server().stop();
  ASSERT_TRUE(recorder.wait_link(LinkState::down));
  first = std::make_unique<ScanningLine>(ports.first);
  ASSERT_EQ(first->start(), "");
  ASSERT_TRUE(recorder.wait_link(LinkState::up));

  EXPECT_EQ(subscriber.endpoint_url(), options.endpoint_urls.at(0));
}

}  // namespace
}  // namespace wl::opcua
