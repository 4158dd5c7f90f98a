#include "apps/collector/replay_progress.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wl {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr Timestamp start{std::chrono::days{20'000}};
constexpr Timestamp end = start + std::chrono::days{10};

TEST(ReplayProgress, says_how_far_how_fast_and_how_long_still) {
  ReplayProgress progress(ReplayProgress::Form::lines, start, end);

  const std::string line =
      progress.at(start + std::chrono::days{2}, 1'000'000, std::chrono::seconds{4});

  EXPECT_EQ(line, " 20 %  2024-10-06  250,000 samples/s  16 s left\n");
}

TEST(ReplayProgress, lines_come_each_ten_per_cent) {
  ReplayProgress progress(ReplayProgress::Form::lines, start, end);
  const auto at = [&](int hours) {
    return progress.at(start + std::chrono::hours{hours}, 1, std::chrono::hours{hours});
  };

  EXPECT_NE(at(0), "");
  EXPECT_EQ(at(23), "");
  EXPECT_THAT(at(24), StartsWith(" 10 %"));
  EXPECT_EQ(at(47), "");
}

TEST(ReplayProgress, a_bar_is_written_over_and_ended) {
  ReplayProgress progress(ReplayProgress::Form::bar, start, end);

  EXPECT_EQ(progress.end(), "");
  EXPECT_THAT(progress.at(start + std::chrono::days{5}, 10, std::chrono::seconds{1}),
              StartsWith("\r  [############............]"));
  EXPECT_EQ(progress.at(end, 10, std::chrono::milliseconds{1100}), "");
  EXPECT_THAT(progress.at(end, 10, std::chrono::seconds{2}), HasSubstr("100 %"));
  EXPECT_EQ(progress.end(), "\n");
}

TEST(ReplayProgress, great_numbers_are_readable) {
  EXPECT_EQ(with_commas(7), "7");
  EXPECT_EQ(with_commas(1'234), "1,234");
  EXPECT_EQ(with_commas(50'123'456), "50,123,456");
}

}  // namespace
}  // namespace wl
