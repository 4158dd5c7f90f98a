#include <malloc.h>
#include <sqlite3.h>
#include <unistd.h>

#include <fstream>

#include "database.hpp"
#include "deliveries.hpp"
#include "figures.hpp"
#include "line_feed.hpp"
#include "line_samples.hpp"
#include "parts.hpp"
#include "storage/alarm_store.hpp"
#include "virtual_collector.hpp"

namespace wl::bench {
namespace {

constexpr Milliseconds step{1000};
constexpr Milliseconds hour{3'600'000};
constexpr std::size_t more_devices = 24;

double rss_mb() {
  std::ifstream file("/proc/self/statm");
  double size = 0;
  double resident = 0;
  file >> size >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

/// Behind the devices and points of `plant`.
void append(Plant& plant, const Plant& more) {
  const auto devices = static_cast<std::uint32_t>(plant.devices.size());
  for (PointSpec point : more.points) {
    point.device.value += devices;
    plant.points.push_back(std::move(point));
  }
  plant.devices.insert(plant.devices.end(), more.devices.begin(), more.devices.end());
}

/// The rules of a new installation, and one that each of the other devices breaks now and then.
void add_rules(const storage::DatabaseOptions& options, const Plant& plant) {
  const auto store = must(storage::open_alarm_store(options));
  must(store->add_default_thresholds(plant, epoch));
  for (const DeviceSpec& device : synthetic_plant(more_devices).devices) {
    ThresholdRow rule;
    rule.device_id = device.id;
    rule.parameter_name = "power_kw";
    rule.alarm_level = "warning";
    rule.threshold_value = 3.4;
    must(store->add_threshold(rule));
  }
}

class Day {
 public:
  Day(const std::filesystem::path& folder, const FeedOptions& options)
      : plant_(plant_of(options)),
        feed_(plant_, options.config, options.input),
        now_(feed_.first()),
        more_(more_devices, feed_.first()),
        first_of_more_(
            static_cast<std::uint32_t>(plant_.points.size() - more_devices * points_a_device)),
        alarms_(plant_, {.folder = folder, .start = now_}),
        database_(
            plant_, folder, now_,
            [this](Result<collector::AlarmsInDatabase> read) { alarms_.told(std::move(read)); },
            [&](const storage::DatabaseOptions& made) { add_rules(made, plant_); }),
        days_(day_counters(plant_)),
        path_(plant_, {.folder = folder,
                       .start = now_,
                       .core = with_days(),
                       .sink = &database_,
                       .alarms = &alarms_}) {
    alarms_.read_database_by([this] { database_.read_alarms(); });
  }

  void run() {
    for (Timestamp next_hour = now_ + hour; !feed_.ended();) {
      one_step();
      if (now_ < next_hour) continue;
      next_hour += hour;
      tell(++hours_);
    }
    path_.finish(now_ + step);
  }

 private:
  static Plant plant_of(const FeedOptions& options) {
    Plant plant = read_plant(options.config);
    append(plant, synthetic_plant(more_devices));
    return plant;
  }

  collector::CoreOptions with_days() {
    collector::CoreOptions options;
    options.days = &days_;
    return options;
  }

  void one_step() {
    now_ += step;
    auto changes = feed_.up_to(now_);
    for (Sample sample : more_.next(step)) {
      sample.point.value += first_of_more_;
      changes.push_back(change_of(sample));
    }
    path_.deliver(std::move(changes), now_);
    path_.turn(now_);
  }

  void tell(int hours) {
    const auto heap = ::mallinfo2();
    say(fmt::format("day: hour {}, {:.1f} MB", hours, rss_mb()));
    Figure("day")
        .add("hour", hours)
        .add("rss_mb", rss_mb())
        .add("heap_mb", static_cast<double>(heap.uordblks + heap.hblkhd) / 1e6)
        .add("sqlite_mb", static_cast<double>(::sqlite3_memory_used()) / 1e6)
        .add("samples", static_cast<double>(path_.forward().samples_stored))
        .add("alarm_rows", static_cast<double>(database_.alarm_rows()))
        .add("chunks", static_cast<double>(database_.chunks()))
        .add("database_mb", static_cast<double>(database_.bytes()) / 1e6)
        .add("cpu_seconds", cpu_seconds_of_this_process());
  }

  const Plant plant_;
  LineFeed feed_;
  Timestamp now_;
  SyntheticLine more_;
  const std::uint32_t first_of_more_;
  VirtualAlarms alarms_;
  Database database_;
  collector::DayCounters days_;
  VirtualCollector path_;
  int hours_ = 0;
};

}  // namespace

void measure_day(const std::filesystem::path& folder, const FeedOptions& options) {
  Day(folder, options).run();
}

}  // namespace wl::bench
