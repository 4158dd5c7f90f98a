#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <thread>

#include "database.hpp"
#include "deliveries.hpp"
#include "figures.hpp"
#include "parts.hpp"
#include "storage/alarm_store.hpp"
#include "virtual_collector.hpp"

namespace wl::bench {
namespace {

constexpr Milliseconds step{1000};
constexpr std::size_t devices = 2500;
constexpr std::uint64_t alarms_in_flood = 10'000;
constexpr std::size_t few_devices = 2;  ///< With eight rules: no storm, a letter for each.
constexpr double everyday_kw = 2;
constexpr int pause_seconds = 900;  ///< A flood is over ten minutes after its last alarm.
constexpr double flood_kw = 99;

/// Power and speed of every device, warning and critical.
std::vector<ThresholdRow> rules_of(const Plant& plant) {
  std::vector<ThresholdRow> rules;
  for (const DeviceSpec& device : plant.devices) {
    for (const char* name : {"power_kw", "speed"}) {
      for (const char* level : {"warning", "critical"}) {
        ThresholdRow rule;
        rule.device_id = device.id;
        rule.parameter_name = name;
        rule.alarm_level = level;
        rule.threshold_value = rule.alarm_level == "warning" ? 90 : 95;
        rules.push_back(rule);
      }
    }
  }
  return rules;
}

/// In one transaction, as a script does it: AlarmStore adds them for a person, one by one.
void add_rules(const storage::DatabaseOptions& options, const std::vector<ThresholdRow>& rules) {
  SQLite::Database database(options.sqlite_path, SQLite::OPEN_READWRITE);
  SQLite::Transaction transaction(database);
  SQLite::Statement insert(database,
                           "INSERT INTO thresholds(device_id, parameter_name, alarm_level, "
                           "threshold_value) VALUES(?, ?, ?, ?)");
  for (const ThresholdRow& rule : rules) {
    insert.bind(1, rule.device_id);
    insert.bind(2, rule.parameter_name);
    insert.bind(3, rule.alarm_level);
    insert.bind(4, rule.threshold_value);
    insert.exec();
    insert.reset();
  }
  transaction.commit();
}

/// The first devices at `value`, the others as every day.
std::vector<collector::PointChange> plant_at(const Plant& plant, std::size_t first, double value,
                                             Timestamp at) {
  std::vector<collector::PointChange> changes;
  for (std::uint32_t i = 0; i < plant.points.size(); ++i) {
    double number = plant.points[i].device.value < first ? value : everyday_kw;
    if (plant.points[i].kind != PointKind::measurement) number = 1;
    changes.push_back(change_of({PointId{i}, number, quality::good, at}));
  }
  return changes;
}

/// How many letters a rule was named in, at most, within any minute.
std::size_t worst_minute(const std::vector<alarm::notify::Letter>& letters) {
  std::map<std::string, std::vector<Timestamp>> times;
  for (const auto& letter : letters)
    for (const auto& line : letter.lines) times[line.record.key].push_back(letter.at);
  std::size_t worst = 0;
  for (const auto& [key, all] : times) {
    for (std::size_t first = 0, last = 0; last < all.size(); ++last) {
      while (all[last] - all[first] >= std::chrono::minutes{1}) ++first;
      worst = std::max(worst, last - first + 1);
    }
  }
  return worst;
}

class Flood {
 public:
  explicit Flood(const std::filesystem::path& folder)
      : plant_(synthetic_plant(devices)),
        alarms_(plant_, {.folder = folder, .start = epoch, .desk = hardest()}),
        database_(
            plant_, folder, epoch,
            [this](Result<collector::AlarmsInDatabase> read) { alarms_.told(std::move(read)); },
            [&](const storage::DatabaseOptions& options) { add_rules(options, rules_of(plant_)); }),
        path_(plant_, {.folder = folder, .start = epoch, .sink = &database_, .alarms = &alarms_}) {
    alarms_.read_database_by([this] { database_.read_alarms(); });
  }

