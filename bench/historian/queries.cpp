#include <atomic>
#include <exception>
#include <thread>

#include "asking.hpp"
#include "figures.hpp"
#include "line_samples.hpp"
#include "parts.hpp"

namespace wl::bench {
namespace {

constexpr std::size_t devices = 250;          // 1,000 points
constexpr std::size_t devices_of_a_day = 12;  // 48 of them with a day at 1 Hz
constexpr std::size_t devices_of_a_year = 2;

using Engines = std::span<const std::unique_ptr<Engine>>;

/// In slices, so that the prepared bodies of a slice fit into memory.
void fill(Engines engines, SyntheticLine& line, Milliseconds length, Milliseconds slice) {
  for (const Timestamp end = line.now() + length; line.now() < end;) {
    const auto samples = line.next(std::min(slice, end - line.now()));
    const auto batches = cut(samples, 4800);
    for (const auto& engine : engines) {
      engine->prepare(batches);
      for (std::size_t i = 0; i < batches.size(); ++i) engine->write(i);
    }
  }
}

/// Ten times real time: each second a batch of ten seconds, until it is told to stop.
class Writer {
 public:
  Writer(Engine& engine, std::span<const std::span<const Sample>> batches)
      : engine_(engine), batches_(batches), now_(batches.front().front().source_time) {
    engine_.prepare(batches_);
    thread_ = std::thread([this] { run(); });
  }
  ~Writer() { stop(); }

  void stop() {
    stopped_ = true;
    if (thread_.joinable()) thread_.join();
  }
  Timestamp now() const { return now_; }
  std::size_t written() const { return written_; }
  double longest_ms() const { return longest_ms_; }
  std::exception_ptr failure() const { return failure_; }

 private:
  void run() {
    try {
      auto due = std::chrono::steady_clock::now();
      for (; !stopped_ && written_ < batches_.size(); ++written_) {
        std::this_thread::sleep_until(due += std::chrono::seconds{1});
        const Stopwatch watch;
        engine_.write(written_);
        longest_ms_ = std::max(longest_ms_, watch.seconds() * 1000);
        now_ = batches_[written_].back().source_time;
      }
    } catch (...) {
      failure_ = std::current_exception();
    }
  }

  Engine& engine_;
  std::span<const std::span<const Sample>> batches_;
  std::atomic<Timestamp> now_;
  std::atomic<bool> stopped_ = false;
  std::size_t written_ = 0;  // Read by others after stop() only, as are the two below.
  double longest_ms_ = 0;
  std::exception_ptr failure_;
  std::thread thread_;
};

void ask_while_writing(Engine& engine, std::span<const std::span<const Sample>> batches,
                       double seconds) {
  say(fmt::format("queries: {}", engine.name()));
  Writer writer(engine, batches);
  const auto reader = engine.reader();
  Asker asker({.points = devices_of_a_day * points_a_device, .devices = devices_of_a_year});
  std::map<Ask, Answers> answers;
  for (const Ask ask : all_asks) {
    reader->ask(asker.next(ask, writer.now()));  // Warm, as for the second visitor.
    for (const Stopwatch watch; watch.seconds() < seconds;)
      ask_once(*reader, asker.next(ask, writer.now()), answers[ask]);
  }
  writer.stop();
  if (writer.failure()) std::rethrow_exception(writer.failure());
  for (const auto& [ask, of_ask] : answers)
    Figure("queries")
        .add("engine", engine.name())
        .add("ask", name_of(ask))
        .add("p50_ms", of_ask.p50())
        .add("p99_ms", of_ask.p99())
        .add("asked", static_cast<double>(of_ask.ms.size()))
        .add("values", static_cast<double>(of_ask.values));
  Figure("queries_writer")
      .add("engine", engine.name())
      .add("batches", static_cast<double>(writer.written()))
      .add("longest_batch_ms", writer.longest_ms());
}

}  // namespace

void measure_queries(const Places& places, const QueryOptions& options) {
  const Plant plant = synthetic_plant(devices);
  const auto engines = make_engines(plant, places);
  SyntheticLine line(devices, epoch);
  say(fmt::format("queries: {} days of {} devices", options.days, devices_of_a_year));
  line.set_pace(devices_of_a_year, std::chrono::minutes{1});
  fill(engines, line, std::chrono::days{options.days}, std::chrono::days{60});
  say("queries: a day of 48 points at 1 Hz, then minutes of 1,000");
  line.set_pace(devices_of_a_day, std::chrono::seconds{1});
  // Up to just before an hour, so that the writer crosses it.
  fill(engines, line, std::chrono::minutes{24 * 60 - 13}, std::chrono::hours{4});
  line.set_pace(devices, std::chrono::seconds{1});
  fill(engines, line, std::chrono::minutes{11}, std::chrono::minutes{11});
  for (const auto& engine : engines) engine->settle();

  const auto newest = line.next(std::chrono::seconds{10 * 6 * 10});
  const auto batches = cut(newest, devices * points_a_device * 10);
  for (const auto& engine : engines) ask_while_writing(*engine, batches, options.seconds);
}

}  // namespace wl::bench
