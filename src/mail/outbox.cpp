#include "mail/outbox.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <span>
#include <system_error>

#include "base/durable_file.hpp"
#include "base/open_file.hpp"
#include "base/quantity.hpp"
#include "mail/sender_record.hpp"

namespace wl::mail {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

constexpr std::string_view magic = "wattline-outbox 1 ";
constexpr std::uint64_t longest_file = 2 << 20;
constexpr std::size_t most_known = 2048;
constexpr auto dropped_file = "dropped";
constexpr auto retry_file = "retry";

std::uint32_t checksum(std::string_view text) {
  return crc32c(std::as_bytes(std::span(text.data(), text.size())));
}

std::string text(const json::object& from, const char* key) {
  return std::string(from.at(key).as_string());
}

}  // namespace

std::string file_name(const OutboxLetter& letter) {
  return fmt::format("{:020}-{:03}-{}.letter", letter.id, letter.part, letter.urgent ? 'u' : 'd');
}

std::string encode_letter(const OutboxLetter& letter) {
  const json::object to{{"id", letter.id},
                        {"part", letter.part},
                        {"urgent", letter.urgent},
                        {"channel", letter.channel == Channel::mail ? "mail" : "webhook"},
                        {"from", letter.from},
                        {"to", letter.to},
                        {"subject", letter.subject},
                        {"created_at", to_unix_ms(letter.created_at)},
                        {"body", letter.body},
                        {"reason", letter.reason}};
  const std::string content = json::serialize(to);
  return fmt::format("{}{:08x} {}\n{}\n", magic, checksum(content), content.size(), content);
}

Result<OutboxLetter> parse_letter(std::string_view content) {
  const auto damaged = [](std::string_view why) {
    return fail(Errc::corrupt, fmt::format("not a whole letter: {}", why));
  };
  const std::size_t line = content.find('\n');
  if (!content.starts_with(magic) || line == std::string_view::npos) return damaged("no head");
  const std::string_view whole = content.substr(line + 1);
  const std::string_view inside = whole.substr(0, whole.empty() ? 0 : whole.size() - 1);
  const std::string expected = fmt::format("{}{:08x} {}", magic, checksum(inside), inside.size());
  if (content.substr(0, line) != expected) return damaged("size or checksum");
  try {
    const json::value parsed = json::parse(inside);
    const json::object& from = parsed.as_object();
    OutboxLetter letter;
    letter.id = from.at("id").to_number<std::uint64_t>();
    letter.part = from.at("part").to_number<std::uint32_t>();
    letter.urgent = from.at("urgent").as_bool();
    letter.channel = text(from, "channel") == "mail" ? Channel::mail : Channel::webhook;
    letter.from = text(from, "from");
    letter.to = text(from, "to");
    letter.subject = text(from, "subject");
    letter.created_at = from_unix_ms(from.at("created_at").as_int64());
    letter.body = text(from, "body");
    letter.reason = text(from, "reason");
    return letter;
  } catch (const std::exception& error) {
    return damaged(error.what());
  }
}

Result<std::vector<OutboxFile>> list_letters(const fs::path& folder) {
  std::vector<OutboxFile> found;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename();
    const bool urgent = name.ends_with("-u.letter");
    if (!urgent && !name.ends_with("-d.letter")) continue;
    std::error_code gone;
    const std::uint64_t bytes = entry->file_size(gone);
    if (!gone) found.push_back({name, bytes, urgent});
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return fail(Errc::unavailable,
                fmt::format("cannot list {}: {}", folder.string(), error.message()));
  }
  std::ranges::sort(found, {}, &OutboxFile::name);
  return found;
}

Outbox::Outbox(fs::path folder, OutboxLimits limits)
    : folder_(std::move(folder)), limits_(limits) {}

Result<Outbox> Outbox::open(fs::path folder, OutboxLimits limits) {
  for (const fs::path& each : {folder, folder / "failed", folder / "quarantine"}) {
    if (const auto made = ensure_writable_directory(each); !made) {
      return std::unexpected(made.error());
    }
  }
  Outbox outbox(std::move(folder), limits);
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(outbox.folder_, ignored)) {
    if (entry.path().string().ends_with(".letter.tmp")) fs::remove(entry.path(), ignored);
  }
  if (const auto looked = outbox.look(); !looked) return std::unexpected(looked.error());
  for (const std::string& name : read_record(outbox.folder_).done) outbox.remember(name);
  const auto failed = list_letters(outbox.folder_ / "failed");
  for (const OutboxFile& each : failed.value_or(std::vector<OutboxFile>{})) {
    outbox.remember(each.name);
  }
  const auto dropped = read_file(outbox.folder_ / dropped_file, 64);
  outbox.dropped_ = static_cast<std::uint64_t>(
      parse_integer(dropped.value_or("0"), 0, 1'000'000'000'000).value_or(0));
  return outbox;
}

Result<void> Outbox::post(const OutboxLetter& letter) {
  const std::string name = file_name(letter);
  if (std::ranges::find(known_, name) != known_.end()) return {};
  const std::string content = encode_letter(letter);
  if (content.size() > longest_file) {
    return fail(Errc::invalid_argument,
                fmt::format("a letter of {} bytes is too long; at most {} are sent", content.size(),
                            longest_file));
  }
  const auto room = make_room(letter.urgent, content.size());
  if (!room) return std::unexpected(room.error());
  if (!*room) return {};
  const auto written = write_file(folder_ / name, content, Durability::synced, 0600);
  if (!written) return written;
  ++letters_;
  bytes_ += content.size();
  remember(name);
  return {};
}

