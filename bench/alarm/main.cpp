// 10,000 alarm rules over 100,000 points, a tick a second: what does a tick cost?
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <new>
#include <vector>

#include "alarm/core.hpp"

namespace {
std::size_t allocations = 0;
}

// Counts, to prove that a quiet tick allocates nothing. Not inlined: g++ 12 would see one half of
// the pair and warn of a mismatch.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace {

using namespace wl;
using namespace wl::alarm;

constexpr std::uint32_t points = 100'000;
constexpr std::uint32_t rules = 10'000;

enum class Weather { quiet, chatter, flood };

/// Of every kind, spread over the points; for a flood all high, so that all are raised in one tick.
std::vector<CheckedRule> make_rules(Weather weather) {
  std::vector<CheckedRule> all;
  for (std::uint32_t i = 0; i < rules; ++i) {
    Rule rule;
    rule.device = "d";
    rule.parameter = fmt::format("p{}", i);
    rule.kind = weather == Weather::flood ? RuleKind::high : static_cast<RuleKind>(i % 7);
    rule.value = rule.kind == RuleKind::low ? 10 : rule.kind == RuleKind::quality ? 0 : 90;
    rule.setpoint = 50;
    all.push_back({rule, PointId{i * (points / rules)}, std::nullopt});
  }
  return all;
}

/// Values between 40 and 60; in a storm a share of the points leaves and comes back each 6 ticks.
void next_values(std::vector<LiveValue>& values, int tick, Weather weather) {
  const std::uint32_t wild = weather == Weather::quiet ? 0 : weather == Weather::flood ? 1 : 100;
  for (std::uint32_t i = 0; i < points; ++i) {
    const bool out = wild != 0 && (i / 10) % wild == 0 && (tick / 3) % 2 == 0;
    values[i].value = out ? 190 : 40 + static_cast<double>((i + static_cast<unsigned>(tick)) % 20);
    values[i].source_time = from_unix_ms(1'700'000'000'000 + tick * 1000);
  }
}

/// False when a mark is missed: a fifth of a core, and on a quiet tick no allocation.
bool run(std::string_view name, Weather weather, int ticks) {
  Core core{{}, make_rules(weather), {}, Now{}};
  std::vector<LiveValue> values(points);
  std::vector<double> took_ms;
  std::size_t changes = 0;
  std::size_t allocated = 0;
  for (int tick = 1; tick <= ticks; ++tick) {
    next_values(values, tick, weather);
    const Now now{from_unix_ms(1'700'000'000'000 + tick * 1000), Milliseconds{tick * 1000}};
    const std::size_t before = allocations;
    const auto start = std::chrono::steady_clock::now();
    core.on_values({values, true}, now);
    core.on_time(now);
    const Output output = core.take_output();
    const auto passed = std::chrono::steady_clock::now() - start;
    allocated += allocations - before;
    changes += output.changes.size();
    took_ms.push_back(std::chrono::duration<double, std::milli>(passed).count());
  }
  double sum = 0;
  for (const double ms : took_ms) sum += ms;
  std::ranges::sort(took_ms);
  const double mean = sum / ticks;
  fmt::print("{:<8} {:>6} {:>10.3f} {:>10.3f} {:>10.3f} {:>9.2f} {:>10} {:>12}\n", name, ticks,
             mean, took_ms[took_ms.size() / 2], took_ms.back(), mean / 10, changes, allocated);
  return mean / 10 < 20 && (weather != Weather::quiet || allocated == 0);
}

/// All rules are given anew while all alarms stand, one of them changed: a few times a day.
void replace() {
  Core core{{}, make_rules(Weather::flood), {}, Now{}};
  std::vector<LiveValue> values(points);
  for (int tick = 6; tick <= 8; ++tick) {  // Three out of range in a row.
    next_values(values, tick, Weather::flood);
    core.on_values({values, true}, {Timestamp{}, Milliseconds{tick * 1000}});
  }
  std::vector<CheckedRule> changed = make_rules(Weather::flood);
  changed[0].rule.value = 95;
  const auto start = std::chrono::steady_clock::now();
  core.replace_rules(changed, {Timestamp{}, Milliseconds{9000}});
  const auto passed = std::chrono::steady_clock::now() - start;
  fmt::print("rules replaced with {} alarms active: {:.1f} ms\n", core.facts().active,
             std::chrono::duration<double, std::milli>(passed).count());
}

}  // namespace

int main() {
  fmt::print("{} rules, {} points, one tick = one second of {} values\n", rules, points, points);
  fmt::print("{:<8} {:>6} {:>10} {:>10} {:>10} {:>9} {:>10} {:>12}\n", "weather", "ticks",
             "mean ms", "median ms", "max ms", "% of core", "changes", "allocations");
  const bool quiet = run("quiet", Weather::quiet, 300);
  const bool chatter = run("chatter", Weather::chatter, 300);
  const bool flood = run("flood", Weather::flood, 30);
  replace();
  return quiet && chatter && flood ? 0 : 1;
}
