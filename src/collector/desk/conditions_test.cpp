// System alarms through the whole desk: what an operator sees, when.
#include "collector/desk/conditions.hpp"

#include <gmock/gmock.h>

#include "collector/desk/desk_rig.hpp"

namespace wl::collector {
namespace {

const std::string link_lost = "system:link_lost:";
const std::string gateway_down = "system:gateway_down:";
const std::string spool_filling = "system:spool_filling:";
const std::string database_down = "system:database_down:";
const std::string clock_step = "system:clock_step:";
const std::string disk_low = "system:disk_low:data";
const std::string certificate = "system:certificate_expiring:CN=gateway";
const std::string oee_low = "system:oee_low:total";
const std::string mail_failing = "system:mail_failing:";

constexpr std::uint64_t gb = 1'000'000'000;

std::string level(const DeskRig& rig, const std::string& key) {
  return std::string(alarm::word(rig.desk.core()->book().find(key)->level));
}

HostFacts disk(std::uint64_t free, std::uint64_t total) {
  return {.gateway_listens = {}, .disks = {{"data", free, total}}, .certificates = {}};
}

HostFacts expires_in(double days) {
  const Milliseconds left{static_cast<std::int64_t>(days * 86'400'000)};
  return {
      .gateway_listens = {}, .disks = {}, .certificates = {{"CN=gateway", rig_now(0).wall + left}}};
}

TEST(Conditions, a_link_that_is_not_alive_for_5_seconds_is_lost) {
  DeskRig rig;
  rig.seconds(3);
  rig.link_alive = false;

  rig.seconds(5);
  EXPECT_EQ(rig.state(link_lost), "");
  rig.seconds(1);
  EXPECT_EQ(rig.state(link_lost), "active_unacked");
  rig.link_alive = true;
  rig.seconds(1);
  EXPECT_EQ(rig.state(link_lost), "cleared_unacked");
}

TEST(Conditions, a_gateway_that_does_not_run_hides_the_lost_link) {
  DeskRig rig;
  rig.link_alive = false;
  rig.desk.on_host({.gateway_listens = false, .disks = {}, .certificates = {}});

  rig.seconds(10);

  EXPECT_EQ(rig.state(gateway_down), "active_unacked");
  EXPECT_EQ(rig.state(link_lost), "suppressed");
}

TEST(Conditions, a_gateway_that_listens_but_gives_nothing_is_a_lost_link) {
  DeskRig rig;
  rig.link_alive = false;
  rig.desk.on_host({.gateway_listens = true, .disks = {}, .certificates = {}});

  rig.seconds(10);

  EXPECT_EQ(rig.state(gateway_down), "");
  EXPECT_EQ(rig.state(link_lost), "active_unacked");
}

TEST(Conditions, a_gateway_that_was_down_before_a_restart_is_not_taken_for_up_unseen) {
  DeskRig before;
  before.link_alive = false;
  before.desk.on_host({.gateway_listens = false, .disks = {}, .certificates = {}});
  before.seconds(10);

  DeskRig after = before.restarted();
  after.link_alive = false;
  after.seconds(3);
  EXPECT_EQ(after.state(gateway_down), "active_unacked");
  after.link_alive = true;
  after.seconds(1);

  EXPECT_EQ(after.state(gateway_down), "cleared_unacked");
}

TEST(Conditions, bad_signs_of_life_are_a_controller_that_is_down_within_two_ticks) {
  DeskRig rig;
  rig.seconds(10);

  rig.values[rig_scan_count.value].quality = quality::bad_no_communication;
  rig.values[rig_boot_count.value].quality = quality::bad_no_communication;
  rig.seconds(2);

  EXPECT_EQ(rig.state(plc1_down), "active_unacked");
}

TEST(Conditions, one_bad_point_is_not_a_controller_that_is_down) {
  DeskRig rig;
  rig.seconds(10);

  rig.values[rig_power.value].quality = quality::bad_device_failure;
  rig.values[rig_boot_count.value].quality = quality::bad_device_failure;
  rig.seconds(10);

  EXPECT_EQ(rig.state(plc1_down), "");
}

TEST(Conditions, a_controller_without_counters_is_down_when_all_of_its_points_are_bad) {
  DeskRig rig;
  rig.seconds(10);

  rig.values[rig_other.value].quality = quality::bad_no_communication;
  rig.seconds(2);

  EXPECT_EQ(rig.state(plc2_down), "active_unacked");
}

TEST(Conditions, in_the_first_seconds_of_a_link_the_gateway_may_wait_for_its_controller) {
  DeskRig rig;
  rig.link_alive = false;
  rig.seconds(2);
  rig.link_alive = true;
  rig.values[rig_other.value].quality = quality::bad_waiting_for_initial_data;

  rig.seconds(3);
  EXPECT_EQ(rig.state(plc2_down), "");
  rig.seconds(1);

  EXPECT_EQ(rig.state(plc2_down), "active_unacked");
}

TEST(Conditions, a_scan_counter_that_stands_still_is_a_controller_that_is_down) {
  DeskRig rig;
  rig.seconds(10);

  rig.scan_moves = false;
  rig.seconds(1);
  EXPECT_EQ(rig.state(plc1_down), "");
  rig.seconds(1);

  EXPECT_EQ(rig.state(plc1_down), "active_unacked");
}

TEST(Conditions, behind_a_silent_gateway_a_standing_counter_says_nothing) {
  DeskRig rig;
  rig.seconds(10);

  rig.scan_moves = false;
  rig.gateway_speaks = false;
  rig.seconds(10);

  EXPECT_EQ(rig.state(plc1_down), "");
}

TEST(Conditions, a_controller_that_is_down_stays_so_while_the_link_is_dead) {
  DeskRig rig;
  rig.seconds(10);
  rig.scan_moves = false;
  rig.seconds(3);

  rig.link_alive = false;
  rig.seconds(10);

  EXPECT_EQ(rig.state(plc1_down), "active_unacked");
}

TEST(Conditions, a_filling_spool_is_a_warning_and_then_critical) {
  DeskRig rig;
  rig.desk.on_forward({.spool_share = 0.49});
  rig.seconds(1);
  EXPECT_EQ(rig.state(spool_filling), "");

  rig.desk.on_forward({.spool_share = 0.5});
  rig.seconds(1);
  EXPECT_EQ(level(rig, spool_filling), "warning");
  rig.desk.on_forward({.spool_share = 0.8});
  rig.seconds(1);

  EXPECT_EQ(level(rig, spool_filling), "critical");
}

TEST(Conditions, a_spool_that_drops_records_is_an_emergency) {
  DeskRig rig;
  rig.desk.on_forward({.spool_share = 0.99, .records_lost = 0});
  rig.seconds(1);

  rig.desk.on_forward({.spool_share = 0.99, .records_lost = 1});
  rig.seconds(1);

  EXPECT_EQ(level(rig, spool_filling), "emergency");
}

TEST(Conditions, a_spool_around_its_limit_does_not_flutter) {
  DeskRig rig;
  rig.desk.on_forward({.spool_share = 0.5});
  rig.seconds(1);

  rig.desk.on_forward({.spool_share = 0.46});
  rig.seconds(1);
  EXPECT_EQ(rig.state(spool_filling), "active_unacked");
  rig.desk.on_forward({.spool_share = 0.44});
  rig.seconds(1);

  EXPECT_EQ(rig.state(spool_filling), "cleared_unacked");
}

TEST(Conditions, what_the_disk_of_the_spool_lost_is_named_as_that) {
  DeskRig rig;
  rig.desk.on_forward({.spool_share = 0.001, .lost_by_disk = 3});
  rig.seconds(1);
  EXPECT_EQ(level(rig, "system:spool_damaged:"), "emergency");
  EXPECT_EQ(rig.state(spool_filling), "");

  rig.seconds(61);

  EXPECT_EQ(rig.state("system:spool_damaged:"), "cleared_unacked");
}

TEST(Conditions, a_database_that_stores_nothing_for_30_seconds_is_down) {
  DeskRig rig;
  rig.desk.on_forward({.records_wait = true, .batches_stored = 3});
  rig.seconds(31);
  EXPECT_EQ(rig.state(database_down), "");

  rig.seconds(1);
  EXPECT_EQ(rig.state(database_down), "active_unacked");
  rig.desk.on_forward({.records_wait = true, .batches_stored = 4});
  rig.seconds(1);

  EXPECT_EQ(rig.state(database_down), "cleared_unacked");
}

TEST(Conditions, a_database_with_nothing_to_store_is_not_down) {
  DeskRig rig;
  rig.desk.on_forward({.records_wait = false, .batches_stored = 3});

  rig.seconds(100);

  EXPECT_EQ(rig.state(database_down), "");
}

TEST(Conditions, a_step_of_the_clock_is_told_for_a_minute) {
  DeskRig rig;
  rig.seconds(3);

  rig.clock_ahead = std::chrono::hours(-1);
  rig.seconds(1);
  EXPECT_EQ(rig.state(clock_step), "active_unacked");
  EXPECT_EQ(rig.news.rows.back().actual_value, -3600);
  rig.seconds(61);

  EXPECT_EQ(rig.state(clock_step), "cleared_unacked");
}

TEST(Conditions, a_clock_that_is_corrected_by_little_is_none) {
  DeskRig rig;
  rig.seconds(3);

  rig.clock_ahead = Milliseconds{1900};
  rig.seconds(1);

  EXPECT_EQ(rig.state(clock_step), "");
}

TEST(Conditions, a_disk_is_low_below_10_percent_and_critical_below_3) {
  DeskRig rig;
  rig.desk.on_host(disk(100 * gb, 1000 * gb));
  rig.seconds(1);
  EXPECT_EQ(rig.state(disk_low), "");

  rig.desk.on_host(disk(99 * gb, 1000 * gb));
  rig.seconds(1);
  EXPECT_EQ(level(rig, disk_low), "warning");
  rig.desk.on_host(disk(29 * gb, 1000 * gb));
  rig.seconds(1);

  EXPECT_EQ(level(rig, disk_low), "critical");
}

TEST(Conditions, a_small_disk_is_low_below_one_gigabyte) {
  DeskRig rig;

  rig.desk.on_host(disk(gb - 1, 4 * gb));
  rig.seconds(1);

  EXPECT_EQ(rig.state(disk_low), "active_unacked");
  EXPECT_EQ(rig.news.rows.back().threshold_value, 25);
}

TEST(Conditions, a_disk_that_is_no_longer_there_is_not_low) {
  DeskRig rig;
  rig.desk.on_host(disk(1, 4 * gb));
  rig.seconds(1);

  rig.desk.on_host({});
  rig.seconds(1);

  EXPECT_EQ(rig.state(disk_low), "cleared_unacked");
}

TEST(Conditions, a_certificate_is_told_30_days_before_its_end_and_critical_7_days_before) {
  DeskRig rig;
  rig.desk.on_host(expires_in(31));
  rig.seconds(1);
  EXPECT_EQ(rig.state(certificate), "");

  rig.desk.on_host(expires_in(30));
  rig.seconds(1);
  EXPECT_EQ(level(rig, certificate), "warning");
  rig.desk.on_host(expires_in(7));
  rig.seconds(1);

  EXPECT_EQ(level(rig, certificate), "critical");
}

TEST(Conditions, an_oee_below_its_limit_is_told_and_over_with_some_distance) {
  DeskRig rig;
  rig.desk.on_oee(OeeFacts{"total", 79.9});
  rig.seconds(1);
  EXPECT_EQ(rig.state(oee_low), "active_unacked");

  rig.desk.on_oee(OeeFacts{"total", 80.5});
  rig.seconds(1);
  EXPECT_EQ(rig.state(oee_low), "active_unacked");
  rig.desk.on_oee(std::nullopt);
  rig.seconds(1);

  EXPECT_EQ(rig.state(oee_low), "cleared_unacked");
}

TEST(Conditions, letters_that_wait_for_15_minutes_are_an_alarm_until_they_are_sent) {
  DeskRig rig;
  rig.desk.on_mail({std::chrono::minutes{15}});
  rig.seconds(1);
  EXPECT_EQ(rig.state(mail_failing), "");

  rig.desk.on_mail({std::chrono::minutes{16}});
  rig.seconds(1);
  EXPECT_EQ(rig.state(mail_failing), "active_unacked");
  rig.desk.on_mail({});
  rig.seconds(1);

  EXPECT_EQ(rig.state(mail_failing), "cleared_unacked");
}

}  // namespace
}  // namespace wl::collector
