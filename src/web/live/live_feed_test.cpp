#include "web/live/live_feed.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <new>

#include "base/bounded_queue.hpp"
#include "base/time.hpp"

namespace wl::web {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

/// A collector that is stopped (SIGSTOP): it listens and never accepts. Its backlog holds one.
class HungCollector {
 public:
  HungCollector() : listener_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    std::string name = "/tmp/wl-feed-XXXXXX";
    directory_ = ::mkdtemp(name.data());
    const sockaddr_un at = address();
    ::bind(listener_, reinterpret_cast<const sockaddr*>(&at), sizeof at);
    ::listen(listener_, 0);
  }
  ~HungCollector() {
    end();
    ::close(waiting_);
    std::filesystem::remove_all(directory_);
  }
  HungCollector(const HungCollector&) = delete;
  HungCollector& operator=(const HungCollector&) = delete;

  std::filesystem::path path() const { return directory_ / "live.sock"; }
  /// Takes the only place in the backlog.
  bool fill_backlog() {
    waiting_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_un at = address();
    return ::connect(waiting_, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0;
  }
  void end() {
    if (listener_ >= 0) ::close(listener_);
    listener_ = -1;
  }

 private:
  sockaddr_un address() const {
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    std::strncpy(at.sun_path, path().c_str(), sizeof at.sun_path - 1);
    return at;
  }

  std::filesystem::path directory_;
  int listener_;
  int waiting_ = -1;
};

/// What a feed reports; tasks run at once, on the feed's thread.
struct Reports {
  BoundedQueue<std::string> lost{100, WhenFull::refuse};

  FeedEvents events() {
    return {[](LiveMessage) {}, [this](std::string reason) { lost.push(std::move(reason)); }};
  }
  std::string next() {
    const auto all = lost.drain(milliseconds{5'000});
    return all.empty() ? "nothing came" : all.front();
  }
};

TEST(LiveFeed, a_hung_collector_with_a_full_backlog_is_reported_and_does_not_hold_the_thread) {
  HungCollector collector;
  ASSERT_TRUE(collector.fill_backlog());
  Reports reports;
  const LiveFeed feed(collector.path(), [](Task task) { task(); }, reports.events());

  EXPECT_THAT(reports.next(), HasSubstr("does not answer"));

  collector.end();  // A feed that waits in connect() goes on: the test ends in any case.
}

TEST(LiveFeed, a_report_that_cannot_be_handed_over_does_not_end_the_thread) {
  HungCollector collector;
  collector.end();
  Reports reports;
  bool failed = false;
  const auto post = [&failed](Task task) {
    if (!std::exchange(failed, true)) throw std::bad_alloc();
    task();
  };

  const LiveFeed feed(collector.path(), post, reports.events());

  EXPECT_THAT(reports.next(), HasSubstr("does not answer"));
}

}  // namespace
}  // namespace wl::web
