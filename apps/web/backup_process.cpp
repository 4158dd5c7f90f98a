#include "apps/web/backup_process.hpp"

#include <poll.h>
#include <spdlog/spdlog.h>

#include <csignal>

#include "base/host/process_state.hpp"
#include "storage/backup/backup.hpp"

namespace wl {
namespace {

constexpr int stop_patience_ms = 5000;
constexpr std::uintmax_t longest_output = 1 << 20;

std::string last_line(const std::string& text) {
  return text.substr(text.rfind('\n') + 1);
}

/// Of the line `backup    /srv/wattline/backups/wattline-….tar.zst`.
std::string file_in(const std::string& output) {
  constexpr std::string_view head = "backup    ";
  const auto at = output.rfind(head);
  if (at == std::string::npos) return {};
  const auto begin = at + head.size();
  return std::filesystem::path(output.substr(begin, output.find('\n', begin) - begin))
      .filename()
      .string();
}

}  // namespace

BackupProcess::BackupProcess(BackupOptions options)
    : options_(std::move(options)), child_(options_.program) {}

BackupProcess::~BackupProcess() {
  if (child_.pid() == 0) return;
  child_.send(SIGTERM);
  pollfd ended{child_.pid_fd(), POLLIN, 0};
  ::poll(&ended, 1, stop_patience_ms);
}

web::BackupOverview BackupProcess::overview(Timestamp now) {
  reap(now);
  web::BackupOverview overview;
  for (const storage::FoundBackup& found : storage::find_backups(options_.directory)) {
    std::error_code error;
    const auto bytes = std::filesystem::file_size(found.file, error);
    if (!error) overview.stored.push_back({found.file.filename().string(), bytes, found.made_at});
  }
  overview.run = run_;
  const bool mine_runs = run_ && run_->state == web::BackupRun::State::running;
  if (!mine_runs && supervisor_makes_one(now)) overview.run = web::BackupRun{};
  return overview;
}

Result<web::BackupRun> BackupProcess::start(const std::string& by, Timestamp now) {
  reap(now);
  if (child_.pid() != 0 || supervisor_makes_one(now)) {
    return fail(Errc::conflict, "a backup is under way");
  }
  child_.bound_output(longest_output);
  if (const auto spawned = child_.spawn(); !spawned) {
    return fail(Errc::permission, spawned.error().what);
  }
  kill_at_ = std::chrono::steady_clock::now() + options_.limit;
  run_ = web::BackupRun{};
  run_->started_by = by;
  run_->started_at = now;
  spdlog::info("backup started, pid {}", child_.pid());
  return *run_;
}

void BackupProcess::reap(Timestamp now) {
  if (child_.pid() == 0) return;
  const auto cause = child_.reap();
  const std::string said = child_.output_tail();
  if (!cause) {
    run_->step = last_line(said);
    if (std::chrono::steady_clock::now() >= kill_at_) child_.send(SIGKILL);
    return;
  }
  const bool well = cause->code == 0 && cause->signal == 0;
  run_->state = well ? web::BackupRun::State::finished : web::BackupRun::State::failed;
  run_->ended_at = now;
  run_->step.clear();
  run_->file = well ? file_in(said) : "";
  run_->reason = well ? "" : cause->signal != 0 || said.empty() ? cause->text() : last_line(said);
}

bool BackupProcess::supervisor_makes_one(Timestamp now) const {
  const ProcessState supervisor = state_of_process(options_.run_dir, supervisor_name, now);
  for (const auto& [detail, text] : supervisor.details) {
    if (detail == "backup") return text == "running";
  }
  return false;
}

}  // namespace wl
