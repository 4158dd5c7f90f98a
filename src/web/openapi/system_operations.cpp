#include "web/openapi/operations.hpp"

namespace wl::web::openapi {
namespace {

constexpr Parameter commanded_device{
    .name = "id",
    .in = Parameter::In::path,
    .schema = R"({"type":"string","minLength":1})",
    .description = "Device id of plant.json, as `GET /api/devices` lists it.",
    .example = "conveyor"};

Operation list_points() {
  return {
      .method = "GET",
      .pattern = "/api/points",
      .id = "list_points",
      .tag = "points",
      .summary = "Every point with its tag, range, value, quality and age",
      .description =
          "From the live values; before the collector's first word from the database, with `stale` "
          "true. `age_s` is the age of the last change: a steady value grows old and is not stale. "
          "A value that nobody feeds any more is at best UncertainLastUsableValue.",
      .parameters = {{.name = "device_id",
                      .schema = R"({"type":"string"})",
                      .description = "Of this device. Default: all.",
                      .example = "conveyor"},
                     {.name = "quality",
                      .schema = R"({"type":"string","enum":["good","uncertain","bad"]})",
                      .description = "Of this quality. Default: any.",
                      .example = "good"}},
      .response_schema = R"({"type":"object","properties":{
        "success":{"$ref":"#/components/schemas/Success"},
        "points":{"type":"array","items":{"type":"object","properties":{
          "point":{"type":"string","description":"`<device>.<name>`, unique in the plant."},
          "device_id":{"type":"string"},"device_name":{"type":"string"},
          "name":{"type":"string"},
          "tag":{"type":["string","null"],"description":"Of the gateway, or an expression."},
          "derived":{"type":"boolean"},
          "access":{"type":["string","null"],"enum":["R","RW",null]},
          "data_type":{"type":["string","null"]},
          "scan_ms":{"type":["integer","null"],"minimum":0},
          "kind":{"type":"string","enum":["measurement","counter","state"]},
          "unit":{"type":"string"},
          "low":{"type":["number","null"]},"high":{"type":["number","null"]},
          "value":{"type":["number","null"]},
          "word":{"type":["string","null"],"description":"Of a state: what its code means."},
          "quality":{"type":"string","enum":["good","uncertain","bad"]},
          "status":{"type":"string","description":"Name of the OPC UA StatusCode."},
          "source_time":{"type":["string","null"],"format":"date-time"},
          "age_s":{"type":["number","null"],"minimum":0},
          "stale":{"type":"boolean"}},
          "required":["point","device_id","device_name","name","tag","derived","access",
            "data_type","scan_ms","kind","unit","low","high","value","word","quality","status",
            "source_time","age_s","stale"],"additionalProperties":false}},
        "total":{"type":"integer","minimum":0},"stale":{"type":"boolean"}},
        "required":["success","points","total","stale"],"additionalProperties":false})"};
}

