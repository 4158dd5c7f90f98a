#include "web/openapi/schemas.hpp"

namespace wl::web::openapi {
namespace {

constexpr const char* success = R"({"type":"boolean","enum":[true]})";

constexpr const char* problem = R"({
  "type":"object",
  "description":"RFC 9457, with the members that scripts of older systems read.",
  "properties":{
    "type":{"type":"string"},
    "title":{"type":"string"},
    "status":{"type":"integer","minimum":400,"maximum":599},
    "detail":{"type":"string",
      "description":"Cause and next step, in the language that was asked for."},
    "success":{"type":"boolean","enum":[false]},
    "error":{"type":"string","pattern":"^[a-z][a-z0-9_]*$",
      "description":"A stable word for programs."},
    "message":{"type":"string","description":"The same as detail."},
    "retry_after":{"type":"integer","minimum":0,
      "description":"Seconds, as in the header Retry-After."},
    "ready":{"type":"boolean","enum":[false],"description":"Of /readyz."},
    "not_ready":{"type":"array","items":{"$ref":"#/components/schemas/NotReady"},
      "description":"Of /readyz."}},
  "required":["type","title","status","detail","success","error","message"],
  "additionalProperties":false})";

constexpr const char* not_ready = R"({
  "type":"object",
  "properties":{
    "part":{"type":"string","enum":["database","live","ui","collector"]},
    "reason":{"type":"string"}},
  "required":["part","reason"],
  "additionalProperties":false})";

constexpr const char* pagination = R"({
  "type":"object",
  "properties":{
    "page":{"type":"integer","minimum":1},
    "page_size":{"type":"integer","minimum":1},
    "total":{"type":"integer","minimum":0,"description":"Rows on all pages together."},
    "total_pages":{"type":"integer","minimum":0}},
  "required":["page","page_size","total","total_pages"],
  "additionalProperties":false})";

constexpr const char* time_range = R"({
  "type":"object",
  "properties":{
    "start_time":{"type":"string","format":"date-time"},
    "end_time":{"type":"string","format":"date-time"}},
  "required":["start_time","end_time"],
  "additionalProperties":false})";

constexpr const char* local_text = R"({
  "type":"object",
  "properties":{"zh-CN":{"type":"string"},"en":{"type":"string"}},
  "required":["zh-CN","en"],
  "additionalProperties":false})";

constexpr const char* gap = R"({
  "type":"object",
  "description":"A time in which nobody saw the plant. A steady value is none.",
  "properties":{
    "from":{"type":"string","format":"date-time"},
    "to":{"type":"string","format":"date-time"},
    "cause":{"type":"string"}},
  "required":["from","to","cause"],
  "additionalProperties":false})";

constexpr const char* device = R"({
  "type":"object",
  "properties":{
    "id":{"type":"string"},
    "name":{"type":"string","description":"In the language that was asked for."},
    "type":{"type":"string"},
    "description":{"type":"string"},
    "names":{"$ref":"#/components/schemas/LocalText"},
    "descriptions":{"$ref":"#/components/schemas/LocalText"},
    "rated_power_kw":{"type":"number"}},
  "required":["id","name","type","description","names","descriptions","rated_power_kw"],
  "additionalProperties":false})";

constexpr const char* point_value = R"({
  "type":["number","string","null"],
  "description":"A measurement or counter is a number, a state its word. Null: no usable value."})";

constexpr const char* trust = R"({
  "type":"string","enum":["good","uncertain","bad"],
  "description":"Of the worst point of the device."})";

constexpr const char* current_values = R"({
  "type":"object",
  "description":"Beside the named members: one for each point of the device, by its name.",
  "properties":{
    "timestamp":{"type":["string","null"],"format":"date-time",
      "description":"Null: nothing was ever heard of it."},
    "device_id":{"type":"string"},
    "device_name":{"type":"string"},
    "quality":{"$ref":"#/components/schemas/Trust"},
    "stale":{"type":"boolean",
      "description":"True: the collector does not tell now; these are its last words."}},
  "required":["timestamp","device_id","device_name","quality","stale"],
  "additionalProperties":{"$ref":"#/components/schemas/PointValue"}})";

