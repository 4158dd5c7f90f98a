#include "web/api/alarm_api.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include "base/quantity.hpp"
#include "web/api/alarm_query.hpp"
#include "web/api/alarm_words.hpp"
#include "web/api/csv_line.hpp"

namespace wl::web {
namespace {

constexpr std::size_t most_journal_lines = 1000;

/// One alarm and all that happened to it.
struct History {
  AlarmRow row;
  std::vector<AlarmJournalRow> journal;
};

std::optional<std::uint64_t> id_of(const Call& call) {
  const auto id =
      parse_integer(call.parameters.at("id"), 1, static_cast<std::int64_t>(max_order_id));
  return id ? std::optional(static_cast<std::uint64_t>(*id)) : std::nullopt;
}

void write_counts(JsonWriter& json, std::string_view name,
                  const std::map<std::string, std::uint64_t>& counts) {
  json.key(name).object();
  for (const auto& [key, count] : counts) json.key(key).integer(static_cast<std::int64_t>(count));
  json.end();
}

std::string list_json(const storage::AlarmPage& page, const AlarmRequest& request,
                      const Plant& plant, Language language) {
  const auto total = static_cast<std::int64_t>(page.statistics.total);
  const auto size = static_cast<std::int64_t>(request.page_size);
  JsonWriter json;
  json.object().key("success").boolean(true).key("alarms").array();
  for (const AlarmRow& row : page.alarms) write_alarm(json, row, plant, language);
  json.end().key("pagination").object();
  json.key("page").integer(static_cast<std::int64_t>(request.page)).key("page_size").integer(size);
  json.key("total").integer(total).key("total_pages").integer((total + size - 1) / size).end();
  json.key("statistics").object().key("total").integer(total);
  write_counts(json, "by_level", page.statistics.by_level);
  write_counts(json, "by_device", page.statistics.by_device);
  json.end().end();
  return json.take();
}

std::string history_json(const History& history, const Plant& plant, Language language) {
  JsonWriter json;
  json.object().key("success").boolean(true).key("alarm");
  write_alarm(json, history.row, plant, language);
  json.key("journal").array();
  for (const AlarmJournalRow& line : history.journal) {
    json.object().key("at").text(to_iso8601(line.at)).key("event").text(line.event);
    json.key("from_state").text(line.from_state).key("to_state").text(line.to_state);
    json.key("ordered_by").text(line.by).key("alarm_level").text(line.alarm_level);
    json.key("note").text(line.note).end();
  }
  json.end().end();
  return json.take();
}

/// What the collector refuses, in both languages; its own words are English.
Problem refusal_of(const Error& why) {
  if (why.code == Errc::not_found) {
    return {404, "not_found", {"没有这个报警", why.what}, {}};
  }
  if (why.code == Errc::conflict) {
    return {409,
            "conflict",
            {"报警当前的状态不允许此操作(可能已被确认、已结束或已搁置):" + why.what, why.what},
            {}};
  }
  if (why.code == Errc::invalid_argument) {
    return {400, "invalid_argument", {"采集器拒绝了此操作:" + why.what, why.what}, {}};
  }
  return collector_unavailable(why.what);
}

std::string_view word_of(Errc code) {
  if (code == Errc::not_found) return "not_found";
  if (code == Errc::conflict) return "conflict";
  return code == Errc::invalid_argument ? "invalid_argument" : "unavailable";
}

}  // namespace

Problem collector_unavailable(const std::string& why) {
  return {503,
          "collector_unavailable",
          {"采集器没有应答,报警只由采集器写入,操作未确认执行。请稍后重试;管理员请运行 wattline "
           "status(原因:" +
               why + ")",
           "the collector, which alone writes alarms, does not answer (" + why +
               "): it is not known to be done. Try again soon; an administrator can run "
               "`wattline status`"},
          5};
}

std::vector<Route> AlarmApi::routes() {
  const auto bind = [this](void (AlarmApi::*handler)(Call, Reply)) -> Handler {
    return [this, handler](Call call, Reply reply) {
      (this->*handler)(std::move(call), std::move(reply));
    };
  };
  const auto order = [this](LiveOrder::Kind kind, Wants wants) -> Handler {
    return [this, kind, wants](Call call, Reply reply) {
      order_one(kind, wants, std::move(call), std::move(reply));
    };
  };
  using Kind = LiveOrder::Kind;
  return {{"GET", "/api/alarms", Access::user, Scope::read, bind(&AlarmApi::list)},
          {"GET", "/api/alarms/{id}", Access::user, Scope::read, bind(&AlarmApi::one)},
          {"POST", "/api/alarms/acknowledge", Access::user, Scope::alarms,
           bind(&AlarmApi::acknowledge_many)},
          {"POST", "/api/alarms/{id}/acknowledge", Access::user, Scope::alarms,
           order(Kind::acknowledge, Wants::note)},
          {"POST", "/api/alarms/{id}/shelve", Access::user, Scope::alarms,
           order(Kind::shelve, Wants::minutes)},
          {"POST", "/api/alarms/{id}/unshelve", Access::user, Scope::alarms,
           order(Kind::unshelve, Wants::note)}};
}

void AlarmApi::list(Call call, Reply reply) {
  const Language language = call.request.language();
  const auto request = parse_alarm_request(call.request.query);
  if (!request) return reply(problem_response(request.error(), language));
  const auto calendar = storage::Calendar::of(plant_.time_zone);
  if (!calendar) return reply(problem_response(problems::internal(), language));
  const auto shared = std::make_shared<Reply>(std::move(reply));
  const bool asked = alarms_.ask(
      [query = request->query](storage::AlarmStore& store) { return store.alarms(query); },
      [this, shared, language, calendar = *calendar,
       request = *request](Result<storage::AlarmPage> page) {
        if (!page) {
          spdlog::error("alarms: {}", page.error().what);
          return (*shared)(problem_response(problem_of(page.error()), language));
        }
        if (request.format == Format::csv)
          return (*shared)(
              csv_response(alarms_csv(page->alarms, plant_, calendar, language), "alarms.csv"));
        (*shared)(json_response(list_json(*page, request, plant_, language)));
      });
  if (!asked) (*shared)(problem_response(problems::overloaded(), language));
}

void AlarmApi::one(Call call, Reply reply) {
  const Language language = call.request.language();
  const Problem none = problems::not_found(call.request.path);
  const auto id = id_of(call);
  if (!id) return reply(problem_response(none, language));
  const auto shared = std::make_shared<Reply>(std::move(reply));
  const bool asked = alarms_.ask(
      [id = *id](storage::AlarmStore& store) -> Result<std::optional<History>> {
        auto row = store.alarm(id);
        if (!row) return std::unexpected(row.error());
        if (!*row) return std::nullopt;
        auto journal = store.journal(id, most_journal_lines);
        if (!journal) return std::unexpected(journal.error());
        return History{std::move(**row), std::move(*journal)};
      },
      [this, shared, language, none](Result<std::optional<History>> found) {
        if (!found) {
          spdlog::error("alarm: {}", found.error().what);
          return (*shared)(problem_response(problem_of(found.error()), language));
        }
        if (!*found) return (*shared)(problem_response(none, language));
        (*shared)(json_response(history_json(**found, plant_, language)));
      });
  if (!asked) (*shared)(problem_response(problems::overloaded(), language));
}

void AlarmApi::order_one(LiveOrder::Kind kind, Wants wants, Call call, Reply reply) {
  const Language language = call.request.language();
  const auto id = id_of(call);
  if (!id) return reply(problem_response(problems::not_found(call.request.path), language));
  auto body = parse_order_body(call.request.body, wants);
  if (!body) return reply(problem_response(body.error(), language));
  LiveOrder order;
  order.kind = kind;
  order.ids = {*id};
  order.minutes = body->minutes;
  order.note = std::move(body->note);
  give(
      std::move(order), call,
      [this](const LiveAnswer& answer, Language spoken) { return answer_of_one(answer, spoken); },
      std::move(reply));
}

void AlarmApi::acknowledge_many(Call call, Reply reply) {
  auto body = parse_order_body(call.request.body, Wants::ids);
  if (!body) return reply(problem_response(body.error(), call.request.language()));
  LiveOrder order;
  order.kind = LiveOrder::Kind::acknowledge;
  order.ids = std::move(body->ids);
  order.note = std::move(body->note);
  give(
      std::move(order), call,
      [this](const LiveAnswer& answer, Language spoken) { return answer_of_many(answer, spoken); },
      std::move(reply));
}

void AlarmApi::give(LiveOrder order, const Call& call,
                    std::function<Response(const LiveAnswer&, Language)> answer, Reply reply) {
  const Language language = call.request.language();
  order.by = call.caller.username;
  spdlog::info("'{}' orders {} of alarms {}", order.by, word(order.kind),
               fmt::join(order.ids, ", "));
  const auto shared = std::make_shared<Reply>(std::move(reply));
  const bool asked = orders_.ask(
      [order](OrderClient& client) { return client.give(order); },
      [this, shared, language, order, answer = std::move(answer), call](Result<LiveAnswer> said) {
        write_audit(order, call, said);
        if (said) return (*shared)(answer(*said, language));
        spdlog::warn("an order was not answered: {}", said.error().what);
        (*shared)(problem_response(collector_unavailable(said.error().what), language));
      });
  if (!asked) (*shared)(problem_response(problems::overloaded(), language));
}

/// Nothing for what the collector refused: nothing was done.
void AlarmApi::write_audit(const LiveOrder& order, const Call& call,
                           const Result<LiveAnswer>& said) const {
  std::vector<std::uint64_t> done;
  if (said) {
    for (const AlarmRow& row : said->alarms) done.push_back(row.id);
    if (done.empty()) return;
  }
  const auto& ids = said ? done : order.ids;
  JsonWriter after;
  after.object().key("note").text(order.note);
  if (order.kind == LiveOrder::Kind::shelve) after.key("minutes").integer(order.minutes);
  if (!said) after.key("outcome").text("not known: the collector did not answer");
  after.end();
  audit_.write(call, fmt::format("alarm.{}", word(order.kind)),
               fmt::format("alarm {}", fmt::join(ids, ", ")), {.after = after.take()});
}

Response AlarmApi::answer_of_one(const LiveAnswer& answer, Language language) const {
  if (answer.error) return problem_response(refusal_of(*answer.error), language);
  if (answer.alarms.empty()) return problem_response(problems::internal(), language);
  JsonWriter json;
  json.object().key("success").boolean(true).key("alarm");
  write_alarm(json, answer.alarms.front(), plant_, language);
  json.end();
  return json_response(json.take());
}

Response AlarmApi::answer_of_many(const LiveAnswer& answer, Language language) const {
  if (answer.error && answer.alarms.empty())
    return problem_response(refusal_of(*answer.error), language);
  JsonWriter json;
  json.object().key("success").boolean(true).key("alarms").array();
  for (const AlarmRow& row : answer.alarms) write_alarm(json, row, plant_, language);
  json.end().key("refused").array();
  for (const LiveAnswer::Refusal& refusal : answer.refused) {
    json.object().key("id").integer(static_cast<std::int64_t>(refusal.id));
    json.key("error").text(word_of(refusal.why.code));
    json.key("message").text(refusal_of(refusal.why).message.in(language)).end();
  }
  json.end().end();
  return json_response(json.take());
}

}  // namespace wl::web
