#include "tests/sim/post_office.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <sstream>

namespace wl::sim {
namespace {

constexpr const char* sent_file = "sent";
constexpr std::size_t most_sent = 200;
constexpr std::size_t most_bytes = 1 << 20;
constexpr Milliseconds pause_after_failure{30'000};

std::string file_of(std::uint64_t id) {
  return fmt::format("letter-{}", id);
}

std::uint64_t number_in(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

void MailServer::receive(std::uint64_t id, std::uint64_t wishes) {
  Received& letter = received_[id];
  if (letter.copies++ > 0 && letter.wishes != wishes) torn_ = id;
  letter.wishes = wishes;
}

Outbox::Outbox(World& world, Disk& disk, MailServer& server)
    : world_(world), disk_(disk), server_(server) {
  std::istringstream sent(disk_.data.read(sent_file, 0, most_bytes).value_or(""));
  for (std::string line; std::getline(sent, line);) sent_.insert(number_in(line));
  const auto files = disk_.data.list("");
  if (!files) return;  // Looked at again by the next process.
  for (const auto& file : *files) {
    if (!file.name.starts_with("letter-") || file.name.ends_with(".new")) continue;
    const std::uint64_t id = number_in(std::string_view(file.name).substr(7));
    if (sent_.contains(id)) continue;
    waiting_[id] = {.wishes = number_in(disk_.data.read(file.name, 0, most_bytes).value_or("0")),
                    .since = world_.clock.now};
  }
}

std::uint64_t Outbox::post(const std::vector<alarm::notify::Letter>& letters) {
  refused_.insert(refused_.end(), letters.begin(), letters.end());
  std::uint64_t last = 0;
  std::size_t kept = 0;
  for (; kept < refused_.size() && keep(refused_[kept]); ++kept) last = refused_[kept].id;
  refused_.erase(refused_.begin(), refused_.begin() + static_cast<std::ptrdiff_t>(kept));
  return last;
}

bool Outbox::keep(const alarm::notify::Letter& letter) {
  if (waiting_.contains(letter.id) || sent_.contains(letter.id)) return true;
  world_.crashes.pass(Fault::killed_before_letter);
  const auto done = replace_file(disk_.data, file_of(letter.id), fmt::to_string(letter.wishes));
  disk_.look();
  if (!done) return false;
  world_.note("letter", letter.id, letter.wishes);
  waiting_[letter.id] = {.wishes = letter.wishes, .since = world_.clock.now};
  next_try_ = std::max(next_try_, world_.clock.now);
  world_.crashes.pass(Fault::killed_after_letter);
  return true;
}

Milliseconds Outbox::oldest_age() const {
  return waiting_.empty() ? Milliseconds{} : world_.clock.now - waiting_.begin()->second.since;
}

Milliseconds Outbox::next_due() const {
  return waiting_.empty() ? never : next_try_;
}

void Outbox::turn() {
  if (world_.clock.now < next_due()) return;
  if (sending_) return deliver();
  sending_ = true;
  next_try_ = world_.clock.now + server_.latency();
}

void Outbox::deliver() {
  sending_ = false;
  next_try_ = world_.clock.now + pause_after_failure;
  const std::uint64_t id = waiting_.begin()->first;
  const std::uint64_t wishes = waiting_.begin()->second.wishes;
  if (server_.state() == MailServer::State::dead) return world_.faults.add(Fault::mail_dead);
  server_.receive(id, wishes);
  if (server_.state() == MailServer::State::loses_answers)
    return world_.faults.add(Fault::mail_answer_lost);
  if (server_.latency() > Milliseconds{1000}) world_.faults.add(Fault::mail_slow);
  world_.note("letter sent", id);
  next_try_ = world_.clock.now;
  forget(id);
}

/// First that it was sent, then that it is gone. A disk that refuses leaves it for sent in memory
/// only, so a crash then sends it once more with its Message-ID.
void Outbox::forget(std::uint64_t id) {
  sent_.insert(id);
  if (sent_.size() > most_sent) sent_.erase(sent_.begin());
  waiting_.erase(id);
  std::string all;
  for (const std::uint64_t one : sent_) all += fmt::format("{}\n", one);
  auto done = replace_file(disk_.data, sent_file, all);
  if (done) done = disk_.data.remove(file_of(id));
  if (done) done = disk_.data.sync_directory("");
  disk_.look();
}

}  // namespace wl::sim
