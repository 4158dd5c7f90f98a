#include <string>

#include "web/openapi/account_schemas.hpp"
#include "web/openapi/operations.hpp"

namespace wl::web::openapi {
namespace {

constexpr Parameter user_id_parameter{.name = "id",
                                      .in = Parameter::In::path,
                                      .schema = R"({"type":"integer","minimum":1})",
                                      .description = "Number of the user.",
                                      .example = "2"};

constexpr Parameter token_id_parameter{.name = "id",
                                       .in = Parameter::In::path,
                                       .schema = R"({"type":"integer","minimum":1})",
                                       .description = "Number of the token.",
                                       .example = "1"};

constexpr Parameter session_id_parameter{
    .name = "id",
    .in = Parameter::In::path,
    .schema = R"({"type":"string","pattern":"^[0-9a-f]{16}$"})",
    .description = "As `GET /api/sessions` lists it. Nobody can sign in with it.",
    .example = "2c26b46b68ffc68f"};

constexpr Parameter user_if_match_parameter{
    .name = "If-Match",
    .in = Parameter::In::header,
    .schema = R"({"type":"string","maxLength":200})",
    .description =
        "The ETag under which the user was read. 412 when it was changed meanwhile. Without it the "
        "last change wins.",
    .example = R"("2-1")"};

constexpr Parameter all_parameter{
    .name = "all",
    .schema = R"({"type":"string","enum":["true","false"],"default":"false"})",
    .description = "true: those of all users; for administrators.",
    .example = "true"};

constexpr Parameter user_parameter{.name = "user",
                                   .schema = R"({"type":"string","maxLength":64})",
                                   .description =
                                       "Only those of the user with this name; for "
                                       "administrators. Default: one's own.",
                                   .example = "admin"};

// ---- signing in -------------------------------------------------------------------------------

Operation login() {
  return {
      .method = "POST",
      .pattern = "/auth/login",
      .id = "login",
      .tag = "auth",
      .summary = "Sign in with name and password",
      .description =
          "Sets the cookie of the session (HttpOnly, SameSite=Strict) and ends the session that "
          "the request came with. After MAX_LOGIN_ATTEMPTS wrong passwords the account is "
          "locked for ACCOUNT_LOCKOUT_DURATION at this address (403 `account_locked`), not "
          "elsewhere; an address that is wrong too often waits (429). Scripts use a token "
          "instead.",
      .request_schema = R"({"type":"object","properties":{
            "username":{"type":"string","minLength":1},
            "password":{"type":"string","minLength":1}},
            "required":["username","password"]})",
      .request_example = R"({"username":"admin","password":"admin123"})",
      .response_schema = login_answer_schema(),
      .problems = {400, 401, 403, 429}};
}

Operation logout() {
  return {.method = "POST",
          .pattern = "/auth/logout",
          .id = "logout",
          .tag = "auth",
          .summary = "End this session",
          .description = "Its WebSockets are closed, too.",
          .response_schema = done_schema()};
}

Operation check() {
  return {.method = "GET",
          .pattern = "/auth/check",
          .id = "check_session",
          .tag = "auth",
          .summary = "Who is signed in, and the CSRF token",
          .description =
              "While `password_change_required` is true, every call but the change of "
              "the password answers 403 `password_change_required`.",
          .response_schema = check_answer_schema()};
}

Operation change_password() {
  return {.method = "POST",
          .pattern = "/auth/password",
          .id = "change_password",
          .tag = "auth",
          .summary = "Change one's own password",
          .description =
              "Ends all other sessions of the user, in every process. API tokens stay: "
              "revoke those that you do not trust.",
          .request_schema = R"({"type":"object","properties":{
            "current_password":{"type":"string","minLength":1},
            "new_password":{"type":"string","minLength":1,
              "description":"PASSWORD_MIN_LENGTH characters to 72 bytes."}},
            "required":["current_password","new_password"]})",
          .request_example = R"({"current_password":"admin123","new_password":"a better one"})",
          .response_schema = done_schema(),
          .problems = {400, 401, 429}};
}

// ---- users ------------------------------------------------------------------------------------

