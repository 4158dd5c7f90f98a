#include "apps/plc/options.hpp"

namespace wl {
namespace {

using namespace std::chrono_literals;

std::variant<PlcOptions, int> read(std::vector<std::string> words) {
  words.insert(words.begin(), "wattline-plc");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  return read_options(static_cast<int>(argv.size()), argv.data());
}

TEST(PlcOptions, without_an_argument_the_line_runs) {
  EXPECT_EQ(std::get<PlcOptions>(read({})).mode, PlcOptions::Mode::run);
}

TEST(PlcOptions, a_virtual_run_takes_duration_trace_and_writes) {
  const auto options = std::get<PlcOptions>(
      read({"--virtual", "--duration", "8h", "--trace", "-", "--set", "PLC_PRG.b=TRUE", "--set",
            "3min:PLC_PRG.s=a:b=c", "--start", "2026-01-01"}));

  EXPECT_EQ(options.mode, PlcOptions::Mode::virtual_run);
  EXPECT_EQ(options.duration, 8h);
  EXPECT_EQ(options.trace, "-");
  EXPECT_EQ(to_iso8601(options.start), "2026-01-01T00:00:00.000Z");
  ASSERT_EQ(options.sets.size(), 2u);
  EXPECT_EQ(options.sets[0].at, 0s);
  EXPECT_EQ(options.sets[1].at, 3min);
  EXPECT_EQ(options.sets[1].path, "PLC_PRG.s");
  EXPECT_EQ(options.sets[1].value, "a:b=c");
}

TEST(PlcOptions, a_virtual_run_for_a_replay_takes_seed_and_feed) {
  const auto options = std::get<PlcOptions>(
      read({"--virtual", "--until-now", "--feed", "-", "--seed", "4294967295"}));

  EXPECT_TRUE(options.until_now);
  EXPECT_EQ(options.feed, "-");
  EXPECT_EQ(options.seed, 4'294'967'295u);
}

TEST(PlcOptions, mistakes_end_with_2) {
  EXPECT_EQ(std::get<int>(read({"--chekc"})), 2);
  EXPECT_EQ(std::get<int>(read({"--virtual"})), 2);
  EXPECT_EQ(std::get<int>(read({"--virtual", "--duration", "soon"})), 2);
  EXPECT_EQ(std::get<int>(read({"--duration", "8h"})), 2);
  EXPECT_EQ(std::get<int>(read({"--virtual", "--until-now", "--duration", "8h"})), 2);
  EXPECT_EQ(std::get<int>(read({"--virtual", "--until-now", "--seed", "x"})), 2);
  EXPECT_EQ(std::get<int>(read({"--virtual", "--until-now", "--feed", "-", "--trace", "-"})), 2);
  EXPECT_EQ(std::get<int>(read({"--virtual", "--check", "--duration", "8h"})), 2);
  EXPECT_EQ(std::get<int>(read({"--virtual", "--duration", "8h", "--set", "x"})), 2);
}

TEST(PlcOptions, help_and_version_end_with_0) {
  EXPECT_EQ(std::get<int>(read({"--help"})), 0);
  EXPECT_EQ(std::get<int>(read({"--version"})), 0);
}

TEST(PlcOptions, a_bad_time_in_a_write_is_named) {
  EXPECT_THAT(parse_set("soon:PLC_PRG.b=TRUE").error().what, ::testing::HasSubstr("soon"));
}

}  // namespace
}  // namespace wl