Operation system_state() {
  return {
      .method = "GET",
      .pattern = "/api/system",
      .id = "get_system",
      .tag = "system",
      .summary = "Processes, machine, database, spool, outbox and controller",
      .description =
          "At most a second old. What is not known is null, not 0. `cpu_percent` of a process is "
          "of one processor; `cpu` is the same under the name of the replaced system.",
      .response_schema = R"({"type":"object","properties":{
        "success":{"$ref":"#/components/schemas/Success"},
        "timestamp":{"type":"string","format":"date-time"},
        "processes":{"type":"array","items":{"type":"object","properties":{
          "name":{"type":"string"},"pid":{"type":["integer","null"]},
          "state":{"type":"string","enum":["running","starting","hung","not running"]},
          "uptime_s":{"type":["number","null"]},"cpu":{"type":["number","null"]},
          "cpu_percent":{"type":["number","null"]},"memory_mb":{"type":["number","null"]},
          "healthy":{"type":"boolean"},"reason":{"type":"string"},
          "version":{"type":["string","null"]}},
          "required":["name","pid","state","uptime_s","cpu","cpu_percent","memory_mb","healthy",
            "reason","version"],"additionalProperties":false}},
        "host":{"type":"object","properties":{
          "cpu":{"type":"object","properties":{"used_percent":{"type":["number","null"]},
            "processors":{"type":"integer","minimum":1}},
            "required":["used_percent","processors"],"additionalProperties":false},
          "memory":{"type":["object","null"],"properties":{"total_mb":{"type":"number"},
            "used_mb":{"type":"number"}},
            "required":["total_mb","used_mb"],"additionalProperties":false},
          "disk":{"type":["object","null"],"properties":{"total_mb":{"type":"number"},
            "free_mb":{"type":"number"}},
            "required":["total_mb","free_mb"],"additionalProperties":false}},
          "required":["cpu","memory","disk"],"additionalProperties":false},
        "db":{"type":"object","properties":{
          "type":{"type":"string","enum":["sqlite","mysql"]},
          "size_mb":{"type":["number","null"]},
          "pool":{"type":["object","null"],"properties":{"in_use":{"type":"integer"},
            "idle":{"type":"integer"},"limit":{"type":"integer"}},
            "required":["in_use","idle","limit"],"additionalProperties":false}},
          "required":["type","size_mb","pool"],"additionalProperties":false},
        "spool":{"type":"object","properties":{
          "rows":{"type":["number","null"],"description":"Records that wait for the database."},
          "age_s":{"type":["number","null"]},"size_mb":{"type":["number","null"]}},
          "required":["rows","age_s","size_mb"],"additionalProperties":false},
        "outbox":{"type":"object","properties":{"pending":{"type":["integer","null"]},
          "last_error":{"type":["string","null"]},
          "last_error_at":{"type":["string","null"],"format":"date-time"}},
          "required":["pending","last_error","last_error_at"],"additionalProperties":false},
        "plc":{"type":"object","properties":{
          "scan_ms":{"type":["number","null"],"description":"Mean of the last minute."},
          "scan_max_ms":{"type":["number","null"],"description":"Longest of the last minute."},
          "overruns":{"type":["number","null"],"description":"Since the start."}},
          "required":["scan_ms","scan_max_ms","overruns"],"additionalProperties":false}},
        "required":["success","timestamp","processes","host","db","spool","outbox","plc"],
        "additionalProperties":false})"};
}

Operation metrics() {
  return {.method = "GET",
          .pattern = "/metrics",
          .id = "get_metrics",
          .tag = "system",
          .summary = "Figures of all processes as Prometheus text",
          .description =
              "Without a session for a program on this machine itself; a request that a proxy "
              "passed on, or that comes from elsewhere, needs a session or a token of scope read.",
          .media_type = "text/plain"};
}

Operation read_log() {
  return {.method = "GET",
          .pattern = "/api/logs",
          .id = "read_log",
          .tag = "system",
          .summary = "The newest messages of a process",
          .description =
              "Oldest first, over rotated files, of each at most its last MiB. A message "
              "of more than 4,000 bytes is cut.",
          .parameters = {{.name = "process",
                          .schema = R"({"type":"string",
                            "enum":["wattline","plc","gateway","collector","web"]})",
                          .description = "Whose log. It must be given.",
                          .example = "web",
                          .required = true},
                         {.name = "lines",
                          .schema = R"({"type":"integer","minimum":1,"maximum":2000,
                            "default":200})",
                          .description = "Messages at most.",
                          .example = "50"},
                         {.name = "level",
                          .schema = R"({"type":"string",
                            "enum":["debug","info","warning","error","critical"]})",
                          .description = "Of this level and above. Default: all.",
                          .example = "warning"}},
          .response_schema = R"({"type":"object","properties":{
            "success":{"$ref":"#/components/schemas/Success"},
            "process":{"type":"string"},
            "lines":{"type":"array","items":{"type":"object","properties":{
              "time":{"type":["string","null"],"format":"date-time"},
              "level":{"type":["string","null"]},"text":{"type":"string"},
              "cut":{"type":"boolean"}},
              "required":["time","level","text","cut"],"additionalProperties":false}},
            "total":{"type":"integer","minimum":0}},
            "required":["success","process","lines","total"],"additionalProperties":false})"};
}

#define WL_BACKUP_RUN                                                                      \
  R"({"type":["object","null"],"properties":{)"                                            \
  R"("state":{"type":"string","enum":["running","finished","failed"]},)"                   \
  R"("started_by":{"type":["string","null"]},)"                                            \
  R"("started_at":{"type":["string","null"],"format":"date-time"},)"                       \
  R"("ended_at":{"type":["string","null"],"format":"date-time"},)"                         \
  R"("step":{"type":["string","null"]},"file":{"type":["string","null"]},)"                \
  R"("reason":{"type":["string","null"]}},"required":["state","started_by","started_at",)" \
  R"("ended_at","step","file","reason"],"additionalProperties":false})"

