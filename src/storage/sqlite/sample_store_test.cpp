#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <limits>

#include "storage/sqlite/database.hpp"
#include "storage/sqlite/scratch_database.hpp"

namespace wl::storage {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class SampleStoreTest : public ScratchDatabase {
 protected:
  SampleStoreTest() {
    EXPECT_TRUE(migrate(options_));
    store_ = open_collector_store(options_, plant_).value();
  }

  void write(std::uint64_t seq, std::vector<Sample> samples,
             std::vector<LinkInterval> intervals = {}) {
    const auto written = store_->write_batch({"test", seq, std::move(samples), intervals});
    ASSERT_TRUE(written) << written.error().what;
  }

  RawAnswer read(std::vector<std::uint32_t> points, std::int64_t from, std::int64_t to,
                 std::uint32_t limit = 1000) {
    RawQuery query{.points = {}, .from = at(from), .to = at(to), .limit = limit};
    std::ranges::transform(points, std::back_inserter(query.points),
                           [](std::uint32_t index) { return PointId{index}; });
    return store_->read_raw(query).value();
  }

  /// Runs `work` in a child process that ends by SIGKILL right after it.
  static void in_a_killed_child(const std::function<void()>& work) {
    const pid_t child = ::fork();
    if (child == 0) {
      work();
      ::raise(SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
  }

  Plant plant_ = small_plant();
  std::unique_ptr<CollectorStore> store_;
};

TEST_F(SampleStoreTest, gives_back_what_was_written_in_time_order) {
  write(1, {sample(0, 100, 1.5), sample(1, 100, 0.1), sample(0, 200, 2.5)});

  const RawAnswer answer = read({0, 2}, 0, 1000);

  ASSERT_EQ(answer.series.size(), 2u);
  EXPECT_THAT(answer.series[0].samples, ElementsAre(sample(0, 100, 1.5), sample(0, 200, 2.5)));
  EXPECT_THAT(answer.series[1].samples, IsEmpty());
  EXPECT_FALSE(answer.cut);
  EXPECT_EQ(answer.complete_to, at(1000));
}

TEST_F(SampleStoreTest, tells_the_value_that_was_held_at_the_start) {
  write(1, {sample(0, 100, 1), sample(0, 200, 2), sample(0, 300, 3)});

  const RawAnswer answer = read({0}, 300, 301);

  EXPECT_EQ(answer.series[0].before, sample(0, 200, 2));
  EXPECT_THAT(answer.series[0].samples, ElementsAre(sample(0, 300, 3)));
}

TEST_F(SampleStoreTest, keeps_the_whole_status_code) {
  write(1, {sample(0, 1, 7, quality::bad_no_communication)});

  EXPECT_THAT(read({0}, 0, 10).series[0].samples,
              ElementsAre(sample(0, 1, 7, quality::bad_no_communication)));
}

TEST_F(SampleStoreTest, never_stores_a_number_that_is_none_as_good) {
  write(1, {sample(0, 1, std::numeric_limits<double>::quiet_NaN())});

  EXPECT_THAT(read({0}, 0, 10).series[0].samples, ElementsAre(sample(0, 1, 0, quality::bad)));
}

TEST_F(SampleStoreTest, a_replayed_batch_is_a_success_and_changes_nothing) {
  write(7, {sample(0, 100, 1)}, {{at(0), at(50), true, ""}});

  write(7, {sample(0, 100, 99), sample(0, 101, 99)}, {{at(50), at(99), true, ""}});

  const RawAnswer answer = read({0}, 0, 1000);
  EXPECT_THAT(answer.series[0].samples, ElementsAre(sample(0, 100, 1)));
  EXPECT_THAT(answer.intervals, ElementsAre(LinkInterval{at(0), at(50), true, ""}));
}

TEST_F(SampleStoreTest, the_same_seq_of_another_source_is_another_batch) {
  write(7, {sample(0, 100, 1)});

  ASSERT_TRUE(store_->write_batch({"other", 7, {sample(0, 200, 2)}, {}}));

  EXPECT_EQ(read({0}, 0, 1000).series[0].samples.size(), 2u);
  EXPECT_EQ(store_->last_seq("other"), 7u);
  EXPECT_EQ(store_->last_seq("nobody"), 0u);
}

TEST_F(SampleStoreTest, a_child_killed_before_the_commit_leaves_nothing_behind) {
  write(1, {sample(0, 100, 1)});
  store_.reset();

  in_a_killed_child([&] {
    const auto database = connect(options_, Checkpoints::by_this_connection);
    // Left open at SIGKILL; a small cache makes SQLite spill its pages into the log before.
    auto* open = new WriteTransaction(*database);
    database->exec("PRAGMA cache_size = 1");
    database->exec(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
        "INSERT INTO samples SELECT 1, 5000 + i, 9, 0 FROM n");
    static_cast<void>(open);
    ::raise(SIGKILL);
  });

  store_ = open_collector_store(options_, plant_).value();
  write(2, {sample(0, 200, 2)});
  EXPECT_EQ(store_->extent().value(), std::pair(at(100), at(200)));
}

TEST_F(SampleStoreTest, a_batch_acknowledged_before_a_kill_is_there) {
  store_.reset();

  in_a_killed_child([&] {
    auto store = open_collector_store(options_, plant_).value();
    static_cast<void>(store->write_batch({"test", 41, {sample(2, 5, 3)}, {}}));
    ::raise(SIGKILL);
  });

  store_ = open_collector_store(options_, plant_).value();
  EXPECT_EQ(store_->last_seq("test"), 41u);
  EXPECT_THAT(read({2}, 0, 10).series[0].samples, ElementsAre(sample(2, 5, 3)));
}

TEST_F(SampleStoreTest, latest_is_the_newest_by_source_time) {
  write(1, {sample(0, 100, 1), sample(0, 300, 3), sample(2, 50, 5)});
  write(2, {sample(0, 200, 2)});

  EXPECT_THAT(store_->latest().value(), ElementsAre(sample(0, 300, 3), sample(2, 50, 5)));
}

TEST_F(SampleStoreTest, a_point_keeps_its_history_when_plant_json_is_reordered) {
  write(1, {sample(2, 100, 4)});
  std::swap(plant_.points[0], plant_.points[2]);

  store_ = open_collector_store(options_, plant_).value();

  EXPECT_THAT(read({0}, 0, 1000).series[0].samples, ElementsAre(sample(0, 100, 4)));
  EXPECT_THAT(read({2}, 0, 1000).series[0].samples, IsEmpty());
}

TEST_F(SampleStoreTest, a_cut_answer_is_whole_up_to_the_time_it_names) {
  write(1, {sample(0, 1, 1), sample(0, 2, 2), sample(0, 3, 3), sample(0, 4, 4), sample(1, 2, 9),
            sample(1, 5, 9)});

  const RawAnswer first = read({0, 1}, 0, 100, 4);
  const RawAnswer rest = read({0, 1}, 4, 100, 4);

  EXPECT_TRUE(first.cut);
  EXPECT_EQ(first.complete_to, at(4));
  EXPECT_EQ(first.series[0].samples.size(), 3u);
  EXPECT_THAT(first.series[1].samples, ElementsAre(sample(1, 2, 9)));
  EXPECT_FALSE(rest.cut);
  EXPECT_THAT(rest.series[0].samples, ElementsAre(sample(0, 4, 4)));
  EXPECT_THAT(rest.series[1].samples, ElementsAre(sample(1, 5, 9)));
}

TEST_F(SampleStoreTest, an_empty_database_has_no_extent_and_no_latest) {
  EXPECT_EQ(store_->extent().value(), std::nullopt);
  EXPECT_EQ(store_->covered_until().value(), std::nullopt);
  EXPECT_THAT(store_->latest().value(), IsEmpty());
}

TEST_F(SampleStoreTest, a_reader_in_another_connection_sees_each_commit) {
  const auto reader = open_store(options_, plant_).value();

  write(1, {sample(0, 100, 1)});

  EXPECT_THAT(reader->latest().value(), ElementsAre(sample(0, 100, 1)));
}

TEST_F(SampleStoreTest, a_locked_database_is_unavailable_and_nothing_is_stored) {
  options_.busy_timeout = Milliseconds{20};
  store_ = open_collector_store(options_, plant_).value();
  const auto other = connect(options_, Checkpoints::by_the_collector);
  WriteTransaction lock(*other);

  const auto written = store_->write_batch({"test", 1, {sample(0, 1, 1)}, {}});

  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Errc::unavailable);
  EXPECT_THAT(written.error().what, testing::HasSubstr("lock"));
  EXPECT_EQ(store_->extent().value(), std::nullopt);
}

TEST_F(SampleStoreTest, a_batch_that_failed_can_be_written_later) {
  options_.busy_timeout = Milliseconds{20};
  store_ = open_collector_store(options_, plant_).value();
  const auto other = connect(options_, Checkpoints::by_the_collector);
  auto lock = std::make_unique<WriteTransaction>(*other);
  ASSERT_FALSE(store_->write_batch({"test", 1, {sample(0, 1, 1)}, {}}));

  lock.reset();

  write(1, {sample(0, 1, 1)});
  EXPECT_THAT(store_->latest().value(), ElementsAre(sample(0, 1, 1)));
}

TEST_F(SampleStoreTest, a_checkpoint_moves_the_log_into_the_file) {
  write(1, {sample(0, 100, 1)});
  const std::string before = content();

  ASSERT_TRUE(store_->checkpoint());

  EXPECT_NE(content(), before);
}

}  // namespace
}  // namespace wl::storage
