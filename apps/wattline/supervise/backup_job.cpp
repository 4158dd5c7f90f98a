#include "apps/wattline/supervise/backup_job.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <csignal>

namespace wl::supervise {
namespace {

constexpr Milliseconds first_look{60'000};
constexpr Milliseconds retry_pause{15 * 60'000};
constexpr int stop_patience_ms = 5000;

}  // namespace

BackupTimer::BackupTimer(Milliseconds interval, Milliseconds now)
    : interval_(interval), next_look_(now + std::min(interval, first_look)) {}

bool BackupTimer::is_due(std::optional<Milliseconds> age, Milliseconds now) {
  if (!age || *age >= interval_) return true;
  next_look_ = now + interval_ - std::max(*age, Milliseconds{0});
  return false;
}

void BackupTimer::finished(bool well, Milliseconds now) {
  next_look_ = now + (well ? interval_ : std::min(interval_, retry_pause));
}

BackupJob::BackupJob(BackupJobOptions options, Milliseconds now)
    : options_(std::move(options)), timer_(options_.interval, now), child_(options_.program) {}

void BackupJob::look(Milliseconds now) {
  reap(now);
  if (child_.pid() != 0) {
    if (now - started_at_ >= options_.limit) child_.send(SIGKILL);
    return;
  }
  if (!timer_.wants_look(now)) return;
  const auto newest = options_.newest();
  const auto age = newest ? std::optional(wall_now() - *newest) : std::nullopt;
  if (timer_.is_due(age, now)) start(now);
}

void BackupJob::start(Milliseconds now) {
  child_.bound_output(1 << 20);
  started_at_ = now;
  if (const auto spawned = child_.spawn(); !spawned) {
    failure_ = spawned.error().what;
    spdlog::error("backup: {}", failure_);
    timer_.finished(false, now);
    return;
  }
  spdlog::info("backup started, pid {}", child_.pid());
}

void BackupJob::reap(Milliseconds now) {
  const auto cause = child_.reap();
  if (!cause) return;
  const bool well = cause->code == 0 && cause->signal == 0;
  timer_.finished(well, now);
  const std::string said = child_.output_tail(1000);
  failure_ = well ? "" : said.empty() ? cause->text() : said.substr(said.rfind('\n') + 1);
  if (well) {
    spdlog::info("backup done after {} s: {}", (now - started_at_).count() / 1000, said);
  } else {
    spdlog::error("backup failed with {}: {}", cause->text(), said);
  }
}

void BackupJob::stop() {
  if (child_.pid() == 0) return;
  child_.send(SIGTERM);
  pollfd ended{child_.pid_fd(), POLLIN, 0};
  ::poll(&ended, 1, stop_patience_ms);
  if (!child_.reap()) child_.send(SIGKILL);
}

std::vector<std::pair<std::string, std::string>> BackupJob::details() const {
  if (options_.interval.count() == 0) return {{"backup", "off"}};
  if (child_.pid() != 0) return {{"backup", "running"}};
  if (!failure_.empty()) return {{"backup", "failed: " + failure_}};
  const auto newest = options_.newest();
  return {{"backup", newest ? to_iso8601(*newest) : "none yet"}};
}

}  // namespace wl::supervise
