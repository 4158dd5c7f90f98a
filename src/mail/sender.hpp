// The thread that takes letters out of the outbox and sends them.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "base/bounded_queue.hpp"
#include "base/snapshot_cell.hpp"
#include "mail/outbox.hpp"
#include "mail/sender_record.hpp"
#include "mail/transport.hpp"

namespace wl::mail {

struct SenderOptions {
  std::filesystem::path folder;  ///< The outbox.
  std::optional<SmtpServer> smtp;
  std::optional<Webhook> webhook;
  Milliseconds first_pause = std::chrono::seconds(10);  ///< After the first failure; then doubled,
  Milliseconds longest_pause = std::chrono::minutes(15);  ///< up to this, ± 20 % at random.
  Milliseconds give_up_after = std::chrono::hours(24);    ///< Of the age of a letter.
  Milliseconds look_every = std::chrono::seconds(5);      ///< For letters put there by a command.
};

/// How long to wait after so many failures in a row (1 …). `chance` in [0, 1).
Milliseconds pause_after(int failures, const SenderOptions& options, double chance);

/// Sends one letter at a time, urgent ones first, else in order. A server that is away, refuses the
/// login or has a bad certificate pauses its channel; a letter that is refused for now waits alone.
/// Refused for good, and what a day did not deliver: failed/, with the reason. Damaged files:
/// quarantine/. A letter for a channel that is not configured any more goes to failed/. When a
/// person asks (ask_to_retry()), all that waits for its time is tried at the next look.
///
/// At the worst a letter is sent twice: the process dies after the server took it and before that
/// is on disk; its Message-ID is the same then.
class OutboxSender {
 public:
  /// Starts the thread. Only one sender may work on a folder: the caller holds the lock of the
  /// collector.
  explicit OutboxSender(SenderOptions options);
  ~OutboxSender();
  OutboxSender(const OutboxSender&) = delete;
  OutboxSender& operator=(const OutboxSender&) = delete;

  /// Any thread, never blocks: look into the outbox now.
  void wake();
  /// Any thread: as of the last look.
  OutboxStatus status() const { return *status_.get(); }
  /// Ends within a second or two; what waits stays. Also by the destructor.
  void stop();

 private:
  using Clock = std::chrono::steady_clock;
  struct Patience {
    int failures = 0;
    Clock::time_point until{};
  };

  void run();
  void turn();
  Milliseconds next_pause() const;
  void forget_patience();
  std::vector<OutboxFile> due();
  bool deliver(const OutboxFile& file);
  void try_to_send(const std::string& name, OutboxLetter letter);
  Sending send(const OutboxLetter& letter);
  void on_accepted(const std::string& name);
  void put_aside(const std::string& name, OutboxLetter letter, const std::string& why);
  void quarantine(const std::string& name, const std::string& why);
  void wait_longer(Patience& patience);
  bool is_hopeless(const OutboxLetter& letter, const Patience& tried) const;
  void note_error(const std::string& why);
  void save_record();
  void publish();

  const SenderOptions options_;
  SenderRecord record_;
  std::map<std::string, Patience> letters_;  ///< Of the letters that failed once.
  std::map<Channel, Patience> channels_;
  std::minstd_rand random_;
  SnapshotCell<OutboxStatus> status_;
  BoundedQueue<bool> wake_{1, WhenFull::drop_oldest};
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

}  // namespace wl::mail
