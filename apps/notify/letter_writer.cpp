#include "apps/notify/letter_writer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "base/durable_file.hpp"
#include "storage/rollup/calendar.hpp"

namespace wl {
namespace {

using alarm::Language;
using alarm::notify::Letter;
using alarm::notify::LetterKind;

constexpr std::array all_kinds{LetterKind::alarm, LetterKind::returned, LetterKind::digest,
                               LetterKind::escalation, LetterKind::flood_over};
/// Recipients are the parts from 0 on, at most 200.
constexpr std::uint32_t webhook_part = 999;
constexpr auto between_languages = "\n────────────────────────\n\n";
constexpr auto html_head =
    "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head>\n"
    "<body style=\"font-family:sans-serif;color:#222;max-width:44em\">\n";
constexpr auto html_end = "</body></html>\n";

/// A mistake of a file that several letters use is told once.
class Mistakes {
 public:
  /// One or more, a line each.
  void add(std::string_view what) {
    while (!what.empty()) {
      const std::size_t end = std::min(what.find('\n'), what.size());
      const std::string line(what.substr(0, end));
      if (std::ranges::find(all_, line) == all_.end()) all_.push_back(line);
      what.remove_prefix(std::min(end + 1, what.size()));
    }
  }
  Result<void> verdict() const {
    if (all_.empty()) return {};
    return fail(Errc::invalid_argument, fmt::format("{}", fmt::join(all_, "\n")));
  }

