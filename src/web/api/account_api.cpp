#include "web/api/account_api.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "web/api/json_body.hpp"
#include "web/auth/first_account.hpp"
#include "web/auth/password.hpp"
#include "web/http/json_writer.hpp"

namespace wl::web {
namespace {

constexpr std::size_t max_username_bytes = 64;

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

std::string cookie_header(const std::string& token) {
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict", session_cookie, token);
}

std::string expired_cookie() {
  return fmt::format("{}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0", session_cookie);
}

bool is_default(const std::string& username, std::string_view password) {
  return username == default_username && password == default_password;
}

/// What a client typed goes into the log without line breaks or escapes.
std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, max_username_bytes)) {
    out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  }
  return out;
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

AccountApi::AccountApi(AccountRules rules, SessionDirectory& sessions, LiveHub& hub, Clock clock,
                       AccountDesk& accounts, PasswordDesk& passwords)
    : rules_(std::move(rules)),
      sessions_(sessions),
      hub_(hub),
      clock_(std::move(clock)),
      accounts_(accounts),
      passwords_(passwords),
      limiter_(rules_.login) {}

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
  if (const auto refusal = limiter_.admit(attempt->username, address, clock_())) {
    return attempt->answer(refused(*refusal));
  }
  look_up(attempt);
}

void AccountApi::look_up(AttemptPtr attempt) {
  const bool asked = accounts_.ask(
      [name = attempt->username](storage::AccountStore& store) { return store.find_user(name); },
      [this, attempt](Result<std::optional<storage::User>> user) {
        if (!user) {
          spdlog::error("sign-in: {}", user.error().what);
          return give_up(attempt, problems::database_unavailable());
        }
        attempt->user = std::move(*user);
        verify(attempt);
      });
  if (!asked) give_up(attempt, problems::overloaded());
}

void AccountApi::verify(AttemptPtr attempt) {
  struct Verdict {
    bool right = false;
    std::string renewed;
  };
  const std::string hash = attempt->user ? attempt->user->password_hash : dummy_hash();
  const bool asked = passwords_.ask(
      [password = attempt->password, hash](PasswordBench& bench) -> Result<Verdict> {
        Verdict verdict{verify_password(password, hash), {}};
        if (verdict.right && needs_rehash(hash, bench.cost)) {
          verdict.renewed = hash_password(password, bench.cost).value_or("");
        }
        return verdict;
      },
      [this, attempt](Result<Verdict> verdict) {
        if (!verdict) return give_up(attempt, problems::internal());
        if (!verdict->renewed.empty()) attempt->new_hash = std::move(verdict->renewed);
        decide(attempt, verdict->right && attempt->user.has_value());
      });
  if (!asked) give_up(attempt, problems::overloaded());
}

void AccountApi::decide(AttemptPtr attempt, bool right) {
  if (!right) return turn_away(attempt);
  limiter_.succeeded(attempt->username, attempt->call.request.remote_address);
  if (attempt->new_password.empty()) return let_in(attempt);
  store_new_password(attempt);
}

void AccountApi::give_up(AttemptPtr attempt, const Problem& problem) {
  limiter_.undecided(attempt->username, attempt->call.request.remote_address);
  attempt->answer(problem);
}

void AccountApi::turn_away(AttemptPtr attempt) {
  const auto& address = attempt->call.request.remote_address;
  spdlog::warn("wrong password for '{}' from {}", printable(attempt->username), address);
  if (attempt->user) {
    // For people who look into the table: the lock itself is kept by account and address.
    accounts_.ask(
        [id = attempt->user->id, count = limiter_.failures(attempt->username, address),
         until = limiter_.locked_until(attempt->username, address)](storage::AccountStore& store) {
          return store.record_failed_login(id, count, until);
        },
        [](Result<void> done) {
          if (!done) spdlog::warn("failed sign-in not recorded: {}", done.error().what);
        });
  }
  attempt->answer(wrong_password());
}

