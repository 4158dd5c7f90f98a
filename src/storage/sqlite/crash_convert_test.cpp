// Power losses while a file of the first release is brought to the schema of today.
#include <fmt/format.h>

#include "storage/historian/historian.hpp"
#include "storage/sqlite/testing/crash_rig.hpp"
#include "storage/sqlite/testing/schema_1.hpp"

namespace wl::storage {
namespace {

using testing::Contains;
using testing::Key;

constexpr int most_losses = 4;
constexpr std::uint64_t most_calls_until_loss = 120;
constexpr const char* path = CrashRig::path;

/// The bytes of such a file; made once.
const std::string& old_file() {
  static const std::string bytes = [] {
    std::string pattern = (std::filesystem::temp_directory_path() / "wl-old-XXXXXX").string();
    const std::filesystem::path directory = ::mkdtemp(pattern.data());
    make_schema_1((directory / "old.db").string());
    std::string content = read_file((directory / "old.db").string(), 1u << 24).value_or("");
    std::filesystem::remove_all(directory);
    return content;
  }();
  return bytes;
}

/// All samples of the point, once, in the raw history and in the rollups.
std::string fault_of(Historian& historian, std::uint32_t point, std::int64_t count) {
  const Timestamp from = minute_of_schema_1(0);
  const Timestamp to = minute_of_schema_1(240);
  const auto raw = historian.read_raw({.points = {PointId{point}}, .from = from, .to = to});
  const auto minutes = historian.statistics(
      {.points = {PointId{point}}, .from = from, .to = to, .interval = Interval::minute});
  if (!raw) return raw.error().what;
  if (!minutes) return minutes.error().what;
  const auto& samples = raw->series[0].samples;
  if (samples.size() != static_cast<std::size_t>(count)) return fmt::format("{}", samples.size());
  for (std::int64_t minute = 0; minute < 240; ++minute) {
    const auto index = static_cast<std::size_t>(minute);
    const StatisticsBucket& bucket = minutes->series[0].buckets[index];
    const double value =
        point == 3 ? -static_cast<double>(minute) : static_cast<double>(minute) / 10;
    if (minute >= count) {
      if (bucket.count != 0) return fmt::format("minute {} is counted", minute);
    } else if (samples[index].value != value || bucket.count != 1 || bucket.sum != value) {
      return fmt::format("minute {} of point {}", minute, point);
    }
  }
  return "";
}

/// A computer that loses power again and again while it converts.
class Conversion {
 public:
  Conversion(std::uint64_t seed, const std::string& file)
      : random_(seed), disk_(seed), vfs_(disk_, CrashVfs::Use::by_all) {
    disk_.put(path, file);
  }

  /// The first fault; empty when all is there in the end. Counts what each loss interrupted, and
  /// at which schema.
  std::string survive(std::map<std::string, int>& interrupted) {
    for (int losses = 0;; ++losses) {
      if (losses < most_losses) disk_.cut_power_at(1 + random_() % most_calls_until_loss);
      const std::string said = convert();
      if (disk_.powered()) return said.empty() ? fault() : said;
      disk_.power_on();
      ++interrupted[stage()];
    }
  }

 private:
  std::string convert() {
    try {
      const auto database = connect(options_, Checkpoints::by_the_collector);
      const auto report = bring_up_to_date(*database, options_, {});
      return report ? "" : report.error().what;
    } catch (const SQLite::Exception& error) {
      return error.what();
    }
  }

  std::string stage() {
    const auto database = connect(options_, Checkpoints::by_the_collector);
    const int version = schema_version(*database);
    if (version != 2) return fmt::format("schema {}", version);
    SQLite::Statement hours(*database,
                            "SELECT count(*) FROM ingest_batch WHERE source = 'schema-1'");
    hours.executeStep();
    return fmt::format("schema 2, {} hours", hours.getColumn(0).getInt());
  }

  std::string fault() {
    const Plant plant = plant_of_schema_1();
    auto tables = sqlite_tables_on(connect(options_, Checkpoints::by_this_connection), path,
                                   Checkpoints::by_this_connection);
    for (const std::string& line : tables->integrity()) return line;
    if (tables->last_seq("spool") != 42) return "the batches of the collector are forgotten";
    Historian historian(std::move(tables), plant, Calendar::of("UTC").value());
    const std::string first = fault_of(historian, 0, 180);
    return first.empty() ? fault_of(historian, 3, 70) : first;
  }

  std::mt19937_64 random_;
  CrashDisk disk_;
  CrashVfs vfs_;
  DatabaseOptions options_{.sqlite_path = path};
};

std::string first_fault(std::uint64_t runs, std::map<std::string, int>& interrupted) {
  const std::string& file = old_file();
  for (std::uint64_t seed = 1; seed <= runs; ++seed) {
    const std::string found = Conversion(seed, file).survive(interrupted);
    if (!found.empty()) return fmt::format("seed {}: {}", seed, found);
  }
  return "";
}

TEST(CrashConversion, every_sample_outlives_power_losses_at_any_call) {
  std::map<std::string, int> interrupted;

  EXPECT_EQ(first_fault(60, interrupted), "");

  for (const char* stage : {"schema 1", "schema 2, 0 hours", "schema 2, 1 hours",
                            "schema 2, 2 hours", "schema 2, 3 hours"}) {
    EXPECT_THAT(interrupted, Contains(Key(std::string(stage))));
  }
}

}  // namespace
}  // namespace wl::storage
