// Parameters that several calls take, in one wording.
#pragma once

#include "web/openapi/operation.hpp"

namespace wl::web::openapi {

inline constexpr Parameter device_parameter{
    .name = "id",
    .in = Parameter::In::path,
    .schema = R"({"type":"string","minLength":1})",
    .description = "Device id of plant.json, as `GET /api/devices` lists it.",
    .example = "conveyor"};

inline constexpr Parameter start_time_parameter{
    .name = "start_time",
    .schema = R"({"type":"string","format":"date-time"})",
    .description =
        "Inclusive, ISO 8601. Without a zone it is UTC; a date alone is its first moment. "
        "Default: a day before end_time.",
    .example = "2026-01-01T11:00:00Z"};

inline constexpr Parameter end_time_parameter{
    .name = "end_time",
    .schema = R"({"type":"string","format":"date-time"})",
    .description = "Exclusive, later than start_time. Default, and at most: now.",
    .example = "2026-01-01T12:00:00Z"};

inline constexpr Parameter page_parameter{
    .name = "page",
    .schema = R"({"type":"integer","minimum":1,"maximum":1000000000,"default":1})",
    .description = "Page, counted from 1. One after the last is empty.",
    .example = "1"};

inline constexpr Parameter if_match_parameter{
    .name = "If-Match",
    .in = Parameter::In::header,
    .schema = R"({"type":"string","maxLength":200})",
    .description =
        "The ETag under which it was read. 412 when it was changed meanwhile. Without it the last "
        "change wins.",
    .example = R"("1-1")"};

}  // namespace wl::web::openapi
