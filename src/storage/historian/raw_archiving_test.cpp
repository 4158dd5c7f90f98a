// Old chunks go into an archive a slice at a time; nothing is lost or doubled where that fails.
#include <fmt/format.h>

#include <filesystem>
#include <optional>

#include "storage/archive/archive_reader.hpp"
#include "storage/archive/file_archive.hpp"
#include "storage/historian/testing/failing_tables.hpp"
#include "storage/historian/testing/historian_suite.hpp"

namespace wl::storage {
namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr RetentionRules one_day{.raw = std::chrono::days{1}};

Plant wide_plant(std::uint32_t points) {
  Plant plant = small_plant();
  for (std::uint32_t number = 0; plant.points.size() < points; ++number) {
    plant.points.push_back(point_spec("conveyor", fmt::format("extra_{}", number), 0));
  }
  return plant;
}

/// Of each point two samples in one hour, and one of the first point three days later.
std::vector<Sample> one_old_hour(std::uint32_t points) {
  std::vector<Sample> samples;
  for (std::uint32_t point = 0; point < points; ++point) {
    samples.push_back(sample(point, 0, point));
    samples.push_back(sample(point, 10, -1.0));
  }
  samples.push_back(sample(0, 3 * day_ms, 7));
  return samples;
}

/// The real archive in a directory of its own; counts what it is asked.
class CountedArchive : public ChunkArchive {
 public:
  CountedArchive() {
    std::string pattern = (std::filesystem::temp_directory_path() / "wl-slices-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
    restart();
  }
  ~CountedArchive() override { std::filesystem::remove_all(directory_); }
  CountedArchive(const CountedArchive&) = delete;
  CountedArchive& operator=(const CountedArchive&) = delete;

  Result<void> append(Timestamp hour, std::span<const NamedChunk> chunks) override {
    appended += chunks.size();
    largest = std::max(largest, chunks.size());
    return files_->append(hour, chunks);
  }
  void restart() { files_.emplace(directory_); }

  /// Samples by key, as a reader of the archive finds them.
  std::map<std::string, std::vector<Sample>> content() const {
    std::map<std::string, std::vector<Sample>> found;
    for (const auto& path : archive_files(directory_)) {
      const auto reader = ArchiveReader::open(path).value();
      const ArchiveIndex index = reader.index({}).value();
      for (const ArchivedHour& hour : index.hours) {
        const std::vector<Sample> samples = reader.samples(hour).value();
        auto& all = found[index.keys[hour.key]];
        all.insert(all.end(), samples.begin(), samples.end());
      }
    }
    return found;
  }

  std::size_t appended = 0;
  std::size_t largest = 0;

 private:
  std::filesystem::path directory_;
  std::optional<FileArchive> files_;
};

/// Points whose two old samples are not found exactly once in the archive or are neither there nor
/// in the store; "" when all are well.
std::string missing(const Plant& plant, Store& store, const CountedArchive& archive) {
  const auto archived = archive.content();
  for (std::uint32_t point = 0; point < plant.points.size(); ++point) {
    const std::string& key = plant.points[point].key;
    const RawQuery query{.points = {PointId{point}}, .from = at(0), .to = at(day_ms)};
    const auto stored = store.read_raw(query);
    if (!stored) return stored.error().what;
    const bool in_archive = archived.contains(key);
    if (in_archive && archived.at(key).size() != 2) return key + " is not archived once";
    if (!in_archive && stored->series[0].samples.size() != 2) return key + " is lost";
  }
  return "";
}

/// Steps until there is no more to do; what is missing after any of them.
std::string missing_after_any_step(const Plant& plant, Historian& store, CountedArchive& archive,
                                   int& steps) {
  RetentionRules rules = one_day;
  rules.archive = &archive;
  for (steps = 0; steps < 100;) {
    const UpkeepReport report = store.upkeep(at(3 * day_ms), rules).value();
    const std::string found = missing(plant, store, archive);
    if (!found.empty()) return fmt::format("step {}: {}", steps, found);
    if (!report.more) return "";
    ++steps;
  }
  return "no end";
}

/// A history of one folded hour, and a retention of which one call to the database fails.
struct Attempt {
  explicit Attempt(int fail_at) {
    const auto first = historian_on(engine.open(), plant);
    EXPECT_TRUE(first->write_batch({"test", 1, one_old_hour(points), {}, {}, {}}));
    reopen();
    fold();
    plan.calls = 0;
    plan.fail_at = fail_at;
  }

  void reopen() {
    store = historian_on(std::make_unique<FailingTables>(engine.open(), plan), plant);
    archive.restart();
  }
  void fold() const {
    for (int step = 0; step < 10; ++step) EXPECT_TRUE(store->upkeep(at(3 * day_ms), {}));
  }
  /// All steps; with `restarts`, a failed one is the end of the process.
  void retain(bool restarts) {
    RetentionRules rules = one_day;
    rules.archive = &archive;
    for (int step = 0; step < 12; ++step) {
      const bool failed = !store->upkeep(at(3 * day_ms), rules);
      if (failed && restarts) reopen();
    }
  }

  static constexpr std::uint32_t points = 200;  // Two slices.
  MemoryEngine engine;
  const Plant plant = wide_plant(points);
  FailurePlan plan;
  CountedArchive archive;
  std::unique_ptr<Historian> store;
};

/// Each call of a retention fails once: what is then wrong.
std::string harm_of_any_failure(bool restarts, std::size_t& most_appended) {
  Attempt whole(0);
  whole.retain(false);
  for (int call = 1; call <= whole.plan.calls; ++call) {
    Attempt attempt(call);
    attempt.retain(restarts);
    if (attempt.plan.failures != 1) return fmt::format("call {} did not fail", call);
    const std::string found = missing(attempt.plant, *attempt.store, attempt.archive);
    if (!found.empty()) return fmt::format("call {}: {}", call, found);
    if (!attempt.engine.content().chunks.empty()) return fmt::format("call {}: chunks stay", call);
    if (attempt.archive.content().size() != Attempt::points)
      return fmt::format("call {}: not all are archived", call);
    most_appended = std::max(most_appended, attempt.archive.appended);
  }
  return whole.plan.calls > 10 ? "" : "nothing was tried";
}

}  // namespace

TEST_P(HistorianSuite, a_large_old_hour_goes_into_the_archive_in_several_steps) {
  plant_ = wide_plant(300);
  reopen();
  write(1, one_old_hour(300));
  reopen();  // Nothing is on its way for any hour.
  keep_up(at(3 * day_ms));
  CountedArchive archive;

  int steps = 0;
  EXPECT_EQ(missing_after_any_step(plant_, *store_, archive, steps), "");

  EXPECT_GE(steps, 3);
  EXPECT_EQ(archive.appended, 300u);
  EXPECT_LE(archive.largest, 128u);
  EXPECT_EQ(read({0, 299}, 0, day_ms).series[1].samples.size(), 0u);
}

TEST(RawArchiving, a_failure_of_any_call_loses_nothing_and_archives_nothing_twice) {
  std::size_t most_appended = 0;
  EXPECT_EQ(harm_of_any_failure(false, most_appended), "");
  EXPECT_EQ(most_appended, Attempt::points);
}

TEST(RawArchiving, a_death_at_any_call_loses_nothing_and_a_slice_read_twice_is_there_once) {
  std::size_t most_appended = 0;
  EXPECT_EQ(harm_of_any_failure(true, most_appended), "");
  EXPECT_GT(most_appended, Attempt::points) << "no slice was archived without being dropped";
}

}  // namespace wl::storage
