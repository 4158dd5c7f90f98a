#include <array>
#include <cmath>
#include <stdexcept>

#include "collector/forward/codec.hpp"
#include "collector/forward/store_and_forward.hpp"
#include "figures.hpp"
#include "line_feed.hpp"
#include "line_samples.hpp"
#include "parts.hpp"
#include "storage/spool/frame.hpp"
#include "storage/spool/posix_files.hpp"

namespace wl::bench {
namespace {

constexpr Milliseconds step{100};
constexpr Milliseconds a_record{200};
constexpr std::uint64_t records_a_sync = 2000;

/// Values for the points of a real plant.json, ten a second each.
class PlantValues {
 public:
  explicit PlantValues(const Plant& plant) : plant_(plant), now_(plant.devices.size()) {
    for (std::size_t i = 0; i < plant.devices.size(); ++i) devices_.emplace_back(i + 1);
  }

  collector::Record next(std::uint64_t seq, Timestamp from) {
    collector::Record record;
    record.seq = seq;
    record.samples.reserve(plant_.points.size() * 2);
    for (Timestamp at = from; at < from + a_record; at += step) add(record.samples, at);
    record.intervals = {{.from = from, .to = from + a_record, .alive = true, .cause = {}}};
    return record;
  }

 private:
  void add(std::vector<Sample>& samples, Timestamp at) {
    for (std::size_t i = 0; i < devices_.size(); ++i) devices_[i].advance(step, now_[i]);
    for (std::uint32_t i = 0; i < plant_.points.size(); ++i) {
      const PointSpec& point = plant_.points[i];
      const auto& [power, energy, status, speed] = now_[point.device.value];
      double value = point.unit == "kW" ? power : speed;
      if (point.kind == PointKind::state) value = status;
      if (point.kind == PointKind::counter)
        value = point.unit == "kWh" ? energy : std::floor(energy);
      samples.push_back({PointId{i}, value, quality::good, at});
    }
  }

  const Plant& plant_;
  std::vector<SyntheticDevice> devices_;
  std::vector<std::array<double, points_a_device>> now_;
};

Milliseconds length_of(std::uint64_t records) {
  return static_cast<std::int64_t>(records) * a_record;
}

/// How many records make so many bytes, from the first thousand.
std::uint64_t records_for(const Plant& plant, std::uint64_t bytes) {
  constexpr std::uint64_t looked_at = 1000;
  PlantValues values(plant);
  std::uint64_t sum = 0;
  for (std::uint64_t seq = 1; seq <= looked_at; ++seq) {
    sum += encode_record(values.next(seq, epoch + length_of(seq)), 0).size() +
           storage::spool::head_bytes;
  }
  return bytes * looked_at / sum;
}

}  // namespace

void make_backlog(const std::filesystem::path& folder, const BacklogOptions& options) {
  const Plant plant = read_plant(options.config);
  const std::uint64_t bytes = options.megabytes * 1'000'000;
  const std::uint64_t records = records_for(plant, bytes);
  const auto files = must(storage::spool::PosixSpoolFiles::open(folder));
  collector::ForwardOptions forward_options;
  forward_options.spool.capacity_bytes = 2 * bytes;
  const auto forward = must(collector::StoreAndForward::open(*files, plant, forward_options));
  PlantValues values(plant);
  const Timestamp end = wall_now() - Milliseconds{5000};
  Timestamp at = end - length_of(records);
  const Stopwatch watch;
  for (std::uint64_t seq = 1; seq <= records; ++seq, at += a_record) {
    forward->on_record(values.next(seq, at));
    if (seq % records_a_sync == 0 || seq == records) forward->on_time({at, at - epoch});
  }
  const auto figures = forward->figures();
  if (figures.durable_seq != records || figures.samples_dropped != 0 || figures.records_lost != 0)
    throw std::runtime_error("the spool did not take all records");
  Figure("backlog")
      .add("records", static_cast<double>(records))
      .add("samples", static_cast<double>(records * plant.points.size() * 2))
      .add("spool_bytes", static_cast<double>(figures.spool_bytes))
      .add("hours", static_cast<double>(records) * 0.2 / 3600)
      .add("seconds", watch.seconds());
}

}  // namespace wl::bench
