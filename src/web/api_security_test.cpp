// Who may call what: every operation of the description × every kind of caller. What a caller gets
// follows from the route table; what was refused has changed nothing.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "web/testing/api_calls.hpp"
#include "web/testing/filled_server.hpp"

namespace wl::web {
namespace {

using namespace std::chrono_literals;
using namespace wl::web::testing;
using openapi::DescribedCall;

/// What a caller shows, and what the table makes of it: 0 stands for "let in".
struct Visit {
  std::string who;
  std::string head;
  int refused = 0;
  std::string error;  ///< The word of the refusal.
};

/// To these tests, which call from this machine.
bool is_open_here(const DescribedCall& call) {
  return call.access == Access::anyone || call.access == Access::local_or_user;
}

constexpr const char* json = "Content-Type: application/json\r\n";

/// The order of the checks: session, role, origin, CSRF token.
class Table {
 public:
  Table(const DescribedCall& call, unsigned short port)
      : open_(is_open_here(call)),
        admin_only_(call.access == Access::admin),
        write_(openapi::is_write(call.operation)),
        admin_(sign_in(port)),
        user_(sign_in(port, "operator", "operator1")) {}

  std::vector<Visit> visits() const {
    const std::string wrong = "X-CSRF-Token: " + std::string(64, '0') + "\r\n";
    const std::string evil = "Origin: http://evil.example\r\n";
    return {
        as("nobody", json, !open_ ? 401 : 0, "sign_in_needed"),
        as("a forged session", "Cookie: wattline_session=" + std::string(64, 'a') + "\r\n" + json,
           !open_ ? 401 : 0, "sign_in_needed"),
        as("a user", user_.all(), admin_only_ ? 403 : 0, "admin_only"),
        as("an admin from a foreign page", admin_.all() + evil, write_ ? 403 : 0, "foreign_origin"),
        as("an admin sent by another site", admin_.all() + "Sec-Fetch-Site: cross-site\r\n",
           write_ ? 403 : 0, "foreign_origin"),
        as("an admin without the CSRF token", admin_.cookie + json, csrf(), "csrf_token_invalid"),
        as("an admin with a wrong CSRF token", admin_.cookie + json + wrong, csrf(),
           "csrf_token_invalid"),
        as("an admin with the CSRF token of another session", admin_.cookie + json + user_.csrf,
           csrf(), "csrf_token_invalid"),
        as("an admin", admin_.all(), 0, "")};
  }
  /// When both sessions have been idle for too long.
  Visit late_visit() const {
    return as("an admin whose session has expired", admin_.all(), !open_ ? 401 : 0,
              "sign_in_needed");
  }

 private:
  static Visit as(std::string who, std::string head, int refused, std::string error) {
    return {std::move(who), std::move(head), refused, std::move(error)};
  }
  int csrf() const { return write_ && !open_ ? 403 : 0; }

  bool open_;
  bool admin_only_;
  bool write_;
  SignedInClient admin_;
  SignedInClient user_;
};

/// One operation on a server of its own.
class Matrix {
 public:
  explicit Matrix(std::size_t operation) : call_(server_.calls()[operation]) {}

  void expect_all() {
    const Table table(call_, server_.port());
    const std::vector<Visit> visits = table.visits();
    const std::string before = server_.state();
    const int orders = server_.orders();
    for (const Visit& visit : visits)
      if (visit.refused != 0) expect_refused(visit);
    EXPECT_EQ(server_.state(), before) << "a refused call has changed something";
    EXPECT_EQ(server_.orders(), orders) << "a refused call reached the collector";
    for (const Visit& visit : visits)
      if (visit.refused == 0) expect_let_in(visit);
    server_.running().set_now(RunningServer::start_time() + 31min);
    if (table.late_visit().refused != 0) expect_refused(table.late_visit());
  }

 private:
  Answer send(const Visit& visit) const {
    const Arguments arguments = examples_of(call_.operation, Take::only_needed);
    return request(server_.port(), target_of(call_.operation, arguments),
                   visit.head + "Accept-Language: en\r\n", call_.operation.request_example);
  }

  void expect_refused(const Visit& visit) const {
    SCOPED_TRACE(visit.who);
    const Answer answer = send(visit);
    EXPECT_EQ(answer.status, visit.refused) << answer.body;
    EXPECT_EQ(answer.text("error"), visit.error);
    EXPECT_EQ(check_.mistake(call_, answer), std::nullopt);
  }

  /// What the call then answers is its own affair, as long as the description says so.
  void expect_let_in(const Visit& visit) const {
    SCOPED_TRACE(visit.who);
    const Answer answer = send(visit);
    EXPECT_THAT(answer.text("error"),
                ::testing::Not(::testing::AnyOf("sign_in_needed", "admin_only", "foreign_origin",
                                                "csrf_token_invalid", "scope_missing")));
    EXPECT_EQ(check_.mistake(call_, answer), std::nullopt);
  }

