// A letter in the words of a language: the fields that the templates of mails and webhooks place.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "alarm/notify/letter.hpp"
#include "alarm/text.hpp"
#include "model/plant.hpp"
#include "model/text_fields.hpp"

namespace wl::alarm::notify {

struct WordsContext {
  const Plant& plant;
  std::function<std::string(Timestamp)> local_time;  ///< As the clocks of the plant show it.
};

/// Values, all of them in every letter: `plant`, `kind`, `letter_id`, `time`, `time_iso`, `level`,
/// `level_text`, `alarms`, `returned`, `active`, `wishes`, and of the first alarm `message` (empty
/// when there is none), of a flood `flood_raises` and `flood_time`, of an escalation `waited`.
/// Lists, which may be empty:
///   `lines`    the alarms: `id`, `key`, `device`, `device_text`, `parameter`, `level`,
///              `level_text`, `message`, `state`, `state_text`, `value`, `limit`, `since`,
///              `since_iso`, `until` (empty while active), `collapsed_text` (empty, or how many
///              reports are in this line), `comma` (a comma, except in the last one: for JSON)
///   `levels`   `level_text`, `count`; `devices`: `device_text`, `count`; both without zeros
///   `notes`    `note`: what was left out of letters, and why
///   `more`     one element with `count` when there are alarms without a line
///   `flood`    one empty element in a letter about a flood
TextFields fields_of(const Letter& letter, const WordsContext& context, Language language);

/// A letter of that kind with something in every field and list: templates are proven with it.
Letter sample_letter(LetterKind kind);

std::string_view level_text(Level level, Language language);

}  // namespace wl::alarm::notify
