#include "base/process_status.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/durable_file.hpp"

namespace wl {
namespace {

class ProcessStatusTest : public ::testing::Test {
 protected:
  ProcessStatusTest() {
    std::string name = (std::filesystem::temp_directory_path() / "wl-status-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
  }
  ~ProcessStatusTest() override { std::filesystem::remove_all(directory_); }
  std::filesystem::path directory_;
};

TEST_F(ProcessStatusTest, what_is_written_reads_back) {
  const ProcessStatus status{.name = "plc",
                             .pid = 42,
                             .version = "1.2",
                             .started_at = from_unix_ms(1000),
                             .heartbeat_at = from_unix_ms(2000),
                             .healthy = false,
                             .reason = "no \"program\"",
                             .details = {{"scan_ms", "0.04"}, {"overruns", "0"}}};
  ASSERT_TRUE(write_status(directory_, status).has_value());

  const auto read = read_status(directory_, "plc");

  ASSERT_TRUE(read.has_value()) << read.error().what;
  EXPECT_EQ(read->name, "plc");
  EXPECT_EQ(read->pid, 42);
  EXPECT_EQ(read->version, "1.2");
  EXPECT_EQ(read->started_at, status.started_at);
  EXPECT_EQ(read->heartbeat_at, status.heartbeat_at);
  EXPECT_FALSE(read->healthy);
  EXPECT_EQ(read->reason, status.reason);
  EXPECT_EQ(read->details, status.details);
}

TEST_F(ProcessStatusTest, a_process_that_never_wrote_one_is_not_found) {
  EXPECT_EQ(read_status(directory_, "plc").error().code, Errc::not_found);
}

TEST_F(ProcessStatusTest, a_removed_status_is_not_found) {
  ProcessStatus status;
  status.name = "plc";
  ASSERT_TRUE(write_status(directory_, status).has_value());

  remove_status(directory_, "plc");

  EXPECT_EQ(read_status(directory_, "plc").error().code, Errc::not_found);
}

TEST_F(ProcessStatusTest, a_damaged_file_is_refused) {
  ASSERT_TRUE(write_file(directory_ / "plc.status.json", "{\"name\":", Durability::visible));
  EXPECT_FALSE(read_status(directory_, "plc").has_value());

  ASSERT_TRUE(write_file(directory_ / "plc.status.json", "{}", Durability::visible));
  EXPECT_FALSE(read_status(directory_, "plc").has_value());
}

}  // namespace
}  // namespace wl
