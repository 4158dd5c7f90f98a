#include "storage/rollup/calendar.hpp"

#include <algorithm>

namespace wl::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Timestamp at(std::string_view text) {
  return parse_iso8601(text).value();
}

std::vector<std::string> edges(const std::string& zone, Interval interval, std::string_view from,
                               std::string_view to) {
  std::vector<std::string> texts;
  const auto edges = Calendar::of(zone).value().edges(interval, at(from), at(to), 2000);
  for (const Timestamp edge : edges.value()) texts.push_back(to_iso8601(edge).substr(0, 16) + "Z");
  return texts;
}

/// Lengths of the buckets in hours.
std::vector<double> hours(const std::string& zone, Interval interval, std::string_view from,
                          std::string_view to) {
  const auto edges = Calendar::of(zone).value().edges(interval, at(from), at(to), 2000).value();
  std::vector<double> lengths;
  for (std::size_t i = 1; i < edges.size(); ++i)
    lengths.push_back(static_cast<double>((edges[i] - edges[i - 1]).count()) / 3'600'000);
  return lengths;
}

std::string refusal(Interval interval, Timestamp from, Timestamp to, std::size_t max_buckets) {
  const auto edges = Calendar::of("UTC").value().edges(interval, from, to, max_buckets);
  return edges ? "" : edges.error().what;
}

Tier tier(const std::string& zone, std::string_view from, std::string_view to) {
  return Calendar::of(zone).value().tier_for(Interval::day, at(from), at(to));
}

Interval finest(std::string_view from, std::string_view to, std::size_t max_buckets) {
  return Calendar::of("Europe/Berlin").value().finest(at(from), at(to), max_buckets);
}

TEST(Calendar, short_buckets_cover_the_range_and_begin_at_whole_ones_in_utc) {
  EXPECT_THAT(edges("Asia/Kolkata", Interval::quarter, "2026-03-01T10:07", "2026-03-01T10:30:01"),
              ElementsAre("2026-03-01T10:00Z", "2026-03-01T10:15Z", "2026-03-01T10:30Z",
                          "2026-03-01T10:45Z"));
  EXPECT_THAT(edges("UTC", Interval::minute, "2026-03-01T10:07", "2026-03-01T10:08"),
              ElementsAre("2026-03-01T10:07Z", "2026-03-01T10:08Z"));
}

TEST(Calendar, days_begin_at_midnight_of_the_plant) {
  EXPECT_THAT(edges("Asia/Shanghai", Interval::day, "2026-03-01T10:00", "2026-03-01T16:00:01"),
              ElementsAre("2026-02-28T16:00Z", "2026-03-01T16:00Z", "2026-03-02T16:00Z"));
}

TEST(Calendar, the_day_of_a_clock_change_has_23_or_25_hours) {
  EXPECT_THAT(hours("Europe/Berlin", Interval::day, "2026-03-27T23:00", "2026-03-30T22:00"),
              ElementsAre(24, 23, 24));
  EXPECT_THAT(hours("Europe/Berlin", Interval::day, "2026-10-23T22:00", "2026-10-26T23:00"),
              ElementsAre(24, 25, 24));
  EXPECT_THAT(hours("Australia/Lord_Howe", Interval::day, "2026-10-03T12:00", "2026-10-03T14:00"),
              ElementsAre(24, 23.5));
}

TEST(Calendar, a_day_without_midnight_begins_with_its_first_hour) {
  // Cairo put the clock forward at 00:00 on 24 April 2026: the date begins at 01:00.
  EXPECT_THAT(edges("Africa/Cairo", Interval::day, "2026-04-23T12:00", "2026-04-24T00:00"),
              ElementsAre("2026-04-22T22:00Z", "2026-04-23T22:00Z", "2026-04-24T21:00Z"));
}

