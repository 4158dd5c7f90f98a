#include "model/feed.hpp"

#include <gmock/gmock.h>

#include <limits>

namespace wl {
namespace {

using ::testing::HasSubstr;

constexpr Timestamp start{Milliseconds{1'763'769'600'000}};

FeedHead two_variables() {
  return {.first = start,
          .expected_end = start + Milliseconds{86'400'000},
          .variables = {{DataType::uint32, "PLC_PRG.udiScanCount"},
                        {DataType::float64, "PLC_PRG.rTotalEnergy"},
                        {DataType::boolean, "PLC_PRG.bRun"},
                        {DataType::int16, "PLC_PRG.eState"}}};
}

/// What `reader` says about each line of `text`; stops at the first mistake.
std::string read_all(FeedReader& reader, std::string_view text) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto taken = reader.take(text.substr(0, end));
    if (!taken) return taken.error().what;
    text.remove_prefix(end + 1);
  }
  return "";
}

std::string mistake(const std::string& lines) {
  FeedReader reader;
  return read_all(reader, FeedWriter(two_variables()).take() + lines + "\n");
}

/// `value` as it comes out of a feed whose variable 1 is a Double.
double through_a_feed(double value) {
  FeedWriter writer(two_variables());
  writer.begin_scan(start);
  writer.add(1, value);
  writer.end_scan();
  FeedReader reader;
  EXPECT_EQ(read_all(reader, writer.take()), "");
  return std::get<double>(reader.changes().at(0).value);
}

TEST(Feed, what_was_written_is_read) {
  FeedWriter writer(two_variables());
  writer.begin_scan(start);
  writer.end_scan();
  writer.begin_scan(start + Milliseconds{100});
  writer.add(0, std::uint64_t{4'294'967'295});
  writer.add(2, true);
  writer.add(3, std::int64_t{-2});
  writer.end_scan();
  FeedReader reader;

  ASSERT_EQ(read_all(reader, writer.take()), "");

  EXPECT_EQ(reader.head().expected_end, start + Milliseconds{86'400'000});
  EXPECT_EQ(reader.head().variables.at(1).path, "PLC_PRG.rTotalEnergy");
  EXPECT_EQ(reader.time(), start + Milliseconds{100});
  ASSERT_EQ(reader.changes().size(), 3u);
  EXPECT_EQ(reader.changes()[0].value, Value{std::uint64_t{4'294'967'295}});
  EXPECT_EQ(reader.changes()[1].value, Value{true});
  EXPECT_EQ(reader.changes()[2].value, Value{std::int64_t{-2}});
}

TEST(Feed, a_double_comes_back_to_the_last_bit) {
  EXPECT_EQ(through_a_feed(0.1 + 0.2), 0.1 + 0.2);
  EXPECT_EQ(through_a_feed(std::numeric_limits<double>::denorm_min()),
            std::numeric_limits<double>::denorm_min());
  EXPECT_EQ(through_a_feed(-1e300), -1e300);
}

TEST(Feed, mistakes_are_named_with_their_line) {
  FeedReader other;
  EXPECT_THAT(other.take("time_ms,variable,value").error().what, HasSubstr("line 1: this is no"));
  FeedReader newer;
  EXPECT_THAT(newer.take("wattline-feed 2 0 0").error().what, HasSubstr("another format"));

  EXPECT_THAT(mistake("0 0=1 9=1"), HasSubstr("line 6: a value cannot be read"));
  EXPECT_THAT(mistake("0 2=7"), HasSubstr("a value cannot be read"));
  EXPECT_THAT(mistake("0 0=1x"), HasSubstr("a value cannot be read"));
  EXPECT_THAT(mistake("-5 0=1"), HasSubstr("must begin with its time"));
  EXPECT_THAT(mistake("var 7 Double PLC_PRG.x"), HasSubstr("not numbered in order"));
  EXPECT_THAT(mistake("var 4 Complex PLC_PRG.x"), HasSubstr("type of a variable"));
  EXPECT_THAT(mistake("end\n0 0=1"), HasSubstr("more after 'end'"));
}

}  // namespace
}  // namespace wl
