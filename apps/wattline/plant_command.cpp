#include "apps/wattline/plant_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include "apps/database/database_options.hpp"
#include "apps/wattline/commands.hpp"
#include "apps/wattline/plant_check/plant_check.hpp"
#include "base/durable_file.hpp"
#include "storage/alarm_store.hpp"
#include "storage/stored_points.hpp"

namespace wl::command {
namespace {

using plant_check::Finding;
using plant_check::Report;
using plant_check::Stored;
using plant_check::Weight;

plant_check::ConfigText read_text(const std::filesystem::path& path) {
  auto text = read_file(path);
  if (!text) throw StartError(text.error().what);
  return {"config/" + path.filename().string(), std::move(*text)};
}

plant_check::Input read_input(const Settings& settings) {
  return {read_text(settings.plant_config()),
          read_text(settings.gateway_config()),
          {{"PLC_OPC_UA_HOST", settings.plc_opc_ua_host},
           {"PLC_OPC_UA_PORT", std::to_string(settings.plc_opc_ua_port)}}};
}

/// Nothing before the first init-db. A database that does not answer is told and not compared.
Stored read_stored(const Settings& settings) {
  Stored stored;
  const auto options = database_options(settings);
  auto points = storage::stored_points(options);
  if (!points) {
    if (points.error().code == Errc::not_found) return stored;
    fmt::print(stderr, "note: not compared with the history: {}\n", points.error().what);
    return stored;
  }
  stored.points = std::move(*points);
  auto store = storage::open_alarm_store(options);
  auto thresholds = store ? (*store)->thresholds() : std::unexpected(store.error());
  if (thresholds) {
    stored.thresholds = std::move(*thresholds);
  } else {
    fmt::print(stderr, "note: not compared with the thresholds: {}\n", thresholds.error().what);
  }
  return stored;
}

/// The collector may ask another server than the gateway that gateway.json describes.
void add_server_finding(const Settings& settings, Report& report) {
  const std::string url =
      settings.opc_ua_server_url.substr(0, settings.opc_ua_server_url.find(','));
  const std::string own = fmt::format(":{}", settings.gateway_opc_ua_port);
  const bool here = url.find("://localhost") != std::string::npos ||
                    url.find("://127.0.0.1") != std::string::npos;
  if (here && url.ends_with(own)) return;
  report.findings.push_back(
      {.weight = Weight::warning,
       .file = ".env",
       .line = 0,
       .place = "OPC_UA_SERVER_URL",
       .text = fmt::format("the collector asks {}, not the gateway on port {} that gateway.json "
                           "describes: its tags are not proven to exist. `wattline-collector "
                           "--test-connection` asks the server itself",
                           url, settings.gateway_opc_ua_port)});
}

void print_json(const Report& report) {
  boost::json::array findings;
  for (const Finding& finding : report.findings) {
    findings.push_back({{"level", finding.weight == Weight::error ? "error" : "warning"},
                        {"file", finding.file},
                        {"line", finding.line},
                        {"place", finding.place},
                        {"text", finding.text}});
  }
  const std::size_t devices = report.plant ? report.plant->devices.size() : 0;
  const std::size_t points = report.plant ? report.plant->points.size() : 0;
  fmt::print("{}\n", boost::json::serialize(boost::json::object{{"sound", report.sound()},
                                                                {"devices", devices},
                                                                {"points", points},
                                                                {"findings", findings}}));
}

void print_findings(const Report& report) {
  for (const Finding& finding : report.findings) {
    const char* word = finding.weight == Weight::error ? "error" : "warning";
    fmt::print("{:<9} {}\n", word, to_text(finding));
  }
}

int check_plant(const std::filesystem::path& root, OutputForm form) {
  const Settings settings = read_settings(root);
  Report report = plant_check::check(read_input(settings), read_stored(settings));
  add_server_finding(settings, report);
  if (form == OutputForm::json) {
    print_json(report);
    return report.sound() ? 0 : 1;
  }
  print_findings(report);
  if (!report.sound()) {
    fmt::print("Mend the errors; until then `wattline restart` refuses these files.\n");
    return 1;
  }
  fmt::print(
      "{} devices, {} points: no errors. `wattline restart gateway collector web` brings "
      "changes into force.\n",
      report.plant->devices.size(), report.plant->points.size());
  return 0;
}

int list_plant(const std::filesystem::path& root) {
  const Report report = plant_check::check(read_input(read_settings(root)));
  if (!report.plant || !report.gateway) {
    print_findings(report);
    return 1;
  }
  fmt::print("{}", plant_check::list(*report.plant, *report.gateway));
  return 0;
}

}  // namespace

bool is_plant_sound(const Settings& settings) {
  const Report report = plant_check::check(read_input(settings));
  for (const Finding& finding : report.findings)
    if (finding.weight == Weight::error) fmt::print(stderr, "{}\n", to_text(finding));
  return report.sound();
}

void declare_plant(CLI::App& app, const std::filesystem::path& root, int& code) {
  auto* plant = app.add_subcommand("plant", "The devices and points of config/plant.json");
  plant->require_subcommand(1);
  auto* check = plant->add_subcommand(
      "check",
      "Explain every mistake in plant.json and gateway.json; exit code 1 when there is one");
  const auto json = std::make_shared<bool>(false);
  check->add_flag("--json", *json, "For programs");
  check->callback(
      [&, json] { code = check_plant(root, *json ? OutputForm::json : OutputForm::table); });
  plant->add_subcommand("list", "Every point with its unit, range and tag")->callback([&] {
    code = list_plant(root);
  });
}

}  // namespace wl::command
