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
  options.endpoint_url = "opc.tcp://127.0.0.1:" + std::to_string(port);
  options.node_ids = {"ns=2;s=Line.Count", "ns=2;s=Line.Mode"};
  options.queue_size = 1'000;
  options.timeout = milliseconds{1'000};
  return options;
}

/// A line behind a proxy with a subscriber that acknowledges everything at once.
struct Rig {
  Rig() : line(free_port_), proxy(free_port_) {
    EXPECT_EQ(line.start(), "");
    const SubscriberOptions options = options_to(proxy.port());
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

  EXPECT_TRUE(rig.recorder.wait([](const auto& seen) { return seen.filled() == State::whole; }));
  const auto expected = rig.expected();
  EXPECT_EQ(rig.heard(), expected);
}

TEST(LinkFaults, a_cut_is_bridged_without_reading_history) {
  Rig rig;
  rig.proxy.cut();
  EXPECT_TRUE(rig.is_down());
  rig.proxy.restore();

  EXPECT_TRUE(rig.recorder.wait([](const auto& seen) { return seen.filled() == State::whole; }));

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

  EXPECT_TRUE(rig.recorder.wait([](const auto& seen) { return seen.filled() == State::whole; }));
  const auto expected = rig.expected();
  EXPECT_EQ(rig.heard(), expected);
}

TEST(LinkFaults, a_half_open_line_is_found_and_loses_nothing) {
  Rig rig;

  rig.proxy.deafen();
  EXPECT_TRUE(rig.is_down());
  rig.proxy.restore();

  EXPECT_TRUE(rig.recorder.wait([](const auto& seen) { return seen.filled() == State::whole; }));
  const auto expected = rig.expected();
  EXPECT_EQ(rig.heard(), expected);
}

TEST(LinkFaults, a_reset_loses_nothing) {
  Rig rig;

  rig.proxy.reset();
  EXPECT_TRUE(rig.is_down());
  rig.proxy.restore();

  EXPECT_TRUE(rig.recorder.wait([](const auto& seen) { return seen.filled() == State::whole; }));
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

  EXPECT_TRUE(rig.recorder.wait([](const auto& seen) { return seen.filled() == State::whole; }));

  EXPECT_EQ(tells(), before + 1);
}

}  // namespace
}  // namespace wl::opcua