constexpr const char* user_members = R"("username":{"type":"string","minLength":1,"maxLength":64,
    "description":"Letters, digits and . _ - @, without blanks. It does not change later."},
  "password":{"type":"string","minLength":1,
    "description":"PASSWORD_MIN_LENGTH characters to 72 bytes."},
  "role":{"type":"string","enum":["admin","user"]},
  "email":{"type":"string","maxLength":320}})";

/// For an administrator's new user, and for a change.
const std::string& new_user_schema() {
  static const std::string schema =
      std::string(R"({"type":"object","properties":{)") + user_members +
      R"(,"required":["username","password","role"],"additionalProperties":false})";
  return schema;
}
const std::string& user_change_schema() {
  static const std::string schema = std::string(R"({"type":"object","properties":{)") +
                                    user_members + R"(,"additionalProperties":false})";
  return schema;
}

Operation list_users() {
  return {.method = "GET",
          .pattern = "/api/users",
          .id = "list_users",
          .tag = "users",
          .summary = "All accounts",
          .response_schema = users_answer_schema()};
}

Operation one_user() {
  return {.method = "GET",
          .pattern = "/api/users/{id}",
          .id = "get_user",
          .tag = "users",
          .summary = "An account with its ETag",
          .parameters = {user_id_parameter},
          .response_schema = user_answer_schema(),
          .problems = {404},
          .etag = true};
}

Operation add_user() {
  return {.method = "POST",
          .pattern = "/api/users",
          .id = "add_user",
          .tag = "users",
          .summary = "Add an account",
          .description = "409: the name is taken, in whatever case.",
          .request_schema = new_user_schema(),
          .request_example = R"({"username":"anna","password":"long enough","role":"user",)"
                             R"("email":"anna@plant.example"})",
          .success = 201,
          .response_schema = user_answer_schema(),
          .problems = {400, 409},
          .etag = true};
}

Operation change_user() {
  return {.method = "PUT",
          .pattern = "/api/users/{id}",
          .id = "change_user",
          .tag = "users",
          .summary = "Change role, mail address or password of an account",
          .description =
              "Members that are not named stay as they are. Another role or password ends the "
              "user's sessions and WebSockets; a password revokes the API tokens, too. 409 "
              "`last_admin`: the last administrator stays one.",
          .parameters = {user_id_parameter, user_if_match_parameter},
          .request_schema = user_change_schema(),
          .request_example = R"({"role":"admin","email":"operator@plant.example"})",
          .response_schema = user_answer_schema(),
          .problems = {400, 404, 409, 412},
          .etag = true};
}

Operation remove_user() {
  return {.method = "DELETE",
          .pattern = "/api/users/{id}",
          .id = "remove_user",
          .tag = "users",
          .summary = "Remove an account with its sessions and tokens",
          .description =
              "What the user did stays in the audit log. 409: oneself, or the last "
              "administrator.",
          .parameters = {user_id_parameter, user_if_match_parameter},
          .response_schema = done_schema(),
          .problems = {404, 409, 412}};
}

Operation unlock_user() {
  return {.method = "POST",
          .pattern = "/api/users/{id}/unlock",
          .id = "unlock_user",
          .tag = "users",
          .summary = "Take off the lock of too many wrong passwords",
          .description = "At every address; other web processes follow within 10 s.",
          .parameters = {user_id_parameter},
          .response_schema = user_answer_schema(),
          .problems = {404},
          .etag = true};
}

// ---- sessions and tokens ----------------------------------------------------------------------

Operation list_sessions() {
  return {.method = "GET",
          .pattern = "/api/sessions",
          .id = "list_sessions",
          .tag = "sessions",
          .summary = "Where one is signed in",
          .description = "The one used last first, at most 1,000.",
          .parameters = {all_parameter, user_parameter},
          .response_schema = sessions_answer_schema(),
          .problems = {400, 404}};
}

Operation end_session() {
  return {.method = "DELETE",
          .pattern = "/api/sessions/{id}",
          .id = "end_session",
          .tag = "sessions",
          .summary = "End a session",
          .description = "One's own; an administrator any. Its WebSockets are closed.",
          .parameters = {session_id_parameter},
          .response_schema = done_schema(),
          .problems = {404}};
}

