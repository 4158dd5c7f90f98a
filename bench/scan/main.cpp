// Nanoseconds per scan of native code, one row a program of bench/line.st.
//
//   bench_scan [file.st | folder]
//
// Each figure is the minimum over interleaved rounds: on a shared machine the minimum is the one
// number that another process does not move. PSS is that of this process with the code loaded.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <vector>

#include "plc/codegen/compiler.hpp"
#include "plc/lang/compile.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using namespace wl::plc;

constexpr int rounds = 40;
constexpr int scans_per_round = 2000;
constexpr std::chrono::milliseconds scan_interval{10};

struct Row {
  std::string program;
  double best_ns = std::numeric_limits<double>::max();
};

struct alignas(16) Unit {
  std::byte bytes[16];
};

long pss_kb() {
  std::ifstream in("/proc/self/smaps_rollup");
  for (std::string word; in >> word;)
    if (word == "Pss:") {
      long kb = 0;
      in >> kb;
      return kb;
    }
  return 0;
}

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// False after a fault.
bool time_round(const NativeProgram& program, std::vector<Unit>& state, Row& row) {
  static std::chrono::nanoseconds now{0};
  ScanControl control;
  const auto start = Clock::now();
  for (int i = 0; i < scans_per_round; ++i) {
    now += scan_interval;
    if (auto fault = program.run(row.program, state.front().bytes, now, control)) {
      fmt::print(stderr, "{}: {}\n", row.program, fault->text());
      return false;
    }
  }
  row.best_ns = std::min(row.best_ns, milliseconds_since(start) * 1e6 / scans_per_round);
  return true;
}

int measure(const lang::CheckedProgram& checked, Optimization level, const char* name) {
  const auto start = Clock::now();
  const auto program = Compiler::compile(checked, {level});
  if (!program) {
    fmt::print(stderr, "{}\n", program.error().what);
    return 2;
  }
  fmt::print("\n{}: compiled in {:.0f} ms, state {} bytes, PSS {:.1f} MB\n", name,
             milliseconds_since(start), (*program)->state_size(),
             static_cast<double>(pss_kb()) / 1024);
  std::vector<Row> rows;
  for (const auto& pou : checked.pous)
    if (pou->kind == lang::PouKind::program) rows.push_back({pou->name});
  std::vector<Unit> state(((*program)->state_size() + 15) / 16);
  (*program)->initialize(state.front().bytes);
  for (int round = 0; round < rounds; ++round)
    for (Row& row : rows)
      if (!time_round(**program, state, row)) return 1;
  for (const Row& row : rows) fmt::print("  {:<12} {:8.0f} ns\n", row.program, row.best_ns);
  return 0;
}

wl::Result<lang::SourceSet> read_sources(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path)) return lang::load_folder(path);
  std::ifstream in(path);
  if (!in)
    return wl::fail(
        wl::Errc::not_found,
        fmt::format("cannot read {}; start it in the folder of the repository", path.string()));
  lang::SourceSet sources;
  sources.add(path.filename().string(), std::string(std::istreambuf_iterator<char>(in), {}));
  return sources;
}

}  // namespace

int main(int argc, char** argv) {
  const std::filesystem::path path = argc > 1 ? argv[1] : "bench/line.st";
  wl::Result<lang::SourceSet> sources = read_sources(path);
  if (!sources) {
    fmt::print(stderr, "{}\n", sources.error().what);
    return 2;
  }
  const auto start = Clock::now();
  const lang::Compilation compilation = lang::compile_sources(std::move(*sources));
  fmt::print("parsed and checked in {:.1f} ms, PSS {:.1f} MB\n", milliseconds_since(start),
             static_cast<double>(pss_kb()) / 1024);
  if (!compilation.ok()) {
    fmt::print(stderr, "{}", lang::render_all(compilation));
    return 2;
  }
  if (const int failed = measure(compilation.program, Optimization::fast_compile, "fast_compile"))
    return failed;
  return measure(compilation.program, Optimization::full, "full");
}
