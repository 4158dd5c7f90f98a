// The AuditTrail of the web process: a bounded queue before the account desk.
#pragma once

#include <deque>
#include <string>

#include "web/api/audit_trail.hpp"
#include "web/api/session_directory.hpp"
#include "web/auth/audit_chain.hpp"

namespace wl::web {

/// Since the start of the process.
struct AuditFigures {
  std::uint64_t written = 0;
  std::uint64_t lost = 0;
  std::size_t waiting = 0;
};

/// One batch is under way at a time, so entries stay in order. While the database is away they wait
/// here, at most `capacity`: who comes later is lost, which is logged and counted. An entry with a
/// `then` is tried once: its caller gives up what it was about to do. Lives on the loop's thread.
class AuditDesk : public AuditTrail {
 public:
  static constexpr std::size_t capacity = 2'000;
  static constexpr Milliseconds pause{2'000};  ///< Between two tries without a database.

  AuditDesk(AccountDesk& accounts, const std::string& secret_key)
      : accounts_(accounts), chain_(std::make_shared<const AuditChain>(secret_key)) {}
  /// What still waits is lost.
  ~AuditDesk() override;

  void record(AuditEntry entry, Written then) override;
  void record(AuditEntry entry) override;
  /// Every second or so: tries again.
  void tick(Timestamp now);

  AuditFigures figures() const { return {written_, lost_, waiting_.size() + under_way()}; }

 private:
  struct Waiting {
    storage::AuditRow row;
    Written then;
    bool once = false;
  };
  using Batch = std::shared_ptr<std::vector<Waiting>>;

  std::size_t under_way() const { return under_way_ ? under_way_->size() : 0; }
  void add(Waiting waiting);
  void write();
  void finish(const Batch& batch, const Result<void>& done);
  void lose(const storage::AuditRow& row, std::string_view why);

  AccountDesk& accounts_;
  std::shared_ptr<const AuditChain> chain_;  // A job of the desk may outlive this object.
  std::deque<Waiting> waiting_;
  Batch under_way_;
  Timestamp next_try_{};
  bool pausing_ = false;
  std::uint64_t written_ = 0;
  std::uint64_t lost_ = 0;
};

}  // namespace wl::web
