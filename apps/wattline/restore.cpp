// `wattline restore`.
#include "storage/backup/restore.hpp"

#include <fmt/format.h>

#include "apps/wattline/commands.hpp"
#include "apps/wattline/installation.hpp"
#include "apps/wattline/keeping.hpp"
#include "apps/wattline/progress_line.hpp"
#include "storage/backup/backup.hpp"

namespace wl::command {
namespace {

template <class T>
T or_stop(Result<T> result) {
  if (!result) throw StartError(result.error().what);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// The settings that will hold afterwards: where the data goes is said by the backup's own .env.
Settings settings_after(const std::filesystem::path& root, const RestoreWords& words) {
  const auto place = installation_root(root);
  if (words.data_only) return read_settings(root);
  const auto env = or_stop(storage::read_backup_text(words.file, ".env"));
  if (!env) return read_settings(root);
  auto loaded = or_stop(load_settings_from(place, *env, process_environment()));
  for (const std::string& warning : loaded.warnings) fmt::print(stderr, "warning: {}\n", warning);
  return std::move(loaded.values);
}

storage::RestoreRequest request_for(const Settings& settings, const RestoreWords& words) {
  storage::RestoreRequest request;
  request.file = words.file;
  request.root = settings.root;
  request.database = database_options(settings);
  for (const auto& target : installation_files(settings)) {
    const bool is_data = target.name.starts_with("data/");
    if (is_data || !words.data_only) request.targets.push_back(target);
  }
  request.when_in_use = words.force ? storage::WhenInUse::set_aside : storage::WhenInUse::refuse;
  request.now = wall_now();
  return request;
}

void print_list(std::string_view title, const auto& list) {
  for (const auto& item : list)
    fmt::print("{:<10}{}\n", title, std::filesystem::path(item).string());
}

void print_report(const storage::RestoreReport& report, bool dry_run) {
  fmt::print("backup    made {} by Wattline {}, schema {}, {} files, all checksums right\n",
             to_iso8601(report.manifest.made_at), report.manifest.version, report.manifest.schema,
             report.manifest.files.size());
  print_list("same", report.unchanged);
  print_list(dry_run ? "would set" : "restored", report.restored);
  print_list(dry_run ? "aside" : "kept", report.aside);
  print_list("left out", report.left_out);
}

/// MySQL has no rename of a whole database: what a load replaces is kept as a backup instead.
void keep_mysql(const Settings& settings, const RestoreWords& words, ProgressLine& progress) {
  const auto database = database_options(settings);
  if (!words.force || !database.mysql) return;
  if (or_stop(storage::mysql_tables(database)) == 0) return;
  const auto kept = or_stop(storage::make_backup({.directory = settings.backup_dir,
                                                  .database = database,
                                                  .sources = {},
                                                  .version = WATTLINE_VERSION,
                                                  .now = wall_now()},
                                                 progress.bytes()));
  fmt::print("kept      {} (the database before)\n", kept.file.string());
}

int run(const std::filesystem::path& root, const RestoreWords& words) {
  ProgressLine progress;
  const Settings settings = settings_after(root, words);
  const storage::RestoreRequest request = request_for(settings, words);
  if (words.dry_run) {
    print_report(or_stop(storage::check_restore(request, progress.bytes())), true);
    return 0;
  }
  or_stop(prepare_directories(settings));
  const StandStill standing = or_stop(StandStill::take(settings));
  finish_interrupted_restore(settings);
  keep_mysql(settings, words, progress);
  print_report(or_stop(storage::restore_backup(request, progress.bytes())), false);
  fmt::print("Start with `wattline up`; passwords are those of the backup.\n");
  return 0;
}

}  // namespace

int restore(const std::filesystem::path& root, const RestoreWords& words) try {
  if (!words.finish) return run(root, words);
  const Settings settings = read_settings(root);
  or_stop(prepare_directories(settings));
  const StandStill standing = or_stop(StandStill::take(settings));
  finish_interrupted_restore(settings);
  return 0;
} catch (const StartError& error) {
  fmt::print(stderr, "error: {}\n", error.what());
  return 1;
}

}  // namespace wl::command
