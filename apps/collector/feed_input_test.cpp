#include "apps/collector/feed_input.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/durable_file.hpp"

namespace wl {
namespace {

namespace fs = std::filesystem;

class FeedInputTest : public testing::Test {
 protected:
  FeedInputTest() {
    std::string pattern = (fs::temp_directory_path() / "wl-feed-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
  }
  ~FeedInputTest() override { fs::remove_all(directory_); }

  FeedInput input(const std::string& content) {
    EXPECT_TRUE(write_file(directory_ / "feed", content, Durability::visible));
    return FeedInput::open((directory_ / "feed").string(), stop_).value();
  }
  /// The lengths of all lines, then what ended them.
  static std::vector<std::size_t> lengths(FeedInput input, Result<FeedInput::Got>& ending) {
    std::vector<std::size_t> all;
    std::string_view line;
    for (ending = input.next(line); ending && *ending == FeedInput::Got::line;
         ending = input.next(line))
      all.push_back(line.size());
    return all;
  }

  StopSignal stop_;
  fs::path directory_;
};

TEST_F(FeedInputTest, lines_come_whole_also_across_the_ends_of_reads) {
  std::string text;
  for (std::size_t i = 0; i < 3000; ++i) text += std::string(i, 'x') + "\n";
  Result<FeedInput::Got> ending = FeedInput::Got::line;

  const auto found = lengths(input(text), ending);

  EXPECT_EQ(ending, FeedInput::Got::end);
  ASSERT_EQ(found.size(), 3000u);
  EXPECT_EQ(found[2999], 2999u);
  EXPECT_EQ(found[1234], 1234u);
}

TEST_F(FeedInputTest, a_last_line_without_its_end_is_no_line) {
  Result<FeedInput::Got> ending = FeedInput::Got::line;

  EXPECT_EQ(lengths(input("one\ntwo"), ending).size(), 1u);

  EXPECT_EQ(ending, FeedInput::Got::end);
}

TEST_F(FeedInputTest, an_endless_line_is_refused) {
  Result<FeedInput::Got> ending = FeedInput::Got::line;

  lengths(input(std::string(3 << 20, 'x')), ending);

  EXPECT_FALSE(ending.has_value());
}

TEST_F(FeedInputTest, a_missing_file_is_named) {
  const auto missing = FeedInput::open((directory_ / "none").string(), stop_);

  EXPECT_NE(missing.error().what.find("none"), std::string::npos);
}

}  // namespace
}  // namespace wl
