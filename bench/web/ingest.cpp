#include <cmath>

#include "base/durable_file.hpp"
#include "base/stop_signal.hpp"
#include "collector/ledger/saved_state.hpp"
#include "figures.hpp"
#include "parts.hpp"
#include "storage/account_store.hpp"
#include "storage/store.hpp"
#include "web/auth/first_account.hpp"

namespace wl::bench {
namespace {

/// A collector's writing and no more: batch, ledger, rollups, sync, upkeep.
class Ingest {
 public:
  /// What it writes begins at `from`.
  Ingest(const Plant& plant, const storage::DatabaseOptions& database, Timestamp from)
      : plant_(plant),
        store_(must(storage::open_collector_store(database, plant))),
        ledger_(collector::ledger::meters_of(plant), {}, saved(must(store_->ledger_state()))),
        alive_from_(from),
        source_(fmt::format("bench-{}", to_unix_ms(alive_from_))) {}

  /// `count` samples of all points in the time from the batch before until `now`.
  void write(std::size_t count, Timestamp now) {
    storage::Batch batch;
    batch.source = source_;
    batch.seq = ++seq_;
    batch.intervals = {{.from = alive_from_, .to = now, .alive = true, .cause = {}}};
    batch.samples = samples(count, now);
    batch.ledger = ledger_.on_batch(batch.samples, batch.intervals, now);
    batch.ledger_state = collector::ledger::save(ledger_);
    must(store_->write_batch(batch));
    while (must(store_->upkeep(now, {})).more) {
    }
    alive_from_ = now;
  }

 private:
  static collector::ledger::LedgerState saved(const std::string& bytes) {
    if (bytes.empty()) return {};
    return must(collector::ledger::restore(bytes));
  }

  std::vector<Sample> samples(std::size_t count, Timestamp now) {
    const std::size_t rows = std::max<std::size_t>(1, count / plant_.points.size());
    const Milliseconds step = (now - alive_from_) / static_cast<std::int64_t>(rows);
    std::vector<Sample> samples;
    for (std::size_t row = 0; row < rows; ++row) {
      tick_ += 1;
      const Timestamp time = alive_from_ + step * static_cast<std::int64_t>(row);
      for (std::uint32_t i = 0; i < plant_.points.size() && samples.size() < count; ++i)
        samples.push_back({PointId{i}, value(plant_.points[i]), quality::good, time});
    }
    return samples;
  }

  double value(const PointSpec& point) const {
    if (point.kind == PointKind::state) return std::fmod(std::floor(tick_ / 300), 2);
    if (point.kind == PointKind::counter) return std::floor(1e6 + tick_) / 1000;
    return std::round(1000 * (2 + std::sin(tick_ / 50))) / 1000;
  }

  const Plant& plant_;
  std::unique_ptr<storage::CollectorStore> store_;
  collector::ledger::Ledger ledger_;
  Timestamp alive_from_;
  std::string source_;
  std::uint64_t seq_ = 0;
  double tick_ = 0;
};

Plant read_plant(const std::string& path) {
  return must(parse_plant(must(read_file(path)), path));
}

storage::DatabaseOptions database_of(const IngestOptions& options, const Plant& plant) {
  return {.sqlite_path = options.database, .time_zone = plant.time_zone};
}

}  // namespace

void ingest(const IngestOptions& options) {
  StopSignal stop;
  const Plant plant = read_plant(options.plant);
  Ingest ingest(plant, database_of(options, plant), wall_now());
  const auto count = static_cast<std::size_t>(options.samples_a_batch);
  std::vector<double> ms;
  const auto pause = Milliseconds{static_cast<std::int64_t>(1000 * options.every_seconds)};
  while (!stop.wait(pause)) {
    const Stopwatch watch;
    ingest.write(count, wall_now());
    ms.push_back(1000 * watch.seconds());
  }
  Figure("ingest")
      .add("batches", static_cast<double>(ms.size()))
      .add("samples_a_batch", options.samples_a_batch)
      .add("p50_ms", percentile(ms, 0.5))
      .add("longest_ms", percentile(ms, 1));
}

void make_database(const IngestOptions& options, int hours) {
  const Plant plant = read_plant(options.plant);
  const storage::DatabaseOptions database = database_of(options, plant);
  must(storage::migrate(database));
  const auto accounts = must(storage::open_account_store(database));
  must(web::create_first_account(*accounts, wall_now()));
  if (hours == 0) return;
  Timestamp at = wall_now() - std::chrono::hours{hours};
  Ingest ingest(plant, database, at);
  // As of a sample a second of each point.
  constexpr std::chrono::seconds step{60};
  while (at + step < wall_now()) {
    at += step;
    ingest.write(plant.points.size() * static_cast<std::size_t>(step.count()), at);
  }
}

}  // namespace wl::bench
