#include "apps/plc/virtual_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>

#include "plc/runtime/retain_store.hpp"
#include "plc/runtime/symbol_value.hpp"
#include "plc/runtime/virtual_run.hpp"
#include "plc/runtime/watchdog.hpp"

namespace wl {
namespace {

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

/// `time_ms,variable,value`, a row for each published change.
class Trace {
 public:
  explicit Trace(const std::filesystem::path& path) {
    if (path.empty()) return;
    if (path == "-") {
      file_ = {stdout, [](std::FILE* out) { std::fflush(out); }};
    } else {
      file_ = {std::fopen(path.c_str(), "w"), [](std::FILE* out) { std::fclose(out); }};
    }
    if (!file_) throw StartError(fmt::format("cannot write the trace to {}", path.string()));
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
  std::unique_ptr<std::FILE, void (*)(std::FILE*)> file_{nullptr, [](std::FILE*) {}};
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
  return writes;
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

int run_virtual_line(const plc::ScanProgram& program, const PlcOptions& options) {
  const auto resource = or_stop(plc::Resource::create(program));
  plc::VirtualRun run{options.duration, options.start, writes_of(options, resource->symbols())};
  std::unique_ptr<plc::RetainStore> retain;
  if (!options.retain_dir.empty()) {
    retain = or_stop(plc::RetainStore::open(options.retain_dir, resource->symbols()));
    retain->restore(resource->state()).log(options.retain_dir);
  }
  Trace trace(options.trace);
  plc::ScanCycle cycle(*resource, retain.get(),
                       [&](const plc::ScanReport& report) { trace.add(*resource, report); });
  const plc::WatchdogThread watchdog(cycle.mark(), resource->control(),
                                     plc::watchdog_limit(resource->tick()));
  const auto started = std::chrono::steady_clock::now();
  const auto outcome = plc::run_virtual(*resource, cycle, std::move(run));
  const auto took = std::chrono::steady_clock::now() - started;
  if (retain) {
    if (const auto closed = retain->close(); !closed) throw StartError(closed.error().what);
  }
  std::FILE* out = options.trace == "-" ? stderr : stdout;
  if (options.trace.empty()) print_values(out, *resource);
  print_summary(out, outcome, took);
  return resource->faulted() ? 1 : 0;
}

}  // namespace wl