bool Outbox::is_over(std::uint64_t bytes) const {
  return letters_ + 1 > limits_.letters || bytes_ + bytes > limits_.bytes;
}

Result<bool> Outbox::make_room(bool urgent, std::uint64_t bytes) {
  if (!is_over(bytes)) return true;
  if (const auto looked = look(); !looked) return std::unexpected(looked.error());
  if (!is_over(bytes)) return true;
  auto waiting = list_letters(folder_);
  if (!waiting) return std::unexpected(waiting.error());
  // The oldest that is not urgent first.
  std::ranges::stable_sort(*waiting, {}, &OutboxFile::urgent);
  std::uint64_t dropped = 0;
  bool kept = true;
  for (const OutboxFile& victim : *waiting) {
    if (!is_over(bytes)) break;
    if (victim.urgent && !urgent) break;
    std::error_code error;
    const bool removed = fs::remove(folder_ / victim.name, error);
    if (error) {
      return fail(Errc::unavailable,
                  fmt::format("cannot remove {}: {}", victim.name, error.message()));
    }
    dropped += removed ? 1 : 0;  // Else the sender has sent it just now.
    --letters_;
    bytes_ -= victim.bytes;
  }
  if (is_over(bytes)) {
    kept = false;
    ++dropped;
  }
  if (const auto noted = note_dropped(dropped_ + dropped); !noted) {
    return std::unexpected(noted.error());
  }
  return kept;
}

Result<void> Outbox::look() {
  const auto waiting = list_letters(folder_);
  if (!waiting) return std::unexpected(waiting.error());
  letters_ = waiting->size();
  bytes_ = 0;
  for (const OutboxFile& each : *waiting) {
    bytes_ += each.bytes;
    if (std::ranges::find(known_, each.name) == known_.end()) remember(each.name);
  }
  return {};
}

Result<void> Outbox::told(std::uint64_t dropped) {
  return note_dropped(dropped_ - std::min(dropped, dropped_));
}

Result<void> Outbox::note_dropped(std::uint64_t dropped) {
  if (dropped == dropped_) return {};
  dropped_ = dropped;
  return write_file(folder_ / dropped_file, std::to_string(dropped), Durability::synced, 0600);
}

void Outbox::remember(const std::string& name) {
  known_.push_back(name);
  if (known_.size() > most_known) known_.pop_front();
}

// ---- For operators ----------------------------------------------------------------------------

Result<OutboxStatus> read_status(const fs::path& folder, Timestamp now) {
  OutboxStatus status;
  const auto waiting = list_letters(folder);
  if (!waiting) return std::unexpected(waiting.error());
  status.pending = waiting->size();
  if (!waiting->empty()) {
    const auto oldest = read_file(folder / waiting->front().name, longest_file);
    const auto letter = oldest ? parse_letter(*oldest) : fail(Errc::not_found, "");
    if (letter) status.oldest_age = std::max(Milliseconds{}, now - letter->created_at);
  }
  const auto failed = list_letters(folder / "failed");
  if (!failed) return std::unexpected(failed.error());
  status.failed = failed->size();
  const auto damaged = list_letters(folder / "quarantine");
  if (!damaged) return std::unexpected(damaged.error());
  status.quarantined = damaged->size();
  const auto dropped = read_file(folder / dropped_file, 64);
  status.dropped = static_cast<std::uint64_t>(
      parse_integer(dropped.value_or("0"), 0, 1'000'000'000'000).value_or(0));
  const SenderRecord record = read_record(folder);
  status.sent = record.sent;
  status.last_error = record.last_error;
  status.last_error_at = record.last_error_at;
  status.last_sent_at = record.last_sent_at;
  return status;
}

Result<std::vector<OutboxLetter>> read_letters(const fs::path& folder, std::size_t most) {
  const auto files = list_letters(folder);
  if (!files) return std::unexpected(files.error());
  std::vector<OutboxLetter> letters;
  for (const OutboxFile& each : *files) {
    if (letters.size() == most) break;
    const auto content = read_file(folder / each.name, longest_file);
    auto letter = content ? parse_letter(*content) : std::unexpected(content.error());
    if (letter) letters.push_back(std::move(*letter));
  }
  return letters;
}

Result<void> ask_to_retry(const fs::path& folder) {
  return write_file(folder / retry_file, "", Durability::visible, 0600);
}

bool take_retry_request(const fs::path& folder) {
  std::error_code ignored;
  return fs::remove(folder / retry_file, ignored);
}

Result<std::size_t> retry_failed(const fs::path& folder, Timestamp now) {
  const auto failed = list_letters(folder / "failed");
  if (!failed) return std::unexpected(failed.error());
  std::size_t count = 0;
  for (const OutboxFile& each : *failed) {
    const auto content = read_file(folder / "failed" / each.name, longest_file);
    if (!content) return std::unexpected(content.error());
    auto letter = parse_letter(*content);
    if (!letter) continue;
    letter->created_at = now;
    letter->reason.clear();
    const auto put =
        write_file(folder / each.name, encode_letter(*letter), Durability::synced, 0600);
    if (!put) return std::unexpected(put.error());
    std::error_code ignored;
    fs::remove(folder / "failed" / each.name, ignored);
    ++count;
  }
  return count;
}

}  // namespace wl::mail
