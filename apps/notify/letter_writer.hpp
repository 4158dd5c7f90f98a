// From a letter in numbers to the mails and calls that tell it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "alarm/notify/letter.hpp"
#include "alarm/notify/words.hpp"
#include "apps/notify/mail_templates.hpp"
#include "apps/notify/notify_config.hpp"
#include "mail/mime.hpp"
#include "mail/outbox.hpp"
#include "mail/template.hpp"
#include "model/plant.hpp"

namespace wl {

/// Times as the clocks of the plant show them: TZ, else the zone of plant.json, else UTC.
using PlantClock = std::function<std::string(Timestamp)>;
Result<PlantClock> plant_clock(const Settings& settings, const Plant& plant);

struct WrittenLetter {
  std::vector<mail::OutboxLetter> letters;  ///< One a recipient, and one for the webhook.
  std::vector<std::string> problems;        ///< What could not be written, and why.
};

/// Writes by the templates below config/. The same letter gives the same bytes, so that one that is
/// written again after a restart is the one of before. Immutable; `plant` must outlive it.
class LetterWriter {
 public:
  /// Reads the templates that `config` needs and proves each with a letter that has everything in
  /// it. The error has every mistake as `file:line: reason`, a line each.
  static Result<LetterWriter> open(NotifyConfig config, const Plant& plant, PlantClock clock);

  /// `dropped`: letters that the outbox had no room for and that nobody was told of yet.
  WrittenLetter write(const alarm::notify::Letter& letter, std::uint64_t dropped) const;

  /// The mail of a letter by the templates of `kind`, in all languages, one below the other;
  /// without recipient and id.
  Result<mail::Mail> compose(const alarm::notify::Letter& letter, std::string_view kind,
                             std::uint64_t dropped) const;

  /// The mail of `wattline mail test`, and what it calls a webhook with.
  Result<mail::Mail> test_mail(const std::string& to, Timestamp now) const;
  Result<std::string> test_call(Timestamp now) const;

  const NotifyConfig& config() const { return config_; }

 private:
  LetterWriter(NotifyConfig config, const Plant& plant, PlantClock clock);

  Result<void> read_templates();
  Result<void> prove() const;
  TextFields fields(const alarm::notify::Letter& letter, alarm::Language language,
                    std::uint64_t dropped) const;
  Result<std::string> call_body(const alarm::notify::Letter& letter, std::string_view kind) const;
  void add_mails(WrittenLetter& to, const alarm::notify::Letter& letter,
                 std::uint64_t dropped) const;
  void add_call(WrittenLetter& to, const alarm::notify::Letter& letter) const;

  NotifyConfig config_;
  const Plant* plant_;  // Not a reference: it is moved.
  PlantClock clock_;
  std::vector<MailTemplates> mails_;  ///< By language, as in the configuration.
  std::optional<mail::Template> call_;
};

}  // namespace wl