constexpr const char* history_row = R"({
  "type":"object",
  "description":"The state at one tick. Beside the named members: one for each point.",
  "properties":{
    "timestamp":{"type":"string","format":"date-time"},
    "device_id":{"type":"string"},
    "quality":{"$ref":"#/components/schemas/Trust"}},
  "required":["timestamp","device_id","quality"],
  "additionalProperties":{"$ref":"#/components/schemas/PointValue"}})";

constexpr const char* point_statistics = R"({
  "type":"object",
  "description":"Of a number. Without a usable value they are null, never 0.",
  "properties":{
    "min":{"type":["number","null"]},
    "max":{"type":["number","null"]},
    "avg":{"type":["number","null"],"description":"Weighted by the time that a value was held."},
    "last":{"type":["number","null"]},
    "count":{"type":"integer","minimum":0,"description":"Samples that were stored in it."},
    "coverage":{"type":"number","minimum":0,"maximum":1,
      "description":"Part of it with a usable value."}},
  "required":["min","max","avg","last","count","coverage"],
  "additionalProperties":false})";

constexpr const char* state_statistics = R"({
  "type":"object",
  "description":"Of a state: a code has no mean.",
  "properties":{
    "last":{"type":["string","null"]},
    "count":{"type":"integer","minimum":0},
    "coverage":{"type":"number","minimum":0,"maximum":1}},
  "required":["last","count","coverage"],
  "additionalProperties":false})";

constexpr const char* bucket = R"({
  "type":"object",
  "properties":{
    "timestamp":{"type":"string","format":"date-time",
      "description":"Its begin, in the plant's time zone a whole interval."},
    "end":{"type":"string","format":"date-time"},
    "energy_kwh":{"type":["number","null"],
      "description":"Used in it. Only when the counter is among the points."},
    "points":{
      "type":"object",
      "additionalProperties":{"oneOf":[
        {"$ref":"#/components/schemas/PointStatistics"},
        {"$ref":"#/components/schemas/StateStatistics"}]}}},
  "required":["timestamp","end","points"],
  "additionalProperties":false})";

constexpr const char* comparison = R"({
  "type":"object",
  "properties":{
    "current":{"type":["number","null"]},
    "previous":{"type":["number","null"]},
    "change_percentage":{"type":["number","null"]}},
  "required":["current","previous","change_percentage"],
  "additionalProperties":false})";

constexpr const char* device_energy = R"({
  "type":"object",
  "properties":{
    "device_id":{"type":"string"},
    "total_energy_kwh":{"type":["number","null"]},
    "avg_power_kw":{"type":["number","null"]},
    "max_power_kw":{"type":["number","null"]},
    "min_power_kw":{"type":["number","null"]},
    "record_count":{"type":"integer","minimum":0},
    "coverage":{"type":"number","minimum":0,"maximum":1}},
  "required":["device_id","total_energy_kwh","avg_power_kw","max_power_kw","min_power_kw",
    "record_count","coverage"],
  "additionalProperties":false})";

constexpr const char* figures = R"(
    "oee_percentage":{"type":["number","null"]},
    "availability":{"type":["number","null"]},
    "performance":{"type":["number","null"],
      "description":"Never clamped; above 100 the flag is set."},
    "quality":{"type":["number","null"]},
    "performance_flag":{"type":"boolean"},
    "coverage":{"type":"number","minimum":0,"maximum":1,
      "description":"Part of planned time that was seen."},
    "total_products":{"type":"integer"},
    "total_rejects":{"type":"integer"},
    "total_planned_hours":{"type":"number"},
    "total_runtime_hours":{"type":"number"},
    "total_downtime_hours":{"type":"number"}})";