 private:
  std::vector<std::string> all_;
};

/// The line of `text` that holds the byte at `at`, with its number.
std::string line_at(const std::string& text, std::size_t at) {
  const std::size_t end_of_text = std::min(at, text.size());
  const auto number =
      1 + std::count(text.begin(), text.begin() + std::ptrdiff_t(end_of_text), '\n');
  const std::size_t before =
      end_of_text == 0 ? std::string::npos : text.rfind('\n', end_of_text - 1);
  const std::size_t begin = before == std::string::npos ? 0 : before + 1;
  return fmt::format("line {} of it, '{}'", number,
                     text.substr(begin, text.find('\n', begin) - begin).substr(0, 80));
}

Result<void> check_json(const std::string& text, const std::string& file, std::string_view kind) {
  boost::json::stream_parser parser;
  boost::json::error_code error;
  const std::size_t consumed = parser.write_some(text, error);
  if (!error && !parser.done()) error = boost::json::error::incomplete;
  if (!error && text.find_first_not_of(" \r\n\t", consumed) != std::string::npos) {
    error = boost::json::error::extra_data;
  }
  if (!error) return {};
  return fail(Errc::invalid_argument,
              fmt::format("{}: what it makes of '{}' is no JSON: {} in {}", file, kind,
                          error.message(), line_at(text, consumed)));
}

}  // namespace

Result<PlantClock> plant_clock(const Settings& settings, const Plant& plant) {
  const std::string& zone = settings.time_zone.empty() ? plant.time_zone : settings.time_zone;
  const auto calendar = storage::Calendar::of(zone.empty() ? "UTC" : zone);
  if (!calendar) return std::unexpected(calendar.error());
  return PlantClock([calendar = *calendar](Timestamp at) {
    const std::string local = to_iso8601(at + calendar.offset_at(at));
    return local.substr(0, 10) + " " + local.substr(11, 8);
  });
}

LetterWriter::LetterWriter(NotifyConfig config, const Plant& plant, PlantClock clock)
    : config_(std::move(config)), plant_(&plant), clock_(std::move(clock)) {}

// ---- Templates --------------------------------------------------------------------------------

Result<LetterWriter> LetterWriter::open(NotifyConfig config, const Plant& plant, PlantClock clock) {
  LetterWriter writer(std::move(config), plant, std::move(clock));
  if (const auto read = writer.read_templates(); !read) return std::unexpected(read.error());
  if (const auto proven = writer.prove(); !proven) return std::unexpected(proven.error());
  return writer;
}

Result<void> LetterWriter::read_templates() {
  Mistakes mistakes;
  if (config_.smtp) {
    for (const Language language : config_.languages) {
      auto read =
          MailTemplates::read(config_.root, fmt::format("config/mail/{}", folder_of(language)));
      if (!read) mistakes.add(read.error().what);
      if (read) mails_.push_back(std::move(*read));
    }
  }
  if (!config_.webhook) return mistakes.verdict();
  auto text = read_file(config_.root / config_.webhook->body, 1 << 20);
  auto read =
      text ? mail::Template::parse(std::move(*text), config_.webhook->body, mail::Escape::json)
           : std::unexpected(text.error());
  if (!read) mistakes.add(read.error().what);
  if (read) call_ = std::move(*read);
  return mistakes.verdict();
}

Result<void> LetterWriter::prove() const {
  Mistakes mistakes;
  const auto prove_one = [&](const Letter& letter, std::string_view kind) {
    if (!mails_.empty()) {
      if (const auto written = compose(letter, kind, 1); !written)
        mistakes.add(written.error().what);
    }
    if (call_) {
      if (const auto written = call_body(letter, kind); !written)
        mistakes.add(written.error().what);
    }
  };
  for (const LetterKind kind : all_kinds) {
    prove_one(alarm::notify::sample_letter(kind), alarm::notify::word(kind));
  }
  prove_one(alarm::notify::sample_letter(LetterKind::alarm), test_kind);
  prove_one(Letter{}, test_kind);
  return mistakes.verdict();
}

// ---- Words ------------------------------------------------------------------------------------

TextFields LetterWriter::fields(const Letter& letter, Language language,
                                std::uint64_t dropped) const {
  const alarm::notify::WordsContext context{*plant_, clock_};
  TextFields all = alarm::notify::fields_of(letter, context, language);
  all.values["dropped"] = dropped == 0 ? "" : std::to_string(dropped);
  return all;
}

Result<mail::Mail> LetterWriter::compose(const Letter& letter, std::string_view kind,
                                         std::uint64_t dropped) const {
  mail::Mail made;
  Mistakes mistakes;
  for (std::size_t i = 0; i < mails_.size(); ++i) {
    const auto words = mails_[i].fill(kind, fields(letter, config_.languages[i], dropped));
    if (!words) {
      mistakes.add(words.error().what);
      continue;
    }
    if (i == 0) made.subject = words->subject;
    made.text += (i == 0 ? "" : between_languages) + words->text;
    made.html += (i == 0 ? html_head : "<hr>\n") + words->html;
  }
  if (const auto good = mistakes.verdict(); !good) return std::unexpected(good.error());
  made.html += html_end;
  made.from = config_.from;
  const bool chinese = config_.languages.front() == Language::zh_cn;
  const std::string& plant = chinese ? plant_->name.zh_cn : plant_->name.en;
  made.from_name = config_.from_name.empty() ? plant : config_.from_name;
  made.date = letter.at;
  made.urgent = letter.urgent();
  return made;
}

Result<std::string> LetterWriter::call_body(const Letter& letter, std::string_view kind) const {
  TextFields all = fields(letter, config_.webhook->language, 0);
  all.values["kind"] = kind;
  auto body = call_->render(all);
  if (!body) return body;
  const auto good = check_json(*body, config_.webhook->body, kind);
  if (!good) return std::unexpected(good.error());
  return body;
}

// ---- Letters ----------------------------------------------------------------------------------

WrittenLetter LetterWriter::write(const Letter& letter, std::uint64_t dropped) const {
  WrittenLetter written;
  if (config_.send_mail) add_mails(written, letter, dropped);
  if (call_) add_call(written, letter);
  return written;
}

void LetterWriter::add_mails(WrittenLetter& to, const Letter& letter, std::uint64_t dropped) const {
  auto content = compose(letter, alarm::notify::word(letter.kind), dropped);
  if (!content) return to.problems.push_back(content.error().what);
  std::uint32_t part = 0;
  for (const std::string& recipient : config_.recipients_of(letter)) {
    content->to = recipient;
    content->id = fmt::format("{}-{}", letter.id, part);
    auto bytes = build_mail(*content);
    if (!bytes) {
      to.problems.push_back(bytes.error().what);
      continue;
    }
    to.letters.push_back({.id = letter.id,
                          .part = part,
                          .urgent = letter.urgent(),
                          .channel = mail::Channel::mail,
                          .from = content->from,
                          .to = recipient,
                          .subject = content->subject,
                          .created_at = letter.at,
                          .body = std::move(*bytes),
                          .reason = {}});
    ++part;
  }
}

void LetterWriter::add_call(WrittenLetter& to, const Letter& letter) const {
  auto body = call_body(letter, alarm::notify::word(letter.kind));
  if (!body) return to.problems.push_back(body.error().what);
  const std::string place = mail::host_of_url(config_.webhook->call.url);
  to.letters.push_back(
      {.id = letter.id,
       .part = webhook_part,
       .urgent = letter.urgent(),
       .channel = mail::Channel::webhook,
       .from = {},
       .to = {},
       .subject = fmt::format("webhook {} ({})", place, alarm::notify::word(letter.kind)),
       .created_at = letter.at,
       .body = std::move(*body),
       .reason = {}});
}

// ---- Tests by a person ------------------------------------------------------------------------

Result<mail::Mail> LetterWriter::test_mail(const std::string& to, Timestamp now) const {
  Letter letter;
  letter.at = now;
  auto made = compose(letter, test_kind, 0);
  if (!made) return made;
  made->to = to;
  made->id = fmt::format("test-{}", to_unix_ms(now));
  return made;
}

Result<std::string> LetterWriter::test_call(Timestamp now) const {
  Letter letter;
  letter.at = now;
  return call_body(letter, test_kind);
}

}  // namespace wl
