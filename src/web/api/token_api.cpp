#include "web/api/token_api.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "web/api/body_reader.hpp"
#include "web/api/session_api.hpp"
#include "web/api/token_scopes.hpp"

namespace wl::web {
namespace {

constexpr std::size_t most_listed = 1'000;
constexpr std::size_t longest_name = 64;

struct TokenBody {
  std::string name;
  std::uint32_t scopes = 0;
  std::int64_t days = default_token_days;
};

bool is_printable(std::string_view text) {
  return std::ranges::none_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::expected<TokenBody, Problem> parse_token_body(std::string_view text) {
  BodyReader body(text);
  TokenBody token;
  body.need("name");
  body.text("name", token.name, longest_name);
  if (token.name.empty() || !is_printable(token.name))
    body.refuse("name", "应为可显示的名称", "should be a name of printable characters");
  body.need("scopes");
  for (const std::string& word : body.texts("scopes", token_scopes.size())) {
    const auto scope = scope_from_word(word);
    if (!scope) body.refuse("scopes", "应为 " + known_scopes(), "should be of " + known_scopes());
    if (scope) token.scopes |= scope_bit(*scope);
  }
  body.whole("expires_in_days", token.days, 1, max_token_days);
  if (auto problem = body.mistake()) return std::unexpected(std::move(*problem));
  return token;
}

Problem no_such_token() {
  return {404,
          "not_found",
          {"没有这个令牌,它可能已被吊销", "there is no such token; it may have been revoked"},
          {}};
}

Problem too_many_tokens() {
  return {
      409,
      "too_many_tokens",
      {fmt::format("每个用户最多 {} 个令牌,请先吊销不用的令牌", max_tokens_a_user),
       fmt::format("a user has at most {} tokens; revoke one that is not used", max_tokens_a_user)},
      {}};
}

Problem name_taken(const std::string& name) {
  return {
      409,
      "name_taken",
      {fmt::format("已有名为“{}”的令牌", name), fmt::format("there is a token '{}' already", name)},
      {}};
}

void write_token(JsonWriter& json, const storage::OwnedToken& owned, Timestamp now) {
  const storage::ApiToken& token = owned.token;
  const std::uint32_t scopes = scopes_from_text(token.scopes);
  json.object().key("id").integer(token.id).key("name").text(token.name);
  json.key("user_id").integer(token.user_id).key("username").text(owned.owner.username);
  json.key("scopes").array();
  for (const auto& [scope, word] : token_scopes)
    if (has_scope(scopes, scope)) json.text(word);
  json.end().key("created_at").text(to_iso8601(token.created_at));
  json.key("expires_at").text(to_iso8601(token.expires_at));
  write_time(json, "last_used", token.last_used);
  json.key("expired").boolean(now >= token.expires_at).end();
}

std::string token_audit(const storage::ApiToken& token) {
  JsonWriter json;
  json.object().key("name").text(token.name).key("scopes").text(token.scopes);
  json.key("expires_at").text(to_iso8601(token.expires_at)).end();
  return json.take();
}

/// Nothing, or why this user cannot have another token of that name.
std::optional<Problem> full_or_taken(storage::AccountStore& store, const storage::ApiToken& token) {
  const auto others = store.tokens().list(token.user_id, most_listed);
  if (!others) return store_problem(others.error());
  std::size_t usable = 0;
  for (const storage::OwnedToken& other : *others) {
    if (other.token.expires_at <= token.created_at) continue;
    if (other.token.name == token.name) return name_taken(token.name);
    ++usable;
  }
  return usable >= max_tokens_a_user ? std::optional(too_many_tokens()) : std::nullopt;
}

Response shown_once(const storage::OwnedToken& made, const std::string& secret, Timestamp now,
                    Language language) {
  JsonWriter json;
  json.object().key("success").boolean(true).key("token");
  write_token(json, made, now);
  json.key("secret").text(secret);
  json.key("message").text(language == Language::en ? "keep the secret now: it is not shown again"
                                                    : "请立即保存 secret,它不会再次显示");
  json.end();
  Response response = json_response(json.take());
  response.status = 201;
  response.headers.emplace_back("Location", fmt::format("/api/tokens/{}", made.token.id));
  return response;
}

}  // namespace

std::vector<Route> TokenApi::routes() {
  const auto bind = [this](void (TokenApi::*handler)(Call, Reply)) -> Handler {
    return [this, handler](Call call, Reply reply) {
      (this->*handler)(std::move(call), std::move(reply));
    };
  };
  return {{"GET", "/api/tokens", Access::user, Scope::none, bind(&TokenApi::list)},
          {"POST", "/api/tokens", Access::user, Scope::none, bind(&TokenApi::add)},
          {"DELETE", "/api/tokens/{id}", Access::user, Scope::none, bind(&TokenApi::remove)}};
}

void TokenApi::list(Call call, Reply reply) {
  const Language language = call.request.language();
  const auto whose = whose_list(call);
  if (!whose) return reply(problem_response(whose.error(), language));
  using Tokens = std::vector<storage::OwnedToken>;
  answer_with(
      tools_.accounts, language, std::move(reply),
      [whose = *whose, me = call.caller.user_id](storage::AccountStore& store) -> Answered<Tokens> {
        const auto user = resolve(whose, me, store);
        if (!user) return std::unexpected(user.error());
        auto tokens = store.tokens().list(*user, most_listed);
        if (!tokens) return std::unexpected(store_problem(tokens.error()));
        return std::move(*tokens);
      },
      [now = tools_.clock()](const Tokens& tokens) {
        JsonWriter json;
        json.object().key("success").boolean(true).key("tokens").array();
        for (const storage::OwnedToken& token : tokens) write_token(json, token, now);
        json.end().key("total").integer(static_cast<std::int64_t>(tokens.size())).end();
        return json_response(json.take());
      });
}

void TokenApi::add(Call call, Reply reply) {
  const Language language = call.request.language();
  const auto body = parse_token_body(call.request.body);
  if (!body) return reply(problem_response(body.error(), language));
  const std::string secret = new_api_token();
  storage::ApiToken token;
  token.user_id = call.caller.user_id;
  token.name = body->name;
  token.token_sha256 = session_key(secret);
  token.scopes = scopes_text(body->scopes);
  token.created_at = tools_.clock();
  token.expires_at = token.created_at + std::chrono::days{body->days};
  answer_with(
      tools_.accounts, language, std::move(reply),
      [token](storage::AccountStore& store) -> Answered<storage::OwnedToken> {
        if (auto problem = full_or_taken(store, token)) return std::unexpected(std::move(*problem));
        const auto id = store.tokens().add(token);
        if (!id) return std::unexpected(store_problem(id.error()));
        auto made = store.tokens().find(*id);
        if (!made) return std::unexpected(store_problem(made.error()));
        if (!*made) return std::unexpected(problems::internal());
        return std::move(**made);
      },
      [this, call, secret, language](const storage::OwnedToken& made) {
        AuditEntry entry =
            entry_of(call, tools_.clock(), "token.add", fmt::format("token {}", made.token.id));
        entry.after = token_audit(made.token);
        tools_.audit.record(std::move(entry));
        return shown_once(made, secret, tools_.clock(), language);
      });
}

void TokenApi::remove(Call call, Reply reply) {
  const Language language = call.request.language();
  const auto id = path_number(call);
  if (!id) return reply(problem_response(problems::not_found(call.request.path), language));
  const Timestamp now = tools_.clock();
  answer_with(
      tools_.accounts, language, std::move(reply),
      [id = *id, caller = call.caller,
       now](storage::AccountStore& store) -> Answered<storage::OwnedToken> {
        auto found = store.tokens().find(id);
        if (!found) return std::unexpected(store_problem(found.error()));
        const bool mine = *found && ((*found)->token.user_id == caller.user_id ||
                                     caller.role == storage::Role::admin);
        if (!mine) return std::unexpected(no_such_token());
        const auto revoked = store.tokens().revoke(id, now);
        if (!revoked && revoked.error().code == Errc::not_found)
          return std::unexpected(no_such_token());
        if (!revoked) return std::unexpected(store_problem(revoked.error()));
        return std::move(**found);
      },
      [this, call, language](const storage::OwnedToken& gone) {
        tools_.tokens.forget(gone.token.token_sha256);
        tools_.end_live({gone.token.token_sha256}, "the token was revoked");
        AuditEntry entry =
            entry_of(call, tools_.clock(), "token.revoke",
                     fmt::format("token {} of user {}", gone.token.id, gone.owner.username));
        entry.before = token_audit(gone.token);
        tools_.audit.record(std::move(entry));
        return done_response(language, "令牌已吊销", "the token is revoked");
      });
}

}  // namespace wl::web
