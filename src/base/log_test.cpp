#include "base/log.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>

#include "base/durable_file.hpp"

namespace wl {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class LogTest : public ::testing::Test {
 protected:
  LogTest() {
    std::string name = (std::filesystem::temp_directory_path() / "wl-log-XXXXXX").string();
    options_.directory = ::mkdtemp(name.data());
    options_.process = "plc";
    options_.also_stderr = false;
  }
  ~LogTest() override {
    spdlog::set_default_logger(before_);
    std::filesystem::remove_all(options_.directory);
  }
  std::string content(const std::string& file) const {
    return read_file(options_.directory / file).value_or("");
  }
  std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
  LogOptions options_;
};

TEST_F(LogTest, a_line_has_time_level_process_and_message) {
  ASSERT_TRUE(start_logging(options_).has_value());

  spdlog::warn("belt {} is slow", 3);

  EXPECT_THAT(content("plc.log"),
              ::testing::MatchesRegex("[0-9-]+T[0-9:.]+Z warning  plc  belt 3 is slow\n"));
}

TEST_F(LogTest, a_message_cannot_forge_a_line_nor_steer_a_terminal) {
  ASSERT_TRUE(start_logging(options_).has_value());

  spdlog::warn("no user '{}'",
               "x'\n2026-01-01T00:00:00.000Z info     web  'admin' signed in\x1b[2J");

  EXPECT_THAT(content("plc.log"), HasSubstr(R"(no user 'x'\n2026-01-01T00:00:00.000Z info)"));
  EXPECT_THAT(content("plc.log"), HasSubstr(R"(signed in\x1b[2J')"));
  EXPECT_EQ(std::ranges::count(content("plc.log"), '\n'), 1);
}

TEST_F(LogTest, lines_below_the_level_are_left_out) {
  options_.level = "ERROR";
  ASSERT_TRUE(start_logging(options_).has_value());

  spdlog::info("quiet");
  spdlog::error("loud");

  EXPECT_THAT(content("plc.log"), HasSubstr("loud"));
  EXPECT_THAT(content("plc.log"), Not(HasSubstr("quiet")));
}

TEST_F(LogTest, a_full_file_is_rotated_and_only_so_many_are_kept) {
  options_.max_bytes = 1000;
  options_.backups = 1;
  ASSERT_TRUE(start_logging(options_).has_value());

  spdlog::info(std::string(900, 'a'));
  spdlog::info(std::string(900, 'b'));
  spdlog::info(std::string(900, 'c'));

  EXPECT_THAT(content("plc.log"), HasSubstr("ccc"));
  EXPECT_THAT(content("plc.1.log"), HasSubstr("bbb"));
  EXPECT_FALSE(std::filesystem::exists(options_.directory / "plc.2.log"));
}

TEST_F(LogTest, a_directory_that_cannot_be_written_is_named_with_its_key) {
  ASSERT_TRUE(write_file(options_.directory / "file", "", Durability::visible));
  LogOptions broken = options_;
  broken.directory = options_.directory / "file";

  const auto started = start_logging(broken);

  EXPECT_THAT(started.error().what, HasSubstr("WATTLINE_LOG_DIR"));
}

}  // namespace
}  // namespace wl
