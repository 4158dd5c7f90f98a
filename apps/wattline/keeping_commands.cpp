// The command line of what keeping.hpp declares.
#include <CLI/CLI.hpp>

#include "apps/wattline/keeping.hpp"

namespace wl::command {
namespace {

/// What the command line fills; lives as long as the parser, which holds it by its callbacks.
struct Words {
  BackupWords backup;
  RestoreWords restore;
};

using Shared = std::shared_ptr<Words>;

void declare_backup(CLI::App& app, const std::filesystem::path& root, int& code, Shared words) {
  auto* backup_command = app.add_subcommand(
      "backup", "Copy database, settings and program into one file while everything runs");
  backup_command->add_option("--to", words->backup.to,
                             "Folder for the file; default BACKUP_DIR, where BACKUP_KEEP rotates");
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

}  // namespace

void declare_keeping(CLI::App& app, const std::filesystem::path& root, int& code) {
  const auto words = std::make_shared<Words>();
  declare_backup(app, root, code, words);
}

}  // namespace wl::command