constexpr const char* figure_names = R"("oee_percentage","availability","performance","quality",
    "performance_flag","coverage","total_products","total_rejects","total_planned_hours",
    "total_runtime_hours","total_downtime_hours")";

std::string oee_figures() {
  return std::string(R"({"type":"object",
    "description":"Rates in per cent, null where nothing was planned.",
    "properties":{)") +
         figures + R"(,"required":[)" + figure_names + R"(],"additionalProperties":false})";
}

std::string oee_period() {
  return std::string(R"({"type":"object","properties":{
    "period":{"type":"string","format":"date-time"},
    "end":{"type":"string","format":"date-time"},
    "shift":{"$ref":"#/components/schemas/LocalText"},)") +
         figures + R"(,"required":["period","end",)" + figure_names +
         R"(],"additionalProperties":false})";
}

constexpr const char* oee_stop = R"({
  "type":"object",
  "properties":{
    "start_time":{"type":"string","format":"date-time"},
    "end_time":{"type":["string","null"],"format":"date-time"},
    "ongoing":{"type":"boolean"},
    "cause":{"type":"string","enum":["breakdown","setup","idle","minor_stop"]},
    "state":{"type":"string","description":"Word of the line's state."},
    "duration_s":{"type":"number","minimum":0}},
  "required":["start_time","end_time","ongoing","cause","state","duration_s"],
  "additionalProperties":false})";

constexpr const char* stop_total = R"({
  "type":"object",
  "properties":{
    "count":{"type":"integer","minimum":0},
    "duration_s":{"type":"number","minimum":0}},
  "required":["count","duration_s"],
  "additionalProperties":false})";

constexpr const char* alarm_level =
    R"({"type":"string","enum":["warning","critical","emergency"]})";

constexpr const char* alarm_state = R"({
  "type":"string",
  "enum":["normal","active_unacked","active_acked","cleared_unacked","shelved","suppressed",
    "out_of_service"]})";

constexpr const char* alarm = R"({
  "type":"object",
  "properties":{
    "id":{"type":"integer","minimum":1},
    "timestamp":{"type":"string","format":"date-time","description":"When it was raised."},
    "device_id":{"type":"string"},
    "device_name":{"type":"string"},
    "parameter_name":{"type":"string"},
    "alarm_type":{"type":"string"},
    "alarm_level":{"$ref":"#/components/schemas/AlarmLevel"},
    "message_key":{"type":"string"},
    "message":{"type":"string","description":"In the language that was asked for."},
    "threshold_value":{"type":["number","null"]},
    "actual_value":{"type":["number","null"]},
    "unit":{"type":"string"},
    "state":{"$ref":"#/components/schemas/AlarmState"},
    "active":{"type":"boolean"},
    "cleared_at":{"type":["string","null"],"format":"date-time"},
    "acknowledged":{"type":"boolean"},
    "acknowledged_by":{"type":"string"},
    "acknowledged_at":{"type":["string","null"],"format":"date-time"},
    "note":{"type":"string"},
    "shelved_by":{"type":"string"},
    "shelved_until":{"type":["string","null"],"format":"date-time"},
    "raise_count":{"type":"integer","minimum":0},
    "suppressed_count":{"type":"integer","minimum":0,
      "description":"Annunciations that ALARM_DEDUP_WINDOW held back."},
    "chattering":{"type":"boolean"},
    "superseded_by":{"type":["integer","null"]}},
  "required":["id","timestamp","device_id","device_name","parameter_name","alarm_type",
    "alarm_level","message_key","message","threshold_value","actual_value","unit","state","active",
    "cleared_at","acknowledged","acknowledged_by","acknowledged_at","note","shelved_by",
    "shelved_until","raise_count","suppressed_count","chattering","superseded_by"],
  "additionalProperties":false})";

