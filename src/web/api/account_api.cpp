#include "web/api/account_api.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "web/api/json_body.hpp"
#include "web/api/user_bodies.hpp"
#include "web/auth/address_group.hpp"
#include "web/auth/first_account.hpp"
#include "web/auth/password.hpp"
#include "web/http/json_writer.hpp"

namespace wl::web {
namespace {

Problem refused(const LoginRefusal& refusal) {
  const int seconds = static_cast<int>((refusal.retry_after.count() + 999) / 1000);
  if (refusal.kind == LoginRefusal::Kind::locked) {
    return {403,
            "account_locked",
            {fmt::format("密码错误次数过多,账户已锁定,请在 {} 秒后重试", seconds),
             fmt::format("too many wrong passwords: the account is locked here; try again in {} s",
                         seconds)},
            seconds};
  }
  return {429,
          "too_many_attempts",
          {fmt::format("尝试过于频繁,请在 {} 秒后重试", seconds),
           fmt::format("too many attempts from this address; try again in {} s", seconds)},
          seconds};
}

Problem wrong_password() {
  return {401, "invalid_credentials", {"用户名或密码错误", "wrong user name or password"}, {}};
}

bool is_default(const std::string& username, std::string_view password) {
  return username == default_username && password == default_password;
}

}  // namespace

/// One sign-in or password change on its way through the desks.
struct AccountApi::Attempt {
  Call call;
  Reply reply;
  std::string username;
  std::string password;
  std::string new_password;  ///< Empty: a sign-in.
  std::optional<storage::User> user;
  std::string new_hash;

