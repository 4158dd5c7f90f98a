#include "web/openapi/common_parameters.hpp"
#include "web/openapi/operations.hpp"

namespace wl::web::openapi {
namespace {

constexpr Parameter dimension_parameter{
    .name = "dimension",
    .schema = R"({"type":"string","enum":["hour","day","week","month","shift"],"default":"hour"})",
    .description =
        "Length of the periods in `data`; whole ones, also where they stick out of the "
        "range.",
    .example = "shift"};

constexpr Parameter periods_parameter{
    .name = "page_size",
    .schema = R"({"type":"integer","minimum":1,"maximum":1000,"default":100})",
    .description = "Periods a page.",
    .example = "100"};

constexpr Parameter stops_parameter{
    .name = "page_size",
    .schema = R"({"type":"integer","minimum":1,"maximum":500,"default":100})",
    .description = "Stops a page.",
    .example = "100"};

constexpr Parameter cause_parameter{
    .name = "cause",
    .schema = R"({"type":"string","enum":["breakdown","setup","idle","minor_stop"]})",
    .description = "Stops of this cause. Default: of all.",
    .example = "breakdown"};

Operation overview() {
  return {.method = "GET",
          .pattern = "/api/oee",
          .id = "oee",
          .tag = "oee",
          .summary = "Overall equipment effectiveness by ISO 22400",
          .description =
              "Rates are made from sums of quarter hours, never means of rates. "
              "`current_shift` is null between shifts. 404 `oee_not_configured` when "
              "plant.json has no `oee`.",
          .parameters = {start_time_parameter, end_time_parameter, dimension_parameter,
                         page_parameter, periods_parameter},
          .response_schema = R"({"type":"object","properties":{
            "success":{"$ref":"#/components/schemas/Success"},
            "oee":{"type":"object","properties":{
              "dimension":{"type":"string","enum":["hour","day","week","month","shift"]},
              "time_range":{"$ref":"#/components/schemas/TimeRange"},
              "overall":{"$ref":"#/components/schemas/OeeFigures"},
              "current_shift":{"oneOf":[{"$ref":"#/components/schemas/OeePeriod"},{"type":"null"}]},
              "data":{"type":"array","items":{"$ref":"#/components/schemas/OeePeriod"}},
              "pagination":{"$ref":"#/components/schemas/Pagination"}},
              "required":["dimension","time_range","overall","current_shift","data","pagination"],
              "additionalProperties":false}},
            "required":["success","oee"],"additionalProperties":false})",
          .problems = {400, 404}};
}

Operation losses() {
  return {.method = "GET",
          .pattern = "/api/oee/losses",
          .id = "oee_losses",
          .tag = "oee",
          .summary = "Where planned time went: the six big losses",
          .description =
              "From planned time that was seen down to the ideal time of good pieces; "
              "what is left and the losses add up to it. Reduced speed is negative "
              "where performance is above 100 %.",
          .parameters = {start_time_parameter, end_time_parameter},
          .response_schema = R"({"type":"object","properties":{
            "success":{"$ref":"#/components/schemas/Success"},
            "time_range":{"$ref":"#/components/schemas/TimeRange"},
            "planned_hours":{"type":"number"},
            "unknown_hours":{"type":"number","description":"Nobody saw them."},
            "break_hours":{"type":"number","description":"The break allowance took them out."},
            "effective_hours":{"type":"number"},
            "losses":{"type":"array","items":{"type":"object","properties":{
              "loss":{"type":"string","enum":["breakdown","setup","idle","minor_stop",
                "reduced_speed","startup_rejects","production_rejects"]},
              "factor":{"type":"string","enum":["availability","performance","quality"]},
              "hours":{"type":["number","null"]},
              "percentage":{"type":["number","null"],"description":"Of planned time seen."}},
              "required":["loss","factor","hours","percentage"],"additionalProperties":false}},
            "oee_percentage":{"type":["number","null"]},
            "performance_flag":{"type":"boolean"}},
            "required":["success","time_range","planned_hours","unknown_hours","break_hours",
              "effective_hours","losses","oee_percentage","performance_flag"],
            "additionalProperties":false})",
          .problems = {400, 404}};
}

Operation downtime() {
  return {.method = "GET",
          .pattern = "/api/oee/downtime",
          .id = "oee_downtime",
          .tag = "oee",
          .summary = "Stops of the line, the newest first",
          .description =
              "`statistics` adds them up by cause, whatever `cause` was asked for. "
              "`truncated`: the range has more than 20,000 stops; its oldest are told.",
          .parameters = {start_time_parameter, end_time_parameter, cause_parameter, page_parameter,
                         stops_parameter},
          .response_schema = R"({"type":"object","properties":{
            "success":{"$ref":"#/components/schemas/Success"},
            "time_range":{"$ref":"#/components/schemas/TimeRange"},
            "stops":{"type":"array","items":{"$ref":"#/components/schemas/OeeStop"}},
            "statistics":{"type":"object","properties":{
              "breakdown":{"$ref":"#/components/schemas/StopTotal"},
              "setup":{"$ref":"#/components/schemas/StopTotal"},
              "idle":{"$ref":"#/components/schemas/StopTotal"},
              "minor_stop":{"$ref":"#/components/schemas/StopTotal"}},
              "required":["breakdown","setup","idle","minor_stop"],"additionalProperties":false},
            "truncated":{"type":"boolean"},
            "pagination":{"$ref":"#/components/schemas/Pagination"}},
            "required":["success","time_range","stops","statistics","truncated","pagination"],
            "additionalProperties":false})",
          .problems = {400, 404}};
}

}  // namespace

std::vector<Operation> oee_operations() {
  return {overview(), losses(), downtime()};
}

}  // namespace wl::web::openapi
