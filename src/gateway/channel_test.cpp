#include "gateway/channel.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <new>

#include "base/bounded_queue.hpp"

namespace wl::gateway {
namespace {

using std::chrono::milliseconds;

const Timestamp t0 = from_unix_ms(1'763'820'000'000);

/// A driver whose device is the test.
struct FakeDriver : Driver {
  FakeDriver(DriverEvents to, std::vector<Value>& written) : events(std::move(to)), log(written) {}
  void start() override {}
  void stop() override {}
  void write(std::uint32_t, const Value& value, std::function<void(Quality)> done) override {
    log.push_back(value);
    done(quality::good);
  }

  DriverEvents events;
  std::vector<Value>& log;
};

ChannelConfig one_scaled_tag() {
  TagConfig tag;
  tag.name = "Level";
  tag.path = "C.D.G.Level";
  tag.access = TagAccess::read_write;
  tag.scaling = Scaling{4, 20, 0, 100};
  return {"C", "fake", "fake://", "", {{"D", {{"G", {tag}}}}}};
}

class ChannelTest : public testing::Test {
 protected:
  void SetUp() override { channel_.start(); }

  DriverEvents& device() { return driver_->events; }
  /// What clients see next; at most a second.
  std::vector<TagUpdate> next() {
    const auto all = out_.drain(milliseconds{1'000});
    return all.empty() ? std::vector<TagUpdate>{} : all.front();
  }

  std::vector<Value> written_;
  std::atomic<bool> sink_fails_ = false;
  BoundedQueue<std::vector<TagUpdate>> out_{100, WhenFull::refuse};
  FakeDriver* driver_ = nullptr;
  Channel channel_{one_scaled_tag(),
                   [this](std::vector<TagUpdate> updates) {
                     if (sink_fails_.exchange(false)) throw std::bad_alloc();
                     out_.push(std::move(updates));
                   },
                   [this](const ChannelConfig&, DriverEvents events) {
                     auto driver = std::make_unique<FakeDriver>(std::move(events), written_);
                     driver_ = driver.get();
                     return driver;
                   }};
};

TEST_F(ChannelTest, another_reason_for_the_same_loss_does_not_change_its_time) {
  device().on_down("cable", t0);
  const auto first = next();
  device().on_down("still no cable", t0 + milliseconds{5'000});
  device().on_values({{0, {12.0, quality::good, t0 + milliseconds{6'000}}}});

  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].value.source_time, t0);
  const auto second = next();
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(second[0].value, (DataValue{50.0, quality::good, t0 + milliseconds{6'000}}));
}

TEST_F(ChannelTest, a_write_is_scaled_back_to_the_devices_unit) {
  device().on_up("", t0);
  device().on_values({{0, {12.0, quality::good, t0}}});
  ASSERT_EQ(next().size(), 1u);  // The channel knows by now that it is up.

  EXPECT_EQ(channel_.write(0, 75.0), quality::good);
  EXPECT_THAT(written_, testing::ElementsAre(Value{16.0}));
}

TEST_F(ChannelTest, a_write_outside_the_engineering_range_is_refused) {
  device().on_up("", t0);
  device().on_values({{0, {12.0, quality::good, t0}}});
  ASSERT_EQ(next().size(), 1u);

  EXPECT_EQ(channel_.write(0, 101.0).status_code, 0x803C0000u);
  EXPECT_TRUE(written_.empty());
}

TEST_F(ChannelTest, an_update_that_could_not_be_given_out_follows_without_a_new_value) {
  sink_fails_ = true;

  device().on_values({{0, {12.0, quality::good, t0}}});

  const auto seen = next();
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].value, (DataValue{50.0, quality::good, t0}));
}

TEST_F(ChannelTest, a_write_before_the_device_answers_is_refused) {
  EXPECT_EQ(channel_.write(0, 50.0), quality::bad_no_communication);
}

}  // namespace
}  // namespace wl::gateway
