#include "asking.hpp"
#include "figures.hpp"
#include "line_samples.hpp"
#include "parts.hpp"

namespace wl::bench {
namespace {

constexpr int depths_days[] = {3, 30, 90, 365};

void ask_at_depth(Engine& engine, Timestamp now, int days, double seconds) {
  const auto reader = engine.reader();
  Asker asker({.points = points_a_device,
               .devices = 1,
               .hours = std::chrono::days{2},
               .days = std::chrono::days{2}});
  for (const Ask ask : all_asks) {
    Answers answers;
    reader->ask(asker.next(ask, now));
    for (const Stopwatch watch; watch.seconds() < seconds;)
      ask_once(*reader, asker.next(ask, now), answers);
    Figure("flat")
        .add("engine", engine.name())
        .add("ask", name_of(ask))
        .add("days", days)
        .add("p50_ms", answers.p50())
        .add("p99_ms", answers.p99())
        .add("values", static_cast<double>(answers.values));
  }
}

}  // namespace

void measure_flat(const Places& places, double seconds) {
  const Plant plant = synthetic_plant(1);
  const auto engines = make_engines(plant, places);
  SyntheticLine line(1, epoch);
  line.set_pace(1, std::chrono::minutes{1});
  for (const int days : depths_days) {
    say(fmt::format("flat: {} days", days));
    const auto samples = line.next(epoch + std::chrono::days{days} - line.now());
    const auto batches = cut(samples, 4800);
    for (const auto& engine : engines) {
      engine->prepare(batches);
      for (std::size_t i = 0; i < batches.size(); ++i) engine->write(i);
      engine->settle();
    }
    for (const auto& engine : engines)
      ask_at_depth(*engine, samples.back().source_time, days, seconds);
  }
}

}  // namespace wl::bench
