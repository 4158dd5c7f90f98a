#include "apps/plc/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <limits>

#include "base/quantity.hpp"

namespace wl {
namespace {

constexpr std::string_view manual = R"(NAME
    wattline-plc - runs a Structured Text program (IEC 61131-3) and serves it by OPC UA

SYNOPSIS
    wattline-plc [--root DIR] [--truth-log FILE]
    wattline-plc --check [--root DIR]
    wattline-plc --virtual --duration TIME|--until-now [--trace FILE|-] [--feed FILE|-]
                 [--set [TIME:]PATH=VALUE]... [--seed N] [--start TIME] [--retain DIR]
                 [--root DIR]

DESCRIPTION
    Compiles all *.st files of plc_program/ (key PLC_PROGRAM) to native code and runs the tasks of
    its CONFIGURATION. Variables of programs and global variable lists are served by OPC UA on
    PLC_OPC_UA_HOST:PLC_OPC_UA_PORT as ns=4;s=|var|Wattline.Application.<path>. VAR RETAIN lives in
    <data>/retain. SIGTERM and SIGINT finish the scan, save and end.

    A fault of the program (index, division by zero, endless loop) sets all %Q outputs to zero and
    all variables to Bad_DeviceFailure; the process stays alive and names POU, file and line in
    logs/plc.log and run/plc.status.json. `wattline restart plc` clears it.

OPTIONS
    --root DIR          the installation, with .env, config/ and plc_program/
    --check             compile only; print the diagnostics and the size of the program
    --truth-log FILE    append `boot,scan,unix_ms` for every scan, for tests of lost values
    --virtual           run on a virtual clock as fast as possible, without OPC UA
    --duration TIME     how much virtual time: 90s, 30min, 8h
    --until-now         until the virtual clock has reached the wall clock
    --trace FILE|-      write `time_ms,variable,value` for every published change as CSV
    --feed FILE|-       write what `wattline-collector --replay` reads; SIGTERM ends it cleanly
    --seed N            another course of the simulation (writes GVL_Simulation.udiSeed before the
                        first scan); the same seed gives the same trace
    --set [TIME:]PATH=VALUE
                        write a variable at a virtual time: 3min:PLC_PRG.bEmergencyStop=TRUE
    --start TIME        wall clock of the first scan, ISO 8601; 1970-01-01 without it
    --retain DIR        begin with VAR RETAIN of DIR and save it there at the end, if there was no
                        fault; without it, nowhere
    -h, --help          this text
    --version           the version

EXIT STATUS
    0  stopped as asked, or checked without an error
    1  the virtual run ended in a fault
    2  cannot start: mistake in the program, in .env, port in use, no permission
    3  already running with this data directory
)";

struct RawOptions {
  bool check = false;
  bool virtual_run = false;
  std::string duration;
  std::string start;
  std::string seed;
  std::vector<std::string> sets;
};

void declare(CLI::App& app, PlcOptions& options, RawOptions& raw) {
  app.add_option("--root", options.root);
  app.add_option("--truth-log", options.truth_log);
  auto* check = app.add_flag("--check", raw.check);
  auto* is_virtual = app.add_flag("--virtual", raw.virtual_run)->excludes(check);
  app.add_option("--duration", raw.duration)->needs(is_virtual);
  app.add_option("--start", raw.start)->needs(is_virtual);
  app.add_option("--trace", options.trace)->needs(is_virtual);
  app.add_option("--retain", options.retain_dir)->needs(is_virtual);
  app.add_option("--set", raw.sets)->needs(is_virtual);
  app.add_option("--feed", options.feed)->needs(is_virtual);
  app.add_option("--seed", raw.seed)->needs(is_virtual);
  app.add_flag("--until-now", options.until_now)->needs(is_virtual);
}

Result<void> read_virtual(const RawOptions& raw, PlcOptions& options) {
  if (raw.duration.empty() != options.until_now)
    return fail(Errc::invalid_argument, "--virtual needs either --duration or --until-now");
  if (!options.until_now) {
    const auto duration = parse_duration(raw.duration, std::chrono::seconds(1));
    if (!duration) return fail(Errc::invalid_argument, "--duration: " + duration.error().what);
    options.duration = *duration;
  }
  if (!raw.seed.empty()) {
    const auto seed = parse_integer(raw.seed, 0, std::numeric_limits<std::uint32_t>::max());
    if (!seed) return fail(Errc::invalid_argument, "--seed: " + seed.error().what);
    options.seed = static_cast<std::uint32_t>(*seed);
  }
  if (options.trace == "-" && options.feed == "-")
    return fail(Errc::invalid_argument, "--trace and --feed cannot both be stdout");
  if (!raw.start.empty()) {
    const auto start = parse_iso8601(raw.start);
    if (!start) return fail(Errc::invalid_argument, "--start: " + start.error().what);
    options.start = *start;
  }
  for (const std::string& text : raw.sets) {
    auto set = parse_set(text);
    if (!set) return std::unexpected(set.error());
    options.sets.push_back(std::move(*set));
  }
  return {};
}

int refuse(std::string_view why) {
  fmt::print(stderr, "error: {}\nTry `wattline-plc --help`.\n", why);
  return 2;
}

}  // namespace

std::variant<PlcOptions, int> read_options(int argc, char** argv) {
  PlcOptions options;
  RawOptions raw;
  bool help = false;
  bool version = false;
  CLI::App app;
  app.set_help_flag();
  app.add_flag("-h,--help", help);
  app.add_flag("--version", version);
  declare(app, options, raw);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return refuse(error.what());
  }
  if (help) {
    fmt::print("{}", manual);
    return 0;
  }
  if (version) {
    fmt::print("wattline-plc {}\n", WATTLINE_VERSION);
    return 0;
  }
  if (raw.check) options.mode = PlcOptions::Mode::check;
  if (!raw.virtual_run) return options;
  options.mode = PlcOptions::Mode::virtual_run;
  if (const auto read = read_virtual(raw, options); !read) return refuse(read.error().what);
  return options;
}

Result<SetOption> parse_set(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    return fail(Errc::invalid_argument,
                fmt::format("--set '{}': expected [TIME:]PATH=VALUE", text));
  }
  SetOption set;
  set.value = text.substr(equals + 1);
  std::string_view place = text.substr(0, equals);
  if (const auto colon = place.find(':'); colon != std::string_view::npos) {
    const auto at = parse_duration(place.substr(0, colon), std::chrono::seconds(1));
    if (!at)
      return fail(Errc::invalid_argument, fmt::format("--set '{}': {}", text, at.error().what));
    set.at = *at;
    place.remove_prefix(colon + 1);
  }
  set.path = place;
  return set;
}

}  // namespace wl
