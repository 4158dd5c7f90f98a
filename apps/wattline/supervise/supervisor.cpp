#include "apps/wattline/supervise/supervisor.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "base/process_status.hpp"

namespace wl::supervise {
namespace {

Milliseconds monotonic_now() {
  return std::chrono::floor<Milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

std::string seconds_text(Milliseconds duration) {
  return fmt::format("{:.1f} s", double(duration.count()) / 1000);
}

std::string indented(const std::string& text) {
  std::string out = "    ";
  for (const char c : text) {
    out += c;
    if (c == '\n') out += "    ";
  }
  return out;
}

}  // namespace

struct Supervisor::Entry {
  Entry(ProgramSpec spec, const Limits& limits) : child(std::move(spec)), machine(limits) {}

  const std::string& name() const { return child.spec().name; }

  Child child;
  ChildMachine machine;
  std::optional<ExitCause> last_exit;
  Milliseconds looked_at{};
  int restarts = 0;
};

Supervisor::Supervisor(SupervisorOptions options, StopSignal& stop, Report report)
    : options_(std::move(options)),
      stop_(stop),
      report_(std::move(report)),
      started_at_(wall_now()) {
  for (const ProgramSpec& spec : options_.programs) {
    entries_.push_back(std::make_unique<Entry>(spec, options_.limits));
  }
  if (options_.backup) backup_.emplace(*options_.backup, monotonic_now());
}

Supervisor::~Supervisor() {
  remove_status(options_.run_directory, "wattline");
}

StartOutcome Supervisor::start_all() {
  StartOutcome worst = StartOutcome::healthy;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const auto position = fmt::format("[{}/{}]", i + 1, entries_.size());
    const StartOutcome outcome = start_one(*entries_[i], position);
    if (outcome > StartOutcome::degraded) return outcome;
    worst = std::max(worst, outcome);
  }
  return worst;
}

StartOutcome Supervisor::start_one(Entry& entry, std::string_view position) {
  entry.last_exit.reset();
  act(entry, entry.machine.start());
  return wait_healthy(entry, position);
}

StartOutcome Supervisor::wait_healthy(Entry& entry, std::string_view position) {
  const Milliseconds begin = monotonic_now();
  Milliseconds next_word = begin + Milliseconds{3000};
  for (;;) {
    step(Milliseconds{50});
    const Milliseconds now = monotonic_now();
    if (stopping_) return StartOutcome::interrupted;
    if (entry.machine.healthy()) {
      report_(fmt::format("{} {:<9} healthy after {} (pid {})", position, entry.name(),
                          seconds_text(now - begin), entry.child.pid()));
      return StartOutcome::healthy;
    }
    const bool configuration = entry.last_exit && entry.last_exit->code == 2;
    if (configuration || entry.machine.exits() >= options_.max_exits_at_start) {
      report_(fmt::format("{} {:<9} cannot start: {}", position, entry.name(),
                          entry.last_exit ? entry.last_exit->text() : "it does not run"));
      if (const auto said = entry.child.output_tail(); !said.empty()) report_(indented(said));
      return configuration ? StartOutcome::configuration_error : StartOutcome::failed;
    }
    if (now - begin >= options_.healthy_limit) {
      report_(fmt::format("{} {:<9} not healthy after {}: {}", position, entry.name(),
                          seconds_text(now - begin), entry.machine.reason()));
      return StartOutcome::degraded;
    }
    if (now >= next_word) {
      report_(fmt::format("{} {:<9} waits, {}: {}", position, entry.name(),
                          seconds_text(now - begin), entry.machine.reason()));
      next_word = now + Milliseconds{5000};
    }
  }
}

void Supervisor::supervise(const ControlSocket& control) {
  while (!stopping_) {
    const bool pending = std::ranges::any_of(
        entries_, [](const auto& e) { return e->machine.state() == ChildState::backing_off; });
    step(Milliseconds{pending ? 50 : 500}, control.fd());
    if (backup_) backup_->look(monotonic_now());
    if (const auto request = control.accept()) serve(*request);
  }
}

void Supervisor::stop_all() {
  stopping_ = true;
  if (backup_) backup_->stop();
  for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) stop_one(**entry);
}

void Supervisor::stop_one(Entry& entry) {
  const Milliseconds begin = monotonic_now();
  act(entry, entry.machine.stop(begin));
  if (entry.child.pid() == 0) return;
  while (entry.child.pid() != 0) step(Milliseconds{50});
  const std::string how =
      entry.last_exit && entry.last_exit->signal == 0 && entry.last_exit->code == 0
          ? std::string()
          : fmt::format(", {}", entry.last_exit ? entry.last_exit->text() : "cause unknown");
  report_(fmt::format("{:<9} stopped after {}{}", entry.name(),
                      seconds_text(monotonic_now() - begin), how));
}

