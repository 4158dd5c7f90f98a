// A Galera cluster whose nodes die while they are written to.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "storage/mysql/server_tests/batches.hpp"
#include "storage/mysql/server_tests/test_server.hpp"
#include "storage/mysql/testing/galera_cluster.hpp"

namespace wl::storage::mysql {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds give_up_after{60};

/// Writes one batch after the other, each again until it is acknowledged, as the collector does.
class BatchWriter {
 public:
  explicit BatchWriter(const DatabaseOptions& options)
      : tables_(open_tables(options)), thread_([this] { run(); }) {}
  ~BatchWriter() { end(); }
  BatchWriter(const BatchWriter&) = delete;
  BatchWriter& operator=(const BatchWriter&) = delete;

  /// Returns when so many more are acknowledged, or none was for a long time.
  void wait_for_more(std::uint64_t count) const {
    const std::uint64_t wanted = acknowledged_ + count;
    while (acknowledged_ < wanted && !gave_up_) std::this_thread::yield();
  }
  void end() {
    ending_ = true;
    if (thread_.joinable()) thread_.join();
  }

  std::uint64_t acknowledged() const { return acknowledged_; }
  std::chrono::milliseconds longest_wait() const { return longest_wait_; }  ///< After end().
  int failures() const { return failures_; }                                ///< After end().
  bool gave_up() const { return gave_up_; }

 private:
  void run() {
    while (!ending_ && !gave_up_) {
      const auto begin = Clock::now();
      while (!failure_of(*tables_, acknowledged_ + 1).empty()) {
        ++failures_;
        gave_up_ = Clock::now() - begin > give_up_after;
        if (gave_up_) return;
      }
      const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin);
      longest_wait_ = std::max(longest_wait_, took);
      ++acknowledged_;
    }
  }

  std::unique_ptr<Tables> tables_;
  std::atomic<std::uint64_t> acknowledged_ = 0;
  std::atomic<bool> ending_ = false;
  std::atomic<bool> gave_up_ = false;
  std::chrono::milliseconds longest_wait_{};
  int failures_ = 0;
  std::thread thread_;
};

std::string parts(const MariadbServer& node) {
  return node.ask("SELECT CONCAT(COUNT(*), ' of ', COUNT(DISTINCT batch)) FROM energy.hot_parts");
}

TEST(MariadbGalera, batches_go_on_at_another_node_when_the_one_written_to_is_killed) {
  const GaleraCluster cluster;
  const DatabaseOptions options = options_of(cluster.create_database("energy"));
  const auto report = prepare_schema(options);
  ASSERT_TRUE(report) << report.error().what;
  BatchWriter writer(options);

  writer.wait_for_more(100);
  cluster.node(0).kill();
  writer.wait_for_more(100);
  writer.end();

  const std::string all = std::to_string(writer.acknowledged());
  EXPECT_GE(writer.acknowledged(), 200u);
  EXPECT_EQ(parts(cluster.node(1)), all + " of " + all);
  EXPECT_EQ(parts(cluster.node(2)), all + " of " + all);
  EXPECT_LT(writer.longest_wait(), std::chrono::seconds{20});
  RecordProperty("longest_wait_ms", static_cast<int>(writer.longest_wait().count()));
  RecordProperty("failed_attempts", writer.failures());
  RecordProperty("batches", all);
}

}  // namespace
}  // namespace wl::storage::mysql
