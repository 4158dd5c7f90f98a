#include <limits>

#include "storage/oee_columns.hpp"
#include "storage/testing/tables_contract.hpp"

namespace wl::storage {

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TablesContract);

namespace {

using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

constexpr Timestamp hour(std::int64_t number) {
  return Timestamp{std::chrono::hours{number}};
}

Timestamp ms(std::int64_t number) {
  return from_unix_ms(number);
}

LinkInterval alive(std::int64_t from, std::int64_t to) {
  return {ms(from), ms(to), true, ""};
}

std::string binary() {
  return std::string("\0\xff\x80'\\\r\n\x1a\0", 9);
}

/// Claims `first` to `last`; how many were new.
int claim_all(Tables& tables, std::uint64_t first, std::uint64_t last) {
  int claimed = 0;
  for (std::uint64_t seq = first; seq <= last; ++seq) {
    claimed += tables.claim_batch("spool", seq, 1).has_value() ? 1 : 0;
  }
  return claimed;
}

std::vector<std::string> hot_bodies(const std::vector<HotPart>& parts) {
  std::vector<std::string> bodies;
  for (const HotPart& part : parts) bodies.push_back(part.body);
  return bodies;
}

std::vector<std::string> chunk_bodies(const std::vector<ChunkRow>& chunks) {
  std::vector<std::string> bodies;
  for (const ChunkRow& chunk : chunks) bodies.push_back(chunk.body);
  return bodies;
}

std::vector<std::string> block_bodies(const std::vector<BlockRow>& blocks) {
  std::vector<std::string> bodies;
  for (const BlockRow& block : blocks) bodies.push_back(block.body);
  return bodies;
}

std::vector<Timestamp> event_times(const std::vector<EventRow>& events) {
  std::vector<Timestamp> times;
  for (const EventRow& event : events) times.push_back(event.at);
  return times;
}

}  // namespace

TEST_P(TablesContract, a_key_keeps_its_number) {
  const auto device = write([&] { return tables_->make_device("conveyor"); });
  const auto point = write([&] { return tables_->make_point("conveyor.power_kw", device, "kW"); });

  EXPECT_GE(point.value, 1u);
  EXPECT_EQ(write([&] { return tables_->make_device("conveyor"); }), device);
  EXPECT_EQ(write([&] { return tables_->make_point("conveyor.power_kw", device, "W"); }), point);
  ASSERT_EQ(tables_->points().size(), 1u);
  EXPECT_EQ(tables_->points()[0].key, "conveyor.power_kw");
  EXPECT_EQ(tables_->points()[0].row, point.value);
  ASSERT_EQ(tables_->devices().size(), 1u);
  EXPECT_EQ(tables_->devices()[0].key, "conveyor");
}

TEST_P(TablesContract, keys_that_differ_only_in_case_or_accent_are_two) {
  const auto lower = write([&] { return tables_->make_device("a"); });

  EXPECT_NE(write([&] { return tables_->make_device("A"); }), lower);
  EXPECT_NE(write([&] { return tables_->make_device("\xc3\xa1"); }), lower);
}

TEST_P(TablesContract, a_batch_is_claimed_once_and_later_ones_have_higher_ids) {
  const auto first = write([&] { return tables_->claim_batch("spool", 7, 480); });
  const auto second = write([&] { return tables_->claim_batch("spool", 8, 480); });

  ASSERT_TRUE(first && second);
  EXPECT_GT(*second, *first);
  EXPECT_EQ(write([&] { return tables_->claim_batch("spool", 7, 480); }), std::nullopt);
  EXPECT_TRUE(write([&] { return tables_->claim_batch("import", 7, 1); }));
  EXPECT_EQ(tables_->last_seq("spool"), 8u);
  EXPECT_EQ(tables_->last_seq("nobody"), 0u);
}

