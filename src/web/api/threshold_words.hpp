// A threshold as the API shows it, and what the plant cannot have.
#pragma once

#include <optional>
#include <string>

#include "model/alarm_row.hpp"
#include "model/plant.hpp"
#include "web/api/threshold_preview.hpp"
#include "web/http/json_writer.hpp"
#include "web/http/problem.hpp"

namespace wl::web {

/// `"12-3"`: number and version, with the quotes that the header wants.
std::string etag_of(const ThresholdRow& row);

/// An object with the columns of `thresholds` by their names; alarm_level is null when it is taken
/// from the excess; `unit` of the point beside them.
void write_threshold(JsonWriter& json, const ThresholdRow& row, const Plant& plant);

/// Nothing when the plant can have it. 400 names what is wrong and what would be right.
std::optional<Problem> threshold_problem(const ThresholdRow& row, const Plant& plant);

/// {"success":true,"firings":…,…} with words of what was counted, in the reader's language.
std::string preview_json(const FiringCount& count, int days, Language language);

}  // namespace wl::web