  Language language() const { return call.request.language(); }
  void answer(const Problem& problem) { reply(problem_response(problem, language())); }
};

std::vector<Route> AccountApi::routes() {
  const auto bind = [this](void (AccountApi::*handler)(Call, Reply)) -> Handler {
    return [this, handler](Call call, Reply reply) {
      (this->*handler)(std::move(call), std::move(reply));
    };
  };
  return {
      {"POST", "/auth/login", Access::anyone, Scope::none, bind(&AccountApi::login)},
      {"POST", "/auth/logout", Access::user, Scope::none, bind(&AccountApi::logout)},
      {"GET", "/auth/check", Access::user, Scope::none, bind(&AccountApi::check)},
      {"POST", "/auth/password", Access::user, Scope::none, bind(&AccountApi::change_password)}};
}

void AccountApi::login(Call call, Reply reply) {
  const auto attempt = std::make_shared<Attempt>();
  attempt->call = std::move(call);
  attempt->reply = std::move(reply);
  const auto body = parse_json_body(attempt->call.request.body);
  if (!body) {
    return attempt->answer(
        problems::bad_request("请求体不是 JSON 对象", "the body is not a JSON object"));
  }
  attempt->username = body->text("username").value_or("");
  attempt->password = body->text("password").value_or("");
  if (attempt->username.empty() || attempt->password.empty()) {
    return attempt->answer(
        problems::bad_request("用户名和密码不能为空", "user name and password are needed"));
  }
  if (attempt->username.size() > max_username_bytes ||
      attempt->password.size() > password_max_bytes) {
    return attempt->answer(wrong_password());
  }
  const auto& address = attempt->call.request.remote_address;
  if (const auto refusal = tools_.limiter.admit(attempt->username, address, tools_.clock())) {
    return attempt->answer(refused(*refusal));
  }
  look_up(attempt);
}

storage::FailedLogin AccountApi::failure_of(const Attempt& attempt) const {
  return {.user_id = attempt.user ? attempt.user->id : 0,
          .remote_address = attempt.call.request.remote_address,
          .at = tools_.clock(),
          .max_attempts = rules_.login.max_attempts,
          .lockout = rules_.login.lockout};
}

void AccountApi::look_up(AttemptPtr attempt) {
  struct Known {
    std::optional<storage::User> user;
    storage::LoginLock lock;
  };
  const bool asked = tools_.accounts.ask(
      [name = attempt->username,
       probe = failure_of(*attempt)](storage::AccountStore& store) mutable -> Result<Known> {
        auto user = store.find_user(name);
        if (!user) return std::unexpected(user.error());
        if (!*user) return Known{};
        probe.user_id = (*user)->id;
        auto lock = store.login_lock(probe);
        if (!lock) return std::unexpected(lock.error());
        return Known{std::move(*user), *lock};
      },
      [this, attempt](Result<Known> known) {
        if (!known) {
          spdlog::error("sign-in: {}", known.error().what);
          return give_up(attempt, problems::database_unavailable());
        }
        attempt->user = std::move(known->user);
        if (known->lock.locked_until) return refuse_locked(attempt, known->lock);
        verify(attempt);
      });
  if (!asked) give_up(attempt, problems::overloaded());
}

void AccountApi::refuse_locked(AttemptPtr attempt, const storage::LoginLock& lock) {
  const auto& address = attempt->call.request.remote_address;
  const Timestamp until = *lock.locked_until;
  tools_.limiter.undecided(attempt->username, address);
  tools_.limiter.learn(attempt->username, address, lock.attempts, until - rules_.login.lockout);
  attempt->answer(refused({LoginRefusal::Kind::locked, until - tools_.clock()}));
}

void AccountApi::verify(AttemptPtr attempt) {
  struct Verdict {
    bool right = false;
    std::string renewed;
  };
  const std::string hash = attempt->user ? attempt->user->password_hash : dummy_hash();
  const std::string place = address_group(attempt->call.request.remote_address);
  if (!places_.take(place)) {
    constexpr Milliseconds a_password_or_two{1000};
    tools_.limiter.undecided(attempt->username, attempt->call.request.remote_address);
    return attempt->answer(refused({LoginRefusal::Kind::throttled, a_password_or_two}));
  }
  const bool asked = tools_.passwords.ask(
      [password = attempt->password, hash](PasswordBench& bench) -> Result<Verdict> {
        Verdict verdict{verify_password(password, hash), {}};
        if (verdict.right && needs_rehash(hash, bench.cost)) {
          verdict.renewed = hash_password(password, bench.cost).value_or("");
        }
        return verdict;
      },
      [this, attempt, place](Result<Verdict> verdict) {
        places_.leave(place);
        if (!verdict) return give_up(attempt, problems::internal());
        if (!verdict->renewed.empty()) attempt->new_hash = std::move(verdict->renewed);
        decide(attempt, verdict->right && attempt->user.has_value());
      });
  if (asked) return;
  places_.leave(place);
  give_up(attempt, problems::overloaded());
}

void AccountApi::decide(AttemptPtr attempt, bool right) {
  if (!right) return turn_away(attempt);
  tools_.limiter.succeeded(attempt->username, attempt->call.request.remote_address);
  if (attempt->new_password.empty()) return let_in(attempt);
  store_new_password(attempt);
}

void AccountApi::give_up(AttemptPtr attempt, const Problem& problem) {
  tools_.limiter.undecided(attempt->username, attempt->call.request.remote_address);
  attempt->answer(problem);
}

void AccountApi::turn_away(AttemptPtr attempt) {
  const auto& address = attempt->call.request.remote_address;
  const std::string account = attempt->user ? attempt->user->username : "";
  spdlog::warn("wrong password for {} from {}", printable(login_subject(account)), address);
  failures_.failed(account, address, tools_.clock());
  if (attempt->user) count_failure(*attempt);
  attempt->answer(wrong_password());
}

void AccountApi::count_failure(const Attempt& attempt) {
  const storage::FailedLogin failure = failure_of(attempt);
  AuditEntry locked =
      entry_of(attempt.call, failure.at, "login.locked", login_subject(attempt.user->username));
  locked.actor = nobody;
  tools_.accounts.ask(
      [failure](storage::AccountStore& store) { return store.record_failed_login(failure); },
      [this, failure, locked, name = attempt.username](Result<storage::LoginLock> lock) {
        if (!lock) return spdlog::warn("failed sign-in not recorded: {}", lock.error().what);
        // Other web processes may have counted, too.
        tools_.limiter.learn(name, failure.remote_address, lock->attempts, failure.at);
        if (!lock->locked_until) return;
        AuditEntry entry = locked;
        entry.after = fmt::format(R"({{"attempts":{},"until":"{}"}})", lock->attempts,
                                  to_iso8601(*lock->locked_until));
        tools_.audit.record(std::move(entry));
      });
}

void AccountApi::let_in(AttemptPtr attempt) {
  const auto& request = attempt->call.request;
  const storage::User& user = *attempt->user;
  const Timestamp now = tools_.clock();
  if (!attempt->call.caller.token_sha256.empty()) {  // Rotation: the old one ends here.
    tools_.sessions.close(attempt->call.caller.token_sha256);
    tools_.end_live({attempt->call.caller.token_sha256}, "signed in anew");
  }
  SignedIn session{
      "",  user.id, user.username,         user.role, is_default(user.username, attempt->password),
      now, now,     request.remote_address};
  const std::string token = tools_.sessions.open(session);
  session.token_sha256 = session_key(token);
  tools_.accounts.ask(
      [id = user.id, now, hash = attempt->new_hash,
       address = request.remote_address](storage::AccountStore& store) {
        if (!hash.empty()) {
          if (auto done = store.set_password_hash(id, hash); !done) return done;
        }
        return store.record_login(id, address, now);
      },
      [](Result<void> done) {
        if (!done) spdlog::warn("sign-in not recorded: {}", done.error().what);
      });
  spdlog::info("'{}' signed in from {}", printable(user.username), request.remote_address);
  AuditEntry entry = entry_of(attempt->call, now, "login.success", login_subject(user.username));
  entry.actor = user.username;
  tools_.audit.record(std::move(entry));
  JsonWriter json;
  json.object().key("success").boolean(true);
  json.key("message").text(attempt->language() == Language::en ? "signed in" : "登录成功");
  json.key("user").raw(user_json(session));
  json.key("csrf_token").text(csrf_token(rules_.secret_key, session.token_sha256));
  json.key("password_change_required")
      .boolean(session.default_password && rules_.default_password_blocks);
  json.key("redirect").text("/").end();
  Response response = json_response(json.take());
  response.headers.emplace_back("Set-Cookie", session_cookie_header(token, request.secure));
  attempt->reply(std::move(response));
}

std::string AccountApi::user_json(const SignedIn& user) const {
  JsonWriter json;
  json.object().key("id").integer(user.user_id).key("username").text(user.username);
  json.key("role").text(role_word(user.role));
  json.key("default_password").boolean(user.default_password).end();
  return json.take();
}

void AccountApi::logout(Call call, Reply reply) {
  tools_.sessions.close(call.caller.token_sha256);
  tools_.end_live({call.caller.token_sha256}, "signed out");
  tools_.audit.record(
      entry_of(call, tools_.clock(), "logout", login_subject(call.caller.username)));
  Response response = done_response(call.request.language(), "已退出登录", "signed out");
  response.headers.emplace_back("Set-Cookie", expired_cookie_header(call.request.secure));
  reply(std::move(response));
}

void AccountApi::check(Call call, Reply reply) {
  JsonWriter json;
  json.object().key("success").boolean(true).key("authenticated").boolean(true);
  json.key("user").raw(user_json(call.caller));
  json.key("csrf_token").text(csrf_token(rules_.secret_key, call.caller.token_sha256));
  json.key("password_change_required")
      .boolean(call.caller.default_password && rules_.default_password_blocks);
  // The page checks a new password before it is sent.
  json.key("password_min_length").integer(static_cast<std::int64_t>(rules_.password_min_length));
  json.end();
  reply(json_response(json.take()));
}

void AccountApi::change_password(Call call, Reply reply) {
  const auto attempt = std::make_shared<Attempt>();
  attempt->call = std::move(call);
  attempt->reply = std::move(reply);
  attempt->username = attempt->call.caller.username;
  const auto body = parse_json_body(attempt->call.request.body);
  if (body) {
    const auto current = body->text("current_password");
    attempt->password = current ? *current : body->text("old_password").value_or("");
    attempt->new_password = body->text("new_password").value_or("");
  }
  if (attempt->password.empty() || attempt->new_password.empty()) {
    return attempt->answer(problems::bad_request("需要 current_password 和 new_password",
                                                 "current_password and new_password are needed"));
  }
  if (const auto problem = new_password_problem(attempt->username, attempt->new_password,
                                                rules_.password_min_length))
    return attempt->answer(*problem);
  const auto& address = attempt->call.request.remote_address;
  if (const auto refusal = tools_.limiter.admit(attempt->username, address, tools_.clock())) {
    return attempt->answer(refused(*refusal));
  }
  look_up(attempt);
}

void AccountApi::store_new_password(AttemptPtr attempt) {
  const bool asked = tools_.passwords.ask(
      [password = attempt->new_password](PasswordBench& bench) {
        return hash_password(password, bench.cost);
      },
      [this, attempt](Result<std::string> hash) {
        if (!hash) return attempt->answer(problems::internal());
        storage::UserChange change;
        change.id = attempt->user->id;
        change.password_hash = std::move(*hash);
        change.keep_session = attempt->call.caller.token_sha256;
        const bool stored = tools_.accounts.ask(
            [change](storage::AccountStore& store) { return store.change_user(change); },
            [this, attempt](Result<storage::User> done) {
              if (!done) return attempt->answer(store_problem(done.error()));
              finish_password_change(attempt);
            });
        if (!stored) attempt->answer(problems::overloaded());
      });
  if (!asked) attempt->answer(problems::overloaded());
}

void AccountApi::finish_password_change(AttemptPtr attempt) {
  const SignedIn& caller = attempt->call.caller;
  tools_.sessions.table().set_default_password(caller.user_id, false);
  tools_.tokens.set_default_password(caller.user_id, false);
  tools_.end_sessions(caller.user_id, caller.token_sha256, "the password was changed");
  spdlog::info("'{}' changed the password", printable(caller.username));
  tools_.audit.record(
      entry_of(attempt->call, tools_.clock(), "password.change", login_subject(caller.username)));
  attempt->reply(done_response(attempt->language(), "密码已修改,其他会话已退出",
                               "the password was changed; other sessions are signed out"));
}

}  // namespace wl::web
