#include <deque>
#include <map>
#include <memory>
#include <random>

#include "figures.hpp"
#include "http_client.hpp"
#include "parts.hpp"
#include "process_facts.hpp"

namespace wl::bench {
namespace {

/// What the answers were, since clear().
struct Tally {
  std::vector<double> ms;
  std::vector<double> bytes;
  std::uint64_t wrong = 0;  ///< Not 200.
  int wrong_status = 0;     ///< The newest of them.

  void add(const Answer& answer) {
    ms.push_back(answer.ms);
    bytes.push_back(static_cast<double>(answer.bytes));
    if (answer.status == 200) return;
    ++wrong;
    wrong_status = answer.status;
  }
};

/// One connection and what it asks.
class Visitor {
 public:
  Visitor(Loop& loop, const Site& site, const std::string& target, Tally& tally)
      : loop_(loop),
        client_(loop, {.port = site.port}),
        request_(text_of({.port = site.port, .target = target, .cookie = site.cookie})),
        tally_(tally) {}

  void ask_without_pause() {
    client_.ask(request_, Clock::now(), [this](const Answer& answer) {
      tally_.add(answer);
      loop_.at(Clock::now(), [this] { ask_without_pause(); });
    });
  }

  /// What falls due while the answer before is outstanding waits, and its wait counts.
  void ask_every(Clock::time_point first, Clock::duration pause) {
    loop_.at(first, [this, first, pause] {
      due_.push_back(first);
      ask_next();
      ask_every(first + pause, pause);
    });
  }

 private:
  void ask_next() {
    if (client_.busy() || due_.empty()) return;
    const auto due = due_.front();
    due_.pop_front();
    client_.ask(request_, due, [this](const Answer& answer) {
      tally_.add(answer);
      loop_.at(Clock::now(), [this] { ask_next(); });
    });
  }

  Loop& loop_;
  HttpClient client_;
  const std::string request_;
  Tally& tally_;
  std::deque<Clock::time_point> due_;
};

void begin(std::vector<std::unique_ptr<Visitor>>& visitors, double every_seconds) {
  std::minstd_rand random(7);
  std::uniform_real_distribution<double> phase(0, every_seconds);
  const auto in = [](double seconds) {
    return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  };
  for (const auto& visitor : visitors) {
    if (every_seconds > 0) {
      visitor->ask_every(Clock::now() + in(phase(random)), in(every_seconds));
    } else {
      visitor->ask_without_pause();
    }
  }
}

}  // namespace

void measure_requests(const Site& site, const RequestOptions& options) {
  Loop loop;
  Tally tally;
  std::vector<std::unique_ptr<Visitor>> visitors;
  for (int i = 0; i < options.connections; ++i) {
    const auto& target = options.targets[static_cast<std::size_t>(i) % options.targets.size()];
    visitors.push_back(std::make_unique<Visitor>(loop, site, target, tally));
  }
  begin(visitors, options.every_seconds);
  loop.run_for(options.warm_seconds);
  tally = {};
  const double cpu_before = cpu_seconds_of(site.pids);
  const double own_before = cpu_seconds_of_this_process();
  const Stopwatch watch;
  loop.run_for(options.seconds);
  const double seconds = watch.seconds();
  const double cpu = cpu_seconds_of(site.pids) - cpu_before;
  const auto count = static_cast<double>(tally.ms.size());
  if (tally.wrong > 0)
    say(fmt::format("{}: {} answers were not 200 but {}", options.label, tally.wrong,
                    tally.wrong_status));
  Figure("requests")
      .add("label", options.label)
      .add("connections", options.connections)
      .add("count", count)
      .add("wrong", static_cast<double>(tally.wrong))
      .add("per_second", count / seconds)
      .add("per_core_second", cpu > 0 ? count / cpu : 0)
      .add("cpu_us", count > 0 ? 1e6 * cpu / count : 0)
      .add("cpu_share", cpu / seconds)
      .add("client_share", (cpu_seconds_of_this_process() - own_before) / seconds)
      .add("bytes", percentile(tally.bytes, 0.5))
      .add("p50_ms", percentile(tally.ms, 0.5))
      .add("p95_ms", percentile(tally.ms, 0.95))
      .add("p99_ms", percentile(tally.ms, 0.99))
      .add("longest_ms", percentile(tally.ms, 1));
}

}  // namespace wl::bench