TEST(Calendar, a_clock_put_back_over_midnight_leaves_every_bucket_in_order) {
  // Newfoundland put it back at 00:01 on 29 October 2006, to 23:01 of the 28th.
  EXPECT_THAT(edges("America/St_Johns", Interval::day, "2006-10-29T03:00", "2006-10-29T05:00"),
              ElementsAre("2006-10-29T02:30Z", "2006-10-30T03:30Z"));
}

TEST(Calendar, a_date_that_never_was_has_no_bucket) {
  EXPECT_THAT(edges("Pacific/Apia", Interval::day, "2011-12-29T12:00", "2011-12-31T00:00"),
              ElementsAre("2011-12-29T10:00Z", "2011-12-30T10:00Z", "2011-12-31T10:00Z"));
}

TEST(Calendar, zones_off_by_parts_of_an_hour_have_their_own_midnight) {
  EXPECT_THAT(edges("Asia/Kathmandu", Interval::day, "2026-03-01T10:00", "2026-03-01T10:01"),
              ElementsAre("2026-02-28T18:15Z", "2026-03-01T18:15Z"));
  EXPECT_EQ(tier("Asia/Kathmandu", "2026-03-01", "2026-03-02"), Tier::quarter);
  EXPECT_EQ(tier("Asia/Kolkata", "2026-03-01", "2026-03-02"), Tier::quarter);
  EXPECT_EQ(tier("Asia/Shanghai", "2026-03-01", "2026-03-02"), Tier::hour);
  EXPECT_EQ(tier("Europe/Berlin", "2020-03-01", "2026-03-02"), Tier::hour);
}

TEST(Calendar, a_zone_that_changed_to_whole_hours_needs_quarters_only_before) {
  // Caracas went from -04:30 to -04:00 on 1 May 2016.
  EXPECT_EQ(tier("America/Caracas", "2016-04-01", "2016-04-02"), Tier::quarter);
  EXPECT_EQ(tier("America/Caracas", "2016-04-01", "2020-01-01"), Tier::quarter);
  EXPECT_EQ(tier("America/Caracas", "2017-01-01", "2020-01-01"), Tier::hour);
}

TEST(Calendar, an_offset_of_seconds_is_moved_back_to_a_quarter) {
  // Monrovia was 44 min 30 s behind until 1972.
  EXPECT_THAT(edges("Africa/Monrovia", Interval::day, "1970-06-01T10:00", "1970-06-01T10:01"),
              ElementsAre("1970-06-01T00:30Z", "1970-06-02T00:30Z"));
}

TEST(Calendar, after_2037_a_zone_keeps_its_winter_time) {
  EXPECT_THAT(edges("Europe/Berlin", Interval::day, "2037-07-01T12:00", "2037-07-01T12:01"),
              ElementsAre("2037-06-30T22:00Z", "2037-07-01T22:00Z"));
  EXPECT_THAT(edges("Europe/Berlin", Interval::day, "2040-07-01T12:00", "2040-07-01T12:01"),
              ElementsAre("2040-06-30T23:00Z", "2040-07-01T23:00Z"));
  EXPECT_THAT(hours("Europe/Berlin", Interval::month, "2040-03-05", "2040-03-06"),
              ElementsAre(31 * 24));
}

TEST(Calendar, weeks_begin_on_monday) {
  EXPECT_THAT(edges("Europe/Berlin", Interval::week, "2026-03-29T12:00", "2026-03-29T22:00:01"),
              ElementsAre("2026-03-22T23:00Z", "2026-03-29T22:00Z", "2026-04-05T22:00Z"));
}

TEST(Calendar, months_have_their_own_lengths) {
  EXPECT_THAT(hours("UTC", Interval::month, "2028-01-31T23:59", "2028-03-01T00:00:01"),
              ElementsAre(31 * 24, 29 * 24, 31 * 24));
  EXPECT_THAT(hours("Europe/Berlin", Interval::month, "2026-03-05", "2026-03-06"),
              ElementsAre(31 * 24 - 1));
}

