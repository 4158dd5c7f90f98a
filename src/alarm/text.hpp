// The words of an alarm, in the two languages of the product.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "alarm/record.hpp"
#include "model/plant.hpp"

namespace wl::alarm {

enum class Language : std::uint8_t { zh_cn, en };

/// `high`, `plc_down` …: as in keys and in `alarm_type` of system alarms.
std::string_view word(MessageKey key);
std::optional<MessageKey> message_from_word(std::string_view text);

/// One sentence for a person: which device, what, how much, against which limit. For
/// `alarms.message`, mails and the page. Device names and units come from `plant`; what the plant
/// does not know is shown by its id.
std::string message_of(const AlarmRecord& record, const Plant& plant, Language language);

}  // namespace wl::alarm