void AccountApi::let_in(AttemptPtr attempt) {
  const auto& request = attempt->call.request;
  const storage::User& user = *attempt->user;
  const Timestamp now = clock_();
  if (!attempt->call.caller.token_sha256.empty()) {  // Rotation: the old one ends here.
    sessions_.close(attempt->call.caller.token_sha256);
    hub_.end_session(attempt->call.caller.token_sha256, "signed in anew");
  }
  SignedIn session{
      "",  user.id, user.username,         user.role, is_default(user.username, attempt->password),
      now, now,     request.remote_address};
  const std::string token = sessions_.open(session);
  session.token_sha256 = session_key(token);
  accounts_.ask(
      [id = user.id, now, hash = attempt->new_hash](storage::AccountStore& store) {
        if (!hash.empty()) {
          if (auto done = store.set_password_hash(id, hash); !done) return done;
        }
        return store.record_login(id, now);
      },
      [](Result<void> done) {
        if (!done) spdlog::warn("sign-in not recorded: {}", done.error().what);
      });
  spdlog::info("'{}' signed in from {}", printable(user.username), request.remote_address);
  JsonWriter json;
  json.object().key("success").boolean(true);
  json.key("message").text(attempt->language() == Language::en ? "signed in" : "登录成功");
  json.key("user").raw(user_json(session));
  json.key("csrf_token").text(csrf_token(rules_.secret_key, session.token_sha256));
  json.key("password_change_required")
      .boolean(session.default_password && rules_.default_password_blocks);
  json.key("redirect").text("/").end();
  Response response = json_response(json.take());
  response.headers.emplace_back("Set-Cookie", cookie_header(token));
  attempt->reply(std::move(response));
}

std::string AccountApi::user_json(const SignedIn& user) const {
  JsonWriter json;
  json.object().key("id").integer(user.user_id).key("username").text(user.username);
  json.key("role").text(user.role == storage::Role::admin ? "admin" : "user");
  json.key("default_password").boolean(user.default_password).end();
  return json.take();
}

void AccountApi::logout(Call call, Reply reply) {
  sessions_.close(call.caller.token_sha256);
  hub_.end_session(call.caller.token_sha256, "signed out");
  JsonWriter json;
  json.object().key("success").boolean(true);
  json.key("message").text(call.request.language() == Language::en ? "signed out" : "已退出登录");
  json.end();
  Response response = json_response(json.take());
  response.headers.emplace_back("Set-Cookie", expired_cookie());
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
  const auto good = check_new_password(attempt->new_password, rules_.password_min_length);
  if (!good || is_default(attempt->username, attempt->new_password)) {
    return attempt->answer(
        {400,
         "weak_password",
         {fmt::format("新密码须为 {} 个字符以上、72 字节以内,且不能是默认密码",
                      rules_.password_min_length),
          fmt::format("the new password needs at least {} characters, at most 72 bytes, and must "
                      "not be the default one",
                      rules_.password_min_length)},
         {}});
  }
  const auto& address = attempt->call.request.remote_address;
  if (const auto refusal = limiter_.admit(attempt->username, address, clock_())) {
    return attempt->answer(refused(*refusal));
  }
  look_up(attempt);
}

void AccountApi::store_new_password(AttemptPtr attempt) {
  const bool asked =
      passwords_.ask([password = attempt->new_password](
                         PasswordBench& bench) { return hash_password(password, bench.cost); },
                     [this, attempt](Result<std::string> hash) {
                       if (!hash) return attempt->answer(problems::internal());
                       const bool stored = accounts_.ask(
                           [id = attempt->user->id, hash = *hash](storage::AccountStore& store) {
                             return store.set_password_hash(id, hash);
                           },
                           [this, attempt](Result<void> done) {
                             if (!done) return attempt->answer(problem_of(done.error()));
                             finish_password_change(attempt);
                           });
                       if (!stored) attempt->answer(problems::overloaded());
                     });
  if (!asked) attempt->answer(problems::overloaded());
}

void AccountApi::finish_password_change(AttemptPtr attempt) {
  const SignedIn& caller = attempt->call.caller;
  sessions_.table().set_default_password(caller.user_id, false);
  for (const auto& key : sessions_.close_others(caller)) {
    hub_.end_session(key, "the password was changed");
  }
  spdlog::info("'{}' changed the password", printable(caller.username));
  JsonWriter json;
  json.object().key("success").boolean(true);
  json.key("message").text(attempt->language() == Language::en
                               ? "the password was changed; other sessions are signed out"
                               : "密码已修改,其他会话已退出");
  json.end();
  attempt->reply(json_response(json.take()));
}

}  // namespace wl::web
