// Letters and records as JSON, for the state of the policy.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "alarm/notify/letter.hpp"

namespace wl::alarm::notify {

/// What words need of a record; see LetterLine.
boost::json::object to_json(const AlarmRecord& record);
boost::json::object to_json(const Letter& letter);

/// Throw std::exception (of Boost.JSON or std::out_of_range) on what to_json() did not write.
AlarmRecord record_from(const boost::json::value& value);
Letter letter_from(const boost::json::value& value);

}  // namespace wl::alarm::notify
