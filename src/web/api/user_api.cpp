#include "web/api/user_api.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "web/api/etag.hpp"
#include "web/api/user_words.hpp"
#include "web/auth/password.hpp"

namespace wl::web {
namespace {

constexpr std::size_t most_users = 1000;

/// A user before and after.
struct Changed {
  storage::User before;
  storage::User after;
};

/// The user that a call is about, when its If-Match agrees.
Answered<storage::User> seen_user(storage::AccountStore& store, std::int64_t id,
                                  const std::string& if_match) {
  auto user = store.find_user(id);
  if (!user) return std::unexpected(store_problem(user.error()));
  if (!*user) return std::unexpected(no_such_user(id));
  if (!matches_etag(if_match, etag_of(id, (*user)->version)))
    return std::unexpected(user_changed_meanwhile());
  return std::move(**user);
}

Problem refusal_of(const Error& error, std::int64_t id) {
  if (error.code == Errc::not_found) return no_such_user(id);
  if (error.code == Errc::conflict) return user_changed_meanwhile();
  if (error.code == Errc::invalid_argument) return last_admin();
  return store_problem(error);
}

}  // namespace

/// A new or changed user on its way through the desks.
struct UserApi::Change {
  Call call;
  Reply reply;
  std::int64_t id = 0;  ///< 0: a new one.
  UserBody body;
  std::string hash;

