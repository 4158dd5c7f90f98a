// An alarm as the API and a CSV file show it.
#pragma once

#include <span>
#include <string>

#include "model/alarm_row.hpp"
#include "model/plant.hpp"
#include "storage/rollup/calendar.hpp"
#include "web/http/json_writer.hpp"
#include "web/http/message.hpp"

namespace wl::web {

/// The sentence of an alarm in the reader's language, made of its key and numbers; the stored one,
/// in both languages, where this program does not know the key.
std::string alarm_sentence(const AlarmRow& row, const Plant& plant, Language language);

/// The device's name in the reader's language; the id where plant.json does not have it.
std::string alarm_device_name(const AlarmRow& row, const Plant& plant, Language language);

/// An object with the columns of `alarms` by their names, device_name and unit beside them, and
/// `message` in the reader's language.
void write_alarm(JsonWriter& json, const AlarmRow& row, const Plant& plant, Language language);

/// A header line and one for each alarm. Times are those of the plant's clocks, with their offset;
/// a text that a spreadsheet would take for a formula gets an apostrophe in front.
std::string alarms_csv(std::span<const AlarmRow> rows, const Plant& plant,
                       const storage::Calendar& calendar, Language language);

}  // namespace wl::web