TEST_P(TablesContract, a_claim_that_is_rolled_back_can_be_made_again) {
  tables_->begin(Access::write);
  ASSERT_TRUE(tables_->claim_batch("spool", 1, 1));
  tables_->rollback();

  EXPECT_EQ(tables_->last_seq("spool"), 0u);
  EXPECT_TRUE(write([&] { return tables_->claim_batch("spool", 1, 1); }));
}

TEST_P(TablesContract, a_batch_older_than_the_newest_ten_thousand_counts_as_stored) {
  EXPECT_EQ(write([&] { return claim_all(*tables_, 101, 10'100); }), 10'000);

  EXPECT_EQ(write([&] { return tables_->claim_batch("spool", 100, 1); }), std::nullopt);
  const auto next = write([&] { return tables_->claim_batch("spool", 10'200, 1); });
  EXPECT_EQ(write([&] { return tables_->claim_batch("spool", 101, 1); }), std::nullopt);
  EXPECT_EQ(write([&] { return tables_->claim_batch("spool", 102, 1); }), std::nullopt);
  const auto between = write([&] { return tables_->claim_batch("spool", 10'150, 1); });

  ASSERT_TRUE(next && between);
  EXPECT_GT(*between, *next);
  EXPECT_EQ(tables_->last_seq("spool"), 10'200u);
}

TEST_P(TablesContract, a_fact_is_any_bytes) {
  EXPECT_EQ(tables_->fact("ledger"), std::nullopt);

  write([&] { tables_->put_fact("ledger", "old"); });
  write([&] { tables_->put_fact("ledger", binary()); });
  write([&] { tables_->put_fact("empty", ""); });

  EXPECT_EQ(tables_->fact("ledger"), binary());
  EXPECT_EQ(tables_->fact("empty"), "");
}

TEST_P(TablesContract, hot_parts_of_a_segment_come_by_hour_and_batch) {
  const std::vector<HotPart> parts = {{1, hour(5), 9, "5-9"},
                                      {1, hour(5), 10, "5-10"},
                                      {1, hour(4), 11, binary()},
                                      {2, hour(4), 11, "other"},
                                      {1, hour(6), 8, "6-8"}};
  write([&] { tables_->put_hot(parts); });
  write([&] { tables_->put_hot(std::vector<HotPart>{{1, hour(5), 9, "again"}}); });

  EXPECT_THAT(hot_bodies(tables_->hot(1, hour(4), hour(6))),
              ElementsAre(binary(), "again", "5-10"));
  EXPECT_THAT(tables_->hot(3, hour(0), hour(9)), IsEmpty());
}

TEST_P(TablesContract, hot_hours_are_told_oldest_first_and_dropped_one_by_one) {
  const std::vector<HotPart> parts = {
      {0, hour(5), 1, "a"}, {0, hour(5), 2, "b"}, {7, hour(4), 1, "c"}, {0, hour(6), 1, "d"}};
  write([&] { tables_->put_hot(parts); });

  const auto hours = tables_->hot_hours(hour(6), 10);
  write([&] { tables_->drop_hot({.segment = 0, .hour = hour(5)}); });

  ASSERT_EQ(hours.size(), 2u);
  EXPECT_EQ(hours[0].hour, hour(4));
  EXPECT_EQ(hours[0].segment, 7u);
  EXPECT_EQ(hours[1].hour, hour(5));
  EXPECT_EQ(tables_->hot_hours(hour(9), 1).size(), 1u);
  EXPECT_EQ(tables_->hot_hours(hour(9), 10).size(), 2u);
}

std::vector<std::string> minute_bodies(const std::vector<HotMinute>& minutes) {
  std::vector<std::string> bodies;
  for (const HotMinute& minute : minutes) bodies.push_back(minute.body);
  return bodies;
}

TEST_P(TablesContract, hot_minutes_grow_at_their_end_and_come_in_order) {
  const Timestamp minute = hour(5) + std::chrono::minutes{7};
  const Timestamp next = minute + std::chrono::minutes{1};
  write([&] {
    tables_->append_hot_minutes(std::vector<HotMinute>{
        {1, next, "later"}, {1, minute, binary()}, {2, minute, "other"}, {1, hour(6), "6"}});
  });
  write([&] { tables_->append_hot_minutes(std::vector<HotMinute>{{1, minute, binary()}}); });

  EXPECT_THAT(minute_bodies(tables_->hot_minutes(1, minute, hour(6))),
              ElementsAre(binary() + binary(), "later"));
  EXPECT_THAT(minute_bodies(tables_->hot_minutes(1, minute + Milliseconds{1}, hour(7))),
              ElementsAre("later", "6"));
  EXPECT_EQ(tables_->hot_minutes(2, minute, next).front().minute, minute);
  EXPECT_THAT(tables_->hot_minutes(3, Timestamp::min(), Timestamp::max()), IsEmpty());
}

TEST_P(TablesContract, hot_minutes_go_by_segment_and_hour) {
  const Timestamp early{-3 * std::chrono::hours{1}};  // Before 1970.
  const Timestamp late = early + std::chrono::minutes{59};
  write([&] {
    tables_->append_hot_minutes(std::vector<HotMinute>{
        {1, early, "a"}, {1, late, "b"}, {1, early + std::chrono::hours{1}, "c"}, {2, late, "d"}});
  });

  write([&] { tables_->drop_hot_minutes({.segment = 1, .hour = early}); });

  EXPECT_THAT(minute_bodies(tables_->hot_minutes(1, Timestamp::min(), Timestamp::max())),
              ElementsAre("c"));
  EXPECT_THAT(minute_bodies(tables_->hot_minutes(2, early, late + Milliseconds{1})),
              ElementsAre("d"));
}

TEST_P(TablesContract, chunks_are_read_by_point_and_by_hour) {
  const PointRow a{1};
  const PointRow b{2};
  const std::vector<ChunkRow> chunks = {
      {a, hour(10), "a10"}, {b, hour(10), "b10"}, {a, hour(11), "a11"}, {a, hour(9), binary()}};
  write([&] { tables_->put_chunks(chunks); });
  write([&] { tables_->put_chunks(std::vector<ChunkRow>{{a, hour(10), "new"}}); });

  EXPECT_THAT(chunk_bodies(tables_->chunks(a, hour(9), hour(11), 9)), ElementsAre(binary(), "new"));
  EXPECT_THAT(chunk_bodies(tables_->chunks(a, hour(9), hour(12), 1)), ElementsAre(binary()));
  EXPECT_THAT(chunk_bodies(tables_->chunks_of_hour(hour(10), PointRow{0}, 9)),
              ElementsAre("new", "b10"));
  EXPECT_EQ(tables_->chunk_before(a, hour(10))->hour, hour(9));
  EXPECT_EQ(tables_->chunk_before(a, hour(99))->hour, hour(11));
  EXPECT_FALSE(tables_->chunk_before(b, hour(10)));
  EXPECT_EQ(tables_->oldest_chunk_hour(Timestamp::min()), hour(9));
}

TEST_P(TablesContract, chunks_leave_oldest_first_until_none_is_old) {
  const PointRow a{1};
  const std::vector<ChunkRow> chunks = {
      {a, hour(1), "1"}, {a, hour(2), "2"}, {a, hour(3), "3"}, {a, hour(4), "4"}};
  write([&] { tables_->put_chunks(chunks); });

  EXPECT_GT(tables_->drop_chunks(hour(4), 2), 0u);
  EXPECT_GT(tables_->oldest_chunk_hour(Timestamp::min()), hour(1));
  EXPECT_GT(tables_->drop_chunks(hour(4), 9), 0u);
  EXPECT_EQ(tables_->drop_chunks(hour(4), 9), 0u);
  EXPECT_EQ(tables_->oldest_chunk_hour(Timestamp::min()), hour(4));
}

TEST_P(TablesContract, the_chunks_of_an_hour_come_a_slice_at_a_time_by_point) {
  const std::vector<ChunkRow> chunks = {{PointRow{1}, hour(5), "a"},
                                        {PointRow{3}, hour(5), "c"},
                                        {PointRow{2}, hour(5), "b"},
                                        {PointRow{2}, hour(6), "next"}};
  write([&] { tables_->put_chunks(chunks); });

  EXPECT_THAT(chunk_bodies(tables_->chunks_of_hour(hour(5), PointRow{0}, 2)),
              ElementsAre("a", "b"));
  EXPECT_THAT(chunk_bodies(tables_->chunks_of_hour(hour(5), PointRow{2}, 9)),
              ElementsAre("b", "c"));
  EXPECT_THAT(tables_->chunks_of_hour(hour(5), PointRow{4}, 9), IsEmpty());
  EXPECT_EQ(tables_->oldest_chunk_hour(hour(5)), hour(5));
  EXPECT_EQ(tables_->oldest_chunk_hour(hour(5) + Milliseconds{1}), hour(6));
  EXPECT_EQ(tables_->oldest_chunk_hour(hour(7)), std::nullopt);
}

TEST_P(TablesContract, of_an_hour_the_named_points_leave_and_no_other) {
  const Timestamp last = hour(23);  // Of its day: a whole day may not go with it.
  write([&] {
    tables_->put_chunks(std::vector<ChunkRow>{{PointRow{1}, last, "1"},
                                              {PointRow{2}, last, "2"},
                                              {PointRow{3}, last, "3"},
                                              {PointRow{1}, hour(22), "before"},
                                              {PointRow{1}, hour(24), "next"}});
  });

  write([&] { tables_->drop_chunks_of_hour(last, std::vector<PointRow>{{1}, {3}, {9}}); });
  tables_->give_back_space();

  EXPECT_THAT(chunk_bodies(tables_->chunks_of_hour(last, PointRow{0}, 9)), ElementsAre("2"));
  EXPECT_THAT(chunk_bodies(tables_->chunks(PointRow{1}, hour(0), hour(99), 9)),
              ElementsAre("before", "next"));
}

TEST_P(TablesContract, hours_before_1970_and_far_ahead_keep_their_order) {
  const PointRow a{1};
  const auto first = floor_to(Timestamp::min() + std::chrono::hours{1}, std::chrono::hours{1});
  const auto last = floor_to(Timestamp::max(), std::chrono::hours{1});
  const std::vector<ChunkRow> chunks = {
      {a, last, "last"}, {a, hour(-1), "1969"}, {a, first, "first"}, {a, hour(0), "1970"}};
  write([&] { tables_->put_chunks(chunks); });

  EXPECT_THAT(chunk_bodies(tables_->chunks(a, Timestamp::min(), Timestamp::max(), 9)),
              ElementsAre("first", "1969", "1970", "last"));
  EXPECT_EQ(tables_->chunk_before(a, hour(0))->hour, hour(-1));
  EXPECT_EQ(tables_->oldest_chunk_hour(Timestamp::min()), first);
  EXPECT_EQ(tables_->chunks_of_hour(last, a, 9)[0].hour, last);
}

TEST_P(TablesContract, the_newest_value_of_a_point_is_one_row_with_its_exact_double) {
  const double smallest = std::numeric_limits<double>::denorm_min();
  const std::vector<LatestRow> rows = {{PointRow{2}, ms(5), -0.0, 0},
                                       {PointRow{1}, ms(-5), smallest, 0x80000000u}};
  write([&] { tables_->put_latest(std::vector<LatestRow>{{PointRow{2}, ms(4), 1, 7}}); });
  write([&] { tables_->put_latest(rows); });

  const auto found = tables_->latest();

  ASSERT_EQ(found.size(), 2u);
  const LatestRow& one = found[0].point == PointRow{1} ? found[0] : found[1];
  const LatestRow& two = found[0].point == PointRow{1} ? found[1] : found[0];
  EXPECT_EQ(one.value, smallest);
  EXPECT_EQ(one.quality, 0x80000000u);
  EXPECT_EQ(one.source_time, ms(-5));
  EXPECT_EQ(two.value, 0.0);
  EXPECT_EQ(two.source_time, ms(5));
}

TEST_P(TablesContract, open_rollups_are_one_row_a_point) {
  write([&] { tables_->put_open(std::vector<OpenRow>{{PointRow{1}, "a"}, {PointRow{2}, "b"}}); });
  write([&] { tables_->put_open(std::vector<OpenRow>{{PointRow{1}, binary()}}); });

  EXPECT_EQ(tables_->open_all().size(), 2u);
  EXPECT_EQ(tables_->open_of(PointRow{1})->body, binary());
  EXPECT_FALSE(tables_->open_of(PointRow{3}));
}

TEST_P(TablesContract, blocks_of_the_tiers_do_not_mix) {
  const PointRow a{1};
  const PointRow b{2};
  const Timestamp day = hour(24);
  const std::vector<BlockRow> blocks = {{Tier::minute, a, day, "minute"},
                                        {Tier::quarter, a, day, "quarter"},
                                        {Tier::hour, a, hour(240), "hour"},
                                        {Tier::minute, b, day, "b"},
                                        {Tier::minute, a, hour(25), "next"}};
  write([&] { tables_->put_blocks(blocks); });

  EXPECT_THAT(block_bodies(tables_->blocks(Tier::minute, a, day, hour(25))), ElementsAre("minute"));
  EXPECT_THAT(block_bodies(tables_->blocks(Tier::minute, a, day, hour(26))),
              ElementsAre("minute", "next"));
  EXPECT_EQ(tables_->block_before(Tier::quarter, a, hour(48))->body, "quarter");
  EXPECT_FALSE(tables_->block_before(Tier::hour, a, hour(240)));
  EXPECT_THAT(block_bodies(tables_->blocks_at(Tier::minute, day, std::vector<PointRow>{a, {9}, b})),
              testing::UnorderedElementsAre("minute", "b"));
}

TEST_P(TablesContract, old_blocks_of_one_tier_leave) {
  const PointRow a{1};
  write([&] {
    tables_->put_blocks(std::vector<BlockRow>{{Tier::minute, a, hour(24), "old"},
                                              {Tier::minute, a, hour(48), "kept"},
                                              {Tier::quarter, a, hour(24), "other"}});
  });

  EXPECT_EQ(tables_->drop_blocks(Tier::minute, hour(48), 9), 1u);
  EXPECT_EQ(tables_->drop_blocks(Tier::minute, hour(48), 9), 0u);
  EXPECT_THAT(block_bodies(tables_->blocks(Tier::minute, a, hour(0), hour(99))),
              ElementsAre("kept"));
  EXPECT_EQ(tables_->blocks(Tier::quarter, a, hour(0), hour(99)).size(), 1u);
}

TEST_P(TablesContract, rows_of_the_views_are_replaced_and_dropped) {
  const DeviceRow device = write([&] { return tables_->make_device("conveyor"); });
  const DeviceMinute first{device, hour(1), 1.5, std::nullopt, "running"};
  const DeviceMinute second{device, hour(1), std::nullopt, 12.5, std::nullopt};
  write([&] { tables_->put_device_minutes(std::vector<DeviceMinute>{first, second}); });
  write([&] {
    tables_->put_production_minutes(
        std::vector<ProductionMinute>{{hour(1), 5, std::nullopt, 3, 4}, {hour(3), 6, 0, 3, 4}});
  });

  EXPECT_GT(tables_->drop_minutes(hour(3), 10), 0u);
  EXPECT_EQ(tables_->drop_minutes(hour(3), 10), 0u);
  EXPECT_GT(tables_->drop_minutes(hour(4), 10), 0u);
}

TEST_P(TablesContract, a_ledger_row_replaces_the_one_of_its_quarter) {
  const DeviceRow device{1};
  const EnergyRow first{device, hour(1), 5, EnergyMethod::estimated, 100, true};
  const EnergyRow second{
      device,  hour(1), std::numeric_limits<std::int64_t>::max(), EnergyMethod::counter,
      900'000, false};
  write([&] { tables_->put_energy(std::vector<EnergyRow>{first, second}); });
  write([&] { tables_->put_energy(std::vector<EnergyRow>{{DeviceRow{2}, hour(1)}}); });

  const auto rows = tables_->energy(device, hour(1), hour(2));

  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].milli_wh, second.milli_wh);
  EXPECT_EQ(rows[0].method, EnergyMethod::counter);
  EXPECT_EQ(rows[0].covered_ms, 900'000);
  EXPECT_FALSE(rows[0].uncertain);
  EXPECT_THAT(tables_->energy(device, hour(0), hour(1)), IsEmpty());
}

TEST_P(TablesContract, days_of_the_ledger_come_in_order) {
  const DeviceRow device{1};
  write([&] {
    tables_->put_energy_days(std::vector<EnergyDayRow>{
        {device, hour(48), "two"}, {device, hour(24), binary()}, {DeviceRow{2}, hour(24), "-"}});
  });

  const auto days = tables_->energy_days(device, hour(24), hour(72));

  ASSERT_EQ(days.size(), 2u);
  EXPECT_EQ(days[0].body, binary());
  EXPECT_EQ(days[1].day, hour(48));
}

TEST_P(TablesContract, a_meter_event_is_stored_once_and_revisions_apart) {
  EventRow event{.device = DeviceRow{1}, .kind = MeterEventKind::corrected, .at = ms(7)};
  EventRow again = event;
  again.after = 12;
  EventRow revised = event;
  revised.revision = 1;
  revised.voided = MeterEventKind::jump;
  EventRow earlier = event;
  earlier.at = ms(3);
  write([&] { tables_->put_events(std::vector<EventRow>{event, again, revised, earlier}); });

  const auto all = tables_->events(ms(0), ms(8), 9);

  EXPECT_THAT(event_times(all), ElementsAre(ms(3), ms(7), ms(7)));
  EXPECT_EQ(all[1].after, 12);
  EXPECT_EQ(all[2].revision, 1u);
  EXPECT_EQ(all[2].voided, MeterEventKind::jump);
  EXPECT_THAT(event_times(tables_->events(ms(0), ms(7), 9)), ElementsAre(ms(3)));
  EXPECT_THAT(event_times(tables_->events(ms(0), ms(8), 1)), ElementsAre(ms(3)));
}

/// Every column has a number of its own.
OeeQuarter quarter_of_numbers(std::int64_t start, std::int64_t first) {
  OeeQuarter quarter{.start = ms(start * 900'000), .sums = {}};
  for (const OeeColumn& column : oee_columns) quarter.sums.*column.member = first++;
  return quarter;
}

OeeStop stop_at(std::int64_t start, std::optional<std::int64_t> end) {
  OeeStop stop{.start = ms(start), .end = {}, .element = OeeElement::setup, .state = "换型"};
  if (end) stop.end = ms(*end);
  stop.length_ms = 7;
  return stop;
}

TEST_P(TablesContract, a_quarter_hour_of_oee_keeps_every_number_and_is_replaced) {
  constexpr std::int64_t large = 9'000'000'000'000;
  const std::vector<OeeQuarter> quarters{quarter_of_numbers(1, 100), quarter_of_numbers(2, large),
                                         quarter_of_numbers(3, -50)};
  const OeeQuarter newer = quarter_of_numbers(1, 500);

  write([&] { tables_->put_oee_quarters(quarters); });
  write([&] { tables_->put_oee_quarters({&newer, 1}); });

  EXPECT_THAT(tables_->oee_quarters(ms(900'000), ms(2'700'000)), ElementsAre(newer, quarters[1]));
  EXPECT_THAT(tables_->oee_quarters(ms(2'700'000), ms(9'000'000)), ElementsAre(quarters[2]));
}

TEST_P(TablesContract, stops_are_replaced_from_a_time_on_and_found_where_they_reach) {
  const std::vector<OeeStop> first{stop_at(10, 20), stop_at(30, 40), stop_at(50, {})};
  const std::vector<OeeStop> second{stop_at(30, 45), stop_at(60, 70)};

  write([&] { tables_->replace_oee_stops(ms(0), first); });
  EXPECT_THAT(tables_->oee_stops(ms(15), ms(1000), 9), ElementsAre(first[0], first[1], first[2]));
  EXPECT_THAT(tables_->oee_stops(ms(20), ms(50), 9), ElementsAre(first[1]));
  EXPECT_THAT(tables_->oee_stops(ms(900), ms(1000), 9), ElementsAre(first[2]));
  EXPECT_THAT(tables_->oee_stops(ms(0), ms(1000), 2), ElementsAre(first[0], first[1]));
  write([&] { tables_->replace_oee_stops(ms(30), second); });
  EXPECT_THAT(tables_->oee_stops(ms(0), ms(1000), 9),
              ElementsAre(first[0], second[0], second[1]));
  write([&] { tables_->replace_oee_stops(ms(31), {}); });

  EXPECT_THAT(tables_->oee_stops(ms(0), ms(1000), 9), ElementsAre(first[0], second[0]));
}

TEST_P(TablesContract, link_intervals_are_found_from_either_side) {
  const LinkInterval gap{ms(20), ms(30), false, "link lost: \xe2\x9a\xa1"};
  write([&] {
    tables_->put_link(alive(0, 10));
    tables_->put_link(alive(0, 20));
    tables_->put_link(gap);
    tables_->put_link(alive(40, 50));
    tables_->put_link(alive(60, 70));
    tables_->remove_link(ms(60));
  });

  EXPECT_EQ(tables_->link_at_or_before(ms(20)), gap);
  EXPECT_EQ(tables_->link_at_or_before(ms(19)), alive(0, 20));
  EXPECT_EQ(tables_->link_at_or_before(ms(-1)), std::nullopt);
  EXPECT_EQ(tables_->link_after(ms(20)), alive(40, 50));
  EXPECT_EQ(tables_->link_after(ms(40)), std::nullopt);
  EXPECT_THAT(tables_->links(ms(19), ms(40)), ElementsAre(alive(0, 20), gap));
  EXPECT_THAT(tables_->links(ms(30), ms(40)), IsEmpty());
  EXPECT_EQ(tables_->links_end(), ms(50));
}

TEST_P(TablesContract, a_rollback_leaves_nothing_and_a_second_one_does_nothing) {
  tables_->begin(Access::write);
  tables_->put_fact("x", "1");
  tables_->rollback();
  tables_->rollback();

  EXPECT_EQ(tables_->fact("x"), std::nullopt);
}

TEST_P(TablesContract, a_read_transaction_sees_one_moment) {
  const auto other = engine_->open();
  tables_->begin(Access::read);
  EXPECT_EQ(tables_->fact("x"), std::nullopt);

  other->begin(Access::write);
  other->put_fact("x", "1");
  other->commit();

  EXPECT_EQ(tables_->fact("x"), std::nullopt);
  tables_->rollback();
  EXPECT_EQ(tables_->fact("x"), "1");
}

TEST_P(TablesContract, tells_its_size_and_that_it_is_sound) {
  write([&] { tables_->put_fact("x", std::string(100'000, 'x')); });
  tables_->checkpoint();

  EXPECT_GT(tables_->size_bytes(), 100'000u);
  EXPECT_THAT(tables_->integrity(), IsEmpty());
}

}  // namespace wl::storage
