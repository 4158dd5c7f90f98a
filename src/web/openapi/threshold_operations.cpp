#include <string>

#include "web/openapi/common_parameters.hpp"
#include "web/openapi/operations.hpp"

namespace wl::web::openapi {
namespace {

constexpr Parameter threshold_parameter{.name = "id",
                                        .in = Parameter::In::path,
                                        .schema = R"({"type":"integer","minimum":1})",
                                        .description = "Number of the threshold.",
                                        .example = "1"};

constexpr Parameter device_id_parameter{.name = "device_id",
                                        .schema = R"({"type":"string"})",
                                        .description = "Of this device. Default: all.",
                                        .example = "conveyor"};

constexpr const char* answer_schema = R"({"$ref":"#/components/schemas/ThresholdAnswer"})";

/// What an answer has beside the settings is taken and ignored, so that a whole answer may be sent
/// back.
constexpr const char* settings = R"(
  "device_id":{"type":"string","maxLength":190},
  "parameter_name":{"type":"string","maxLength":190,"description":"Name of a point."},
  "kind":{"$ref":"#/components/schemas/ThresholdKind"},
  "direction":{"type":"string","enum":["high","low"]},
  "threshold_value":{"type":"number","description":"In the unit of the point."},
  "alarm_level":{"oneOf":[{"$ref":"#/components/schemas/AlarmLevel"},
    {"type":"string","enum":[""]},{"type":"null"}],
    "description":"Null or empty: by the excess, from 50 % emergency, from 20 % critical."},
  "hysteresis":{"type":"number","minimum":0},
  "on_delay_ms":{"type":"integer","minimum":0,"maximum":86400000},
  "off_delay_ms":{"type":"integer","minimum":0,"maximum":86400000},
  "setpoint_parameter":{"type":"string","maxLength":190,"description":"Of a deviation."},
  "setpoint_value":{"type":"number"},
  "enabled":{"type":"boolean"},
  "id":{},"device_name":{},"unit":{},"updated_by":{},"updated_at":{},"version":{})";

const std::string& change_schema() {
  static const std::string schema = std::string(R"({"type":"object","properties":{)") + settings +
                                    R"(},"additionalProperties":false})";
  return schema;
}

const std::string& new_schema() {
  static const std::string schema =
      std::string(R"({"type":"object","properties":{)") + settings +
      R"(},"required":["device_id","parameter_name","threshold_value"],)"
      R"("additionalProperties":false})";
  return schema;
}

constexpr const char* preview_schema = R"({"type":"object","properties":{
  "device_id":{"type":"string","maxLength":190},
  "parameter_name":{"type":"string","maxLength":190},
  "kind":{"type":"string","enum":["limit"]},
  "direction":{"type":"string","enum":["high","low"]},
  "threshold_value":{"type":"number"},
  "hysteresis":{"type":"number","minimum":0},
  "days":{"type":"integer","minimum":1,"maximum":30,"default":7},
  "alarm_level":{},"on_delay_ms":{},"off_delay_ms":{},"setpoint_parameter":{},"setpoint_value":{},
  "enabled":{},"id":{},"device_name":{},"unit":{},"updated_by":{},"updated_at":{},"version":{}},
  "required":["device_id","parameter_name","threshold_value"],
  "additionalProperties":false})";

Operation list_thresholds() {
  return {.method = "GET",
          .pattern = "/api/thresholds",
          .id = "list_thresholds",
          .tag = "thresholds",
          .summary = "When which point is in alarm",
          .parameters = {device_id_parameter},
          .response_schema = R"({"type":"object","properties":{
            "success":{"$ref":"#/components/schemas/Success"},
            "thresholds":{"type":"array","items":{"$ref":"#/components/schemas/Threshold"}},
            "total":{"type":"integer","minimum":0}},
            "required":["success","thresholds","total"],"additionalProperties":false})"};
}

