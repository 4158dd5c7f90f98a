#include "web/api/audit_desk.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace wl::web {
namespace {

constexpr std::size_t most_a_batch = 100;

storage::AuditRow row_of(AuditEntry entry) {
  storage::AuditRow row;
  row.at = entry.at;
  row.actor = std::move(entry.actor);
  row.remote_address = std::move(entry.remote_address);
  row.action = std::move(entry.action);
  row.subject = std::move(entry.subject);
  row.before = std::move(entry.before);
  row.after = std::move(entry.after);
  return ready_for_log(std::move(row));
}

/// In a log line nothing of a text may begin a new one.
std::string printable(std::string_view text) {
  std::string out(text);
  std::ranges::replace_if(
      out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return out;
}

}  // namespace

AuditDesk::~AuditDesk() {
  if (under_way_)
    for (const Waiting& one : *under_way_)
      lose(one.row, "the process ends; perhaps it was written");
  for (const Waiting& one : waiting_) lose(one.row, "the process ends");
}

void AuditDesk::record(AuditEntry entry, Written then) {
  add({row_of(std::move(entry)), std::move(then), true});
}

void AuditDesk::record(AuditEntry entry) {
  add({row_of(std::move(entry)), {}, false});
}

void AuditDesk::add(Waiting waiting) {
  if (waiting_.size() + under_way() >= capacity) {
    lose(waiting.row, "too many entries wait for the database");
    if (waiting.once) waiting.then(fail(Errc::unavailable, "the audit log takes no entries"));
    return;
  }
  // Whoever waits for an answer gets it at the next try, which is now.
  if (waiting.once) pausing_ = false;
  waiting_.push_back(std::move(waiting));
  if (!pausing_) write();
}

void AuditDesk::write() {
  if (under_way_ || waiting_.empty()) return;
  const auto batch = std::make_shared<std::vector<Waiting>>();
  while (!waiting_.empty() && batch->size() < most_a_batch) {
    batch->push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  under_way_ = batch;
  std::vector<storage::AuditRow> rows;
  for (const Waiting& one : *batch) rows.push_back(one.row);
  const bool asked = accounts_.ask(
      [chain = chain_, rows = std::move(rows)](storage::AccountStore& store) {
        return store.audit().append(rows, *chain);
      },
      [this, batch](Result<void> done) { finish(batch, done); });
  if (!asked) finish(batch, fail(Errc::unavailable, "too many requests wait for the database"));
}

void AuditDesk::finish(const Batch& batch, const Result<void>& done) {
  under_way_.reset();
  if (done) {
    written_ += batch->size();
    for (Waiting& one : *batch)
      if (one.once) one.then(Result<void>());
    return write();
  }
  if (!pausing_) spdlog::error("audit log: {}; trying again", done.error().what);
  pausing_ = true;
  // Back to the front, in their order.
  for (auto one = batch->rbegin(); one != batch->rend(); ++one)
    if (!one->once) waiting_.push_front(std::move(*one));
  for (Waiting& one : *batch)
    if (one.once) one.then(done);
}

void AuditDesk::tick(Timestamp now) {
  // The wall clock may step back.
  if (now < next_try_ && next_try_ - now <= pause) return;
  next_try_ = now + pause;
  pausing_ = false;
  write();
}

void AuditDesk::lose(const storage::AuditRow& row, std::string_view why) {
  ++lost_;
  spdlog::error("audit log: an entry is lost ({}): {} by '{}' from {}: {}", why, row.action,
                printable(row.actor), row.remote_address, printable(row.subject));
}

}  // namespace wl::web
