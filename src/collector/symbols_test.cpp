#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <memory>
#include <regex>
#include <string>

namespace wl::collector {
namespace {

/// Clock, file, socket, thread, random number, log; also ours from base that wrap them.
constexpr const char* forbidden =
    " U (clock_gettime|gettimeofday|time|nanosleep|usleep|open|open64|fopen|fopen64|read|write|"
    "socket|connect|send|recv|poll|epoll_wait|select|pthread_create|pthread_mutex_lock|rand|random|"
    "getrandom|getenv|system|fork|std::chrono::.*clock::now.*|std::thread.*|std::random_device.*|"
    "std::basic_[io]?f?stream.*|std::basic_filebuf.*|std::condition_variable.*|spdlog.*|"
    "wl::wall_now.*|wl::write_file.*|wl::read_file.*|wl::start_logging.*)(@.*)?$";

std::string undefined_symbols(const std::string& library) {
  const std::string command = fmt::format("{} --undefined-only --demangle {}", WL_NM, library);
  const std::unique_ptr<FILE, int (*)(FILE*)> output(::popen(command.c_str(), "r"), ::pclose);
  std::string all;
  std::array<char, 4096> part{};
  while (std::fgets(part.data(), part.size(), output.get())) all += part.data();
  return all;
}

std::string forbidden_in(const std::string& symbols) {
  std::smatch found;
  const std::regex pattern(forbidden, std::regex::ECMAScript | std::regex::multiline);
  return std::regex_search(symbols, found, pattern) ? found.str() : "";
}

TEST(CollectorSymbols, the_core_uses_no_clock_file_socket_thread_or_random_number) {
  const std::string symbols = undefined_symbols(WL_COLLECTOR_LIBRARY);

  ASSERT_THAT(symbols, testing::HasSubstr("core.cpp.o:"));
  ASSERT_THAT(symbols, testing::HasSubstr("cleaner.cpp.o:"));
  ASSERT_THAT(symbols, testing::HasSubstr("day_counters.cpp.o:"));
  ASSERT_THAT(symbols, testing::HasSubstr("ledger.cpp.o:"));
  ASSERT_THAT(symbols, testing::HasSubstr("alarm_desk.cpp.o:"));
  ASSERT_THAT(symbols, testing::HasSubstr("meter.cpp.o:"));
  ASSERT_THAT(symbols, testing::HasSubstr("oee_account.cpp.o:"));
  EXPECT_EQ(forbidden_in(symbols), "");
}

TEST(CollectorSymbols, the_search_would_find_them) {
  EXPECT_NE(forbidden_in("   U clock_gettime@GLIBC_2.17\n"), "");
  EXPECT_NE(forbidden_in("   U memcpy\n                 U socket\n"), "");
  EXPECT_NE(forbidden_in("   U std::chrono::_V2::system_clock::now()\n"), "");
  EXPECT_NE(forbidden_in("   U wl::wall_now()\n"), "");
  EXPECT_EQ(forbidden_in("   U memcpy\n   U std::clamp(int)\n"), "");
}

}  // namespace
}  // namespace wl::collector