constexpr const char* journal_line = R"({
  "type":"object",
  "properties":{
    "at":{"type":"string","format":"date-time"},
    "event":{"type":"string"},
    "from_state":{"type":"string"},
    "to_state":{"type":"string"},
    "ordered_by":{"type":"string"},
    "alarm_level":{"type":"string"},
    "note":{"type":"string"}},
  "required":["at","event","from_state","to_state","ordered_by","alarm_level","note"],
  "additionalProperties":false})";

constexpr const char* alarm_answer = R"({
  "type":"object",
  "properties":{
    "success":{"$ref":"#/components/schemas/Success"},
    "alarm":{"$ref":"#/components/schemas/Alarm"}},
  "required":["success","alarm"],
  "additionalProperties":false})";

constexpr const char* note = R"({"type":"string","maxLength":500,
  "description":"At most 500 bytes of UTF-8."})";

constexpr const char* threshold = R"({
  "type":"object",
  "properties":{
    "id":{"type":"integer","minimum":1},
    "device_id":{"type":"string"},
    "parameter_name":{"type":"string"},
    "kind":{"$ref":"#/components/schemas/ThresholdKind"},
    "direction":{"type":"string","enum":["high","low"]},
    "threshold_value":{"type":"number"},
    "unit":{"type":"string"},
    "alarm_level":{"oneOf":[{"$ref":"#/components/schemas/AlarmLevel"},{"type":"null"}]},
    "hysteresis":{"type":"number","minimum":0},
    "on_delay_ms":{"type":"integer","minimum":0},
    "off_delay_ms":{"type":"integer","minimum":0},
    "setpoint_parameter":{"type":"string"},
    "setpoint_value":{"type":"number"},
    "enabled":{"type":"boolean"},
    "updated_by":{"type":"string"},
    "updated_at":{"type":"string","format":"date-time"},
    "version":{"type":"integer","minimum":1}},
  "required":["id","device_id","parameter_name","kind","direction","threshold_value","unit",
    "alarm_level","hysteresis","on_delay_ms","off_delay_ms","setpoint_parameter","setpoint_value",
    "enabled","updated_by","updated_at","version"],
  "additionalProperties":false})";

constexpr const char* threshold_kind = R"({
  "type":"string","enum":["limit","deviation","rate","stale","quality","state"]})";

constexpr const char* threshold_answer = R"({
  "type":"object",
  "properties":{
    "success":{"$ref":"#/components/schemas/Success"},
    "threshold":{"$ref":"#/components/schemas/Threshold"},
    "applied":{"type":"boolean",
      "description":"False: saved, but the collector does not use it yet."},
    "warning":{"type":"string","description":"Why not."}},
  "required":["success","threshold","applied"],
  "additionalProperties":false})";

}  // namespace

const std::vector<Component>& components() {
  static const std::vector<Component> all{{"Success", success},
                                          {"Problem", problem},
                                          {"NotReady", not_ready},
                                          {"Pagination", pagination},
                                          {"TimeRange", time_range},
                                          {"LocalText", local_text},
                                          {"Gap", gap},
                                          {"Device", device},
                                          {"PointValue", point_value},
                                          {"Trust", trust},
                                          {"CurrentValues", current_values},
                                          {"HistoryRow", history_row},
                                          {"PointStatistics", point_statistics},
                                          {"StateStatistics", state_statistics},
                                          {"Bucket", bucket},
                                          {"Comparison", comparison},
                                          {"DeviceEnergy", device_energy},
                                          {"OeeFigures", oee_figures()},
                                          {"OeePeriod", oee_period()},
                                          {"OeeStop", oee_stop},
                                          {"StopTotal", stop_total},
                                          {"AlarmLevel", alarm_level},
                                          {"AlarmState", alarm_state},
                                          {"Alarm", alarm},
                                          {"AlarmJournalLine", journal_line},
                                          {"AlarmAnswer", alarm_answer},
                                          {"Note", note},
                                          {"Threshold", threshold},
                                          {"ThresholdKind", threshold_kind},
                                          {"ThresholdAnswer", threshold_answer}};
  return all;
}

}  // namespace wl::web::openapi