void Supervisor::serve(const ControlRequest& request) {
  spdlog::info("request: {}", request.text());
  const std::string_view text = request.text();
  if (text == "restart") return request.finish(restart(entries_, request));
  const auto wanted =
      std::ranges::find_if(entries_, [&](const auto& e) { return text == "restart " + e->name(); });
  if (wanted == entries_.end()) {
    request.say(fmt::format("the supervisor does not understand '{}'", text));
    return request.finish(2);
  }
  const auto index = static_cast<std::size_t>(wanted - entries_.begin());
  request.finish(restart(std::span(entries_).subspan(index, 1), request));
}

int Supervisor::restart(std::span<const std::unique_ptr<Entry>> entries,
                        const ControlRequest& request) {
  const Report outer = report_;
  report_ = [&](const std::string& line) {
    outer(line);
    request.say(line);
  };
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) stop_one(**entry);
  StartOutcome worst = StartOutcome::healthy;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    Entry& entry = *entries[i];
    const auto position = fmt::format("[{}/{}]", i + 1, entries.size());
    // What cannot start stays wanted: it is tried again with a pause until somebody mends it.
    worst = std::max(worst, start_one(entry, position));
    ++entry.restarts;
  }
  report_ = outer;
  return worst == StartOutcome::configuration_error ? 2 : worst == StartOutcome::healthy ? 0 : 1;
}

void Supervisor::step(Milliseconds longest_wait, int extra_fd) {
  std::vector<pollfd> waiting{{stop_.fd(), POLLIN, 0}};
  // While stopping, the stop signal stays readable and would turn the wait into a busy loop.
  if (stopping_) waiting.clear();
  if (extra_fd >= 0) waiting.push_back({extra_fd, POLLIN, 0});
  for (const auto& entry : entries_) {
    if (entry->child.pid_fd() >= 0) waiting.push_back({entry->child.pid_fd(), POLLIN, 0});
  }
  if (backup_ && backup_->pid_fd() >= 0) waiting.push_back({backup_->pid_fd(), POLLIN, 0});
  ::poll(waiting.data(), waiting.size(), static_cast<int>(longest_wait.count()));
  if (!stopping_ && stop_.wait(Milliseconds{0})) stopping_ = true;
  for (const auto& entry : entries_) look_at(*entry);
  write_own_status();
}

void Supervisor::look_at(Entry& entry) {
  const Milliseconds now = monotonic_now();
  if (const auto cause = entry.child.reap()) {
    entry.last_exit = *cause;
    remove_status(options_.run_directory, entry.name());  // A killed one left it behind.
    const bool was_asked = entry.machine.state() == ChildState::stopping;
    const auto pause = entry.machine.exited(now);
    if (pause && !was_asked) {
      spdlog::error("{} ended with {}; starts again in {} ms; its last words: {}", entry.name(),
                    cause->text(), pause->count(), entry.child.output_tail(1000));
    }
  }
  if (entry.child.pid() != 0 && now - entry.looked_at >= Milliseconds{100}) {
    entry.looked_at = now;
    const auto status = read_status(options_.run_directory, entry.name());
    // The file may be the one of the process before.
    if (status && status->pid == entry.child.pid()) {
      entry.machine.heard({status->heartbeat_at, status->healthy, status->reason}, now);
    }
    entry.child.bound_output(options_.output_limit);
  }
  act(entry, entry.machine.tick(now));
}

void Supervisor::act(Entry& entry, Action action) {
  switch (action) {
    case Action::none:
      return;
    case Action::spawn: {
      if (entry.machine.exits() > 0) ++entry.restarts;
      const auto spawned = entry.child.spawn();
      entry.machine.spawned(monotonic_now());
      if (spawned) {
        spdlog::info("{} started, pid {}", entry.name(), entry.child.pid());
      } else {
        spdlog::error("{}", spawned.error().what);
        entry.machine.exited(monotonic_now());
      }
      return;
    }
    case Action::terminate:
      spdlog::info("{}: SIGTERM to pid {}", entry.name(), entry.child.pid());
      return entry.child.send(SIGTERM);
    case Action::kill:
      spdlog::error(
          "{}: {}; SIGKILL to pid {}", entry.name(),
          entry.machine.state() == ChildState::stopping ? "does not stop" : "hangs, no heartbeat",
          entry.child.pid());
      return entry.child.send(SIGKILL);
  }
}

void Supervisor::write_own_status() {
  const Milliseconds now = monotonic_now();
  if (now - status_written_ < Milliseconds{1000}) return;
  status_written_ = now;
  ProcessStatus status;
  status.name = "wattline";
  status.pid = ::getpid();
  status.version = options_.version;
  status.started_at = started_at_;
  status.heartbeat_at = wall_now();
  status.healthy = true;
  status.details = details();
  if (const auto written = write_status(options_.run_directory, status); !written) {
    spdlog::error("{}", written.error().what);
  }
}

std::vector<std::pair<std::string, std::string>> Supervisor::details() const {
  std::vector<std::pair<std::string, std::string>> all;
  for (const auto& entry : entries_) {
    all.emplace_back(entry->name() + "_restarts", std::to_string(entry->restarts));
  }
  if (backup_) std::ranges::move(backup_->details(), std::back_inserter(all));
  return all;
}

}  // namespace wl::supervise
