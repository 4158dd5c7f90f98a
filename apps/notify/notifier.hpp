// Takes what the policy wants told and brings it to people: files first, then the mail server.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "apps/notify/letter_writer.hpp"
#include "base/bounded_queue.hpp"
#include "base/snapshot_cell.hpp"
#include "mail/outbox.hpp"
#include "mail/sender.hpp"

namespace wl {

struct NotifyFigures {
  bool wanted = false;
  mail::OutboxStatus outbox;
  std::string disk_error;         ///< Why letters cannot be put on disk now; empty when they can.
  std::uint64_t not_written = 0;  ///< Letters that could not be made or found no room in memory.

  /// For the status of the process: `outbox_pending`, `outbox_last_error` …
  std::vector<std::pair<std::string, std::string>> details() const;
};

/// Owns `<data>/outbox/`: only the process that holds `<data>/collector.lock` may have one.
///
/// Letters that were taken and are not posted yet are lost when the process dies; the policy, which
/// remembers them until it is told, gives them again, and what is posted already is not posted
/// twice.
class Notifier {
 public:
  /// On the notifier's thread: all letters up to this id survive a power cut.
  using Posted = std::function<void(std::uint64_t last_id)>;

  /// Throws StartError: a mistake in config/notify.json, a broken template, an outbox that cannot
  /// be written. Without anybody to tell it starts nothing. `plant` must outlive it.
  Notifier(const Settings& settings, const Plant& plant, Posted posted);
  ~Notifier();
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;

  /// False: EMAIL_ENABLED=False and no webhook. Then nothing may be given to take().
  bool wanted() const { return writer_.has_value(); }
  const alarm::notify::PolicyOptions& policy() const { return policy_; }

  /// Any thread, never waits. 1000 letters may wait, ten times what the policy gives out at once;
  /// one beyond that is counted and lost.
  void take(std::vector<alarm::notify::Letter> letters);

  /// Any thread.
  NotifyFigures figures() const;

  /// Puts what was taken on disk, once, and ends both threads within a second or two.
  void stop();

 private:
  using Letters = std::deque<alarm::notify::Letter>;

  void run();
  void post(Letters& letters);
  bool post_one(const alarm::notify::Letter& letter);
  bool put_on_disk(const std::vector<mail::OutboxLetter>& letters);
  void note_disk_error(const std::string& why);

  const Posted posted_;
  alarm::notify::PolicyOptions policy_;
  std::optional<LetterWriter> writer_;
  std::optional<mail::Outbox> outbox_;  ///< Of the notifier's thread.
  std::unique_ptr<mail::OutboxSender> sender_;
  BoundedQueue<alarm::notify::Letter> taken_{1000, WhenFull::refuse};
  SnapshotCell<std::string> disk_error_;
  std::atomic<std::uint64_t> not_written_ = 0;
  std::thread thread_;
};

}  // namespace wl
