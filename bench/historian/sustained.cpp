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
/// An hour is folded from ten minutes after its end on; that shall lie inside what is measured.
constexpr std::chrono::minutes first_fold{70};

/// What the writer does at the moment.
enum class Doing : std::uint8_t { nothing, batch, upkeep };

std::string_view name_of(Doing doing) {
  switch (doing) {
    case Doing::nothing:
      return "nothing";
    case Doing::batch:
      return "a batch";
    case Doing::upkeep:
      break;
  }
  return "upkeep";
}

struct Writing {
  std::atomic<Timestamp> now;
  std::atomic<Doing> doing = Doing::nothing;
};

using AllAnswers = std::map<std::pair<Ask, Doing>, Answers>;

/// A page that asks again and again, with a pause as between two clicks of several people.
class Visitor {
 public:
  Visitor(Engine& engine, std::size_t points, const Writing& writing)
      : reader_(engine.reader()),
        asker_({.points = static_cast<std::uint32_t>(points),
                .devices = static_cast<std::uint32_t>(points / points_a_device)}),
        writing_(writing) {}

  void ask_until(const std::atomic<bool>& stopped, std::chrono::seconds at_most) {
    for (const Stopwatch watch; !stopped && watch.seconds() < static_cast<double>(at_most.count());)
      for (const Ask ask : asked) {
        const Doing doing = writing_.doing;
        ask_once(*reader_, asker_.next(ask, writing_.now), answers_[{ask, doing}]);
        std::this_thread::sleep_for(Milliseconds{10});
      }
  }
  AllAnswers take() { return std::exchange(answers_, {}); }

 private:
  std::unique_ptr<Reader> reader_;
  Asker asker_;
  const Writing& writing_;
  AllAnswers answers_;
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

/// As the collector's StoreWriter: between batches, with a pause as long as the step took.
void keep_up_until(Wattline& engine, std::chrono::steady_clock::time_point due, Writing& writing) {
  writing.doing = Doing::upkeep;
  for (bool more = true; more && std::chrono::steady_clock::now() < due;) {
    const auto start = std::chrono::steady_clock::now();
    more = engine.keep_up();
    const auto end = std::chrono::steady_clock::now();
    if (more) std::this_thread::sleep_until(std::min(due, end + (end - start)));
  }
  writing.doing = Doing::nothing;
}

Load write_in_real_time(Wattline& engine, SyntheticLine& line, Writing& writing, int minutes) {
  Load load;
  const Stopwatch whole;
  auto due = std::chrono::steady_clock::now();
  for (int i = 0; i < minutes * 6; ++i) {
    const auto samples = line.next(a_batch);  // Before the clock: the collector does not make them.
    const std::span<const Sample> batch = samples;
    engine.prepare({&batch, 1});
    std::this_thread::sleep_until(due += a_batch);
    writing.doing = Doing::batch;
    const double cpu = cpu_seconds_of_this_thread();
    const Stopwatch watch;
    engine.write_batch(0);
    load.batch_ms.push_back(watch.seconds() * 1000);
    load.longest_log = std::max(load.longest_log, engine.log_bytes());
    load.late += std::chrono::steady_clock::now() > due + a_batch ? 1U : 0U;
    writing.now = line.now();
    keep_up_until(engine, due + a_batch - std::chrono::milliseconds{500}, writing);
    load.cpu_seconds += cpu_seconds_of_this_thread() - cpu;
  }
  load.seconds = whole.seconds();
  return load;
}

void tell_one(std::string_view when, std::string_view writer, Ask ask, const Answers& answers) {
  Figure("sustained_reader")
      .add("when", when)
      .add("writer", writer)
      .add("ask", name_of(ask))
      .add("p50_ms", answers.p50())
      .add("p99_ms", answers.p99())
      .add("asked", static_cast<double>(answers.ms.size()));
}

/// Each question over all the time, then by what the writer did when it was asked.
void tell(std::string_view when, const AllAnswers& answers) {
  std::map<Ask, Answers> of_ask;
  for (const auto& [key, some] : answers) {
    auto& all = of_ask[key.first].ms;
    all.insert(all.end(), some.ms.begin(), some.ms.end());
  }
  for (const auto& [ask, all] : of_ask) tell_one(when, "any", ask, all);
  if (answers.size() == of_ask.size()) return;
  for (const auto& [key, some] : answers) tell_one(when, name_of(key.second), key.first, some);
}

}  // namespace

void measure_sustained(const Places& places, const SustainedOptions& options) {
  const std::size_t devices = options.points / points_a_device;
  const Plant plant = synthetic_plant(devices);
  Wattline engine(plant, places);
  SyntheticLine line(devices, epoch);
  const Milliseconds filled = first_fold - std::chrono::seconds{options.minutes * 24};
  say(fmt::format("sustained: {} points, filling {} s", options.points, filled.count() / 1000));
  while (line.now() < epoch + filled) write_one(engine, line);

  Writing writing{.now = line.now()};
  std::atomic<bool> stopped = false;
  Visitor visitor(engine, options.points, writing);
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
    load = write_in_real_time(engine, line, writing, options.minutes);
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
  // The fold gives space back: less than nothing is possible.
  const double growth =
      static_cast<double>(engine.disk_bytes()) - static_cast<double>(bytes_before);
  Figure("sustained")
      .add("points", static_cast<double>(options.points))
      .add("samples_per_second", samples / load.seconds)
      .add("cpu_share", load.cpu_seconds / load.seconds)
      .add("batch_p50_ms", percentile(load.batch_ms, 0.5))
      .add("batch_longest_ms", percentile(load.batch_ms, 1))
      .add("late_batches", static_cast<double>(load.late))
      .add("longest_upkeep_ms", cost.longest_upkeep * 1000)
      .add("wal_bytes", static_cast<double>(load.longest_log))
      .add("file_growth_bytes", growth)
      .add("ledger_seconds", cost.ledger)
      .add("batch_seconds", cost.batch)
      .add("upkeep_seconds", cost.upkeep)
      .add("ledger_state_bytes", static_cast<double>(cost.state_bytes));
}

}  // namespace wl::bench
