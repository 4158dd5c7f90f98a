// The command line of what keeping.hpp declares.
#include <CLI/CLI.hpp>

#include "apps/wattline/keeping.hpp"

namespace wl::command {
namespace {

/// What the command line fills; lives as long as the parser, which holds it by its callbacks.
struct Words {
  BackupWords backup;
  RestoreWords restore;
  CheckWords check;
  RebuildWords rebuild;
  ArchiveWords archive;
  ExportWords exported{.format = "csv", .interval = "raw", .file = {}, .part = {}};
  ImportWords imported{.file = {}, .format = "csv", .skip_bad = false};
};

using Shared = std::shared_ptr<Words>;

void declare_backup(CLI::App& app, const std::filesystem::path& root, int& code, Shared words) {
  auto* backup_command = app.add_subcommand(
      "backup", "Copy database, settings and program into one file while everything runs");
  backup_command->add_option("--to", words->backup.to,
                             "Folder for the file; default BACKUP_DIR, where BACKUP_KEEP rotates");
  backup_command->add_flag("--progress", words->backup.progress,
                           "Tell how far it is, a line a second, also without a terminal");
  backup_command->callback([&, words] { code = backup(root, words->backup); });

  auto* restore_command = app.add_subcommand(
      "restore", "Put a backup in place, after checking it; Wattline must be stopped");
  auto* file = restore_command->add_option("file", words->restore.file, "wattline-….tar.zst");
  restore_command->add_flag("--force", words->restore.force,
                            "Replace what is there; it is kept as ….before-restore-…");
  restore_command->add_flag("--dry-run", words->restore.dry_run, "Check and tell, change nothing");
  restore_command->add_flag("--data-only", words->restore.data_only,
                            "Database and data/, not .env, config/ and plc_program/");
  auto* finish = restore_command->add_flag("--finish", words->restore.finish,
                                           "Complete a restore that was interrupted");
  finish->excludes(file);
  restore_command->callback([&, words] {
    if (words->restore.file.empty() && !words->restore.finish) {
      throw CLI::RequiredError("file");
    }
    code = restore(root, words->restore);
  });
}

void declare_part(CLI::App* command, HistoryWords& part, const char* points) {
  command->add_option(points, part.points, "Keys, with commas between; station1.* takes a device");
  command->add_option("--from", part.from, "ISO 8601, inclusive; UTC unless it names a zone");
  command->add_option("--to", part.to, "ISO 8601, exclusive");
}

void declare_check(CLI::App& app, const std::filesystem::path& root, int& code, Shared words) {
  auto* db = app.add_subcommand("db", "Look after the database");
  db->require_subcommand(1);
  auto* check = db->add_subcommand(
      "check", "Check that what is stored is whole and agrees with itself; exit code 1 when not");
  check->add_flag("--full", words->check.full, "Compute every rollup again, not a sample");
  check->add_flag("--repair", words->check.repair,
                  "With --full: compute rollups again that differ; stop Wattline first");
  check->add_flag("--json", words->check.json, "For programs");
  check->callback([&, words] { code = db_check(root, words->check); });

  auto* rebuild = db->add_subcommand(
      "rebuild-energy",
      "Compute the energy ledger again from stored readings; stop Wattline first");
  rebuild->add_option("--from", words->rebuild.from, "ISO 8601; default: all of it");
  rebuild->add_flag("--dry-run", words->rebuild.dry_run, "Compute and tell, change nothing");
  rebuild->callback([&, words] { code = rebuild_energy(root, words->rebuild); });

  auto* archive = app.add_subcommand("archive", "Raw values that retention removed");
  archive->require_subcommand(1);
  auto* show = archive->add_subcommand("show", "List what is archived, or print it; no database");
  show->add_option("file", words->archive.file, "One .wlchunk file; default: data/archive/");
  declare_part(show, words->archive.part, "--point");
  show->add_flag("--csv", words->archive.csv, "Print the samples");
  show->callback([&, words] { code = archive_show(root, words->archive); });
}

void declare_transfer(CLI::App& app, const std::filesystem::path& root, int& code, Shared words) {
  const CLI::IsMember formats({"csv", "line"});
  auto* out = app.add_subcommand("export", "Write history as CSV or line protocol");
  out->add_option("--format", words->exported.format, "csv, or line (InfluxDB, VictoriaMetrics)")
      ->check(formats)
      ->capture_default_str();
  out->add_option("--interval", words->exported.interval, "raw, or the length of a bucket")
      ->check(CLI::IsMember({"raw", "1m", "15m", "hour", "day", "week", "month"}))
      ->capture_default_str();
  declare_part(out, words->exported.part, "--points");
  out->add_option("-o,--output", words->exported.file, "File; default: stdout");
  out->callback([&, words] { code = export_history(root, words->exported); });

  auto* in = app.add_subcommand("import", "Read history; the same file counts once");
  in->add_option("file", words->imported.file, "As `wattline export` writes it")->required();
  in->add_option("--format", words->imported.format, "csv or line")
      ->check(formats)
      ->capture_default_str();
  in->add_flag("--skip-bad", words->imported.skip_bad, "Import what is right of a bad file");
  in->callback([&, words] { code = import_history(root, words->imported); });
}

}  // namespace

void declare_keeping(CLI::App& app, const std::filesystem::path& root, int& code) {
  const auto words = std::make_shared<Words>();
  declare_backup(app, root, code, words);
  declare_check(app, root, code, words);
  declare_transfer(app, root, code, words);
}

}  // namespace wl::command