  FilledServer server_;
  const DescribedCall& call_;
  AnswerCheck check_;
};

TEST(ApiSecurity, lets_each_caller_do_what_the_route_table_says_and_nothing_else) {
  const std::vector<DescribedCall> calls = FilledServer().calls();
  ASSERT_GT(calls.size(), 20u);
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (calls[i].operation.success == 101) continue;  // Below.
    SCOPED_TRACE(calls[i].operation.id);
    Matrix(i).expect_all();
  }
}

constexpr const char* every_scope[] = {"read", "alarms", "thresholds", "commands", "maintenance"};

/// A bearer token of admin with one scope, or with all but that one, as a header line.
enum class Scopes { just, all_but };
std::string token_header(unsigned short port, Scopes which, std::string_view scope) {
  std::string words;
  for (const std::string_view word : every_scope) {
    if ((word == scope) == (which == Scopes::just))
      words += fmt::format("{}\"{}\"", words.empty() ? "" : ",", word);
  }
  const std::string name = fmt::format("{} {}", which == Scopes::just ? "just" : "not", scope);
  const Answer made = request(port, "POST /api/tokens", sign_in(port).all(),
                              fmt::format(R"({{"name":"{}","scopes":[{}]}})", name, words));
  EXPECT_EQ(made.status, 201) << made.body;
  return "Authorization: Bearer " + made.text("secret") + "\r\n";
}

/// A token without the scope of the call changes nothing; one with it, and no other, is let in.
void expect_scope_is_needed(const DescribedCall& call) {
  FilledServer server;
  const AnswerCheck check;
  const std::string target =
      target_of(call.operation, examples_of(call.operation, Take::only_needed));
  const auto send = [&](const std::string& head) {
    return request(server.port(), target, head + json, call.operation.request_example);
  };
  const std::string_view scope = openapi::scope_word(call.scope);
  const std::string others = token_header(server.port(), Scopes::all_but, scope);
  const std::string before = server.state();

  const Answer refused = send(others);

  EXPECT_EQ(refused.status, 403) << refused.body;
  EXPECT_EQ(refused.text("error"), call.scope == Scope::none ? "session_needed" : "scope_missing");
  EXPECT_EQ(check.mistake(call, refused), std::nullopt);
  EXPECT_EQ(server.state(), before);
  EXPECT_EQ(server.orders(), 0);
  if (call.scope == Scope::none) return;
  const Answer let_in = send(token_header(server.port(), Scopes::just, scope));
  if (needs_more_than_the_server(call.operation)) {
    EXPECT_NE(let_in.status, 403) << let_in.body;
  } else {
    EXPECT_EQ(let_in.status, call.operation.success) << let_in.body;
  }
}

TEST(ApiSecurity, opens_to_a_token_what_its_scope_names_and_nothing_else) {
  const std::vector<DescribedCall> calls = FilledServer().calls();
  for (const DescribedCall& call : calls) {
    if (is_open_here(call) || call.operation.success == 101) continue;
    SCOPED_TRACE(call.operation.id);
    expect_scope_is_needed(call);
  }
}

TEST(ApiSecurity, opens_the_live_socket_to_own_pages_of_who_is_signed_in) {
  FilledServer server;
  const SignedInClient user = sign_in(server.port(), "operator", "operator1");
  const std::string own = fmt::format("Origin: http://127.0.0.1:{}\r\n", server.port());
  const auto status = [&](const std::string& head) {
    const std::string upgrade =
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    return request(server.port(), "GET /ws/live", upgrade + head).status;
  };

  EXPECT_EQ(status(own), 401);
  EXPECT_EQ(status(user.cookie), 403) << "without an origin";
  EXPECT_EQ(status(user.cookie + "Origin: http://evil.example\r\n"), 403);
  EXPECT_EQ(status(user.cookie + own), 101);
  server.running().set_now(RunningServer::start_time() + 31min);
  EXPECT_EQ(status(user.cookie + own), 401);
}

TEST(ApiSecurity, needs_a_session_for_everything_but_health_sign_in_and_the_page_about_it) {
  std::vector<std::string> open;
  const RunningServer server;
  for (const Route& route : server.routes())
    if (route.access == Access::anyone) open.push_back(route.method + " " + route.pattern);

  EXPECT_THAT(open, ::testing::UnorderedElementsAre("GET /healthz", "GET /readyz",
                                                    "POST /auth/login", "GET /api/docs"));
}

}  // namespace
}  // namespace wl::web
