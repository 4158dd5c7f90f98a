#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>

#include "audience.hpp"
#include "base/durable_file.hpp"
#include "figures.hpp"
#include "http_client.hpp"
#include "parts.hpp"
#include "process_facts.hpp"

namespace wl::bench {
namespace {

constexpr int connections = 32;
constexpr int browsers = 4;  // WebSockets that come and go all the time.
constexpr int checkpoints = 10;

struct Kind {
  std::string_view name;
  int share;  ///< Of 1,000.
  std::string request;
  std::vector<int> expected;  ///< Statuses.
};

std::vector<Kind> kinds_of(const Site& site, const SoakOptions& options) {
  const auto get = [&site](std::string target, bool signed_in = true) {
    return text_of({.port = site.port,
                    .target = std::move(target),
                    .cookie = signed_in ? site.cookie : std::string()});
  };
  const std::string wrong = text_of({.port = site.port,
                                     .target = "/auth/login",
                                     .body = R"({"username":"nobody","password":"wrong"})"});
  return {{"current", 600, get("/api/devices/conveyor/current"), {200}},
          {"devices", 80, get("/api/devices"), {200}},
          {"file", 100, get(options.asset, false), {200}},
          {"not there", 70, get("/api/no/such/thing"), {404}},
          {"without session", 60, get("/api/devices", false), {401}},
          {"wrong password", 60, wrong, {401, 403, 429}},
          {"check", 25, get("/auth/check"), {200}},
          {"history", 5, get(options.history), {200}}};
}

/// Asks for one kind after the other, on a connection that stays.
class MixedVisitor {
 public:
  MixedVisitor(Loop& loop, const Site& site, const std::vector<Kind>& kinds, unsigned seed)
      : loop_(loop), client_(loop, {.port = site.port}), kinds_(kinds), random_(seed) {}

  void ask() {
    random_ = random_ * 1103515245 + 12345;
    const Kind& kind = next();
    client_.ask(kind.request, Clock::now(), [this, &kind](const Answer& answer) {
      ++answered_;
      if (std::ranges::find(kind.expected, answer.status) == kind.expected.end())
        ++wrong_[fmt::format("{}: {}", kind.name, answer.status)];
      loop_.at(Clock::now(), [this] { ask(); });
    });
  }
  double answered() const { return answered_; }
  const std::map<std::string, int>& wrong() const { return wrong_; }

 private:
  const Kind& next() const {
    int at = static_cast<int>((random_ >> 16) % 1000);
    for (const Kind& kind : kinds_) {
      at -= kind.share;
      if (at < 0) return kind;
    }
    return kinds_.front();
  }

  Loop& loop_;
  HttpClient client_;
  const std::vector<Kind>& kinds_;
  unsigned random_;
  double answered_ = 0;
  std::map<std::string, int> wrong_;
};

/// A browser that joins, gets its snapshot and leaves, again and again.
class Browser {
 public:
  Browser(Loop& loop, const Site& site)
      : loop_(loop),
        client_(loop, {.port = site.port}, site.cookie,
                {[this](std::string_view) { come_again(); }, [this] { come_again(); }}) {}

  void come() { client_.join(); }
  double visits() const { return visits_; }

 private:
  void come_again() {
    if (waiting_) return;
    waiting_ = true;
    ++visits_;
    loop_.at(Clock::now() + std::chrono::milliseconds{20}, [this] {
      client_.leave();
      waiting_ = false;
      come();
    });
  }

  Loop& loop_;
  bool waiting_ = false;
  double visits_ = 0;
  WebSocketClient client_;
};

}  // namespace

void measure_soak(const Site& site, const SoakOptions& options) {
  Loop loop;
  const Plant plant = must(parse_plant(must(read_file(site.plant)), site.plant));
  const LiveSource source(loop, plant, site.socket);
  loop.run_until_true([&] { return source.has_reader(); }, "the web process at live.sock", 10);
  const auto kinds = kinds_of(site, options);
  std::vector<std::unique_ptr<MixedVisitor>> visitors;
  for (unsigned i = 0; i < connections; ++i)
    visitors.push_back(std::make_unique<MixedVisitor>(loop, site, kinds, i + 1));
  std::vector<std::unique_ptr<Browser>> crowd;
  for (int i = 0; i < browsers; ++i) crowd.push_back(std::make_unique<Browser>(loop, site));
  const auto answered = [&visitors] {
    double sum = 0;
    for (const auto& visitor : visitors) sum += visitor->answered();
    return sum;
  };
  for (const auto& visitor : visitors) visitor->ask();
  for (const auto& browser : crowd) browser->come();
  const Stopwatch watch;
  for (int i = 0; i <= checkpoints; ++i) {
    const double goal = options.warm_requests + options.requests * i / checkpoints;
    while (answered() < goal) loop.run_for(0.02);
    double visits = 0;
    for (const auto& browser : crowd) visits += browser->visits();
    Figure("soak")
        .add("requests", answered())
        .add("visits", visits)
        .add("seconds", watch.seconds())
        .add("rss_mb", resident_bytes_of(site.pids.front()) / 1e6);
  }
  for (const auto& visitor : visitors) {
    for (const auto& [what, count] : visitor->wrong())
      Figure("soak_wrong").add("what", what).add("count", count);
  }
}

}  // namespace wl::bench
