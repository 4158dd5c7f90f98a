#include "apps/collector/spool_keeper.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "apps/collector/clocks.hpp"
#include "base/overloaded.hpp"

namespace wl {
namespace {

constexpr Milliseconds longest_wait{500};
constexpr std::size_t most_queued_bytes = 64'000'000;
/// A disk that does not answer when we start may do so in a moment (a cable, a mount): the gateway
/// keeps what comes meanwhile, but what is skipped is lost.
constexpr Milliseconds open_patience{10'000};
constexpr Milliseconds open_pause{500};

std::unique_ptr<storage::spool::PosixSpoolFiles> open_files(
    const std::filesystem::path& directory) {
  auto files = storage::spool::PosixSpoolFiles::open(directory);
  if (!files) throw StartError(files.error().what);
  return std::move(*files);
}

std::unique_ptr<collector::StoreAndForward> open_forward(storage::spool::SpoolFiles& files,
                                                         const Plant& plant,
                                                         collector::ForwardOptions options) {
  const Milliseconds give_up = clocks_now().monotonic + open_patience;
  auto opened = collector::StoreAndForward::open(files, plant, options);
  const auto refused = [&] { return !opened && opened.error().code == Errc::unavailable; };
  if (refused())
    spdlog::warn("{}; trying again for {} s", opened.error().what, open_patience.count() / 1000);
  while (refused() && clocks_now().monotonic < give_up) {
    std::this_thread::sleep_for(open_pause);
    opened = collector::StoreAndForward::open(files, plant, options);
  }
  if (refused()) {
    spdlog::error("{}; going on without what cannot be read", opened.error().what);
    options.spool.unreadable = storage::spool::Unreadable::skip;
    opened = collector::StoreAndForward::open(files, plant, options);
  }
  if (!opened) throw StartError(opened.error().what);
  return std::move(*opened);
}

}  // namespace

SpoolKeeper::SpoolKeeper(const std::filesystem::path& directory, const Plant& plant,
                         const collector::ForwardOptions& options)
    : files_(open_files(directory)), forward_(open_forward(*files_, plant, options)) {
  figures_.set(forward_->figures());
}

SpoolKeeper::~SpoolKeeper() {
  finish({});
}

void SpoolKeeper::start(KeeperOutputs outputs) {
  outputs_ = std::move(outputs);
  thread_ = std::thread([this] { run(); });
}

void SpoolKeeper::keep(collector::Record record) {
  const std::size_t bytes = size_of(record);
  if (queued_bytes_ + bytes > most_queued_bytes) {
    throw std::runtime_error("the disk of the spool hangs; what is collected cannot be kept");
  }
  queued_bytes_ += bytes;
  if (events_.push(std::move(record))) return;
  queued_bytes_ -= bytes;
  throw std::runtime_error("the disk of the spool hangs; what is collected cannot be kept");
}

bool SpoolKeeper::finish(Milliseconds patience) {
  if (thread_.joinable()) {
    patience_ms_ = patience.count();
    events_.push(StopEvent{});
    thread_.join();
  }
  return settled_;
}

void SpoolKeeper::run() {
  while (!finished() && clocks_now().monotonic < give_up_) {
    const auto due = std::min(forward_->next_due(), give_up_) - clocks_now().monotonic;
    try {
      turn(std::clamp(due, Milliseconds{1}, longest_wait));
      failing_ = false;
    } catch (const std::exception& error) {
      if (!failing_) spdlog::error("spool: {}", error.what());
      failing_ = true;
    }
  }
  settled_ = forward_->settled();
}

bool SpoolKeeper::finished() const {
  if (!stopping_ || !forward_->settled()) return false;
  const collector::ForwardFigures figures = forward_->figures();
  const bool database_takes = figures.database_open && figures.database_error.empty();
  return forward_->drained() || !database_takes;
}

void SpoolKeeper::turn(Milliseconds wait) {
  for (Event& event : events_.drain(wait)) taken_.push_back(std::move(event));
  while (!taken_.empty()) {
    Event event = std::move(taken_.front());
    taken_.pop_front();  // First: an event that cannot be handled is not met again.
    handle(std::move(event));
  }
  if (stopping_) {
    forward_->on_stop(clocks_now());
  } else {
    forward_->on_time(clocks_now());
  }
  perform(forward_->take_actions());
  figures_.set(forward_->figures());
}

void SpoolKeeper::handle(Event event) {
  std::visit(Overloaded{[&](collector::Record& record) {
                          queued_bytes_ -= size_of(record);
                          forward_->on_record(std::move(record));
                        },
                        [&](const std::function<void()>& task) { task(); },
                        [&](const DatabaseOpened& opened) {
                          const bool was_away = !forward_->figures().database_error.empty();
                          forward_->on_database(opened.covered_until, opened.last_seq,
                                                clocks_now());
                          if (was_away) spdlog::info("the database answers");
                        },
                        [&](const AwayEvent& away) {
                          if (forward_->figures().database_error != away.reason)
                            spdlog::warn("{}; collecting into the spool, trying again by itself",
                                         away.reason);
                          forward_->on_database_away(away.reason);
                        },
                        [&](const WriteDone& done) { on_done(done); },
                        [&](const StopEvent&) {
                          stopping_ = true;
                          give_up_ = clocks_now().monotonic + Milliseconds{patience_ms_};
                        }},
             event);
}

void SpoolKeeper::on_done(const WriteDone& done) {
  last_batch_ms_ = done.took.count();
  const bool failed_before = !forward_->figures().database_error.empty();
  if (done.error.empty()) {
    forward_->on_written(done.seq, clocks_now());
    if (failed_before) spdlog::info("the database takes batches again");
    return;
  }
  forward_->on_failed(done.seq, done.error, clocks_now());
  if (!failed_before) spdlog::error("{}; batches wait in the spool", done.error);
}

void SpoolKeeper::perform(collector::ForwardActions actions) {
  if (actions.durable) outputs_.durable(*actions.durable);
  if (actions.write) outputs_.write(std::move(actions.write));
  for (const std::string& notice : actions.notices) spdlog::warn("{}", notice);
}

}  // namespace wl