Operation one_threshold() {
  return {.method = "GET",
          .pattern = "/api/thresholds/{id}",
          .id = "get_threshold",
          .tag = "thresholds",
          .summary = "A threshold with its ETag",
          .parameters = {threshold_parameter},
          .response_schema = R"({"type":"object","properties":{
            "success":{"$ref":"#/components/schemas/Success"},
            "threshold":{"$ref":"#/components/schemas/Threshold"}},
            "required":["success","threshold"],"additionalProperties":false})",
          .problems = {404},
          .etag = true};
}

Operation add_threshold() {
  return {.method = "POST",
          .pattern = "/api/thresholds",
          .id = "add_threshold",
          .tag = "thresholds",
          .summary = "Add a threshold",
          .description =
              "Answered when the collector uses it, or with `applied` false and a "
              "warning. 409: the device has one of this parameter, kind, direction and "
              "level.",
          .request_schema = new_schema(),
          .request_example = R"({"device_id":"conveyor","parameter_name":"speed",)"
                             R"("threshold_value":2.5,"alarm_level":"warning","hysteresis":0.1})",
          .success = 201,
          .response_schema = answer_schema,
          .problems = {409},
          .etag = true};
}

Operation change_threshold() {
  return {.method = "PUT",
          .pattern = "/api/thresholds/{id}",
          .id = "change_threshold",
          .tag = "thresholds",
          .summary = "Change a threshold",
          .description = "Members that are not named stay as they are.",
          .parameters = {threshold_parameter, if_match_parameter},
          .request_schema = change_schema(),
          .request_example = R"({"threshold_value":3.5})",
          .response_schema = answer_schema,
          .problems = {404, 409, 412},
          .etag = true};
}

Operation remove_threshold() {
  return {.method = "DELETE",
          .pattern = "/api/thresholds/{id}",
          .id = "remove_threshold",
          .tag = "thresholds",
          .summary = "Remove a threshold",
          .parameters = {threshold_parameter, if_match_parameter},
          .response_schema = R"({"type":"object","properties":{
            "success":{"$ref":"#/components/schemas/Success"},
            "applied":{"type":"boolean"},
            "warning":{"type":"string"}},
            "required":["success","applied"],"additionalProperties":false})",
          .problems = {404, 412}};
}

Operation preview() {
  return {.method = "POST",
          .pattern = "/api/thresholds/preview",
          .id = "preview_threshold",
          .tag = "thresholds",
          .summary = "How often a limit would have fired",
          .description =
              "Counted over stored minutes; changes nothing. Delays and "
              "ALARM_CONSECUTIVE_COUNT are not looked at, so it is an upper bound.",
          .request_schema = preview_schema,
          .request_example = R"({"device_id":"conveyor","parameter_name":"power_kw",)"
                             R"("threshold_value":3,"days":1})",
          .response_schema = R"({"type":"object","properties":{
            "success":{"$ref":"#/components/schemas/Success"},
            "firings":{"type":"integer","minimum":0},
            "minutes":{"type":"integer","minimum":0,"description":"In which it was passed."},
            "minutes_with_values":{"type":"integer","minimum":0},
            "days":{"type":"integer","minimum":1,"maximum":30},
            "newest":{"type":"array","maxItems":10,"items":{"type":"object","properties":{
              "from":{"type":"string","format":"date-time"},
              "to":{"type":"string","format":"date-time"},
              "extreme":{"type":"number"}},
              "required":["from","to","extreme"],"additionalProperties":false}},
            "counted":{"type":"string","description":"What was counted, in words."}},
            "required":["success","firings","minutes","minutes_with_values","days","newest",
              "counted"],
            "additionalProperties":false})"};
}

}  // namespace

std::vector<Operation> threshold_operations() {
  return {list_thresholds(),  one_threshold(),    add_threshold(),
          change_threshold(), remove_threshold(), preview()};
}

}  // namespace wl::web::openapi