  Language language() const { return call.request.language(); }
  void answer(const Problem& problem) { reply(problem_response(problem, language())); }
};

std::vector<Route> UserApi::routes() {
  const auto bind = [this](void (UserApi::*handler)(Call, Reply)) -> Handler {
    return [this, handler](Call call, Reply reply) {
      (this->*handler)(std::move(call), std::move(reply));
    };
  };
  return {{"GET", "/api/users", Access::admin, Scope::none, bind(&UserApi::list)},
          {"POST", "/api/users", Access::admin, Scope::none, bind(&UserApi::add)},
          {"GET", "/api/users/{id}", Access::admin, Scope::none, bind(&UserApi::one)},
          {"PUT", "/api/users/{id}", Access::admin, Scope::none, bind(&UserApi::change)},
          {"DELETE", "/api/users/{id}", Access::admin, Scope::none, bind(&UserApi::remove)},
          {"POST", "/api/users/{id}/unlock", Access::admin, Scope::none, bind(&UserApi::unlock)}};
}

void UserApi::list(Call call, Reply reply) {
  answer_with(
      tools_.accounts, call.request.language(), std::move(reply),
      [](storage::AccountStore& store) -> Answered<std::vector<storage::User>> {
        auto users = store.users();
        if (!users) return std::unexpected(store_problem(users.error()));
        return std::move(*users);
      },
      [now = tools_.clock()](const std::vector<storage::User>& users) {
        JsonWriter json;
        json.object().key("success").boolean(true).key("users").array();
        for (const storage::User& user : users) write_user(json, user, now);
        json.end().key("total").integer(static_cast<std::int64_t>(users.size())).end();
        return json_response(json.take());
      });
}

void UserApi::one(Call call, Reply reply) {
  const Language language = call.request.language();
  const auto id = path_number(call);
  if (!id) return reply(problem_response(problems::not_found(call.request.path), language));
  answer_with(
      tools_.accounts, language, std::move(reply),
      [id = *id](storage::AccountStore& store) { return seen_user(store, id, ""); },
      [now = tools_.clock()](const storage::User& user) { return user_response(user, now, 200); });
}

void UserApi::add(Call call, Reply reply) {
  const auto change = std::make_shared<Change>();
  change->call = std::move(call);
  change->reply = std::move(reply);
  auto body = parse_user_body(change->call.request.body, password_min_length_);
  if (!body) return change->answer(body.error());
  if (!body->username || !body->password || !body->role) {
    return change->answer(problems::bad_request("需要 username、password 和 role",
                                                "username, password and role are needed"));
  }
  change->body = std::move(*body);
  hash_then(change, &UserApi::store_new);
}

void UserApi::change(Call call, Reply reply) {
  const auto change = std::make_shared<Change>();
  change->call = std::move(call);
  change->reply = std::move(reply);
  const auto id = path_number(change->call);
  if (!id) return change->answer(problems::not_found(change->call.request.path));
  auto body = parse_user_body(change->call.request.body, password_min_length_);
  if (!body) return change->answer(body.error());
  change->id = *id;
  change->body = std::move(*body);
  if (change->body.password && *id == change->call.caller.user_id) {
    return change->answer(problems::bad_request(
        "自己的密码请用 POST /auth/password 修改(需要当前密码)",
        "your own password is changed by POST /auth/password, which asks for the current one"));
  }
  hash_then(change, &UserApi::store_change);
}

void UserApi::hash_then(ChangePtr change, void (UserApi::*next)(ChangePtr)) {
  if (!change->body.password) return (this->*next)(change);
  const bool asked = tools_.passwords.ask(
      [password = *change->body.password](PasswordBench& bench) {
        return hash_password(password, bench.cost);
      },
      [this, change, next](Result<std::string> hash) {
        if (!hash) return change->answer(problems::internal());
        change->hash = std::move(*hash);
        (this->*next)(change);
      });
  if (!asked) change->answer(problems::overloaded());
}

void UserApi::store_new(ChangePtr change) {
  storage::User user;
  user.username = *change->body.username;
  user.password_hash = change->hash;
  user.role = *change->body.role;
  user.email = change->body.email.value_or("");
  user.created_at = tools_.clock();
  answer_with(
      tools_.accounts, change->language(), std::move(change->reply),
      [user](storage::AccountStore& store) -> Answered<storage::User> {
        const auto all = store.users();
        if (!all) return std::unexpected(store_problem(all.error()));
        if (all->size() >= most_users) return std::unexpected(too_many_users(most_users));
        // Another spelling of a name is no other name: people would be mistaken for each other.
        const bool taken = std::ranges::any_of(*all, [&](const storage::User& other) {
          return same_name(other.username, user.username);
        });
        if (taken) return std::unexpected(name_taken(user.username));
        const auto id = store.add_user(user);
        if (!id && id.error().code == Errc::conflict)
          return std::unexpected(name_taken(user.username));
        if (!id) return std::unexpected(store_problem(id.error()));
        return seen_user(store, *id, "");
      },
      [this, change](const storage::User& added) {
        const Timestamp now = tools_.clock();
        AuditEntry entry = entry_of(change->call, now, "user.add", "user " + added.username);
        entry.after = user_audit(added, PasswordChanged::no);
        tools_.audit.record(std::move(entry));
        spdlog::info("'{}' added the user '{}'", printable(change->call.caller.username),
                     printable(added.username));
        Response response = user_response(added, now, 201);
        response.headers.emplace_back("Location", fmt::format("/api/users/{}", added.id));
        return response;
      });
}

void UserApi::store_change(ChangePtr change) {
  const UserBody& body = change->body;
  storage::UserChange wanted;
  wanted.id = change->id;
  wanted.role = body.role;
  wanted.email = body.email;
  if (body.password) {
    wanted.password_hash = change->hash;
    wanted.revoke_tokens_at = tools_.clock();
  }
  answer_with(
      tools_.accounts, change->language(), std::move(change->reply),
      [wanted, name = body.username,
       if_match = std::string(change->call.request.header("if-match"))](
          storage::AccountStore& store) mutable -> Answered<Changed> {
        auto seen = seen_user(store, wanted.id, if_match);
        if (!seen) return std::unexpected(seen.error());
        if (name && *name != seen->username) return std::unexpected(name_stays());
        wanted.if_version = seen->version;
        auto changed = store.change_user(wanted);
        if (!changed) return std::unexpected(refusal_of(changed.error(), wanted.id));
        return Changed{std::move(*seen), std::move(*changed)};
      },
      [this, change](const Changed& done) {
        after_change(*change, done.before, done.after);
        return user_response(done.after, tools_.clock(), 200);
      });
}

void UserApi::after_change(const Change& change, const storage::User& before,
                           const storage::User& after) {
  const bool new_password = change.body.password.has_value();
  if (before.role != after.role || new_password) {
    tools_.end_sessions(after.id, "", "the account was changed by an administrator");
    tools_.end_tokens(after.id, "the account was changed by an administrator");
  }
  AuditEntry entry = entry_of(change.call, tools_.clock(), "user.change", "user " + after.username);
  entry.before = user_audit(before, PasswordChanged::no);
  entry.after = user_audit(after, new_password ? PasswordChanged::yes : PasswordChanged::no);
  tools_.audit.record(std::move(entry));
  spdlog::info("'{}' changed the user '{}'", printable(change.call.caller.username),
               printable(after.username));
}

void UserApi::remove(Call call, Reply reply) {
  const Language language = call.request.language();
  const auto id = path_number(call);
  if (!id) return reply(problem_response(problems::not_found(call.request.path), language));
  if (*id == call.caller.user_id) return reply(problem_response(not_oneself(), language));
  answer_with(
      tools_.accounts, language, std::move(reply),
      [id = *id, if_match = std::string(call.request.header("if-match"))](
          storage::AccountStore& store) -> Answered<storage::User> {
        auto seen = seen_user(store, id, if_match);
        if (!seen) return seen;
        const auto removed = store.remove_user(id, seen->version);
        if (!removed) return std::unexpected(refusal_of(removed.error(), id));
        return seen;
      },
      [this, call, language](const storage::User& gone) {
        tools_.end_sessions(gone.id, "", "the account was removed");
        tools_.end_tokens(gone.id, "the account was removed");
        AuditEntry entry = entry_of(call, tools_.clock(), "user.remove", "user " + gone.username);
        entry.before = user_audit(gone, PasswordChanged::no);
        tools_.audit.record(std::move(entry));
        spdlog::info("'{}' removed the user '{}'", printable(call.caller.username),
                     printable(gone.username));
        return done_response(language, "用户已删除,其会话和令牌已失效",
                             "the user is removed; his sessions and tokens have ended");
      });
}

void UserApi::unlock(Call call, Reply reply) {
  const Language language = call.request.language();
  const auto id = path_number(call);
  if (!id) return reply(problem_response(problems::not_found(call.request.path), language));
  const Timestamp now = tools_.clock();
  answer_with(
      tools_.accounts, language, std::move(reply),
      [id = *id, now](storage::AccountStore& store) -> Answered<Changed> {
        auto seen = seen_user(store, id, "");
        if (!seen) return std::unexpected(seen.error());
        const auto done = store.unlock(id, now);
        if (!done) return std::unexpected(refusal_of(done.error(), id));
        auto after = seen_user(store, id, "");
        if (!after) return std::unexpected(after.error());
        return Changed{std::move(*seen), std::move(*after)};
      },
      [this, call, now](const Changed& done) {
        tools_.limiter.unlock(done.after.username, now);
        AuditEntry entry = entry_of(call, now, "user.unlock", "user " + done.after.username);
        entry.before =
            fmt::format(R"({{"failed_login_attempts":{}}})", done.before.failed_login_attempts);
        tools_.audit.record(std::move(entry));
        return user_response(done.after, now, 200);
      });
}

}  // namespace wl::web
