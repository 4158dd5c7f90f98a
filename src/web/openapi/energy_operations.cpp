#include "web/openapi/common_parameters.hpp"
#include "web/openapi/operations.hpp"

namespace wl::web::openapi {
namespace {

constexpr Parameter device_id_parameter{.name = "device_id",
                                        .schema = R"({"type":"string"})",
                                        .description = "One device. Default: all.",
                                        .example = "conveyor"};

constexpr Parameter aggregate_parameter{
    .name = "aggregate",
    .schema = R"({"type":"string","enum":["avg","sum","max","min","count"],"default":"sum"})",
    .description =
        "With `interval`. sum: energy used (kWh); avg, max and min: of the power (kW); "
        "count: stored power samples.",
    .example = "sum"};

constexpr Parameter interval_parameter{
    .name = "interval",
    .schema = R"({"type":"string","enum":["15m","hour","day","week","month"]})",
    .description = "One value a device and interval, at most 2,000. Without it: the overview.",
    .example = "hour"};

}  // namespace

std::vector<Operation> energy_operations() {
  return {{.method = "GET",
           .pattern = "/api/energy/summary",
           .id = "energy_summary",
           .tag = "energy",
           .summary = "Energy by device and time, compared with earlier periods",
           .description =
               "Energy is a difference of counters, from a ledger of quarter hours: the range is "
               "widened to whole ones. The plant's total is that of its line meter. The overview "
               "compares with the period before and with a year ago, and has a trend of at most "
               "2,000 points with a member for each device.",
           .parameters = {start_time_parameter, end_time_parameter, device_id_parameter,
                          aggregate_parameter, interval_parameter},
           .response_schema = R"({"oneOf":[
             {"type":"object","description":"With interval.","properties":{
               "success":{"$ref":"#/components/schemas/Success"},
               "summary":{"type":"object","properties":{
                 "aggregate":{"type":"string","enum":["avg","sum","max","min","count"]},
                 "unit":{"type":"string","enum":["kWh","kW",""]},
                 "interval":{"type":"string","enum":["15m","hour","day","week","month"]},
                 "data":{"type":"array","items":{"type":"object","properties":{
                   "time_period":{"type":"string","format":"date-time"},
                   "end":{"type":"string","format":"date-time"},
                   "device_id":{"type":"string"},
                   "value":{"type":["number","null"]}},
                   "required":["time_period","end","device_id","value"],
                   "additionalProperties":false}},
                 "total_records":{"type":"integer","minimum":0}},
                 "required":["aggregate","unit","interval","data","total_records"],
                 "additionalProperties":false}},
               "required":["success","summary"],"additionalProperties":false},
             {"type":"object","description":"Overview.","properties":{
               "success":{"$ref":"#/components/schemas/Success"},
               "summary":{"type":"object","properties":{
                 "time_range":{"$ref":"#/components/schemas/TimeRange"},
                 "total_energy_kwh":{"type":["number","null"]},
                 "devices":{"type":"array","items":{"$ref":"#/components/schemas/DeviceEnergy"}},
                 "trends":{"type":"object","properties":{
                   "period_over_period":{"$ref":"#/components/schemas/Comparison"},
                   "year_over_year":{"$ref":"#/components/schemas/Comparison"}},
                   "required":["period_over_period","year_over_year"],
                   "additionalProperties":false}},
                 "required":["time_range","total_energy_kwh","devices","trends"],
                 "additionalProperties":false},
               "trend_interval":{"type":"string","enum":["15m","hour","day","week","month"]},
               "trend_unit":{"type":"string","enum":["kWh"]},
               "trend":{"type":"array","items":{"type":"object","properties":{
                 "timestamp":{"type":"string","format":"date-time"}},
                 "required":["timestamp"],
                 "additionalProperties":{"type":["number","null"]}}}},
               "required":["success","summary","trend_interval","trend_unit","trend"],
               "additionalProperties":false}]})",
           .problems = {400}}};
}

}  // namespace wl::web::openapi