TEST(Calendar, too_many_buckets_are_refused_with_what_to_do) {
  EXPECT_THAT(refusal(Interval::minute, at("2026-01-01"), at("2026-02-01"), 2000),
              HasSubstr("more than 2000 buckets of one minute: ask for a shorter time range"));
  EXPECT_EQ(refusal(Interval::day, at("2026-01-01"), at("2026-01-31"), 30), "");
  EXPECT_THAT(refusal(Interval::day, at("2026-01-01"), at("2026-02-01"), 30),
              HasSubstr("more than 30 buckets of one day"));
}

TEST(Calendar, an_empty_range_and_times_out_of_reach_are_refused) {
  EXPECT_THAT(refusal(Interval::day, at("2026-01-02"), at("2026-01-02"), 9),
              HasSubstr("not after its begin"));
  EXPECT_THAT(refusal(Interval::minute, Timestamp::min(), Timestamp::max(), 9),
              HasSubstr("years 1 to 9999"));
}

TEST(Calendar, the_finest_interval_is_the_one_that_just_fits) {
  EXPECT_EQ(finest("2026-03-01T00:00", "2026-03-02T00:00", 2000), Interval::minute);
  EXPECT_EQ(finest("2026-03-01T00:00", "2026-03-08T00:00", 2000), Interval::quarter);
  EXPECT_EQ(finest("2026-03-01T00:00", "2026-04-01T00:00", 2000), Interval::hour);
  EXPECT_EQ(finest("2025-03-01T00:00", "2026-03-01T00:00", 2000), Interval::day);
  EXPECT_EQ(finest("2016-03-01T00:00", "2026-03-01T00:00", 2000), Interval::week);
  EXPECT_EQ(finest("1970-03-01T00:00", "2026-03-01T00:00", 2000), Interval::month);
}

TEST(Calendar, an_unknown_zone_is_refused_with_the_nearest_name) {
  const auto near = Calendar::of("Europe/Berln");
  const auto far = Calendar::of("");

  ASSERT_FALSE(near.has_value());
  ASSERT_FALSE(far.has_value());
  EXPECT_EQ(near.error().code, Errc::invalid_argument);
  EXPECT_THAT(near.error().what, HasSubstr("did you mean 'Europe/Berlin'?"));
  EXPECT_THAT(far.error().what, HasSubstr("IANA name"));
}

/// Years in which a day of the zone is not followed by the next one without a hole.
std::vector<int> years_with_a_hole(const std::string& zone) {
  const Calendar calendar = Calendar::of(zone).value();
  std::vector<int> years;
  for (int year = 1971; year < 2037; ++year) {
    const Timestamp from = std::chrono::sys_days{std::chrono::year{year} / 1 / 3};
    const auto edges = calendar.edges(Interval::day, from, from + std::chrono::days{366}, 400);
    const bool covers = edges && edges->front() <= from &&
                        edges->back() >= from + std::chrono::days{366} &&
                        std::ranges::is_sorted(*edges, std::ranges::less_equal{});
    const bool whole = edges && std::ranges::none_of(*edges, [](Timestamp edge) {
                         return floor_to(edge, std::chrono::minutes{15}) != edge;
                       });
    if (!covers || !whole) years.push_back(year);
  }
  return years;
}

TEST(Calendar, every_day_since_1971_follows_the_one_before_in_zones_of_all_kinds) {
  EXPECT_THAT(years_with_a_hole("Europe/Berlin"), ElementsAre());
  EXPECT_THAT(years_with_a_hole("America/St_Johns"), ElementsAre());
  EXPECT_THAT(years_with_a_hole("Pacific/Apia"), ElementsAre());
  EXPECT_THAT(years_with_a_hole("Africa/Cairo"), ElementsAre());
  EXPECT_THAT(years_with_a_hole("Asia/Kathmandu"), ElementsAre());
  EXPECT_THAT(years_with_a_hole("America/Sao_Paulo"), ElementsAre());
}

}  // namespace
}  // namespace wl::storage
