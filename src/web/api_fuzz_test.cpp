// Every operation of the description under values that are valid, at a limit, or garbage: never a
// failure of the server, always the described shape, always soon.
//
// 40 cases an operation from a fixed seed. `--gtest_random_seed=50` runs 50 rounds of them, each
// from another seed.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>

#include "web/testing/filled_server.hpp"
#include "web/testing/fuzz_source.hpp"

namespace wl::web {
namespace {

using namespace std::chrono_literals;
using namespace wl::web::testing;
using openapi::DescribedCall;
using Clock = std::chrono::steady_clock;

constexpr int cases_a_round = 40;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr auto slowest = 5s;
#else
constexpr auto slowest = 1s;
#endif

/// A server and an administrator's session at it; both are made anew when a case ended them.
class Target {
 public:
  Answer send(const FuzzCase& request) {
    return testing::request(server_->port(), request.target, admin_.all() + request.headers,
                            request.body);
  }
  /// A sign-out, a new password or another role is what some operations are for.
  void restore() {
    if (is_admin()) return;
    admin_ = sign_in(server_->port());
    if (is_admin()) return;
    server_ = std::make_unique<FilledServer>();
    admin_ = sign_in(server_->port());
  }
  bool alive() const { return testing::request(server_->port(), "GET /healthz").status == 200; }
  const std::vector<DescribedCall>& calls() const { return server_->calls(); }

 private:
  bool is_admin() const {
    const Answer check = testing::request(server_->port(), "GET /auth/check", admin_.cookie);
    return check.text("role") == "admin";
  }

  std::unique_ptr<FilledServer> server_ = std::make_unique<FilledServer>();
  SignedInClient admin_ = sign_in(server_->port());
};

/// 503 is an answer to the weather, not to an input: an input that makes the store fail would show
/// as one.
bool is_failure(const DescribedCall& call, const Answer& answer) {
  if (answer.status < 500) return false;
  const std::string error = answer.text("error");
  return answer.status != 503 || error == "database_unavailable" || error == "overloaded" ||
         error == "collector_unavailable" ||
         (error == "not_ready" && call.operation.pattern != "/readyz");
}

/// Nothing: as it should be.
std::optional<std::string> fault(const AnswerCheck& check, DescribedCall call,
                                 const Answer& answer) {
  if (is_failure(call, answer)) return fmt::format("{} {}", answer.status, answer.body);
  // An encoded slash in a path makes another address of it, which leads nowhere.
  call.operation.problems.push_back(404);
  return check.mistake(call, answer);
}

TEST(ApiFuzz, no_input_makes_the_server_fail_or_answer_otherwise_than_described) {
  const auto rounds = static_cast<std::uint32_t>(std::max(1, GTEST_FLAG_GET(random_seed)));
  const AnswerCheck check;
  Target target;
  std::map<int, int> answers;
  const std::vector<DescribedCall> calls = target.calls();
  for (std::uint32_t round = 1; round <= rounds; ++round) {
    FuzzSource source(round);
    for (const DescribedCall& call : calls) {
      if (call.operation.success == 101) continue;
      for (int i = 0; i < cases_a_round; ++i) {
        target.restore();
        const FuzzCase request = source.next(call.operation);
        const auto begin = Clock::now();

        const Answer answer = target.send(request);

        ++answers[answer.status / 100];
        EXPECT_LT(Clock::now() - begin, slowest) << call.operation.id << ": " << request.shown();
        EXPECT_EQ(fault(check, call, answer), std::nullopt)
            << call.operation.id << ": " << request.shown();
      }
      ASSERT_TRUE(target.alive()) << call.operation.id;
    }
  }
  // Otherwise it would knock at the front door only.
  EXPECT_GT(answers[2], answers[4] / 4);
  EXPECT_GT(answers[4], answers[2] / 4);
}

}  // namespace
}  // namespace wl::web