Operation list_backups() {
  return {.method = "GET",
          .pattern = "/api/backups",
          .id = "list_backups",
          .tag = "system",
          .summary = "The backups there are, and how the newest one goes",
          .description =
              "Names and sizes of BACKUP_DIR; the files hold secrets and are not given "
              "out. `run`: the one that runs, or the last one that was asked for here.",
          .response_schema = R"({"type":"object","properties":{
            "success":{"$ref":"#/components/schemas/Success"},
            "backups":{"type":"array","items":{"type":"object","properties":{
              "name":{"type":"string"},"size_bytes":{"type":"integer","minimum":0},
              "made_at":{"type":"string","format":"date-time"}},
              "required":["name","size_bytes","made_at"],"additionalProperties":false}},
            "total":{"type":"integer","minimum":0},
            "run":)" WL_BACKUP_RUN R"(},
            "required":["success","backups","total","run"],"additionalProperties":false})"};
}

Operation make_backup() {
  return {.method = "POST",
          .pattern = "/api/backup",
          .id = "make_backup",
          .tag = "system",
          .summary = "Make a backup now",
          .description =
              "Answered at once; `GET /api/backups` shows how it goes. 409 while one "
              "runs.",
          .success = 202,
          .response_schema = R"({"type":"object","properties":{
            "success":{"$ref":"#/components/schemas/Success"},
            "backup":)" WL_BACKUP_RUN R"(},
            "required":["success","backup"],"additionalProperties":false})",
          .problems = {409}};
}

#undef WL_BACKUP_RUN

Operation list_commands() {
  return {.method = "GET",
          .pattern = "/api/devices/{id}/commands",
          .id = "list_commands",
          .tag = "commands",
          .summary = "What a device can be told to do",
          .description = "As plant.json says; most devices take no command.",
          .parameters = {commanded_device},
          .response_schema = R"({"type":"object","properties":{
            "success":{"$ref":"#/components/schemas/Success"},
            "device_id":{"type":"string"},
            "commands":{"type":"array","items":{"type":"object","properties":{
              "command":{"type":"string"},"takes_value":{"type":"boolean"},
              "low":{"type":["number","null"]},"high":{"type":["number","null"]},
              "unit":{"type":"string"},"tag":{"type":"string"}},
              "required":["command","takes_value","low","high","unit","tag"],
              "additionalProperties":false}},
            "total":{"type":"integer","minimum":0}},
            "required":["success","device_id","commands","total"],"additionalProperties":false})",
          .problems = {404}};
}

Operation give_command() {
  return {
      .method = "POST",
      .pattern = "/api/devices/{id}/commands",
      .id = "give_command",
      .tag = "commands",
      .summary = "Tell a device what to do",
      .description =
          "Written through the gateway and answered when its effect was seen, within 3 s as a "
          "rule: "
          "the state followed (`state`), the tag shows the value (`value`), or the controller took "
          "the edge and the state stayed (`cleared`). 409: nothing was written (a quality is not "
          "Good, the link is down, another command for the device is under way). 504: it was "
          "written and no effect was seen. 503 `audit_unavailable`: the audit log cannot take the "
          "intent. An emergency stop is written whatever the qualities and the audit log say. It "
          "is no safety function: that is the hard-wired one.",
      .parameters = {commanded_device},
      .request_schema = R"({"type":"object","properties":{
        "command":{"type":"string","description":"One of `GET` of the same address."},
        "value":{"type":"number","description":"Of a command that takes one."}},
        "required":["command"],"additionalProperties":false})",
      .request_example = R"({"command":"start"})",
      .response_schema = R"({"type":"object","properties":{
        "success":{"$ref":"#/components/schemas/Success"},
        "message":{"type":"string"},"device_id":{"type":"string"},
        "command":{"type":"string"},"confirmed":{"type":"boolean","enum":[true]},
        "confirmed_by":{"type":"string","enum":["state","value","cleared"]},
        "value_before":{"type":["boolean","number","null"]},
        "value_after":{"type":["boolean","number","null"]},
        "state_before":{"type":["string","null"]},"state_after":{"type":["string","null"]},
        "tag":{"type":"string"},"unit":{"type":"string"}},
        "required":["success","message","device_id","command","confirmed","confirmed_by",
          "value_before","value_after","state_before","state_after","tag","unit"],
        "additionalProperties":false})",
      .problems = {404, 409, 504}};
}

}  // namespace

std::vector<Operation> system_operations() {
  return {list_points(),  system_state(), metrics(),       read_log(),
          list_backups(), make_backup(),  list_commands(), give_command()};
}

}  // namespace wl::web::openapi
