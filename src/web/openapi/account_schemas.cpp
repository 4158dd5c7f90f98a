#include "web/openapi/account_schemas.hpp"

#include <string>

namespace wl::web::openapi {
namespace {

constexpr const char* user = R"({"type":"object","properties":{
  "id":{"type":"integer","minimum":1},
  "username":{"type":"string"},
  "role":{"type":"string","enum":["admin","user"]},
  "email":{"type":"string"},
  "created_at":{"type":"string","format":"date-time"},
  "last_login":{"type":["string","null"],"format":"date-time"},
  "failed_login_attempts":{"type":"integer","minimum":0,
    "description":"In a row, from the address where the last one came from."},
  "locked_until":{"type":["string","null"],"format":"date-time",
    "description":"At that address; elsewhere the account is open."},
  "locked":{"type":"boolean"},
  "version":{"type":"integer","minimum":1}},
  "required":["id","username","role","email","created_at","last_login","failed_login_attempts",
    "locked_until","locked","version"],
  "additionalProperties":false})";

constexpr const char* signed_in = R"({"type":"object","properties":{
  "id":{"type":"integer","minimum":1},
  "username":{"type":"string"},
  "role":{"type":"string","enum":["admin","user"]},
  "default_password":{"type":"boolean","description":"admin / admin123 still stands."}},
  "required":["id","username","role","default_password"],
  "additionalProperties":false})";

constexpr const char* session = R"({"type":"object","properties":{
  "id":{"type":"string","pattern":"^[0-9a-f]{16}$"},
  "user_id":{"type":"integer","minimum":1},
  "username":{"type":"string"},
  "created_at":{"type":"string","format":"date-time"},
  "last_seen":{"type":"string","format":"date-time"},
  "remote_address":{"type":"string"},
  "current":{"type":"boolean","description":"The one that asks."}},
  "required":["id","user_id","username","created_at","last_seen","remote_address","current"],
  "additionalProperties":false})";

constexpr const char* token = R"({"type":"object","properties":{
  "id":{"type":"integer","minimum":1},
  "name":{"type":"string"},
  "user_id":{"type":"integer","minimum":1},
  "username":{"type":"string"},
  "scopes":{"type":"array","items":{"type":"string",
    "enum":["read","alarms","thresholds","commands","maintenance"]}},
  "created_at":{"type":"string","format":"date-time"},
  "expires_at":{"type":"string","format":"date-time"},
  "last_used":{"type":["string","null"],"format":"date-time",
    "description":"Up to half a minute late."},
  "expired":{"type":"boolean"}},
  "required":["id","name","user_id","username","scopes","created_at","expires_at","last_used",
    "expired"],
  "additionalProperties":false})";

constexpr const char* audit_entry = R"({"type":"object","properties":{
  "id":{"type":"integer","minimum":1},
  "at":{"type":"string","format":"date-time"},
  "actor":{"type":"string","description":
    "A user; user/token:name; - where nobody was let in; wattline:user on the command line."},
  "remote_address":{"type":"string","description":"Empty for the command line."},
  "action":{"type":"string"},
  "subject":{"type":"string"},
  "before":{"type":"string","description":"JSON or plain text; empty: nothing."},
  "after":{"type":"string"},
  "hash":{"type":"string","pattern":"^[0-9a-f]{64}$"}},
  "required":["id","at","actor","remote_address","action","subject","before","after","hash"],
  "additionalProperties":false})";

constexpr const char* text = R"({"type":"string"})";
constexpr const char* flag = R"({"type":"boolean"})";
constexpr const char* count = R"({"type":"integer","minimum":0})";

/// An answer: `success` and some members, all of which are always there.
class Answer {
 public:
  Answer& member(std::string_view name, std::string_view schema) {
    properties_ += ",\"" + std::string(name) + "\":" + std::string(schema);
    required_ += ",\"" + std::string(name) + '"';
    return *this;
  }
  Answer& list(std::string_view name, std::string_view schema) {
    return member(name, R"({"type":"array","items":)" + std::string(schema) + "}");
  }
  std::string schema() const {
    return R"({"type":"object","properties":{"success":{"$ref":"#/components/schemas/Success"})" +
           properties_ + R"(},"required":["success")" + required_ +
           R"(],"additionalProperties":false})";
  }

 private:
  std::string properties_;
  std::string required_;
};

}  // namespace

std::string_view done_schema() {
  static const std::string schema = Answer().member("message", text).schema();
  return schema;
}

std::string_view login_answer_schema() {
  static const std::string schema =
      Answer()
          .member("message", text)
          .member("user", signed_in)
          .member("csrf_token",
                  R"({"type":"string","description":"For X-CSRF-Token of every write."})")
          .member("password_change_required", flag)
          .member("redirect", text)
          .schema();
  return schema;
}

std::string_view check_answer_schema() {
  static const std::string schema =
      Answer()
          .member("authenticated", R"({"type":"boolean","enum":[true]})")
          .member("user", signed_in)
          .member("csrf_token", text)
          .member("password_change_required", flag)
          .member("password_min_length", count)
          .schema();
  return schema;
}

std::string_view user_answer_schema() {
  static const std::string schema = Answer().member("user", user).schema();
  return schema;
}

std::string_view users_answer_schema() {
  static const std::string schema = Answer().list("users", user).member("total", count).schema();
  return schema;
}

std::string_view sessions_answer_schema() {
  static const std::string schema =
      Answer().list("sessions", session).member("total", count).schema();
  return schema;
}

std::string_view tokens_answer_schema() {
  static const std::string schema = Answer().list("tokens", token).member("total", count).schema();
  return schema;
}

std::string_view new_token_answer_schema() {
  static const std::string schema =
      Answer()
          .member("token", token)
          .member("secret", R"({"type":"string","pattern":"^wl_[0-9a-f]{64}$",
            "description":"For Authorization: Bearer. In this answer only."})")
          .member("message", text)
          .schema();
  return schema;
}

std::string_view audit_answer_schema() {
  static const std::string schema =
      Answer()
          .list("entries", audit_entry)
          .member("pagination", R"({"$ref":"#/components/schemas/Pagination"})")
          .schema();
  return schema;
}

}  // namespace wl::web::openapi
