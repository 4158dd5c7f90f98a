#include "web/api/backup_api.hpp"

#include <spdlog/spdlog.h>

#include "web/http/json_writer.hpp"
#include "web/http/utf8_text.hpp"

namespace wl::web {
namespace {

std::string_view word_of(BackupRun::State state) {
  switch (state) {
    case BackupRun::State::running:
      return "running";
    case BackupRun::State::finished:
      return "finished";
    default:
      return "failed";
  }
}

void text_or_null(JsonWriter& json, std::string_view name, const std::string& text) {
  json.key(name);
  text.empty() ? json.null() : json.text(as_utf8(text));
}

void time_or_null(JsonWriter& json, std::string_view name, std::optional<Timestamp> time) {
  json.key(name);
  time ? json.text(to_iso8601(*time)) : json.null();
}

void write_run(JsonWriter& json, const std::optional<BackupRun>& run) {
  if (!run) {
    json.null();
    return;
  }
  json.object().key("state").text(word_of(run->state));
  text_or_null(json, "started_by", run->started_by);
  time_or_null(json, "started_at", run->started_at);
  time_or_null(json, "ended_at", run->ended_at);
  text_or_null(json, "step", run->step);
  text_or_null(json, "file", run->file);
  text_or_null(json, "reason", run->reason);
  json.end();
}

std::string overview_json(const BackupOverview& overview) {
  JsonWriter json;
  json.object().key("success").boolean(true).key("backups").array();
  for (const StoredBackup& backup : overview.stored) {
    json.object().key("name").text(backup.name);
    json.key("size_bytes").integer(static_cast<std::int64_t>(backup.bytes));
    json.key("made_at").text(to_iso8601(backup.made_at)).end();
  }
  json.end().key("total").integer(static_cast<std::int64_t>(overview.stored.size()));
  json.key("run");
  write_run(json, overview.run);
  json.end();
  return json.take();
}

Problem cannot_start(const Error& error) {
  if (error.code == Errc::conflict) {
    return {409,
            "backup_under_way",
            {"已有备份正在进行,请等待其完成(见 GET /api/backups)",
             "a backup is under way; wait for it (GET /api/backups shows it)"},
            {}};
  }
  spdlog::error("backup: {}", error.what);
  return {
      503,
      "backup_cannot_start",
      {"备份无法启动,原因见 logs/web.log", "the backup cannot be started; logs/web.log says why"},
      {}};
}

}  // namespace

std::vector<Route> BackupApi::routes() {
  return {{"GET", "/api/backups", Access::admin, Scope::maintenance,
           [this](Call call, Reply reply) { list(std::move(call), std::move(reply)); }},
          {"POST", "/api/backup", Access::admin, Scope::maintenance,
           [this](Call call, Reply reply) { start(std::move(call), std::move(reply)); }}};
}

void BackupApi::list(Call call, Reply reply) {
  const Language language = call.request.language();
  const auto shared = std::make_shared<Reply>(std::move(reply));
  const bool asked =
      desk_.ask([now = clock_()](
                    BackupKeeper& keeper) { return Result<BackupOverview>(keeper.overview(now)); },
                [this, shared, language](Result<BackupOverview> overview) {
                  if (!overview)
                    return (*shared)(problem_response(cannot_start(overview.error()), language));
                  on_overview(*overview);
                  (*shared)(json_response(overview_json(*overview)));
                });
  if (!asked) (*shared)(problem_response(problems::overloaded(), language));
}

void BackupApi::start(Call call, Reply reply) {
  const Language language = call.request.language();
  const auto shared = std::make_shared<Reply>(std::move(reply));
  const AuditEntry entry = entry_of(call, clock_(), "backup.start", "installation");
  const bool asked =
      desk_.ask([by = call.caller.username,
                 now = clock_()](BackupKeeper& keeper) { return keeper.start(by, now); },
                [this, shared, language, entry](Result<BackupRun> run) {
                  if (!run) return (*shared)(problem_response(cannot_start(run.error()), language));
                  spdlog::info("'{}' started a backup", run->started_by);
                  audit_.record(entry);
                  waits_for_end_ = entry;
                  JsonWriter json;
                  json.object().key("success").boolean(true).key("backup");
                  write_run(json, *run);
                  json.end();
                  Response response = json_response(json.take());
                  response.status = 202;
                  response.headers.emplace_back("Location", "/api/backups");
                  (*shared)(std::move(response));
                });
  if (!asked) (*shared)(problem_response(problems::overloaded(), language));
}

void BackupApi::tick() {
  if (!waits_for_end_ || looking_) return;
  looking_ =
      desk_.ask([now = clock_()](
                    BackupKeeper& keeper) { return Result<BackupOverview>(keeper.overview(now)); },
                [this](Result<BackupOverview> overview) {
                  looking_ = false;
                  if (overview) on_overview(*overview);
                });
}

void BackupApi::on_overview(const BackupOverview& overview) {
  if (!waits_for_end_ || !overview.run) return;
  const BackupRun& run = *overview.run;
  if (run.state == BackupRun::State::running) return;
  AuditEntry entry = std::move(*waits_for_end_);
  waits_for_end_.reset();
  const bool well = run.state == BackupRun::State::finished;
  entry.at = clock_();
  entry.action = well ? "backup.finished" : "backup.failed";
  entry.after = as_utf8(well ? run.file : run.reason);
  if (!well) spdlog::error("backup of '{}' failed: {}", run.started_by, run.reason);
  audit_.record(std::move(entry));
}

}  // namespace wl::web
