#include "web/api/session_api.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>

#include "web/api/parameters.hpp"

namespace wl::web {
namespace {

constexpr std::size_t most_listed = 1'000;
constexpr std::size_t most_searched = 20'000;

Problem no_such_session() {
  return {404,
          "not_found",
          {"没有这个会话,它可能已经结束", "there is no such session; it may have ended"},
          {}};
}

void write_session(JsonWriter& json, const storage::OwnedSession& owned, const Call& call) {
  const storage::Session& session = owned.session;
  json.object().key("id").text(public_session_id(session.token_sha256));
  json.key("user_id").integer(session.user_id).key("username").text(owned.username);
  json.key("created_at").text(to_iso8601(session.created_at));
  json.key("last_seen").text(to_iso8601(session.last_seen));
  json.key("remote_address").text(session.remote_address);
  json.key("current").boolean(session.token_sha256 == call.caller.token_sha256).end();
}

}  // namespace

std::expected<WhoseList, Problem> whose_list(const Call& call) {
  constexpr std::array<Word<bool>, 2> words{{{"true", true}, {"false", false}}};
  const auto all = word_parameter<bool>(call.request.query, "all", false, words);
  if (!all) return std::unexpected(all.error());
  WhoseList whose{*all, query_parameter(call.request.query, "user").value_or("")};
  const bool others =
      whose.all || (!whose.username.empty() && whose.username != call.caller.username);
  if (others && call.caller.role != storage::Role::admin) {
    return std::unexpected(Problem{403,
                                   "admin_only",
                                   {"只有管理员可以查看其他用户的内容",
                                    "only an administrator sees what belongs to other users"},
                                   {}});
  }
  return whose;
}

Answered<std::optional<std::int64_t>> resolve(const WhoseList& whose, std::int64_t caller,
                                              storage::AccountStore& store) {
  if (whose.username.empty()) return whose.all ? std::nullopt : std::optional(caller);
  const auto user = store.find_user(whose.username);
  if (!user) return std::unexpected(store_problem(user.error()));
  if (*user) return (*user)->id;
  // The name is not repeated: a query may hold bytes that are no text.
  return std::unexpected(
      Problem{404, "not_found", {"没有这个用户", "there is no user of this name"}, {}});
}

std::vector<Route> SessionApi::routes() {
  const auto bind = [this](void (SessionApi::*handler)(Call, Reply)) -> Handler {
    return [this, handler](Call call, Reply reply) {
      (this->*handler)(std::move(call), std::move(reply));
    };
  };
  return {{"GET", "/api/sessions", Access::user, Scope::none, bind(&SessionApi::list)},
          {"DELETE", "/api/sessions/{id}", Access::user, Scope::none, bind(&SessionApi::remove)}};
}

void SessionApi::list(Call call, Reply reply) {
  const Language language = call.request.language();
  const auto whose = whose_list(call);
  if (!whose) return reply(problem_response(whose.error(), language));
  using Sessions = std::vector<storage::OwnedSession>;
  answer_with(
      tools_.accounts, language, std::move(reply),
      [whose = *whose,
       me = call.caller.user_id](storage::AccountStore& store) -> Answered<Sessions> {
        const auto user = resolve(whose, me, store);
        if (!user) return std::unexpected(user.error());
        auto sessions = store.sessions(*user, most_listed);
        if (!sessions) return std::unexpected(store_problem(sessions.error()));
        return std::move(*sessions);
      },
      [this, call](Sessions sessions) {
        const Timestamp now = tools_.clock();
        std::int64_t total = 0;
        JsonWriter json;
        json.object().key("success").boolean(true).key("sessions").array();
        for (storage::OwnedSession& owned : sessions) {
          // The table is up to half a minute behind what this process knows.
          const auto* known = tools_.sessions.table().peek(owned.session.token_sha256, now);
          if (known != nullptr) owned.session.last_seen = known->last_seen;
          write_session(json, owned, call);
          ++total;
        }
        json.end().key("total").integer(total).end();
        return json_response(json.take());
      });
}

void SessionApi::remove(Call call, Reply reply) {
  const Language language = call.request.language();
  const bool is_admin = call.caller.role == storage::Role::admin;
  const std::optional<std::int64_t> owner =
      is_admin ? std::nullopt : std::optional(call.caller.user_id);
  answer_with(
      tools_.accounts, language, std::move(reply),
      [owner, id = call.parameters.at("id")](
          storage::AccountStore& store) -> Answered<storage::OwnedSession> {
        auto sessions = store.sessions(owner, most_searched);
        if (!sessions) return std::unexpected(store_problem(sessions.error()));
        const auto found = std::ranges::find_if(*sessions, [&](const storage::OwnedSession& one) {
          return public_session_id(one.session.token_sha256) == id;
        });
        if (found == sessions->end()) return std::unexpected(no_such_session());
        const auto removed = store.remove_session(found->session.token_sha256);
        if (!removed) return std::unexpected(store_problem(removed.error()));
        return std::move(*found);
      },
      [this, call, language](const storage::OwnedSession& ended) {
        const std::string& key = ended.session.token_sha256;
        tools_.sessions.close(key);
        tools_.end_live({key}, "the session was ended");
        AuditEntry entry =
            entry_of(call, tools_.clock(), "session.end",
                     fmt::format("session {} of user {}", public_session_id(key), ended.username));
        tools_.audit.record(std::move(entry));
        Response response = done_response(language, "会话已结束", "the session has ended");
        if (key == call.caller.token_sha256) {
          response.headers.emplace_back("Set-Cookie", expired_cookie_header(call.request.secure));
        }
        return response;
      });
}

}  // namespace wl::web
