#include "web/openapi/common_parameters.hpp"
#include "web/openapi/operations.hpp"

namespace wl::web::openapi {
namespace {

constexpr Parameter alarm_parameter{.name = "id",
                                    .in = Parameter::In::path,
                                    .schema = R"({"type":"integer","minimum":1})",
                                    .description = "Number of the alarm.",
                                    .example = "1"};

constexpr Parameter device_id_parameter{
    .name = "device_id",
    .schema = R"({"type":"string"})",
    .description =
        "Of this device; `system` for alarms of Wattline itself. Devices that have left "
        "the plant may be asked for too.",
    .example = "conveyor"};

constexpr Parameter level_parameter{
    .name = "alarm_level",
    .schema = R"({"type":"string","enum":["warning","critical","emergency"]})",
    .description = "Of this level. Default: of all.",
    .example = "critical"};

constexpr Parameter acknowledged_parameter{.name = "acknowledged",
                                           .schema = R"({"type":"string","enum":["true","false"]})",
                                           .description = "Default: both.",
                                           .example = "false"};

constexpr Parameter state_parameter{
    .name = "state",
    .schema =
        R"({"type":"string","pattern":"^(open|normal|active_unacked|active_acked|cleared_unacked|)"
        R"(shelved|suppressed|out_of_service)(,(open|normal|active_unacked|active_acked|)"
        R"(cleared_unacked|shelved|suppressed|out_of_service))*$"})",
    .description =
        "States, with commas between: normal, active_unacked, active_acked, "
        "cleared_unacked, shelved, suppressed, out_of_service; `open`: all but normal.",
    .example = "open"};

constexpr Parameter raised_from_parameter{.name = "start_time",
                                          .schema = R"({"type":"string","format":"date-time"})",
                                          .description = "Raised then or later. Default: no limit.",
                                          .example = "2023-11-14T00:00:00Z"};

constexpr Parameter raised_to_parameter{.name = "end_time",
                                        .schema = R"({"type":"string","format":"date-time"})",
                                        .description = "Raised before it. Default: no limit.",
                                        .example = "2026-01-01T12:00:00Z"};

constexpr Parameter alarm_page_parameter{
    .name = "page",
    .schema = R"({"type":"integer","minimum":1,"maximum":1000000,"default":1})",
    .description = "Page, counted from 1.",
    .example = "1"};

constexpr Parameter page_size_parameter{
    .name = "page_size",
    .schema = R"({"type":"integer","minimum":1,"maximum":500,"default":100})",
    .description = "Alarms a page. With `format=csv` 1 to 10,000, which is the default there.",
    .example = "100"};

constexpr const char* note_schema = R"({"type":"object","properties":{
  "note":{"$ref":"#/components/schemas/Note"}},
  "additionalProperties":false})";

constexpr const char* one_answer = R"({"$ref":"#/components/schemas/AlarmAnswer"})";

Operation list_alarms() {
  return {.method = "GET",
          .pattern = "/api/alarms",
          .id = "list_alarms",
          .tag = "alarms",
          .summary = "Alarms, the newest first",
          .description = "`statistics` counts all that the filter lets through, on whatever page.",
          .parameters = {device_id_parameter, level_parameter, acknowledged_parameter,
                         state_parameter, raised_from_parameter, raised_to_parameter,
                         alarm_page_parameter, page_size_parameter},
          .response_schema = R"({"type":"object","properties":{
            "success":{"$ref":"#/components/schemas/Success"},
            "alarms":{"type":"array","items":{"$ref":"#/components/schemas/Alarm"}},
            "pagination":{"$ref":"#/components/schemas/Pagination"},
            "statistics":{"type":"object","properties":{
              "total":{"type":"integer","minimum":0},
              "by_level":{"type":"object","additionalProperties":{"type":"integer","minimum":0}},
              "by_device":{"type":"object","additionalProperties":{"type":"integer","minimum":0}}},
              "required":["total","by_level","by_device"],"additionalProperties":false}},
            "required":["success","alarms","pagination","statistics"],
            "additionalProperties":false})",
          .csv = true,
          .problems = {400}};
}

