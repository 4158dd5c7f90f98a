#include <array>
#include <stdexcept>

#include "deliveries.hpp"
#include "figures.hpp"
#include "parts.hpp"
#include "virtual_collector.hpp"

namespace wl::bench {
namespace {

constexpr Milliseconds step{100};

enum class Weather {
  quiet,    ///< No value reaches a limit.
  chatter,  ///< Power crosses the limit of every hundredth rule again and again.
};

/// A rule a point: power high, energy high, status bad, speed rising too fast.
std::vector<ThresholdRow> rules_of(const Plant& plant, Weather weather) {
  std::vector<ThresholdRow> rules;
  for (std::size_t i = 0; i + 3 < plant.points.size(); ++i) {
    const PointSpec& point = plant.points[i];
    ThresholdRow rule;
    rule.id = static_cast<std::int64_t>(i) + 1;
    rule.device_id = plant.device(point.device).id;
    rule.parameter_name = point.name;
    rule.alarm_level = "critical";
    rule.threshold_value = 90;
    if (i % points_a_device == 1) rule.threshold_value = 9e8;
    if (i % points_a_device == 2) rule.kind = "quality", rule.threshold_value = 0;
    if (i % points_a_device == 3) rule.kind = "rate", rule.threshold_value = 50;
    if (weather == Weather::chatter && i % 100 == 0) rule.threshold_value = 2;
    rules.push_back(rule);
  }
  return rules;
}

/// The same path with and without the rules.
struct Pair {
  Pair(const Plant& plant, const std::filesystem::path& folder, std::vector<ThresholdRow> rows)
      : rules(std::move(rows)),
        alarms(plant,
               {.folder = folder / "with",
                .start = epoch,
                .memory = collector::AlarmMemory{.records = {}, .rules = rules, .policy = {}}}),
        with(plant,
             {.folder = folder / "with", .start = epoch, .sink = &costless, .alarms = &alarms}),
        without(plant, {.folder = folder / "without", .start = epoch, .sink = &costless}) {
    alarms.read_database_by([this] { alarms.told(collector::AlarmsInDatabase{rules, {}, 0}); });
  }

  std::vector<ThresholdRow> rules;
  FreeDatabase costless;
  VirtualAlarms alarms;
  VirtualCollector with;
  VirtualCollector without;
};

void go_on(VirtualCollector& path, std::vector<std::vector<collector::PointChange>> notifications,
           Timestamp at) {
  for (auto& changes : notifications) path.deliver(std::move(changes), at);
  path.turn(at);
}

/// Both in turn, the other one first each time, so that a slow moment of the machine meets both.
void run(Pair& pair, Deliveries& deliveries, int steps) {
  for (int i = 0; i < steps; ++i) {
    const auto notifications = deliveries.next();
    const Timestamp at = deliveries.received_at();
    if (i % 2 == 0) go_on(pair.with, notifications, at);
    go_on(pair.without, notifications, at);
    if (i % 2 == 1) go_on(pair.with, notifications, at);
  }
}

/// A person changes one rule, and all are read anew: milliseconds until the core goes on.
double change_a_rule(Pair& pair, Timestamp at) {
  pair.rules.front().threshold_value += 1;
  pair.alarms.told(collector::AlarmsInDatabase{pair.rules, {}, 0});
  const Stopwatch watch;
  pair.with.turn(at);
  return watch.seconds() * 1000;
}

void measure(Weather weather, const std::filesystem::path& folder, const PathOptions& options) {
  const std::size_t devices = options.points / points_a_device;
  const Plant plant = busy_plant(devices);
  for (const char* part : {"with", "without"}) std::filesystem::create_directories(folder / part);
  Pair pair(plant, folder, rules_of(plant, weather));
  Deliveries deliveries(devices, step, epoch);
  run(pair, deliveries, 50);  // Everything has its first value.
  const double with = pair.with.cost().sum();
  const double without = pair.without.cost().sum();
  run(pair, deliveries, options.seconds * 10);
  const auto figures = pair.alarms.figures();
  if (figures.rules_in_force != pair.rules.size())
    throw std::runtime_error(fmt::format("only {} rules in force", figures.rules_in_force));
  const double seconds = options.seconds;
  const double with_share = (pair.with.cost().sum() - with) / seconds;
  const double without_share = (pair.without.cost().sum() - without) / seconds;
  const double change_ms = change_a_rule(pair, deliveries.received_at() + step);
  Figure("rules")
      .add("weather", weather == Weather::quiet ? "quiet" : "chatter")
      .add("rules", static_cast<double>(figures.rules_in_force))
      .add("samples_per_second", static_cast<double>(options.points) * 10)
      .add("with_share", with_share)
      .add("without_share", without_share)
      .add("change_ms", change_ms)
      .add("active", figures.facts.active)
      .add("letters", static_cast<double>(pair.alarms.letters().size()))
      .add("memory_bytes_a_second", static_cast<double>(pair.alarms.memory_bytes()) / seconds);
}

}  // namespace

void measure_rules(const std::filesystem::path& folder, const PathOptions& options) {
  for (int round = 0; round < options.rounds; ++round) {
    for (const Weather weather : {Weather::quiet, Weather::chatter}) {
      say(fmt::format("rules: round {} of {}", round + 1, options.rounds));
      const auto place = folder / "round";
      measure(weather, place, options);
      std::filesystem::remove_all(place);
    }
  }
}

}  // namespace wl::bench
