// Errors of the API: RFC 9457 problems in the reader's language.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "web/http/message.hpp"

namespace wl::web {

/// A message in both languages; the request's language picks one.
struct Message {
  std::string zh_cn;
  std::string en;

  const std::string& in(Language language) const { return language == Language::en ? en : zh_cn; }
};

/// What went wrong, for a program (`error`, a stable word) and for a person (`message`: cause and
/// next step).
struct Problem {
  int status = 400;
  std::string error;
  Message message;
  std::optional<int> retry_after_s;
  /// Further members for a program, as JSON that follows a comma: `"not_ready":[…]`.
  std::string members = {};
};

/// `application/problem+json` with type, title, status, detail, and the members that scripts of
/// the replaced system read: success:false, error, message.
Response problem_response(const Problem& problem, Language language);

/// A refusal of the storage or of a peer as a problem: unavailable → 503, never its inner text.
Problem problem_of(const Error& error);

namespace problems {
Problem not_found(std::string_view path);
Problem sign_in_needed();
Problem bad_request(std::string zh_cn, std::string en);
Problem database_unavailable();
Problem overloaded();
Problem internal();
}  // namespace problems

/// 200 with a JSON body.
Response json_response(std::string body);

}  // namespace wl::web
