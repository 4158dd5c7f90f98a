#include "apps/notify/notifier.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace wl {
namespace {

constexpr Milliseconds look_at_least = std::chrono::minutes{1};
constexpr Milliseconds pause_after_disk_error = std::chrono::seconds{2};

template <class T>
T or_stop(Result<T> result) {
  if (!result) throw StartError(result.error().what);
  return std::move(*result);
}

mail::SenderOptions sender_options(const Settings& settings, const NotifyConfig& config) {
  mail::SenderOptions options;
  options.folder = settings.outbox_dir();
  options.smtp = config.smtp;
  if (config.webhook) options.webhook = config.webhook->call;
  return options;
}

std::string time_text(const std::optional<Timestamp>& time) {
  return time ? to_iso8601(*time) : "";
}

}  // namespace

std::vector<std::pair<std::string, std::string>> NotifyFigures::details() const {
  const std::string& error = disk_error.empty() ? outbox.last_error : disk_error;
  return {{"notification", wanted ? "on" : "off"},
          {"outbox_pending", fmt::to_string(outbox.pending)},
          {"outbox_oldest_s", fmt::to_string(outbox.oldest_age.count() / 1000)},
          {"outbox_failed", fmt::to_string(outbox.failed)},
          {"outbox_dropped", fmt::to_string(outbox.dropped + not_written)},
          {"outbox_sent", fmt::to_string(outbox.sent)},
          {"outbox_last_sent", time_text(outbox.last_sent_at)},
          {"outbox_last_error", error},
          {"outbox_last_error_at", time_text(outbox.last_error_at)}};
}

Notifier::Notifier(const Settings& settings, const Plant& plant, Posted posted)
    : posted_(std::move(posted)) {
  NotifyConfig config = or_stop(load_notify_config(settings));
  policy_ = config.policy;
  if (!config.wanted()) return;
  if (!config.send_mail) config.smtp.reset();
  PlantClock clock = or_stop(plant_clock(settings, plant));
  writer_.emplace(or_stop(LetterWriter::open(std::move(config), plant, std::move(clock))));
  outbox_.emplace(or_stop(mail::Outbox::open(settings.outbox_dir())));
  sender_ = std::make_unique<mail::OutboxSender>(sender_options(settings, writer_->config()));
  thread_ = std::thread([this] { run(); });
}

Notifier::~Notifier() {
  stop();
}

void Notifier::stop() {
  taken_.close();
  if (thread_.joinable()) thread_.join();
  if (sender_) sender_->stop();
}

void Notifier::take(std::vector<alarm::notify::Letter> letters) {
  for (alarm::notify::Letter& letter : letters) {
    if (!taken_.push(std::move(letter))) ++not_written_;
  }
}

NotifyFigures Notifier::figures() const {
  NotifyFigures figures;
  figures.wanted = wanted();
  if (sender_) figures.outbox = sender_->status();
  figures.disk_error = *disk_error_.get();
  figures.not_written = not_written_;
  return figures;
}

// ---- The notifier's thread --------------------------------------------------------------------

void Notifier::run() {
  Letters letters;
  for (bool last = false; !last;) {
    last = taken_.closed();
    const Milliseconds patience = letters.empty() ? look_at_least : pause_after_disk_error;
    for (alarm::notify::Letter& letter : taken_.drain(patience)) {
      letters.push_back(std::move(letter));
    }
    try {
      post(letters);
    } catch (const std::exception& error) {
      note_disk_error(error.what());  // No memory, as a rule; they are tried again.
    }
  }
}

void Notifier::post(Letters& letters) {
  std::optional<std::uint64_t> last;
  while (!letters.empty() && post_one(letters.front())) {
    last = letters.front().id;
    letters.pop_front();
  }
  if (!last) return;
  sender_->wake();
  posted_(*last);
}

/// False: the disk refuses, the letter is tried again.
bool Notifier::post_one(const alarm::notify::Letter& letter) {
  const std::uint64_t dropped = outbox_->dropped();
  const WrittenLetter written = writer_->write(letter, dropped);
  for (const std::string& problem : written.problems) {
    ++not_written_;
    spdlog::error("notification: letter {} is not written: {}", letter.id, problem);
  }
  if (!put_on_disk(written.letters)) return false;
  // A mail speaks of them now. What its own posting dropped waits for the next one.
  const bool by_mail = std::ranges::any_of(written.letters, [](const mail::OutboxLetter& each) {
    return each.channel == mail::Channel::mail;
  });
  if (dropped > 0 && by_mail) {
    if (const auto told = outbox_->told(dropped); !told) note_disk_error(told.error().what);
  }
  return true;
}

bool Notifier::put_on_disk(const std::vector<mail::OutboxLetter>& letters) {
  for (const mail::OutboxLetter& each : letters) {
    const auto posted = outbox_->post(each);
    if (posted) continue;
    if (posted.error().code == Errc::invalid_argument) {  // It would never fit.
      ++not_written_;
      spdlog::error("notification: {}", posted.error().what);
      continue;
    }
    note_disk_error(posted.error().what);
    return false;
  }
  if (!disk_error_.get()->empty()) note_disk_error({});
  return true;
}

void Notifier::note_disk_error(const std::string& why) {
  if (*disk_error_.get() == why) return;
  if (why.empty()) {
    spdlog::info("notification: letters are put on disk again");
  } else {
    spdlog::error("notification: a letter cannot be put on disk: {}; it is tried again", why);
  }
  disk_error_.set(why);
}

}  // namespace wl
