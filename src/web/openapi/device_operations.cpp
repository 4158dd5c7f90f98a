#include "web/openapi/common_parameters.hpp"
#include "web/openapi/operations.hpp"

namespace wl::web::openapi {
namespace {

constexpr Parameter interval_parameter{
    .name = "interval",
    .schema = R"({"type":"string","enum":["raw","auto","1m","15m","hour","day","week","month"],)"
              R"("default":"raw"})",
    .description =
        "raw: one row a tick (DATA_COLLECTION_INTERVAL), in pages. Otherwise buckets with min, "
        "max, mean and last value, at most 2,000 a series; days, weeks and months are those of "
        "the plant's time zone. auto: the finest that fits.",
    .example = "15m"};

constexpr Parameter points_parameter{
    .name = "points",
    .schema = R"({"type":"string"})",
    .description =
        "With buckets: names of points, with commas between. Default: all of the "
        "device.",
    .example = "power_kw,energy_kwh"};

constexpr Parameter page_size_parameter{
    .name = "page_size",
    .schema = R"({"type":"integer","minimum":1,"maximum":1000,"default":100})",
    .description = "Rows a page. Buckets come without pages.",
    .example = "100"};

Operation list_devices() {
  return {.method = "GET",
          .pattern = "/api/devices",
          .id = "list_devices",
          .tag = "devices",
          .summary = "All devices of the plant",
          .description = "The machines and, with type `line`, the line as a whole.",
          .response_schema = R"({"type":"object","properties":{
            "success":{"$ref":"#/components/schemas/Success"},
            "devices":{"type":"array","items":{"$ref":"#/components/schemas/Device"}},
            "total":{"type":"integer","minimum":0},
            "time_zone":{"type":"string","description":"IANA name: days, shifts and CSV use it."}},
            "required":["success","devices","total","time_zone"],"additionalProperties":false})"};
}

Operation current_values() {
  return {.method = "GET",
          .pattern = "/api/devices/{id}/current",
          .id = "current_values",
          .tag = "devices",
          .summary = "The newest values of a device",
          .description =
              "From the collector's live feed; without one the newest that is stored, "
              "marked `stale`. A value of bad quality is null, never 0.",
          .parameters = {device_parameter},
          .response_schema = R"({"type":"object","properties":{
            "success":{"$ref":"#/components/schemas/Success"},
            "device_id":{"type":"string"},
            "data":{"$ref":"#/components/schemas/CurrentValues"}},
            "required":["success","device_id","data"],"additionalProperties":false})",
          .problems = {404}};
}

Operation device_history() {
  return {.method = "GET",
          .pattern = "/api/devices/{id}/history",
          .id = "device_history",
          .tag = "devices",
          .summary = "Values of a device over time",
          .description =
              "A steady value is a value: a row repeats what was held. `gaps` names the times in "
              "which nobody saw the plant, with the cause; they have no rows. Without `interval` "
              "start_time defaults to an hour before end_time.",
          .parameters = {device_parameter, start_time_parameter, end_time_parameter,
                         interval_parameter, points_parameter, page_parameter, page_size_parameter},
          .response_schema = R"({"oneOf":[
            {"type":"object","description":"Rows.","properties":{
              "success":{"$ref":"#/components/schemas/Success"},
              "device_id":{"type":"string"},
              "data":{"type":"array","items":{"$ref":"#/components/schemas/HistoryRow"}},
              "gaps":{"type":"array","items":{"$ref":"#/components/schemas/Gap"}},
              "pagination":{"$ref":"#/components/schemas/Pagination"}},
              "required":["success","device_id","data","gaps","pagination"],
              "additionalProperties":false},
            {"type":"object","description":"Buckets.","properties":{
              "success":{"$ref":"#/components/schemas/Success"},
              "device_id":{"type":"string"},
              "interval":{"type":"string","enum":["1m","15m","hour","day","week","month"]},
              "data":{"type":"array","items":{"$ref":"#/components/schemas/Bucket"}},
              "gaps":{"type":"array","items":{"$ref":"#/components/schemas/Gap"}}},
              "required":["success","device_id","interval","data","gaps"],
              "additionalProperties":false}]})",
          .csv = true,
          .problems = {400, 404}};
}

}  // namespace

std::vector<Operation> device_operations() {
  return {list_devices(), current_values(), device_history()};
}

}  // namespace wl::web::openapi
