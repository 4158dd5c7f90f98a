#include "database.hpp"

#include <stdexcept>

#include "apps/collector/writer_parts.hpp"
#include "figures.hpp"

namespace wl::bench {
namespace {

constexpr Milliseconds longest_batch{120'000};
/// Real time: an hour of the virtual clock may pass in a second.
constexpr Milliseconds upkeep_pause{100};

storage::DatabaseOptions fresh(const std::filesystem::path& folder) {
  storage::DatabaseOptions options{.sqlite_path = (folder / "wattline.db").string()};
  must(storage::migrate(options));
  return options;
}

}  // namespace

Database::Database(const Plant& plant, const std::filesystem::path& folder, Timestamp start,
                   AlarmsSink alarms,
                   const std::function<void(const storage::DatabaseOptions&)>& prepare)
    : options_(fresh(folder)), clock_ms_(to_unix_ms(start)) {
  if (prepare) prepare(options_);
  Settings settings;
  settings.data_dir = folder;
  auto parts =
      writer_parts(settings, plant, must(storage::open_collector_store(options_, plant)), "bench");
  parts.clock = [this] { return from_unix_ms(clock_ms_); };
  parts.upkeep_pause = upkeep_pause;
  writer_ = std::make_unique<StoreWriter>(std::move(parts), events(std::move(alarms)));
}

StoreWriter::Events Database::events(AlarmsSink alarms) {
  return {.done = [this](WriteDone done) { done_.push(std::move(done)); },
          .alarms = std::move(alarms)};
}

void Database::store(std::shared_ptr<const collector::Record> batch, Timestamp now) {
  clock_ms_ = to_unix_ms(now);
  const std::size_t rows = batch->alarms.size();
  writer_->write(std::move(batch));
  const auto done = done_.drain(longest_batch);
  if (done.empty()) throw std::runtime_error("a batch took longer than two minutes");
  if (!done.front().error.empty()) throw std::runtime_error(done.front().error);
  alarm_rows_ += rows;
}

std::uint64_t Database::bytes() const {
  std::uint64_t sum = 0;
  for (const char* part : {"", "-wal"}) {
    std::error_code missing;
    const auto size = std::filesystem::file_size(options_.sqlite_path + part, missing);
    if (!missing) sum += size;
  }
  return sum;
}

}  // namespace wl::bench
