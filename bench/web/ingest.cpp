#include <cmath>

#include "base/durable_file.hpp"
#include "base/stop_signal.hpp"
#include "collector/ledger/saved_state.hpp"
#include "figures.hpp"
#include "parts.hpp"
#include "storage/store.hpp"

namespace wl::bench {
namespace {

/// A collector's writing and no more: batch, ledger, rollups, sync, upkeep.
class Ingest {
 public:
  Ingest(const Plant& plant, const std::string& database)
      : plant_(plant),
        store_(must(storage::open_collector_store({.sqlite_path = database}, plant))),
        ledger_(collector::ledger::meters_of(plant), {},
                must(collector::ledger::restore(must(store_->ledger_state())))),
        alive_from_(wall_now()),
        source_(fmt::format("bench-{}", to_unix_ms(alive_from_))) {}

  /// `count` samples of all points since the batch before.
  void write(int count) {
    const Timestamp now = wall_now();
    storage::Batch batch;
    batch.source = source_;
    batch.seq = ++seq_;
    batch.intervals = {{.from = alive_from_, .to = now, .alive = true, .cause = {}}};
    batch.samples = samples(static_cast<std::size_t>(count), now);
    batch.ledger = ledger_.on_batch(batch.samples, batch.intervals, now);
    batch.ledger_state = collector::ledger::save(ledger_);
    must(store_->write_batch(batch));
    while (must(store_->upkeep(now, {})).more) {
    }
    alive_from_ = now;
  }

 private:
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

}  // namespace

void ingest(const IngestOptions& options) {
  StopSignal stop;
  const Plant plant = must(parse_plant(must(read_file(options.plant)), options.plant));
  Ingest ingest(plant, options.database);
  std::vector<double> ms;
  const auto pause = Milliseconds{static_cast<std::int64_t>(1000 * options.every_seconds)};
  while (!stop.wait(pause)) {
    const Stopwatch watch;
    ingest.write(options.samples_a_batch);
    ms.push_back(1000 * watch.seconds());
  }
  Figure("ingest")
      .add("batches", static_cast<double>(ms.size()))
      .add("samples_a_batch", options.samples_a_batch)
      .add("p50_ms", percentile(ms, 0.5))
      .add("longest_ms", percentile(ms, 1));
}

}  // namespace wl::bench
