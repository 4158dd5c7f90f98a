// `wattline backup`.
#include "storage/backup/backup.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>

#include "apps/wattline/commands.hpp"
#include "apps/wattline/installation.hpp"
#include "apps/wattline/keeping.hpp"
#include "apps/wattline/progress_line.hpp"

namespace wl::command {
namespace {

std::uint64_t all_rows(const storage::Manifest& manifest) {
  std::uint64_t rows = 0;
  for (const auto& [table, count] : manifest.rows) rows += count;
  return rows;
}

}  // namespace

int backup(const std::filesystem::path& root, const BackupWords& words) {
  ProgressLine progress(words.progress ? ProgressLine::Elsewhere::lines
                                       : ProgressLine::Elsewhere::nothing);
  const Settings settings = read_settings(root);
  storage::BackupRequest request;
  const std::filesystem::path here = std::filesystem::current_path();
  request.directory = words.to.empty() ? settings.backup_dir : here / words.to;
  request.database = database_options(settings);
  for (const auto& file : installation_files(settings)) {
    request.sources.push_back({file.name, file.path});
  }
  request.version = WATTLINE_VERSION;
  request.now = wall_now();
  [[maybe_unused]] const int priority = ::nice(10);  // The line comes first.
  const auto done = storage::make_backup(request, progress.bytes());
  if (!done) {
    fmt::print(stderr, "error: {}\n", done.error().what);
    return 1;
  }
  for (const std::string& warning : done->warnings) fmt::print(stderr, "warning: {}\n", warning);
  fmt::print("backup    {}\n", done->file.string());
  fmt::print("          {}, {} files, {} rows, read back and checked\n", size_text(done->bytes),
             done->manifest.files.size(), all_rows(done->manifest));
  if (!words.to.empty()) return 0;
  const auto keep = static_cast<std::size_t>(settings.backup_keep);
  for (const auto& removed : storage::rotate_backups(settings.backup_dir, keep)) {
    fmt::print("removed   {} (BACKUP_KEEP={})\n", removed.string(), keep);
  }
  return 0;
}

}  // namespace wl::command
