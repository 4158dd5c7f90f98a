#include "queues.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <utility>

#include "collector/forward/store_and_forward.hpp"
#include "deliveries.hpp"
#include "figures.hpp"
#include "packed_samples.hpp"
#include "parts.hpp"
#include "storage/spool/posix_files.hpp"

namespace wl::bench {
namespace {

constexpr Milliseconds a_record{200};
constexpr int records_a_batch = 50;
constexpr int most_batches = 10'000;

class SpoolQueue : public Queue {
 public:
  SpoolQueue(const Plant& plant, const std::filesystem::path& folder)
      : files_(must(storage::spool::PosixSpoolFiles::open(folder / "spool"))),
        forward_(must(collector::StoreAndForward::open(*files_, plant, {}))) {}

  std::string_view name() const override { return "Wattline's spool"; }

  void keep(const collector::Record& record) override {
    forward_->on_record(record);
    forward_->on_time(now_);
    if (!take_batch()) throw std::runtime_error("a record is not durable");
  }

  std::size_t forward() override {
    if (!forward_->figures().database_open) forward_->on_database({}, 0, now_);
    for (int i = 0; !forward_->drained(); ++i) {
      if (i > most_batches) throw std::runtime_error("the spool does not drain");
      forward_->on_stop(now_);
      take_batch();
    }
    forward_->on_time(now_);  // Makes the release durable.
    now_.monotonic += Milliseconds{1};
    const std::uint64_t stored = forward_->figures().samples_stored;
    return stored - std::exchange(handed_on_, stored);
  }

  std::uint64_t bytes() const override { return forward_->figures().spool_bytes; }

 private:
  /// A batch that is due is stored at once. Whether something became durable.
  bool take_batch() {
    const auto actions = forward_->take_actions();
    if (actions.write) forward_->on_written(actions.write->seq, now_);
    return actions.durable.has_value();
  }

  std::unique_ptr<storage::spool::PosixSpoolFiles> files_;
  std::unique_ptr<collector::StoreAndForward> forward_;
  collector::Now now_{epoch, {}};
  std::uint64_t handed_on_ = 0;
};

class FileQueue : public Queue {
 public:
  explicit FileQueue(const std::filesystem::path& folder)
      : path_(folder / "plain"),
        file_(::open(path_.c_str(), O_CREAT | O_RDWR | O_APPEND | O_CLOEXEC, 0600)) {
    if (file_ < 0) throw std::runtime_error(path_.string() + " cannot be opened");
  }
  ~FileQueue() override { ::close(file_); }

  std::string_view name() const override { return "plain file"; }

  void keep(const collector::Record& record) override {
    const std::string bytes = packed(record.samples);
    if (::write(file_, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()) ||
        ::fdatasync(file_) != 0)
      throw std::runtime_error(path_.string() + " cannot be written");
  }

  std::size_t forward() override {
    std::string piece(sizeof(Sample) << 16, '\0');
    std::size_t samples = 0;
    std::vector<Sample> batch;
    for (off_t at = 0;;) {
      const ssize_t got = ::pread(file_, piece.data(), piece.size(), at);
      if (got < 0) throw std::runtime_error(path_.string() + " cannot be read");
      if (got == 0) break;
      unpack({piece.data(), static_cast<std::size_t>(got)}, batch);
      samples += batch.size();
      at += got;
    }
    if (::ftruncate(file_, 0) != 0 || ::fdatasync(file_) != 0)
      throw std::runtime_error(path_.string() + " cannot be emptied");
    return samples;
  }

  std::uint64_t bytes() const override { return std::filesystem::file_size(path_); }

 private:
  const std::filesystem::path path_;
  const int file_;
};

/// What a core makes of ten seconds of deliveries.
std::vector<collector::Record> records_of(Deliveries& deliveries, collector::Core& core) {
  std::vector<collector::Record> records;
  while (records.size() < records_a_batch) {
    for (auto& changes : deliveries.next())
      core.on_delivery({1, deliveries.received_at(), std::move(changes)});
    const Timestamp at = deliveries.received_at();
    core.on_time({at, at - epoch});
    for (auto& record : core.take_actions().records) records.push_back(std::move(record));
  }
  return records;
}

struct Cost {
  double cpu = 0;
  double wall = 0;
  std::uint64_t bytes = 0;
};

Cost cost_of(Queue& queue, const std::vector<collector::Record>& records, std::size_t samples) {
  Cost cost;
  const double cpu = cpu_seconds_of_this_process();
  const Stopwatch watch;
  for (const collector::Record& record : records) queue.keep(record);
  cost.bytes = queue.bytes();
  if (queue.forward() != samples)
    throw std::runtime_error(fmt::format("{} lost samples", queue.name()));
  cost.wall = watch.seconds();
  cost.cpu = cpu_seconds_of_this_process() - cpu;
  return cost;
}

}  // namespace

std::unique_ptr<Queue> make_spool_queue(const Plant& plant, const std::filesystem::path& folder) {
  return std::make_unique<SpoolQueue>(plant, folder);
}

std::unique_ptr<Queue> make_file_queue(const std::filesystem::path& folder) {
  return std::make_unique<FileQueue>(folder);
}

void measure_queues(const std::filesystem::path& folder, const PathOptions& options) {
  const std::size_t devices = options.points / points_a_device;
  const Plant plant = busy_plant(devices);
  const std::array queues{make_spool_queue(plant, folder), make_file_queue(folder),
                          make_sqlite_queue(SqliteRow::record, folder),
                          make_sqlite_queue(SqliteRow::sample, folder)};
  Deliveries deliveries(devices, a_record / 2, epoch);
  collector::CoreOptions core_options;
  core_options.live = false;
  core_options.pending_notifications = 1;  // Nobody waits for an acknowledgement.
  collector::Core core(plant, core_options, {.wall = epoch, .monotonic = {}}, {});
  core.on_link_up(epoch);
  for (int round = 0; round < options.rounds; ++round) {
    say(fmt::format("queues: round {} of {}", round + 1, options.rounds));
    const auto records = records_of(deliveries, core);
    std::size_t samples = 0;
    for (const auto& record : records) samples += record.samples.size();
    for (const auto& queue : queues) {
      const Cost cost = cost_of(*queue, records, samples);
      Figure("queues")
          .add("queue", queue->name())
          .add("samples", static_cast<double>(samples))
          .add("per_core_second", static_cast<double>(samples) / cost.cpu)
          .add("per_second", static_cast<double>(samples) / cost.wall)
          .add("bytes_a_sample", static_cast<double>(cost.bytes) / static_cast<double>(samples));
    }
  }
}

}  // namespace wl::bench
