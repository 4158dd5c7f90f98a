#include "web/api/threshold_api.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "base/quantity.hpp"
#include "web/api/etag.hpp"
#include "web/api/threshold_words.hpp"

namespace wl::web {
namespace {

constexpr std::size_t minutes_a_day = 24 * 60;

std::optional<std::int64_t> id_of(const Call& call) {
  const auto id =
      parse_integer(call.parameters.at("id"), 1, std::numeric_limits<std::int64_t>::max());
  return id ? std::optional(*id) : std::nullopt;
}

Problem changed_meanwhile() {
  return {412,
          "changed_meanwhile",
          {"阈值已被他人修改,请重新读取后再改", "it was changed meanwhile: read it again"},
          {}};
}

Problem not_found(std::int64_t id) {
  return {404,
          "not_found",
          {fmt::format("没有阈值 {}", id), fmt::format("there is no threshold {}", id)},
          {}};
}

Problem same_rule(const Error& error) {
  return {409, "conflict", {"同一设备、参数、类型、方向和级别的阈值已存在", error.what}, {}};
}

Problem problem_for(const Error& error) {
  if (error.code == Errc::unavailable || error.code == Errc::corrupt)
    spdlog::error("thresholds: {}", error.what);
  return problem_of(error);
}

/// The row that a call is about, as it stands, when its If-Match agrees.
std::expected<ThresholdRow, Problem> seen_row(storage::AlarmStore& store, std::int64_t id,
                                              const std::string& if_match) {
  auto row = store.threshold(id);
  if (!row) return std::unexpected(problem_for(row.error()));
  if (!*row) return std::unexpected(not_found(id));
  if (!matches_etag(if_match, etag_of(**row))) return std::unexpected(changed_meanwhile());
  return std::move(**row);
}

/// A conflict is either another's change in the moment between, or a rule that is there already.
Problem conflict_of(storage::AlarmStore& store, const ThresholdRow& seen, const Error& error) {
  if (error.code == Errc::not_found) return not_found(seen.id);
  if (error.code != Errc::conflict) return problem_for(error);
  const auto now = store.threshold(seen.id);
  const bool changed = now && *now && (*now)->version != seen.version;
  return changed ? changed_meanwhile() : same_rule(error);
}

}  // namespace

std::vector<Route> ThresholdApi::routes() {
  const auto bind = [this](void (ThresholdApi::*handler)(Call, Reply)) -> Handler {
    return [this, handler](Call call, Reply reply) {
      (this->*handler)(std::move(call), std::move(reply));
    };
  };
  return {
      {"GET", "/api/thresholds", Access::user, Scope::read, bind(&ThresholdApi::list)},
      {"GET", "/api/thresholds/{id}", Access::user, Scope::read, bind(&ThresholdApi::one)},
      {"POST", "/api/thresholds", Access::admin, Scope::thresholds, bind(&ThresholdApi::add)},
      {"PUT", "/api/thresholds/{id}", Access::admin, Scope::thresholds,
       bind(&ThresholdApi::change)},
      {"DELETE", "/api/thresholds/{id}", Access::admin, Scope::thresholds,
       bind(&ThresholdApi::remove)},
      {"POST", "/api/thresholds/preview", Access::user, Scope::read, bind(&ThresholdApi::preview)}};
}

void ThresholdApi::list(Call call, Reply reply) {
  const Language language = call.request.language();
  const std::string device = query_parameter(call.request.query, "device_id").value_or("");
  const auto shared = std::make_shared<Reply>(std::move(reply));
  const bool asked =
      alarms_.ask([](storage::AlarmStore& store) { return store.thresholds(); },
                  [this, shared, language, device](Result<std::vector<ThresholdRow>> rows) {
                    if (!rows)
                      return (*shared)(problem_response(problem_for(rows.error()), language));
                    std::int64_t total = 0;
                    JsonWriter json;
                    json.object().key("success").boolean(true).key("thresholds").array();
                    for (const ThresholdRow& row : *rows) {
                      if (!device.empty() && row.device_id != device) continue;
                      write_threshold(json, row, plant_);
                      ++total;
                    }
                    json.end().key("total").integer(total).end();
                    (*shared)(json_response(json.take()));
                  });
  if (!asked) (*shared)(problem_response(problems::overloaded(), language));
}

void ThresholdApi::one(Call call, Reply reply) {
  const Language language = call.request.language();
  const auto id = id_of(call);
  if (!id) return reply(problem_response(problems::not_found(call.request.path), language));
  const auto shared = std::make_shared<Reply>(std::move(reply));
  const bool asked =
      alarms_.ask([id = *id](storage::AlarmStore& store) { return store.threshold(id); },
                  [this, shared, language, id = *id](Result<std::optional<ThresholdRow>> row) {
                    if (!row)
                      return (*shared)(problem_response(problem_for(row.error()), language));
                    if (!*row) return (*shared)(problem_response(not_found(id), language));
                    JsonWriter json;
                    json.object().key("success").boolean(true).key("threshold");
                    write_threshold(json, **row, plant_);
                    json.end();
                    Response response = json_response(json.take());
                    response.headers.emplace_back("ETag", etag_of(**row));
                    (*shared)(std::move(response));
                  });
  if (!asked) (*shared)(problem_response(problems::overloaded(), language));
}

void ThresholdApi::add(Call call, Reply reply) {
  const Language language = call.request.language();
  auto row = read_threshold(call.request.body, {});
  if (!row) return reply(problem_response(row.error(), language));
  if (const auto problem = threshold_problem(*row, plant_))
    return reply(problem_response(*problem, language));
  row->updated_by = call.caller.username;
  row->updated_at = audit_.clock();
  const Work work = [row = std::move(*row)](storage::AlarmStore& store) -> Changed {
    auto added = store.add_threshold(row);
    if (added) return Rows{std::nullopt, std::move(*added)};
    const bool there = added.error().code == Errc::conflict;
    return std::unexpected(there ? same_rule(added.error()) : problem_for(added.error()));
  };
  carry_out(work, 201, call, std::move(reply));
}

void ThresholdApi::change(Call call, Reply reply) {
  const Language language = call.request.language();
  const auto id = id_of(call);
  if (!id) return reply(problem_response(problems::not_found(call.request.path), language));
  const Work work = [id = *id, body = call.request.body, by = call.caller.username,
                     if_match = std::string(call.request.header("if-match")), at = audit_.clock(),
                     &plant = plant_](storage::AlarmStore& store) -> Changed {
    const auto seen = seen_row(store, id, if_match);
    if (!seen) return std::unexpected(seen.error());
    auto row = read_threshold(body, *seen);
    if (!row) return std::unexpected(row.error());
    if (auto problem = threshold_problem(*row, plant)) return std::unexpected(std::move(*problem));
    row->updated_by = by;
    row->updated_at = at;
    auto changed = store.change_threshold(*row);
    if (!changed) return std::unexpected(conflict_of(store, *seen, changed.error()));
    return Rows{*seen, std::move(*changed)};
  };
  carry_out(work, 200, call, std::move(reply));
}

void ThresholdApi::remove(Call call, Reply reply) {
  const Language language = call.request.language();
  const auto id = id_of(call);
  if (!id) return reply(problem_response(problems::not_found(call.request.path), language));
  const Work work = [id = *id, if_match = std::string(call.request.header("if-match"))](
                        storage::AlarmStore& store) -> Changed {
    const auto seen = seen_row(store, id, if_match);
    if (!seen) return std::unexpected(seen.error());
    const auto removed = store.remove_threshold(id, seen->version);
    if (!removed) return std::unexpected(conflict_of(store, *seen, removed.error()));
    return Rows{*seen, std::nullopt};
  };
  carry_out(work, 200, call, std::move(reply));
}

void ThresholdApi::carry_out(Work work, int status, const Call& call, Reply reply) {
  const Language language = call.request.language();
  spdlog::info("'{}': {} {}", call.caller.username, call.request.method, call.request.path);
  const auto shared = std::make_shared<Reply>(std::move(reply));
  const bool asked = alarms_.ask(
      // A refusal is an answer of the store, not a failure of it.
      [work = std::move(work)](storage::AlarmStore& store) -> Result<Changed> {
        return Result<Changed>(std::in_place, work(store));
      },
      [this, shared, language, status, call](Result<Changed> done) {
        if (!done) return (*shared)(problem_response(problem_for(done.error()), language));
        if (!*done) return (*shared)(problem_response(done->error(), language));
        write_audit(call, **done);
        tell_collector(std::move((*done)->after), status, language, call.caller.username, shared);
      });
  if (!asked) (*shared)(problem_response(problems::overloaded(), language));
}

void ThresholdApi::write_audit(const Call& call, const Rows& rows) const {
  const auto json_of = [this](const std::optional<ThresholdRow>& row) {
    JsonWriter json;
    if (row) write_threshold(json, *row, plant_);
    return json.take();
  };
  const std::string_view action = !rows.before  ? "threshold.add"
                                  : !rows.after ? "threshold.remove"
                                                : "threshold.change";
  const std::int64_t id = rows.after ? rows.after->id : rows.before->id;
  audit_.write(call, std::string(action), fmt::format("threshold {}", id),
               {json_of(rows.before), json_of(rows.after)});
}

void ThresholdApi::tell_collector(std::optional<ThresholdRow> row, int status, Language language,
                                  const std::string& by, std::shared_ptr<Reply> reply) {
  LiveOrder order;
  order.kind = LiveOrder::Kind::rules_changed;
  order.by = by;
  const auto answer = [this, row, status, language, reply](const std::optional<std::string>& why) {
    if (why) spdlog::warn("thresholds changed, the collector did not follow: {}", *why);
    (*reply)(changed_response(row, status, language, why));
  };
  const bool asked =
      orders_.ask([order = std::move(order)](OrderClient& client) { return client.give(order); },
                  [answer](Result<LiveAnswer> said) {
                    if (!said) return answer(said.error().what);
                    answer(said->error ? std::optional(said->error->what) : std::nullopt);
                  });
  if (!asked) answer("too many orders wait for it");
}

Response ThresholdApi::changed_response(const std::optional<ThresholdRow>& row, int status,
                                        Language language,
                                        const std::optional<std::string>& why) const {
  JsonWriter json;
  json.object().key("success").boolean(true);
  if (row) {
    json.key("threshold");
    write_threshold(json, *row, plant_);
  }
  json.key("applied").boolean(!why);
  if (why) {
    json.key("warning").text(language == Language::en
                                 ? "saved, but the collector does not use it yet (" + *why +
                                       "); it reads the thresholds at its next start"
                                 : "已保存,但采集器尚未采用(" + *why + ");它将在下次启动时读取");
  }
  json.end();
  Response response = json_response(json.take());
  response.status = status;
  if (row) response.headers.emplace_back("ETag", etag_of(*row));
  return response;
}

void ThresholdApi::preview(Call call, Reply reply) {
  const Language language = call.request.language();
  const auto body = parse_preview_body(call.request.body);
  if (!body) return reply(problem_response(body.error(), language));
  const ThresholdRow& row = body->threshold;
  if (const auto problem = threshold_problem(row, plant_))
    return reply(problem_response(*problem, language));
  if (row.kind != "limit") {
    return reply(problem_response(
        problems::bad_request("kind:只能预估 limit(上限或下限)",
                              "kind: only a limit can be counted from what is stored"),
        language));
  }
  storage::StatisticsQuery query;
  query.points = {*plant_.find_point(row.device_id + "." + row.parameter_name)};
  query.to = audit_.clock();
  query.from = query.to - std::chrono::days{body->days};
  query.interval = storage::Interval::minute;
  query.max_buckets = static_cast<std::size_t>(body->days) * minutes_a_day + 1;
  const auto shared = std::make_shared<Reply>(std::move(reply));
  const bool asked = store_.ask(
      [query, row](storage::Store& store) -> Result<FiringCount> {
        const auto answer = store.statistics(query);
        if (!answer) return std::unexpected(answer.error());
        return count_firings(answer->series.front().buckets, row);
      },
      [shared, language, days = body->days](Result<FiringCount> count) {
        if (!count) return (*shared)(problem_response(problem_for(count.error()), language));
        (*shared)(json_response(preview_json(*count, days, language)));
      });
  if (!asked) (*shared)(problem_response(problems::overloaded(), language));
}

}  // namespace wl::web
