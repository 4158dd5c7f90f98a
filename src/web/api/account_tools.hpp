// What the handlers about accounts work with, and what they have in common.
#pragma once

#include <memory>
#include <string>

#include "storage/account_store.hpp"
#include "web/api/audit_trail.hpp"
#include "web/api/session_directory.hpp"
#include "web/api/token_directory.hpp"
#include "web/auth/login_limiter.hpp"
#include "web/http/json_writer.hpp"
#include "web/http/problem.hpp"
#include "web/live/live_hub.hpp"

namespace wl::web {

/// All outlive the handlers. On the loop's thread.
struct AccountTools {
  SessionDirectory& sessions;
  TokenDirectory& tokens;
  LiveHub& hub;
  AccountDesk& accounts;
  PasswordDesk& passwords;
  LoginLimiter& limiter;
  AuditTrail& audit;
  Clock clock;

  /// The accounts of these keys may not enter any more: closes their WebSockets.
  void end_live(const std::vector<std::string>& keys, std::string_view reason) const;
  /// Ends what the database has ended already: all sessions of a user but one.
  void end_sessions(std::int64_t user_id, const std::string& keep, std::string_view reason) const;
  void end_tokens(std::int64_t user_id, std::string_view reason) const;
};

/// What a job of the account desk came to: a value, or a refusal for the caller.
template <class T>
using Answered = std::expected<T, Problem>;

/// Runs `work(AccountStore&)`, which returns an Answered<T>, on the desk; `then(T)` makes the
/// response on the loop's thread. Refusals and a full or failing desk are answered here. A refusal
/// is an answer of the store, not a failure of it.
template <class Work, class Then>
void answer_with(AccountDesk& desk, Language language, Reply reply, Work work, Then then) {
  using Done = std::invoke_result_t<Work&, storage::AccountStore&>;
  const auto shared = std::make_shared<Reply>(std::move(reply));
  const bool asked = desk.ask(
      [work = std::move(work)](storage::AccountStore& store) mutable -> Result<Done> {
        return Result<Done>(std::in_place, work(store));
      },
      [shared, language, then = std::move(then)](Result<Done> done) mutable {
        if (!done) return (*shared)(problem_response(problem_of(done.error()), language));
        if (!*done) return (*shared)(problem_response(done->error(), language));
        (*shared)(then(std::move(**done)));
      });
  if (!asked) (*shared)(problem_response(problems::overloaded(), language));
}

/// A failure of the store inside such work: logged, and told without its inner text.
Problem store_problem(const Error& error);

/// The number of a path like /api/users/{id}; nothing when it is none.
std::optional<std::int64_t> path_number(const Call& call);

std::string_view role_word(storage::Role role);

/// 200 with `success` and a message.
Response done_response(Language language, std::string_view zh_cn, std::string_view en);

/// A time, or null.
void write_time(JsonWriter& json, std::string_view name, const std::optional<Timestamp>& time);

/// What a client typed goes into the log without line breaks or escapes.
std::string printable(std::string_view text);

}  // namespace wl::web