Operation list_tokens() {
  return {.method = "GET",
          .pattern = "/api/tokens",
          .id = "list_tokens",
          .tag = "tokens",
          .summary = "API tokens that are not revoked",
          .description = "Newest first, at most 1,000. Never the secret.",
          .parameters = {all_parameter, user_parameter},
          .response_schema = tokens_answer_schema(),
          .problems = {400, 404}};
}

Operation add_token() {
  return {.method = "POST",
          .pattern = "/api/tokens",
          .id = "add_token",
          .tag = "tokens",
          .summary = "Make an API token",
          .description =
              "Its secret is shown in this answer only. A token opens what its scopes name and the "
              "role of its owner, as it is then, allows; never accounts, sessions or tokens. "
              "Calls with `Authorization: Bearer` need neither cookie nor X-CSRF-Token. At most 20 "
              "a user.",
          .request_schema = R"({"type":"object","properties":{
            "name":{"type":"string","minLength":1,"maxLength":64},
            "scopes":{"type":"array","minItems":1,"maxItems":5,"items":{"type":"string",
              "enum":["read","alarms","thresholds","commands","maintenance"]}},
            "expires_in_days":{"type":"integer","minimum":1,"maximum":365,"default":90}},
            "required":["name","scopes"],"additionalProperties":false})",
          .request_example = R"({"name":"daily report","scopes":["read"],"expires_in_days":365})",
          .success = 201,
          .response_schema = new_token_answer_schema(),
          .problems = {400, 409}};
}

Operation revoke_token() {
  return {.method = "DELETE",
          .pattern = "/api/tokens/{id}",
          .id = "revoke_token",
          .tag = "tokens",
          .summary = "Revoke an API token",
          .description = "At once here, within 10 s in other web processes.",
          .parameters = {token_id_parameter},
          .response_schema = done_schema(),
          .problems = {404}};
}

// ---- audit ------------------------------------------------------------------------------------

Operation list_audit() {
  constexpr Parameter actor{.name = "actor",
                            .schema = R"({"type":"string"})",
                            .description = "Only what this user did, by token too.",
                            .example = "admin"};
  constexpr Parameter action{.name = "action",
                             .schema = R"({"type":"string"})",
                             .description = "An action (`user.add`) or all of a kind (`user`).",
                             .example = "login"};
  constexpr Parameter from{.name = "start_time",
                           .schema = R"({"type":"string","format":"date-time"})",
                           .description = "Then or later. Default: no limit.",
                           .example = "2026-01-01T00:00:00Z"};
  constexpr Parameter to{.name = "end_time",
                         .schema = R"({"type":"string","format":"date-time"})",
                         .description = "Before it. Default: no limit.",
                         .example = "2026-01-02T00:00:00Z"};
  constexpr Parameter page{
      .name = "page",
      .schema = R"({"type":"integer","minimum":1,"maximum":1000000,"default":1})",
      .description = "Page, counted from 1.",
      .example = "1"};
  constexpr Parameter page_size{
      .name = "page_size",
      .schema = R"({"type":"integer","minimum":1,"maximum":500,"default":100})",
      .description = "Entries a page. With `format=csv` 1 to 10,000, which is the default there.",
      .example = "100"};
  return {.method = "GET",
          .pattern = "/api/audit",
          .id = "list_audit",
          .tag = "audit",
          .summary = "Who did what, the newest first",
          .description =
              "Entries are never changed or removed; `wattline audit verify` proves it "
              "along their hashes.",
          .parameters = {actor, action, from, to, page, page_size},
          .response_schema = audit_answer_schema(),
          .csv = true,
          .problems = {400}};
}

}  // namespace

std::vector<Operation> account_operations() {
  return {login(),       logout(),      check(),         change_password(),
          list_users(),  one_user(),    add_user(),      change_user(),
          remove_user(), unlock_user(), list_sessions(), end_session(),
          list_tokens(), add_token(),   revoke_token(),  list_audit()};
}

}  // namespace wl::web::openapi
