#include <fmt/format.h>

#include <map>
#include <memory>

#include "figures.hpp"
#include "http_client.hpp"
#include "parts.hpp"
#include "process_facts.hpp"

namespace wl::bench {
namespace {

using Statuses = std::map<int, int>;

std::string credentials(const std::string& user, const std::string& password) {
  return fmt::format(R"({{"username":"{}","password":"{}"}})", user, password);
}

/// Asks at fixed times whatever the answers do, each time on an idle connection or a new one.
class Asker {
 public:
  using MakeRequest = std::function<std::string(int number)>;

  Asker(Loop& loop, Route route, Clock::duration pause, MakeRequest make)
      : loop_(loop), route_(std::move(route)), pause_(pause), make_(std::move(make)) {}

  void begin() { ask_at(Clock::now()); }
  void end() { going_ = false; }
  void clear() {
    ms_.clear();
    statuses_.clear();
  }
  const std::vector<double>& ms() const { return ms_; }
  const Statuses& statuses() const { return statuses_; }

 private:
  void ask_at(Clock::time_point due) {
    loop_.at(due, [this, due] {
      if (!going_) return;
      idle_client().ask(make_(number_++), due, [this](const Answer& answer) {
        ms_.push_back(answer.ms);
        ++statuses_[answer.status];
      });
      ask_at(due + pause_);
    });
  }

  HttpClient& idle_client() {
    for (const auto& client : clients_) {
      if (!client->busy()) return *client;
    }
    clients_.push_back(std::make_unique<HttpClient>(loop_, route_));
    return *clients_.back();
  }

  Loop& loop_;
  const Route route_;
  const Clock::duration pause_;
  const MakeRequest make_;
  bool going_ = true;
  int number_ = 0;
  std::vector<std::unique_ptr<HttpClient>> clients_;
  std::vector<double> ms_;
  Statuses statuses_;
};

int count_of(const Statuses& statuses, int status) {
  const auto found = statuses.find(status);
  return found == statuses.end() ? 0 : found->second;
}

void tell(std::string_view phase, const Asker& valid, const Asker& api) {
  const auto logins = static_cast<double>(valid.ms().size());
  Figure("logins")
      .add("phase", phase)
      .add("logins", logins)
      .add("let_in", count_of(valid.statuses(), 200))
      .add("login_p50_ms", percentile(valid.ms(), 0.5))
      .add("login_p95_ms", percentile(valid.ms(), 0.95))
      .add("login_longest_ms", percentile(valid.ms(), 1))
      .add("api", static_cast<double>(api.ms().size()))
      .add("api_ok", count_of(api.statuses(), 200))
      .add("api_p50_ms", percentile(api.ms(), 0.5))
      .add("api_p99_ms", percentile(api.ms(), 0.99))
      .add("api_longest_ms", percentile(api.ms(), 1));
}

void tell_storm(const Asker& storm, double cpu_share) {
  Figure figure("storm");
  figure.add("asked", static_cast<double>(storm.ms().size())).add("cpu_share", cpu_share);
  for (const auto& [status, count] : storm.statuses())
    figure.add(fmt::format("status_{}", status), count);
}

}  // namespace

void measure_logins(const Site& site, const LoginOptions& options) {
  Loop loop;
  const auto request = [&site](std::string target, std::string body) {
    return text_of({.port = site.port,
                    .target = std::move(target),
                    .cookie = body.empty() ? site.cookie : std::string(),
                    .body = std::move(body)});
  };
  Asker api(loop, {.port = site.port}, std::chrono::milliseconds{10},
            [&](int) { return request("/api/devices/conveyor/current", {}); });
  Asker valid(
      loop, {.port = site.port, .from = "127.0.0.3"}, std::chrono::milliseconds{1000},
      [&](int) { return request("/auth/login", credentials(options.user, options.password)); });
  // Half of them at the account that the valid sign-ins use, half at names that nobody has.
  Asker storm(loop, {.port = site.port, .from = "127.0.0.2"},
              std::chrono::microseconds{1'000'000} / options.bad_a_second, [&](int number) {
                const std::string user =
                    number % 2 == 0 ? options.user : fmt::format("nobody{}", number);
                return request("/auth/login", credentials(user, "wrong-password"));
              });
  api.begin();
  valid.begin();
  loop.run_for(options.seconds);
  tell("calm", valid, api);
  valid.clear();
  api.clear();
  const double cpu_before = cpu_seconds_of(site.pids);
  storm.begin();
  loop.run_for(options.seconds);
  storm.end();
  const double share = (cpu_seconds_of(site.pids) - cpu_before) / options.seconds;
  valid.end();
  loop.run_for(3);  // Who asked last is answered.
  tell("storm", valid, api);
  tell_storm(storm, share);
}

}  // namespace wl::bench