Operation one_alarm() {
  return {.method = "GET",
          .pattern = "/api/alarms/{id}",
          .id = "get_alarm",
          .tag = "alarms",
          .summary = "An alarm with all that happened to it",
          .parameters = {alarm_parameter},
          .response_schema = R"({"type":"object","properties":{
            "success":{"$ref":"#/components/schemas/Success"},
            "alarm":{"$ref":"#/components/schemas/Alarm"},
            "journal":{"type":"array","items":{"$ref":"#/components/schemas/AlarmJournalLine"}}},
            "required":["success","alarm","journal"],"additionalProperties":false})",
          .problems = {404}};
}

Operation acknowledge_many() {
  return {.method = "POST",
          .pattern = "/api/alarms/acknowledge",
          .id = "acknowledge_alarms",
          .tag = "alarms",
          .summary = "Acknowledge several alarms",
          .description =
              "Each is acknowledged or refused by itself; `refused` says why. When all "
              "are refused the answer is the problem of the first.",
          .request_schema = R"({"type":"object","properties":{
            "ids":{"type":"array","items":{"type":"integer","minimum":1},
              "minItems":1,"maxItems":1000},
            "note":{"$ref":"#/components/schemas/Note"}},
            "required":["ids"],"additionalProperties":false})",
          .request_example = R"({"ids":[1,2],"note":"Maintenance is on its way"})",
          .response_schema = R"({"type":"object","properties":{
            "success":{"$ref":"#/components/schemas/Success"},
            "alarms":{"type":"array","items":{"$ref":"#/components/schemas/Alarm"}},
            "refused":{"type":"array","items":{"type":"object","properties":{
              "id":{"type":"integer","minimum":1},
              "error":{"type":"string","enum":["not_found","conflict","invalid_argument",
                "unavailable"]},
              "message":{"type":"string"}},
              "required":["id","error","message"],"additionalProperties":false}}},
            "required":["success","alarms","refused"],"additionalProperties":false})",
          .problems = {404, 409}};
}

Operation acknowledge() {
  return {.method = "POST",
          .pattern = "/api/alarms/{id}/acknowledge",
          .id = "acknowledge_alarm",
          .tag = "alarms",
          .summary = "Acknowledge an alarm",
          .description =
              "The collector does it and is waited for; 503 `collector_unavailable`: it "
              "is not known to be done.",
          .parameters = {alarm_parameter},
          .request_schema = note_schema,
          .request_example = R"({"note":"Maintenance is on its way"})",
          .response_schema = one_answer,
          .problems = {404, 409},
          .body_required = false};
}

Operation shelve() {
  return {.method = "POST",
          .pattern = "/api/alarms/{id}/shelve",
          .id = "shelve_alarm",
          .tag = "alarms",
          .summary = "Hide an alarm for some time",
          .description = "It is watched meanwhile and comes back when the time is over.",
          .parameters = {alarm_parameter},
          .request_schema = R"({"type":"object","properties":{
            "minutes":{"type":"integer","minimum":1,"maximum":1440},
            "note":{"$ref":"#/components/schemas/Note"}},
            "required":["minutes"],"additionalProperties":false})",
          .request_example = R"({"minutes":30,"note":"Bearing is being changed"})",
          .response_schema = one_answer,
          .problems = {404, 409}};
}

Operation unshelve() {
  return {.method = "POST",
          .pattern = "/api/alarms/{id}/unshelve",
          .id = "unshelve_alarm",
          .tag = "alarms",
          .summary = "Show a shelved alarm again",
          .parameters = {alarm_parameter},
          .request_schema = note_schema,
          .request_example = "{}",
          .response_schema = one_answer,
          .problems = {404, 409},
          .body_required = false};
}

}  // namespace

std::vector<Operation> alarm_operations() {
  return {list_alarms(), one_alarm(), acknowledge_many(), acknowledge(), shelve(), unshelve()};
}

}  // namespace wl::web::openapi
