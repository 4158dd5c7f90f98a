#include "wattline_engine.hpp"

#include <algorithm>
#include <filesystem>

#include "collector/ledger/saved_state.hpp"
#include "figures.hpp"

namespace wl::bench {
namespace {

class WattlineReader : public Reader {
 public:
  WattlineReader(const storage::DatabaseOptions& options, const Plant& plant)
      : plant_(plant), store_(must(storage::open_store(options, plant))) {}

  std::size_t ask(const Question& question) override {
    using storage::Interval;
    switch (question.ask) {
      case Ask::latest:
        return must(store_->latest()).size();
      case Ask::raw:
        return must(store_->read_raw(
                        {.points = {question.point}, .from = question.from, .to = question.to}))
            .series.front()
            .samples.size();
      case Ask::chart:
        return buckets({question.point}, question, {});
      case Ask::hours:
        return buckets(plant_.points_of(question.device), question, Interval::hour);
      case Ask::days:
        return buckets(plant_.points_of(question.device), question, Interval::day);
      case Ask::energy:
        break;
    }
    return must(store_->energy({.devices = {question.device},
                                .from = question.from,
                                .to = question.to,
                                .interval = Interval::day}))
        .front()
        .buckets.size();
  }

 private:
  std::size_t buckets(std::vector<PointId> points, const Question& question,
                      std::optional<storage::Interval> interval) {
    const auto answer = must(store_->statistics({.points = std::move(points),
                                                 .from = question.from,
                                                 .to = question.to,
                                                 .interval = interval}));
    std::size_t count = 0;
    for (const auto& series : answer.series) count += series.buckets.size();
    return count;
  }

  const Plant& plant_;
  std::unique_ptr<storage::Store> store_;
};

storage::DatabaseOptions fresh_database(const std::string& path) {
  for (const char* part : {"", "-wal", "-shm"}) std::filesystem::remove(path + part);
  storage::DatabaseOptions options{.sqlite_path = path};
  must(storage::migrate(options));
  return options;
}

storage::DatabaseOptions fresh_mariadb(std::uint16_t port) {
  storage::MysqlOptions mysql;
  mysql.hosts = {"127.0.0.1"};
  mysql.port = port;
  mysql.user = mysql.password = "tester";
  mysql.database = "wattline_bench";
  storage::DatabaseOptions options;
  options.mysql = std::move(mysql);
  must(storage::migrate(options));
  return options;
}

}  // namespace

Wattline::Wattline(const Plant& plant, const Places& places)
    : Wattline(plant, fresh_database(places.folder + "/wattline.db")) {}

Wattline::Wattline(const Plant& plant, storage::DatabaseOptions options)
    : plant_(plant),
      options_(std::move(options)),
      store_(must(storage::open_collector_store(options_, plant))),
      ledger_(collector::ledger::meters_of(plant), {}) {}

void Wattline::prepare(std::span<const std::span<const Sample>> batches) {
  batches_.clear();
  for (const auto samples : batches) batches_.emplace_back(samples.begin(), samples.end());
}

void Wattline::write(std::size_t index) {
  write_batch(index);
  while (keep_up()) {
  }
}

bool Wattline::keep_up() {
  const Stopwatch watch;
  const bool more = must(store_->upkeep(alive_from_, {})).more;
  const double seconds = watch.seconds();
  cost_.upkeep += seconds;
  cost_.longest_upkeep = std::max(cost_.longest_upkeep, seconds);
  return more;
}

void Wattline::write_batch(std::size_t index) {
  std::vector<Sample>& samples = batches_[index];
  const Timestamp now = samples.back().source_time + Milliseconds{1000};
  if (alive_from_ == Timestamp{}) alive_from_ = samples.front().source_time;
  Stopwatch watch;
  storage::Batch batch;
  batch.source = "bench";
  batch.seq = ++seq_;
  batch.intervals = {{.from = alive_from_, .to = now, .alive = true, .cause = {}}};
  batch.ledger = ledger_.on_batch(samples, batch.intervals, now);
  batch.ledger_state = collector::ledger::save(ledger_);
  batch.samples = std::move(samples);  // As the core hands over the batch that it cut.
  cost_.state_bytes = batch.ledger_state.size();
  cost_.ledger += watch.lap();
  must(store_->write_batch(batch));
  const double batch_seconds = watch.lap();
  alive_from_ = now;
  cost_.batch += batch_seconds;
  cost_.longest_batch = std::max(cost_.longest_batch, batch_seconds);
}

std::unique_ptr<Reader> Wattline::reader() {
  return std::make_unique<WattlineReader>(options_, plant_);
}

void Wattline::settle() {
  must(store_->checkpoint());
}

std::uint64_t Wattline::disk_bytes() const {
  return std::filesystem::file_size(options_.sqlite_path);
}

std::uint64_t Wattline::stored_samples() {
  const auto extent = must(store_->extent());
  storage::RawQuery query;
  for (std::uint32_t i = 0; i < plant_.points.size(); ++i) query.points.push_back(PointId{i});
  query.limit = 1'000'000;
  std::uint64_t count = 0;
  const Timestamp end = extent ? extent->second + Milliseconds{1} : Timestamp{};
  for (query.from = extent ? extent->first : end, query.to = end; query.from < end;) {
    const auto answer = must(store_->read_raw(query));
    for (const auto& series : answer.series) count += series.samples.size();
    query.from = answer.complete_to;
  }
  return count;
}

std::uint64_t Wattline::log_bytes() const {
  std::error_code missing;
  const auto bytes = std::filesystem::file_size(options_.sqlite_path + "-wal", missing);
  return missing ? 0 : bytes;
}

std::unique_ptr<Engine> make_wattline(const Plant& plant, const Places& places) {
  return std::make_unique<Wattline>(plant, places);
}

std::unique_ptr<Engine> make_wattline_on_mariadb(const Plant& plant, std::uint16_t port) {
  return std::make_unique<Wattline>(plant, fresh_mariadb(port));
}

}  // namespace wl::bench
