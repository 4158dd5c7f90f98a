#include "mail/sender.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cmath>
#include <system_error>

#include "base/durable_file.hpp"

namespace wl::mail {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t longest_file = 2 << 20;
constexpr std::size_t most_kept = 500;  ///< In failed/ and in quarantine/; the oldest go.

void keep_newest(const fs::path& folder) {
  const auto files = list_letters(folder);
  if (!files || files->size() <= most_kept) return;
  for (std::size_t i = 0; i + most_kept < files->size(); ++i) {
    std::error_code ignored;
    fs::remove(folder / (*files)[i].name, ignored);
    spdlog::warn("outbox: {} holds more than {} letters; removed {}", folder.string(), most_kept,
                 (*files)[i].name);
  }
}

}  // namespace

Milliseconds pause_after(int failures, const SenderOptions& options, double chance) {
  const double doubled =
      static_cast<double>(options.first_pause.count()) * std::exp2(std::clamp(failures - 1, 0, 30));
  const double capped = std::min(doubled, static_cast<double>(options.longest_pause.count()));
  return Milliseconds{static_cast<std::int64_t>(capped * (0.8 + 0.4 * chance))};
}

OutboxSender::OutboxSender(SenderOptions options)
    : options_(std::move(options)), random_(std::random_device{}()) {
  record_ = read_record(options_.folder);
  publish();
  thread_ = std::thread([this] { run(); });
}

OutboxSender::~OutboxSender() {
  stop();
}

void OutboxSender::stop() {
  stop_ = true;
  wake_.close();
  if (thread_.joinable()) thread_.join();
}

void OutboxSender::wake() {
  wake_.push(true);
}

void OutboxSender::run() {
  while (!stop_) {
    try {
      turn();
    } catch (const std::exception& error) {
      // The letters are on disk; the next turn finds them.
      spdlog::error("outbox: {}; it goes on", error.what());
    }
    if (!stop_) wake_.drain(std::min(options_.look_every, next_pause()));
  }
}

/// Until the first letter that waits for its time is due.
Milliseconds OutboxSender::next_pause() const {
  Milliseconds pause = options_.look_every;
  const auto now = Clock::now();
  const auto sooner = [&](const Patience& patience) {
    if (patience.until <= now) return;
    pause = std::min(pause, std::chrono::ceil<Milliseconds>(patience.until - now));
  };
  for (const auto& [name, patience] : letters_) sooner(patience);
  for (const auto& [channel, patience] : channels_) sooner(patience);
  return pause;
}

void OutboxSender::turn() {
  if (take_retry_request(options_.folder)) forget_patience();
  publish();  // A silent server takes its time: what waits is seen before.
  for (const OutboxFile& file : due()) {
    if (stop_) break;
    if (deliver(file)) publish();
  }
  publish();
}

/// What was mended is tried at once, and with short pauses again; how often a letter failed counts
/// on.
void OutboxSender::forget_patience() {
  channels_.clear();
  for (auto& [name, patience] : letters_) patience.until = {};
}

/// Urgent ones first; those that must wait are left out.
std::vector<OutboxFile> OutboxSender::due() {
  auto files = list_letters(options_.folder);
  if (!files) {
    note_error(files.error().what);
    return {};
  }
  std::erase_if(letters_, [&](const auto& each) {
    return std::ranges::find(*files, each.first, &OutboxFile::name) == files->end();
  });
  std::ranges::stable_sort(*files, std::greater<>{}, &OutboxFile::urgent);
  const auto now = Clock::now();
  std::erase_if(*files, [&](const OutboxFile& file) {
    const auto found = letters_.find(file.name);
    return found != letters_.end() && found->second.until > now;
  });
  return std::move(*files);
}

/// False when its channel waits: nothing was done.
bool OutboxSender::deliver(const OutboxFile& file) {
  if (std::ranges::find(record_.done, file.name) != record_.done.end()) {
    // Sent, and the process ended before the file was removed.
    std::error_code ignored;
    fs::remove(options_.folder / file.name, ignored);
    return true;
  }
  const auto content = read_file(options_.folder / file.name, longest_file);
  if (!content) {
    if (content.error().code != Errc::not_found) note_error(content.error().what);
    return true;
  }
  auto letter = parse_letter(*content);
  if (!letter) {
    quarantine(file.name, letter.error().what);
    return true;
  }
  const Patience& channel = channels_[letter->channel];
  if (channel.until <= Clock::now()) {
    try_to_send(file.name, std::move(*letter));
    return true;
  }
  if (!is_hopeless(*letter, channel)) return false;
  put_aside(file.name, std::move(*letter), "not delivered in a day; last: " + record_.last_error);
  return true;
}

