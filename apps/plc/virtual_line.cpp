#include "apps/plc/virtual_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <limits>
#include <memory>

#include "model/feed.hpp"
#include "plc/runtime/retain_store.hpp"
#include "plc/runtime/symbol_value.hpp"
#include "plc/runtime/virtual_run.hpp"
#include "plc/runtime/watchdog.hpp"

namespace wl {
namespace {

constexpr const char* seed_variable = "GVL_Simulation.udiSeed";
constexpr std::chrono::nanoseconds longest = std::chrono::hours(24 * 366 * 50);

/// RFC 4180: quotes where a comma, a quote or a line end would break the row.
std::string csv_field(std::string text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

using File = std::unique_ptr<std::FILE, void (*)(std::FILE*)>;

File no_file() {
  return {nullptr, [](std::FILE*) {}};
}

/// `-` is stdout.
File open_file(const std::filesystem::path& path) {
  if (path == "-") return {stdout, [](std::FILE* out) { std::fflush(out); }};
  File file{std::fopen(path.c_str(), "w"), [](std::FILE* out) { std::fclose(out); }};
  if (!file) throw StartError(fmt::format("cannot write to {}", path.string()));
  return file;
}

/// `time_ms,variable,value`, a row for each published change.
class Trace {
 public:
  explicit Trace(const std::filesystem::path& path) {
    if (path.empty()) return;
    file_ = open_file(path);
    fmt::print(file_.get(), "time_ms,variable,value\n");
  }

  void add(const plc::Resource& resource, const plc::ScanReport& report) {
    if (!file_) return;
    for (const std::uint32_t index : report.changed) {
      const plc::Symbol& symbol = resource.symbols()[index];
      fmt::print(file_.get(), "{},{},{}\n", to_unix_ms(report.time), symbol.path,
                 csv_field(value_text(resource, symbol)));
    }
  }

  static std::string value_text(const plc::Resource& resource, const plc::Symbol& symbol) {
    return plc::format_value(plc::read_symbol(resource.image(), symbol),
                             plc::data_type_of(symbol.type));
  }

 private:
  File file_ = no_file();
};

/// Where --feed goes. What cannot be written ends the run: the reader has gone.
class Feed {
 public:
  Feed(const std::filesystem::path& path, const plc::Resource& resource, Timestamp first,
       Timestamp expected_end)
      : resource_(resource), number_(resource.symbols().size(), nobody) {
    if (path.empty()) return;
    file_ = open_file(path);
    FeedHead head{.first = first, .expected_end = expected_end, .variables = {}};
    for (const std::uint32_t index : resource.published()) {
      const plc::Symbol& symbol = resource.symbols()[index];
      const DataType type = plc::data_type_of(symbol.type);
      if (symbol.constant || type == DataType::string) continue;
      number_[index] = static_cast<std::uint32_t>(head.variables.size());
      head.variables.push_back({type, symbol.path});
    }
    writer_.emplace(head);
  }

  void add(const plc::ScanReport& report) {
    if (!writer_ || broken_) return;
    writer_->begin_scan(report.time);
    for (const std::uint32_t index : report.changed) {
      if (number_[index] == nobody) continue;
      writer_->add(number_[index], plc::read_symbol(resource_.image(), resource_.symbols()[index]));
    }
    writer_->end_scan();
    if (writer_->size() > flush_at) write_out();
  }

  bool broken() const { return broken_; }
  /// Complete only when `whole`; a feed that was cut off has no end line.
  void close(bool whole) {
    if (!writer_) return;
    if (whole) writer_->end();
    write_out();
    if (!broken_ && std::fflush(file_.get()) != 0) broken_ = true;
  }

 private:
  static constexpr std::uint32_t nobody = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::size_t flush_at = 60'000;

  void write_out() {
    const std::string text = writer_->take();
    if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size()) broken_ = true;
  }

  const plc::Resource& resource_;
  std::vector<std::uint32_t> number_;  ///< In the feed, by symbol.
  std::optional<FeedWriter> writer_;
  File file_ = no_file();
  bool broken_ = false;
};

template <class T>
T or_stop(Result<T> result) {
  if (!result) throw StartError(result.error().what);
  return std::move(*result);
}

std::vector<plc::TimedWrite> writes_of(const PlcOptions& options,
                                       std::span<const plc::Symbol> symbols) {
  std::vector<plc::TimedWrite> writes;
  for (const SetOption& set : options.sets) {
    const auto index = plc::find_symbol(symbols, set.path);
    if (!index) throw StartError(fmt::format("--set: no variable {}", set.path));
    writes.push_back({set.at, *index, or_stop(plc::parse_value(symbols[*index], set.value))});
  }
  if (options.seed) {
    const auto index = plc::find_symbol(symbols, seed_variable);
    if (!index) throw StartError(fmt::format("--seed: the program has no {}", seed_variable));
    writes.push_back({{}, *index, Value{std::uint64_t{*options.seed}}});
  }
  return writes;
}

/// Both clocks meet, or somebody asks to stop; a reader that has gone away ends the run, too.
std::function<bool(Timestamp)> go_on(const PlcOptions& options, const Feed& feed,
                                     StopSignal& stop) {
  const bool until_now = options.until_now;
  return [&feed, &stop, until_now, asked = 0U](Timestamp time) mutable {
    // A minute passes in a millisecond, and asking is a system call.
    const bool ask = asked++ % 60 == 0;
    if (feed.broken() || (ask && stop.wait(Milliseconds{0}))) return false;
    return !until_now || time < wall_now();
  };
}

void print_values(std::FILE* out, const plc::Resource& resource) {
  for (const std::uint32_t index : resource.published()) {
    const plc::Symbol& symbol = resource.symbols()[index];
    if (symbol.constant) continue;
    fmt::print(out, "{:<40} {}\n", symbol.path, Trace::value_text(resource, symbol));
  }
}

void print_summary(std::FILE* out, const plc::VirtualOutcome& outcome,
                   std::chrono::duration<double> took) {
  for (const std::string& refused : outcome.refused) fmt::print(out, "--set {}\n", refused);
  fmt::print(out, "{} scans, {:.1f} virtual s in {:.2f} s, {:.2f} us a scan\n", outcome.scans,
             std::chrono::duration<double>(outcome.reached).count(), took.count(),
             took.count() * 1e6 / static_cast<double>(std::max<std::uint64_t>(outcome.scans, 1)));
}

}  // namespace

int run_virtual_line(const plc::ScanProgram& program, const PlcOptions& options, StopSignal& stop) {
  const auto resource = or_stop(plc::Resource::create(program));
  const auto duration = options.until_now ? longest : options.duration;
  const Timestamp end = options.until_now ? wall_now() : options.start + options.duration;
  Feed feed(options.feed, *resource, options.start, end);
  plc::VirtualRun run{duration, options.start, writes_of(options, resource->symbols()),
                      go_on(options, feed, stop)};
  std::unique_ptr<plc::RetainStore> retain;
  if (!options.retain_dir.empty()) {
    retain = or_stop(plc::RetainStore::open(options.retain_dir, resource->symbols()));
    retain->restore(resource->state()).log(options.retain_dir);
  }
  Trace trace(options.trace);
  // VAR RETAIN is saved once, at the end: nobody can kill a virtual clock's plant.
  plc::ScanCycle cycle(*resource, nullptr, [&](const plc::ScanReport& report) {
    trace.add(*resource, report);
    feed.add(report);
  });
  const plc::WatchdogThread watchdog(cycle.mark(), resource->control(),
                                     plc::watchdog_limit(resource->tick()));
  const auto started = std::chrono::steady_clock::now();
  const auto outcome = plc::run_virtual(*resource, cycle, std::move(run));
  const auto took = std::chrono::steady_clock::now() - started;
  feed.close(!resource->faulted());
  if (feed.broken()) throw StartError("the feed could not be written: its reader has gone");
  if (retain) {
    // A scan that a fault cut short left half of its work; then the image stays as it was.
    if (!resource->faulted()) retain->save(resource->state(), outcome.reached);
    if (const auto closed = retain->close(); !closed) throw StartError(closed.error().what);
  }
  std::FILE* out = options.trace == "-" || options.feed == "-" ? stderr : stdout;
  if (options.trace.empty() && options.feed.empty()) print_values(out, *resource);
  print_summary(out, outcome, took);
  return resource->faulted() ? 1 : 0;
}

}  // namespace wl