  /// Quiet until the desk has the rules of the database.
  void settle() {
    for (int i = 0; i < 60 && alarms_.figures().rules_in_force != alarms_in_flood; ++i) {
      one_second(everyday_kw);
      std::this_thread::sleep_for(Milliseconds{50});  // The writer reads on its own thread.
    }
    if (alarms_.figures().rules_in_force != alarms_in_flood)
      throw std::runtime_error("the rules of the database do not come into force");
    for (int i = 0; i < 3; ++i) one_second(everyday_kw);
  }

  /// Until all alarms are in the database; tells how long that took.
  void raise() {
    const PathCost before = path_.cost();
    double longest_step = 0;
    int seconds = 0;
    for (; seconds < 30 && database_.alarm_rows() < alarms_in_flood; ++seconds) {
      const Stopwatch watch;
      one_second(flood_kw);
      longest_step = std::max(longest_step, watch.seconds());
    }
    Figure("flood")
        .add("alarms", stored())
        .add("virtual_seconds", seconds)
        .add("longest_second", longest_step)
        .add("core_seconds", path_.cost().core + path_.cost().alarms - before.core - before.alarms)
        .add("forward_seconds", path_.cost().forward - before.forward)
        .add("database_seconds", path_.cost().sink - before.sink);
  }

  /// They come and go, each 20 s, with the shortest EMAIL_RATE_LIMIT that there is: all of them,
  /// and after a pause so few that each has letters of its own.
  void storm(int minutes) {
    for (const std::size_t first : {devices, few_devices}) {
      for (int second = 0; second < minutes * 30; ++second)
        one_second(second / 20 % 2 == 0 ? everyday_kw : flood_kw, first);
      for (int second = 0; second < pause_seconds; ++second) one_second(everyday_kw);
    }
    tell_letters(minutes);
  }

 private:
  void tell_letters(int minutes) const {
    std::map<std::int64_t, std::size_t> by_minute;
    std::uint64_t told = 0;
    for (const auto& letter : alarms_.letters()) {
      ++by_minute[to_unix_ms(letter.at) / 60'000];
      told += letter.wishes + letter.settled;
    }
    std::size_t most = 0;
    for (const auto& [minute, count] : by_minute) most = std::max(most, count);
    Figure("mail")
        .add("minutes", minutes)
        .add("letters", static_cast<double>(alarms_.letters().size()))
        .add("wishes_told", static_cast<double>(told))
        .add("most_letters_a_minute", static_cast<double>(most))
        .add("most_a_minute_a_rule", static_cast<double>(worst_minute(alarms_.letters())))
        .add("rows", stored());
  }

  static collector::AlarmDeskOptions hardest() {
    collector::AlarmDeskOptions options;
    options.policy.rate_limit = std::chrono::minutes{1};
    return options;
  }

  void one_second(double value, std::size_t first = devices) {
    now_ += step;
    path_.deliver(plant_at(plant_, first, value, now_ - Milliseconds{20}), now_);
    path_.turn(now_);
  }

  /// Rows of `alarms`, without those of the system itself.
  double stored() const {
    const auto store = must(storage::open_alarm_store(database_.options()));
    const auto all = must(store->alarms({.filter = {}, .limit = 1})).statistics;
    const auto system = all.by_device.find("system");
    return static_cast<double>(all.total - (system == all.by_device.end() ? 0 : system->second));
  }

  const Plant plant_;
  VirtualAlarms alarms_;
  Database database_;
  VirtualCollector path_;
  Timestamp now_ = epoch;
};

}  // namespace

void measure_flood(const std::filesystem::path& folder, const FloodOptions& options) {
  say("flood: rules into the database");
  Flood flood(folder);
  flood.settle();
  say("flood: 10,000 alarms");
  flood.raise();
  say(fmt::format("flood: {} minutes of storm", options.minutes));
  flood.storm(options.minutes);
}

}  // namespace wl::bench
