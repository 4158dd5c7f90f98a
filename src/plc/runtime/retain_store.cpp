#include "plc/runtime/retain_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <pthread.h>
#include <spdlog/spdlog.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/durable_file.hpp"

namespace wl::plc {
namespace {

constexpr int most_quarantined = 9;  ///< Per file; then the last one is replaced.

std::unexpected<Error> system_failure(std::string_view action, const std::filesystem::path& path) {
  const int cause = errno;
  const bool refused = cause == EACCES || cause == EPERM || cause == EROFS;
  return fail(refused ? Errc::permission : Errc::unavailable,
              fmt::format("cannot {} {}: {}", action, path.string(), std::strerror(cause)));
}

std::filesystem::path quarantine_name(const std::filesystem::path& path) {
  std::filesystem::path name = path.string() + ".corrupt";
  for (int i = 2; i <= most_quarantined && std::filesystem::exists(name); ++i) {
    name = fmt::format("{}.corrupt-{}", path.string(), i);
  }
  return name;
}

}  // namespace

/// An open file that closes itself, and whose flock ends with it.
class RetainStore::File {
 public:
  explicit File(std::filesystem::path path) : path_(std::move(path)) {}
  ~File() { close(); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool open() {
    close();
    fd_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    return fd_ >= 0;
  }
  bool open_directory() {
    fd_ = ::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd_ >= 0;
  }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  bool write_at_start(std::span<const std::byte> bytes) const {
    std::size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t n = ::pwrite(fd_, bytes.data() + done, bytes.size() - done, off_t(done));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return false;
      done += static_cast<std::size_t>(n);
    }
    return true;
  }
  int fd() const { return fd_; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int fd_ = -1;
};

struct RetainStore::Loaded {
  std::optional<std::size_t> file;
  std::string bytes;
  ParsedRetain image;
};

Result<std::unique_ptr<RetainStore>> RetainStore::open(const std::filesystem::path& directory,
                                                       std::span<const Symbol> symbols) {
  if (auto writable = ensure_writable_directory(directory); !writable) {
    return std::unexpected(writable.error());
  }
  std::unique_ptr<RetainStore> store(new RetainStore(directory, symbols));
  if (auto opened = store->open_files(); !opened) return std::unexpected(opened.error());
  store->thread_ = std::thread([raw = store.get()] { raw->sync_loop(); });
  return store;
}

RetainStore::RetainStore(std::filesystem::path directory, std::span<const Symbol> symbols)
    : directory_(std::move(directory)), symbols_(symbols.begin(), symbols.end()), image_(symbols) {}

RetainStore::~RetainStore() {
  stopping_ = true;
  wake_.release();
  if (thread_.joinable()) thread_.join();
}

Result<void> RetainStore::open_files() {
  lock_ = std::make_unique<File>(directory_ / "lock");
  if (!lock_->open()) return system_failure("open", lock_->path());
  if (::flock(lock_->fd(), LOCK_EX | LOCK_NB) != 0) {
    const auto owner = read_file(lock_->path(), 64);
    return fail(Errc::conflict, fmt::format("already running, pid {}: it holds {}",
                                            owner.value_or("unknown"), lock_->path().string()));
  }
  const std::string pid = fmt::format("{}", ::getpid());
  if (::ftruncate(lock_->fd(), 0) != 0 || !lock_->write_at_start(std::as_bytes(std::span(pid)))) {
    return system_failure("write", lock_->path());
  }
  for (std::size_t i = 0; i < files_.size(); ++i) {
    files_[i] = std::make_unique<File>(directory_ / fmt::format("retain-{}.img", i));
    if (!files_[i]->open()) return system_failure("open", files_[i]->path());
    // The space is taken now, content stays: a full disk is met here and not in the scan.
    errno = ::posix_fallocate(files_[i]->fd(), 0, static_cast<off_t>(image_.size()));
    if (errno != 0) return system_failure("take space for", files_[i]->path());
  }
  File entries(directory_);
  if (!entries.open_directory() || ::fsync(entries.fd()) != 0) {
    return system_failure("sync", directory_);
  }
  return {};
}

RetainStore::Loaded RetainStore::load_newest(RestoreOutcome& outcome) {
  Loaded newest;
  for (std::size_t i = 0; i < files_.size(); ++i) {
    auto bytes = read_file(files_[i]->path());
    if (!bytes) {
      outcome.problems.push_back(bytes.error().what);
      continue;
    }
    auto image = parse_retain(std::as_bytes(std::span(*bytes)));
    if (!image) {
      if (image.error().code == Errc::not_found) continue;
      outcome.problems.push_back(
          fmt::format("{}: {}", files_[i]->path().string(), image.error().what));
      continue;
    }
    if (newest.file && image->sequence <= newest.image.sequence) continue;
    // Short strings move by copy, so the views into the bytes are made anew.
    newest = {i, std::move(*bytes), {}};
    newest.image = *parse_retain(std::as_bytes(std::span(newest.bytes)));
  }
  return newest;
}

void RetainStore::move_aside(RestoreOutcome& outcome) {
  for (const auto& file : files_) {
    const auto bytes = read_file(file->path());
    const bool blank =
        bytes && parse_retain(std::as_bytes(std::span(*bytes))).error().code == Errc::not_found;
    if (blank) continue;
    const auto aside = quarantine_name(file->path());
    std::error_code failed;
    std::filesystem::rename(file->path(), aside, failed);
    outcome.problems.push_back(
        failed ? fmt::format("cannot move {} aside: {}", file->path().string(), failed.message())
               : fmt::format("kept as {}", aside.string()));
    if (!file->open()) write_errno_ = errno;
  }
}

void RetainStore::keep_copy(std::size_t file, RestoreOutcome& outcome) {
  const auto copy = directory_ / "before-program-change.img";
  std::error_code failed;
  std::filesystem::copy_file(files_[file]->path(), copy,
                             std::filesystem::copy_options::overwrite_existing, failed);
  outcome.problems.push_back(
      failed ? fmt::format("cannot write {}: {}", copy.string(), failed.message())
             : fmt::format("the values before the program change stay in {}", copy.string()));
}

RestoreOutcome RetainStore::restore(std::span<std::byte> state) {
  RestoreOutcome outcome;
  const Loaded newest = load_newest(outcome);
  if (newest.file) {
    outcome.report = apply_retain(newest.image, symbols_, state);
    const bool same = newest.image.layout_hash == image_.layout_hash();
    outcome.kind = same ? RestoreOutcome::Kind::restored : RestoreOutcome::Kind::migrated;
    sequence_ = newest.image.sequence;
  } else if (!outcome.problems.empty()) {
    outcome.kind = RestoreOutcome::Kind::lost;
    move_aside(outcome);
  }
  // After kill -9 it may be in the page cache only; the rotation takes it for safe.
  if (newest.file && ::fdatasync(files_[*newest.file]->fd()) != 0) sync_errno_ = errno;
  if (!outcome.report.dropped.empty()) keep_copy(*newest.file, outcome);
  rotation_ = RetainRotation(newest.file);
  return outcome;
}

bool RetainStore::save(std::span<const std::byte> state, std::chrono::nanoseconds now) {
  if (image_.capture(state)) unsaved_ = true;
  if (unsaved_) {
    pace_sync(now);  // First: a finished sync frees a file.
    const std::size_t file = rotation_.next();
    if (!files_[file]->write_at_start(image_.seal(++sequence_))) {
      write_errno_ = errno;
      return false;
    }
    write_errno_ = 0;
    rotation_.written(file);
    unsaved_ = false;
  }
  pace_sync(now);
  return true;
}

void RetainStore::pace_sync(std::chrono::nanoseconds now) {
  const SyncState state = sync_state_.load(std::memory_order_acquire);
  if (state == SyncState::requested) return;
  if (state != SyncState::idle) {
    rotation_.end_sync(state == SyncState::done);
    sync_state_.store(SyncState::idle, std::memory_order_relaxed);
  }
  if (now - last_sync_ < sync_interval) return;
  const auto file = rotation_.begin_sync();
  if (!file) return;
  last_sync_ = now;
  sync_file_.store(*file, std::memory_order_relaxed);
  sync_state_.store(SyncState::requested, std::memory_order_release);
  wake_.release();
}

void RetainStore::sync_loop() {
  pthread_setname_np(pthread_self(), "retain-sync");
  for (;;) {
    wake_.acquire();
    if (sync_state_.load(std::memory_order_acquire) == SyncState::requested) {
      const bool done = ::fdatasync(files_[sync_file_]->fd()) == 0;
      sync_errno_ = done ? 0 : errno;
      sync_state_.store(done ? SyncState::done : SyncState::failed, std::memory_order_release);
    }
    if (stopping_) return;
  }
}

Result<void> RetainStore::close() {
  stopping_ = true;
  wake_.release();
  if (thread_.joinable()) thread_.join();
  const auto last = rotation_.last_written();
  if (!last) return {};
  if (unsaved_ && !files_[rotation_.next()]->write_at_start(image_.seal(++sequence_))) {
    return system_failure("write", files_[rotation_.next()]->path());
  }
  for (const auto& file : files_) {
    if (::fsync(file->fd()) != 0) return system_failure("sync", file->path());
  }
  return {};
}

std::string RetainStore::trouble() const {
  if (const int cause = write_errno_) {
    return fmt::format("retain data cannot be written to {}: {}", directory_.string(),
                       std::strerror(cause));
  }
  if (const int cause = sync_errno_) {
    return fmt::format("retain data does not reach the disk in {}: {}", directory_.string(),
                       std::strerror(cause));
  }
  return {};
}

void RestoreOutcome::log(const std::filesystem::path& directory) const {
  for (const std::string& problem : problems) spdlog::error("retain: {}", problem);
  switch (kind) {
    case Kind::fresh:
      spdlog::info("retain: no data in {} yet, starting with initial values", directory.string());
      break;
    case Kind::restored:
      spdlog::info("retain: {} variables restored", report.kept.size());
      break;
    case Kind::migrated:
      spdlog::warn("retain: the program has changed; kept {}: {}", report.kept.size(),
                   fmt::join(report.kept, ", "));
      spdlog::warn("retain: dropped {}: {}; new {}: {}", report.dropped.size(),
                   fmt::join(report.dropped, ", "), report.added.size(),
                   fmt::join(report.added, ", "));
      break;
    case Kind::lost:
      spdlog::critical(
          "retain: ALL RETAIN DATA IN {} IS DAMAGED: counters start from their initial values. "
          "The damaged files were kept; restore a backup of this folder to get the counters back",
          directory.string());
      break;
  }
}

}  // namespace wl::plc