void OutboxSender::try_to_send(const std::string& name, OutboxLetter letter) {
  Patience& channel = channels_[letter.channel];
  const Sending sending = send(letter);
  using Outcome = Sending::Outcome;
  if (sending.outcome == Outcome::stopped) return;
  if (sending.outcome != Outcome::later_all && std::exchange(channel, {}).failures > 0) {
    for (auto& [other, patience] : letters_) patience.until = {};  // It was the server.
  }
  if (sending.outcome == Outcome::accepted) return on_accepted(name);
  if (sending.outcome == Outcome::refused) return put_aside(name, std::move(letter), sending.why);
  // Also where the channel fails: the server may fail at this letter only, so another goes next.
  Patience& own = letters_[name];
  wait_longer(own);
  if (sending.outcome == Outcome::later_all) wait_longer(channel);
  note_error(sending.why);
  if (is_hopeless(letter, own) || is_hopeless(letter, channel))
    put_aside(name, std::move(letter), "not delivered in a day; last: " + sending.why);
}

/// By the wall clock, which may have jumped: only where it was tried again and again.
bool OutboxSender::is_hopeless(const OutboxLetter& letter, const Patience& tried) const {
  constexpr int at_least = 5;
  return tried.failures >= at_least && wall_now() - letter.created_at > options_.give_up_after;
}

Sending OutboxSender::send(const OutboxLetter& letter) {
  Sending missing;
  missing.outcome = Sending::Outcome::refused;
  if (letter.channel == Channel::webhook) {
    if (options_.webhook) return call_webhook(*options_.webhook, letter.body, stop_);
    missing.why = "no webhook is configured any more";
    return missing;
  }
  if (options_.smtp) return send_mail(*options_.smtp, letter.from, letter.to, letter.body, stop_);
  missing.why = "no mail server is configured any more (SMTP_SERVER)";
  return missing;
}

void OutboxSender::on_accepted(const std::string& name) {
  record_.remember(name);
  ++record_.sent;
  record_.last_sent_at = wall_now();
  // A webhook that works says nothing about a mail server that does not.
  const auto works = [](const auto& channel) { return channel.second.failures == 0; };
  if (std::ranges::all_of(channels_, works)) record_.last_error.clear();
  save_record();  // Before the file goes: a crash in between must not send it again.
  std::error_code ignored;
  fs::remove(options_.folder / name, ignored);
  letters_.erase(name);
}

void OutboxSender::put_aside(const std::string& name, OutboxLetter letter, const std::string& why) {
  letter.reason = why;
  const fs::path failed = options_.folder / "failed";
  const auto kept = write_file(failed / name, encode_letter(letter), Durability::synced, 0600);
  note_error(fmt::format("letter to {} failed for good: {}",
                         letter.channel == Channel::mail ? letter.to : "the webhook", why));
  if (!kept) {
    wait_longer(letters_[name]);
    return note_error(kept.error().what);
  }
  std::error_code ignored;
  fs::remove(options_.folder / name, ignored);
  letters_.erase(name);
  keep_newest(failed);
}

void OutboxSender::quarantine(const std::string& name, const std::string& why) {
  const fs::path to = options_.folder / "quarantine" / name;
  std::error_code error;
  fs::rename(options_.folder / name, to, error);
  note_error(
      fmt::format("outbox file {} is damaged ({}); it lies in {} now", name, why, to.string()));
  if (error) wait_longer(letters_[name]);
  keep_newest(to.parent_path());
}

void OutboxSender::wait_longer(Patience& patience) {
  ++patience.failures;
  const double chance = std::uniform_real_distribution<>(0, 1)(random_);
  patience.until = Clock::now() + pause_after(patience.failures, options_, chance);
}

void OutboxSender::note_error(const std::string& why) {
  if (why != record_.last_error) spdlog::warn("outbox: {}", why);
  record_.last_error = why;
  record_.last_error_at = wall_now();
  save_record();
}

void OutboxSender::save_record() {
  const auto written = write_record(options_.folder, record_);
  if (!written) spdlog::error("outbox: {}", written.error().what);
}

void OutboxSender::publish() {
  auto status = read_status(options_.folder, wall_now());
  if (status) status_.set(std::move(*status));
}

}  // namespace wl::mail
