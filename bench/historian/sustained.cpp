#include <time.h>

#include <atomic>
#include <exception>
#include <thread>

#include "asking.hpp"
#include "figures.hpp"
#include "line_samples.hpp"
#include "parts.hpp"
#include "wattline_engine.hpp"

namespace wl::bench {
namespace {

constexpr Ask asked[] = {Ask::latest, Ask::chart, Ask::hours, Ask::raw};
constexpr std::chrono::seconds a_batch{10};

double cpu_seconds_of_this_thread() {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

/// A page that asks again and again, with a pause as between two clicks of several people.
class Visitor {
 public:
  Visitor(Engine& engine, std::size_t points, const std::atomic<Timestamp>& now)
      : reader_(engine.reader()),
        asker_({.points = static_cast<std::uint32_t>(points),
                .devices = static_cast<std::uint32_t>(points / points_a_device)}),
        now_(now) {}

  void ask_until(const std::atomic<bool>& stopped, std::chrono::seconds at_most) {
    for (const Stopwatch watch; !stopped && watch.seconds() < static_cast<double>(at_most.count());)
      for (const Ask ask : asked) {
        ask_once(*reader_, asker_.next(ask, now_), answers_[ask]);
        std::this_thread::sleep_for(Milliseconds{10});
      }
  }
  std::map<Ask, Answers> take() { return std::exchange(answers_, {}); }

 private:
  std::unique_ptr<Reader> reader_;
  Asker asker_;
  const std::atomic<Timestamp>& now_;
  std::map<Ask, Answers> answers_;
};

struct Load {
  double cpu_seconds = 0;
  double seconds = 0;
  std::vector<double> batch_ms;
  std::uint64_t longest_log = 0;
  std::size_t late = 0;  ///< Batches that were not done when the next one was due.
};

void write_one(Wattline& engine, SyntheticLine& line) {
  const auto samples = line.next(a_batch);
  const std::span<const Sample> batch = samples;
  engine.prepare({&batch, 1});
  engine.write(0);
}

Load write_in_real_time(Wattline& engine, SyntheticLine& line, std::atomic<Timestamp>& now,
                        int minutes) {
  Load load;
  const Stopwatch whole;
  auto due = std::chrono::steady_clock::now();
  for (int i = 0; i < minutes * 6; ++i) {
    const auto samples = line.next(a_batch);  // Before the clock: the collector does not make them.
    const std::span<const Sample> batch = samples;
    engine.prepare({&batch, 1});
    std::this_thread::sleep_until(due += a_batch);
    const double cpu = cpu_seconds_of_this_thread();
    const Stopwatch watch;
    engine.write(0);
    load.batch_ms.push_back(watch.seconds() * 1000);
    load.cpu_seconds += cpu_seconds_of_this_thread() - cpu;
    load.longest_log = std::max(load.longest_log, engine.log_bytes());
    load.late += std::chrono::steady_clock::now() > due + a_batch ? 1U : 0U;
    now = line.now();
  }
  load.seconds = whole.seconds();
  return load;
}

void tell(std::string_view when, const std::map<Ask, Answers>& answers) {
  for (const auto& [ask, of_ask] : answers)
    Figure("sustained_reader")
        .add("when", when)
        .add("ask", name_of(ask))
        .add("p50_ms", of_ask.p50())
        .add("p99_ms", of_ask.p99())
        .add("asked", static_cast<double>(of_ask.ms.size()));
}

}  // namespace

void measure_sustained(const Places& places, const SustainedOptions& options) {
  const std::size_t devices = options.points / points_a_device;
  const Plant plant = synthetic_plant(devices);
  Wattline engine(plant, places);
  SyntheticLine line(devices, epoch + std::chrono::minutes{50});
  say(fmt::format("sustained: {} points, filling 5 min", options.points));
  for (int i = 0; i < 30; ++i) write_one(engine, line);

  std::atomic<Timestamp> now = line.now();
  std::atomic<bool> stopped = false;
  Visitor visitor(engine, options.points, now);
  say("sustained: 60 s of reading alone");
  visitor.ask_until(stopped, std::chrono::seconds{60});
  tell("before", visitor.take());

  say(fmt::format("sustained: {} min of both", options.minutes));
  const std::uint64_t bytes_before = engine.disk_bytes();
  std::exception_ptr failure;
  std::thread reading([&] {
    try {
      visitor.ask_until(stopped, std::chrono::minutes{options.minutes + 5});
    } catch (...) {
      failure = std::current_exception();
    }
  });
  Load load;
  try {
    load = write_in_real_time(engine, line, now, options.minutes);
  } catch (...) {
    stopped = true;
    reading.join();
    throw;
  }
  stopped = true;
  reading.join();
  if (failure) std::rethrow_exception(failure);
  tell("during", visitor.take());
  const double samples = static_cast<double>(options.points * 10 * load.batch_ms.size());
  engine.settle();
  const auto& cost = engine.cost();
  Figure("sustained")
      .add("points", static_cast<double>(options.points))
      .add("samples_per_second", samples / load.seconds)
      .add("cpu_share", load.cpu_seconds / load.seconds)
      .add("batch_p50_ms", percentile(load.batch_ms, 0.5))
      .add("batch_longest_ms", percentile(load.batch_ms, 1))
      .add("late_batches", static_cast<double>(load.late))
      .add("longest_upkeep_ms", cost.longest_upkeep * 1000)
      .add("wal_bytes", static_cast<double>(load.longest_log))
      .add("file_growth_bytes", static_cast<double>(engine.disk_bytes() - bytes_before))
      .add("ledger_seconds", cost.ledger)
      .add("batch_seconds", cost.batch)
      .add("upkeep_seconds", cost.upkeep)
      .add("ledger_state_bytes", static_cast<double>(cost.state_bytes));
}

}  // namespace wl::bench
