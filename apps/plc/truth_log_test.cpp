#include "apps/plc/truth_log.hpp"

#include <array>
#include <cstring>

#include "base/durable_file.hpp"

namespace wl {
namespace {

plc::Symbol counter(std::string path, std::uint32_t offset) {
  plc::Symbol symbol;
  symbol.path = std::move(path);
  symbol.type = plc::IecType::udint;
  symbol.offset = offset;
  symbol.size = 4;
  return symbol;
}

class TruthLogTest : public ::testing::Test {
 protected:
  TruthLogTest() {
    std::string name = "/tmp/wl-truth-XXXXXX";
    directory_ = ::mkdtemp(name.data());
  }
  ~TruthLogTest() override { std::filesystem::remove_all(directory_); }

  static std::array<std::byte, 8> image(std::uint32_t boot, std::uint32_t scan) {
    std::array<std::byte, 8> bytes;
    std::memcpy(bytes.data(), &boot, 4);
    std::memcpy(bytes.data() + 4, &scan, 4);
    return bytes;
  }

  std::filesystem::path directory_;
  std::vector<plc::Symbol> symbols_{counter("PLC_PRG.udiBootCount", 0),
                                    counter("PLC_PRG.udiScanCount", 4)};
};

TEST_F(TruthLogTest, each_scan_is_a_line_that_is_there_at_once) {
  const auto log = TruthLog::open(directory_ / "truth", symbols_).value();
  log->append(image(2, 7), from_unix_ms(1'700'000'000'100));
  log->append(image(2, 4294967295), from_unix_ms(1'700'000'000'200));

  EXPECT_EQ(read_file(directory_ / "truth").value(),
            "2,7,1700000000100\n2,4294967295,1700000000200\n");
}

TEST_F(TruthLogTest, a_restart_goes_on_in_the_same_file) {
  TruthLog::open(directory_ / "truth", symbols_).value()->append(image(1, 1), from_unix_ms(1));
  TruthLog::open(directory_ / "truth", symbols_).value()->append(image(2, 1), from_unix_ms(2));

  EXPECT_EQ(read_file(directory_ / "truth").value(), "1,1,1\n2,1,2\n");
}

TEST_F(TruthLogTest, a_program_without_the_counters_is_refused) {
  symbols_.pop_back();
  EXPECT_THAT(TruthLog::open(directory_ / "truth", symbols_).error().what,
              ::testing::HasSubstr("udiScanCount"));
}

TEST_F(TruthLogTest, a_file_that_cannot_be_opened_is_named) {
  const auto path = directory_ / "missing" / "truth";
  EXPECT_THAT(TruthLog::open(path, symbols_).error().what, ::testing::HasSubstr(path.string()));
}

}  // namespace
}  // namespace wl
