#include "apps/collector/replay.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <random>

#include "apps/collector/day_file.hpp"
#include "apps/collector/feed_input.hpp"
#include "apps/collector/local_listener.hpp"
#include "apps/collector/replay_progress.hpp"
#include "apps/collector/replay_run.hpp"
#include "apps/collector/writer_parts.hpp"
#include "apps/database/database_options.hpp"
#include "base/durable_file.hpp"
#include "base/instance_lock.hpp"

namespace wl {
namespace {

template <class T>
T or_stop(Result<T> result, const std::string& where = "") {
  if (!result) throw StartError(where + result.error().what);
  return std::move(*result);
}

gateway::GatewayConfig read_gateway(const Settings& settings) {
  const std::string path = settings.gateway_config().string();
  return or_stop(gateway::parse_gateway_config(
      or_stop(read_file(path)), path,
      {{"PLC_OPC_UA_HOST", settings.plc_opc_ua_host},
       {"PLC_OPC_UA_PORT", fmt::to_string(settings.plc_opc_ua_port)}}));
}

/// Another one with each run: its numbers never meet those of the live collector or of a replay
/// before.
std::string source_of_this_run() {
  std::random_device random;
  return fmt::format("replay-{:08x}{:08x}", random(), random());
}

void refuse_known_time(storage::Store& store, Timestamp first) {
  const auto extent = or_stop(store.extent());
  if (!extent || extent->second < first) return;
  throw StartError(fmt::format(
      "the database holds values from {} to {}, and this feed begins at {}: their counters would "
      "not follow on each other. Replay into an empty database, or one that ends before the feed; "
      "--force adds the feed all the same",
      to_iso8601(extent->first), to_iso8601(extent->second), to_iso8601(first)));
}

enum class Ending { whole, torn, stopped, failed };

/// One replay from the first line to the summary.
class Replay {
 public:
  Replay(const Settings& settings, const Plant& plant, const ReplayOptions& options,
         StopSignal& stop)
      : settings_(settings),
        plant_(plant),
        options_(options),
        lock_(take_alone(settings.data_dir / "collector.lock")),
        input_(or_stop(FeedInput::open(options.input, stop))),
        day_file_(settings.data_dir),
        days_(plant, local_days(plant_calendar(settings, plant))) {}

  int run() {
    ending_ = read_head();
    if (ending_ == Ending::whole) {
      begin();
      ending_ = read_scans();
      if (!run_->finish()) ending_ = Ending::failed;
      // The live collector goes on from there; where one ran already, its own sums stand.
      const bool goes_on = ending_ == Ending::whole && !options_.force;
      if (goes_on && !run_->days().empty()) day_file_.write(run_->days());
    }
    return tell_ending();
  }

 private:
  using Clock = std::chrono::steady_clock;

  /// Up to the first scan, which stays in the reader.
  Ending read_head() {
    for (;;) {
      const auto [ending, kind] = next();
      if (ending != Ending::whole) return ending;
      if (kind == FeedReader::Line::scan) return Ending::whole;
      if (kind == FeedReader::Line::end) throw StartError("the feed has no scan");
    }
  }

  void begin() {
    const FeedHead& head = reader_.head();
    auto store =
        or_stop(storage::open_collector_store(database_options(settings_, plant_), plant_));
    if (!options_.force) refuse_known_time(*store, head.first);
    ReplaySource source(plant_, read_gateway(settings_), head);
    for (const std::string& tag : source.unserved())
      fmt::print("warning: {}: nothing in the feed serves this tag\n", tag);
    collector::CoreOptions core;
    core.tick_interval = settings_.data_collection_interval;
    core.covered_until = or_stop(store->covered_until());
    core.days = &days_;
    run_ = std::make_unique<ReplayRun>(ReplayRun::Parts{
        .plant = plant_,
        .core = std::move(core),
        .source = std::move(source),
        .writer = writer_parts(settings_, plant_, std::move(store), source_of_this_run()),
        .first = head.first});
    const auto form =
        ::isatty(STDOUT_FILENO) == 1 ? ReplayProgress::Form::bar : ReplayProgress::Form::lines;
    progress_ = std::make_unique<ReplayProgress>(form, head.first, head.expected_end);
  }

  Ending read_scans() {
    for (;;) {
      if (!run_->take(reader_.time(), reader_.changes())) return Ending::failed;
      show_each_minute();
      const auto [ending, kind] = next();
      if (ending != Ending::whole || kind == FeedReader::Line::end) return ending;
    }
  }

  std::pair<Ending, FeedReader::Line> next() {
    std::string_view line;
    const auto got = or_stop(input_.next(line), options_.input + ": ");
    if (got == FeedInput::Got::end) return {Ending::torn, {}};
    if (got == FeedInput::Got::stopped) return {Ending::stopped, {}};
    return {Ending::whole, or_stop(reader_.take(line), options_.input + ": ")};
  }

  void show_each_minute() {
    if (reader_.time() < next_show_) return;
    next_show_ = reader_.time() + std::chrono::minutes{1};
    print(progress_->at(run_->reached(), run_->samples(), took()));
  }

  int tell_ending() const {
    if (run_) {
      if (ending_ == Ending::whole)
        print(progress_->at(reader_.head().expected_end, run_->samples(), took()));
      print(progress_->end());
      fmt::print("stored {} values in {} batches, {} to {}, in {:.1f} s\n",
                 with_commas(run_->samples()), run_->batches(), to_iso8601(reader_.head().first),
                 to_iso8601(run_->reached()), static_cast<double>(took().count()) / 1000);
    }
    if (ending_ == Ending::torn)
      fmt::print("the feed ended without its last line: what wrote it was interrupted\n");
    if (ending_ == Ending::stopped) fmt::print("stopped: the database is whole up to there\n");
    if (ending_ == Ending::failed)
      fmt::print("not everything could be stored: {}\n", run_->error());
    return ending_ == Ending::whole ? 0 : 1;
  }

  static void print(const std::string& text) {
    if (text.empty()) return;
    std::fputs(text.c_str(), stdout);
    std::fflush(stdout);
  }
  Milliseconds took() const {
    return std::chrono::duration_cast<Milliseconds>(Clock::now() - start_);
  }

  const Settings& settings_;
  const Plant& plant_;
  const ReplayOptions& options_;
  InstanceLock lock_;
  FeedInput input_;
  DayFile day_file_;
  collector::DayCounters days_;
  FeedReader reader_;
  std::unique_ptr<ReplayRun> run_;
  std::unique_ptr<ReplayProgress> progress_;
  Ending ending_ = Ending::whole;
  Timestamp next_show_{};
  const Clock::time_point start_ = Clock::now();
};

}  // namespace

int replay(const Settings& settings, const Plant& plant, const ReplayOptions& options,
           StopSignal& stop) {
  return Replay(settings, plant, options, stop).run();
}

}  // namespace wl
