// `wattline db check`.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "apps/database/database_options.hpp"
#include "apps/wattline/commands.hpp"
#include "apps/wattline/history_words.hpp"
#include "apps/wattline/installation.hpp"
#include "apps/wattline/keeping.hpp"
#include "apps/wattline/progress_line.hpp"
#include "storage/check/check.hpp"

namespace wl::command {
namespace {

boost::json::array array_of(const std::vector<std::string>& lines) {
  boost::json::array out;
  for (const std::string& line : lines) out.emplace_back(line);
  return out;
}

void print_json(const storage::CheckReport& report) {
  fmt::print("{}\n", boost::json::serialize(
                         boost::json::object{{"sound", report.sound()},
                                             {"fault_count", report.fault_count},
                                             {"faults", array_of(report.faults)},
                                             {"repair_count", report.repair_count},
                                             {"repairs", array_of(report.repairs)},
                                             {"notes", array_of(report.notes)},
                                             {"chunks", report.chunks},
                                             {"hot_parts", report.hot_parts},
                                             {"samples", report.samples},
                                             {"hours_compared", report.hours_compared},
                                             {"energy_days", report.energy_days},
                                             {"link_intervals", report.link_intervals},
                                             {"alarms", report.alarms},
                                             {"oee_quarters", report.oee_quarters},
                                             {"oee_stops", report.oee_stops}}));
}

void print_text(const storage::CheckReport& report, const CheckWords& words) {
  fmt::print("raw       {} samples in {} chunks and {} unfolded parts\n", report.samples,
             report.chunks, report.hot_parts);
  fmt::print("rollups   {} hours of a point computed again{}\n", report.hours_compared,
             words.full || words.repair ? "" : " (a sample; --full takes all)");
  fmt::print("energy    {} packed days\n", report.energy_days);
  fmt::print("oee       {} quarter hours, {} stops\n", report.oee_quarters, report.oee_stops);
  fmt::print("link      {} intervals\n", report.link_intervals);
  fmt::print("alarms    {}\n", report.alarms);
  for (const std::string& note : report.notes) fmt::print("note      {}\n", note);
  for (const std::string& repair : report.repairs) fmt::print("repaired  {}\n", repair);
  if (report.repair_count > report.repairs.size()) {
    fmt::print("          and {} more\n", report.repair_count - report.repairs.size());
  }
  for (const std::string& fault : report.faults) fmt::print("FAULT     {}\n", fault);
  if (report.fault_count > report.faults.size()) {
    fmt::print("          and {} more\n", report.fault_count - report.faults.size());
  }
  fmt::print("{}\n",
             report.sound()
                 ? "The database is sound."
                 : fmt::format("{} faults. Keep a copy of the database. `db check --repair` "
                               "computes rollups again, `db rebuild-energy` the ledger; "
                               "`wattline restore` puts a backup in place.",
                               report.fault_count));
}

}  // namespace

int db_check(const std::filesystem::path& root, const CheckWords& words) {
  ProgressLine progress;
  const Settings settings = read_settings(root);
  const Plant plant = read_plant(settings);
  std::optional<InstanceLock> lock;
  if (words.repair) {
    auto alone = lock_samples(settings);
    if (!alone) {
      fmt::print(stderr, "error: {}\n", alone.error().what);
      return 1;
    }
    lock.emplace(std::move(*alone));
  }
  const auto show = [&](const std::string& doing) { return progress.show(doing); };
  const auto options = database_options(settings, plant);
  const auto depth = words.full ? storage::CheckDepth::full : storage::CheckDepth::sample;
  const auto report = words.repair ? storage::repair_database(options, plant, show)
                                   : storage::check_database(options, plant, depth, show);
  if (!report) {
    fmt::print(stderr, "error: {}\n", report.error().what);
    return 1;
  }
  words.json ? print_json(*report) : print_text(*report, words);
  return report->sound() ? 0 : 1;
}

}  // namespace wl::command
