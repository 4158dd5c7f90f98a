#include "web/application.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>

#include "web/api/readiness.hpp"
#include "web/api/token_scopes.hpp"
#include "web/call_check.hpp"
#include "web/http/finish.hpp"
#include "web/http/gzip.hpp"
#include "web/http/json_writer.hpp"
#include "web/http/local_caller.hpp"
#include "web/http/request_check.hpp"

namespace wl::web {
namespace {

/// A chart of a day takes 3 ms to compress, in which the loop could answer 50 other requests.
constexpr std::size_t gzip_elsewhere_from_bytes = 16 * 1024;
constexpr Milliseconds session_write_interval{30'000};

/// Its own audit log where the surroundings bring none.
SystemSurroundings with_audit(SystemSurroundings system, AuditDesk& audit) {
  if (system.audit == nullptr) system.audit = &audit;
  if (!system.audit_lost) system.audit_lost = [&audit] { return audit.figures().lost; };
  return system;
}

}  // namespace

Application::Application(ApplicationRules rules, Surroundings surroundings)
    : rules_(std::move(rules)),
      surroundings_(std::move(surroundings)),
      hub_(rules_.live_stale_after, LiveNames(surroundings_.plant)),
      sessions_(rules_.sessions, surroundings_.accounts, surroundings_.passwords),
      tokens_(surroundings_.accounts, surroundings_.passwords),
      limiter_(rules_.accounts.login),
      audit_(surroundings_.accounts, rules_.accounts.secret_key),
      account_watch_(account_tools()),
      account_api_(rules_.accounts, account_tools()),
      user_api_(account_tools(), rules_.accounts.password_min_length),
      session_api_(account_tools()),
      token_api_(account_tools()),
      audit_api_(surroundings_.plant, surroundings_.accounts),
      device_api_(surroundings_.plant, hub_, surroundings_.store, rules_.history,
                  surroundings_.clock),
      energy_api_(surroundings_.plant, surroundings_.store, surroundings_.clock),
      oee_api_(surroundings_.plant, surroundings_.store, surroundings_.clock),
      alarm_api_(surroundings_.plant, surroundings_.alarms, surroundings_.orders,
                 {audit_, surroundings_.clock}),
      threshold_api_(surroundings_.plant, surroundings_.alarms, surroundings_.orders,
                     surroundings_.store, {audit_, surroundings_.clock}),
      document_api_(surroundings_.site),
      system_(with_audit(surroundings_.system, audit_), surroundings_.plant, hub_,
              surroundings_.store, surroundings_.clock, [this] { return web_figures(); }),
      router_(routes()) {
  document_api_.describe(rules_.version, router_.routes());
}

AccountTools Application::account_tools() {
  return {sessions_,
          tokens_,
          hub_,
          surroundings_.accounts,
          surroundings_.passwords,
          limiter_,
          audit_,
          surroundings_.clock};
}

std::vector<Route> Application::routes() {
  std::vector<Route> all{
      {"GET", "/healthz", Access::anyone, Scope::none,
       [this](Call call, Reply reply) { health(std::move(call), std::move(reply)); }},
      {"GET", "/readyz", Access::anyone, Scope::none,
       [this](Call call, Reply reply) { readiness(std::move(call), std::move(reply)); }}};
  for (auto& route : account_api_.routes()) all.push_back(std::move(route));
  for (auto& route : user_api_.routes()) all.push_back(std::move(route));
  for (auto& route : session_api_.routes()) all.push_back(std::move(route));
  for (auto& route : token_api_.routes()) all.push_back(std::move(route));
  for (auto& route : audit_api_.routes()) all.push_back(std::move(route));
  for (auto& route : device_api_.routes()) all.push_back(std::move(route));
  for (auto& route : energy_api_.routes()) all.push_back(std::move(route));
  for (auto& route : oee_api_.routes()) all.push_back(std::move(route));
  for (auto& route : alarm_api_.routes()) all.push_back(std::move(route));
  for (auto& route : threshold_api_.routes()) all.push_back(std::move(route));
  for (auto& route : document_api_.routes()) all.push_back(std::move(route));
  for (auto& route : system_.routes()) all.push_back(std::move(route));
  return all;
}

void Application::handle(Request request, Reply reply) {
  const auto stranger = meet(request);
  const Wishes wishes{accepts_gzip(request.header("accept-encoding")), request.secure};
  const Language language = request.language();
  if (stranger) {
    http_figures_.count(stranger->status, 0);
    return reply(finish(problem_response(*stranger, language), wishes));
  }
  const auto shared = std::make_shared<Reply>(std::move(reply));
  Reply finishing = [this, shared, wishes,
                     began = std::chrono::steady_clock::now()](Response response) {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    http_figures_.count(response.status, took.count());
    const bool packs = wants_gzip(response, wishes);
    if (packs && response.body.size() >= gzip_elsewhere_from_bytes) {
      return pack_elsewhere(std::move(response), wishes.secure, shared);
    }
    (*shared)(finish(std::move(response), wishes));
  };
  try {
    dispatch(std::move(request), std::move(finishing));
  } catch (const std::exception& error) {
    spdlog::error("request failed: {}", error.what());
    http_figures_.count(500, 0);
    (*shared)(finish(problem_response(problems::internal(), language), {false, wishes.secure}));
  }
}

std::optional<Problem> Application::meet(Request& request) const {
  see_through_proxies(request, rules_.addresses);
  if (may_come(request, rules_.addresses)) return std::nullopt;
  return address_refused(request.remote_address);
}

/// With a full queue the answer goes out as it is: larger, but at once.
void Application::pack_elsewhere(Response response, bool secure,
                                 const std::shared_ptr<Reply>& reply) {
  const auto whole = std::make_shared<Response>(std::move(response));
  const bool asked = surroundings_.packers.ask(
      [whole](Packer&) -> Result<std::string> { return gzip(whole->body, 1); },
      [whole, secure, reply](Result<std::string> small) {
        put_gzipped(*whole, small ? std::move(*small) : std::string());
        (*reply)(finish(std::move(*whole), {false, secure}));
      });
  if (!asked) (*reply)(finish(std::move(*whole), {false, secure}));
}

void Application::dispatch(Request request, Reply reply) {
  const auto found = router_.find(request.method, request.path);
  // Load balancers ask for the first two without a name. The page itself is no secret, and shows
  // the reader why its calls are refused.
  const bool probe = request.path == "/healthz" || request.path == "/readyz";
  const bool file = std::holds_alternative<NoRoute>(found) && !belongs_to_api(request.path);
  const auto strange = probe || file ? std::nullopt : host_problem(request, rules_.hosts);
  if (strange) return reply(problem_response(*strange, request.language()));
  if (const auto* match = std::get_if<RouteMatch>(&found)) {
    return enter(*match, std::move(request), std::move(reply));
  }
  if (const auto* other = std::get_if<MethodNotAllowed>(&found)) {
    Response response = problem_response(method_not_allowed(other->allow), request.language());
    response.headers.emplace_back("Allow", other->allow);
    return reply(std::move(response));
  }
  if (belongs_to_api(request.path)) {
    return reply(problem_response(problems::not_found(request.path), request.language()));
  }
  serve_static(request, std::move(reply));
}

void Application::serve_static(const Request& request, Reply reply) {
  if (is_write(request.method)) {
    Response response = problem_response(method_not_allowed("GET, HEAD"), request.language());
    response.headers.emplace_back("Allow", "GET, HEAD");
    return reply(std::move(response));
  }
  auto file = surroundings_.site.serve(request);
  if (file) return reply(std::move(*file));
  reply(problem_response(problems::not_found(request.path), request.language()));
}

void Application::enter(const RouteMatch& match, Request request, Reply reply) {
  const Route& route = *match.route;
  const auto call = std::make_shared<Call>(Call{std::move(request), match.parameters, {}});
  const bool open_here = route.access == Access::local_or_user && is_local(call->request);
  if (route.access == Access::anyone || open_here) {
    const SignedIn* known = sessions_.peek(call->request, surroundings_.clock());
    if (known != nullptr) call->caller = *known;
    if (const auto problem = refusal(route, *call, rules_.accounts)) {
      return reply(problem_response(*problem, call->request.language()));
    }
    return route.handler(std::move(*call), std::move(reply));
  }
  const auto shared = std::make_shared<Reply>(std::move(reply));
  identify(call->request, [this, &route, call, shared](std::expected<SignedIn, Problem> caller) {
    const Language language = call->request.language();
    if (!caller) return (*shared)(unauthorised(caller.error(), language));
    call->caller = std::move(*caller);
    if (const auto problem = refusal(route, *call, rules_.accounts)) {
      return (*shared)(problem_response(*problem, language));
    }
    route.handler(std::move(*call), std::move(*shared));
  });
}

void Application::identify(const Request& request, TokenDirectory::Found found) {
  const Timestamp now = surroundings_.clock();
  // A token stands for itself: a cookie beside it does not count, so no CSRF token is needed.
  if (const auto token = bearer_token(request)) {
    return tokens_.find(*token, request, now, std::move(found));
  }
  sessions_.find(request, now,
                 [found = std::move(found)](Result<std::optional<SignedIn>> caller) mutable {
                   if (!caller) {
                     spdlog::error("session: {}", caller.error().what);
                     return found(std::unexpected(problems::database_unavailable()));
                   }
                   if (!*caller) return found(std::unexpected(problems::sign_in_needed()));
                   found(std::move(**caller));
                 });
}

void Application::admit_live(Request request, std::move_only_function<void(LiveVerdict)> answer) {
  const auto stranger = meet(request);
  const Wishes wishes{false, request.secure};
  const auto refuse_with = [wishes, language = request.language()](const Problem& problem) {
    return LiveVerdict{finish(unauthorised(problem, language), wishes), {}};
  };
  if (stranger) return answer(refuse_with(*stranger));
  if (const auto strange = host_problem(request, rules_.hosts))
    return answer(refuse_with(*strange));
  // A browser sends its cookie along whoever opens the socket, so its Origin has to be ours. A
  // script that has a token needs none; a foreign one is refused all the same.
  const bool by_token = bearer_token(request).has_value();
  const bool welcome = by_token ? !is_cross_origin(request) : has_own_origin(request);
  if (!welcome) return answer(refuse_with(foreign_origin()));
  if (const auto problem = handshake_problem(request)) {
    LiveVerdict refused = refuse_with(*problem);
    refused.refusal->headers.emplace_back("Sec-WebSocket-Version", "13");
    return answer(std::move(refused));
  }
  const auto shared =
      std::make_shared<std::move_only_function<void(LiveVerdict)>>(std::move(answer));
  identify(request, [this, shared, refuse_with, language = request.language(),
                     query = request.query](std::expected<SignedIn, Problem> caller) {
    if (!caller) return (*shared)(refuse_with(caller.error()));
    if (caller->by_token() && !has_scope(caller->token_scopes, Scope::read))
      return (*shared)(refuse_with(scope_missing(Scope::read)));
    if (const auto problem = default_password_refusal(*caller, rules_.accounts))
      return (*shared)(refuse_with(*problem));
    auto wish = parse_live_query(query, hub_.names());
    if (!wish) return (*shared)(refuse_with(wish.error()));
    wish->language = language;
    LiveAdmission admission{caller->token_sha256, std::move(*wish)};
    (*shared)(LiveVerdict{std::nullopt, std::move(admission)});
  });
}

void Application::join_live(std::shared_ptr<PushClient> client) {
  const Timestamp now = surroundings_.clock();
  // The session or token may have ended while the handshake was under way.
  const bool stands = sessions_.table().peek(client->session(), now) != nullptr ||
                      tokens_.is_alive(client->session(), now);
  if (!stands) {
    client->close("the session has ended");
  } else {
    hub_.join(std::move(client), now);
  }
}

Response Application::refuse(int status, const Request& request) {
  Problem problem = problems::bad_request("请求格式有误", "the request is malformed");
  if (status == 411) {
    problem = {411,
               "length_required",
               {"请用 Content-Length 发送请求体,不支持 Transfer-Encoding",
                "send the body with Content-Length; Transfer-Encoding is not taken"},
               {}};
  }
  if (status == 413) problem = {413, "too_large", {"请求体过大", "the body is too large"}, {}};
  if (status == 431) problem = {431, "too_large", {"请求头过大", "the header is too large"}, {}};
  if (status == 503) problem = problems::overloaded();
  http_figures_.count(status, 0);
  return finish(problem_response(problem, request.language()), {false, request.secure});
}

void Application::tick() {
  const Timestamp now = surroundings_.clock();
  system_.tick();
  for (const auto& key : sessions_.table().expire(now)) {
    hub_.end_session(key, "the session has expired");
  }
  account_api_.tick(now);
  audit_.tick(now);
  account_watch_.tick(now);
  if (now < next_session_write_) return;
  next_session_write_ = now + session_write_interval;
  sessions_.tick(now);
  for (const auto& key : tokens_.tick(now)) hub_.end_session(key, "the token has expired");
}

ApplicationFigures Application::figures() const {
  const LiveState& state = hub_.state();
  const bool fresh = state.fresh(surroundings_.clock());
  std::string reason = fresh ? "" : state.link().reason;
  if (!fresh && reason.empty()) reason = "the collector has said nothing for a while";
  return {hub_.clients(), sessions_.table().size(),   fresh,           std::move(reason),
          hub_.figures(), surroundings_.site.built(), audit_.figures()};
}

void Application::health(Call, Reply reply) {
  reply(json_response(R"({"success":true,"status":"ok"})"));
}

void Application::readiness(Call call, Reply reply) {
  const auto shared = std::make_shared<Reply>(std::move(reply));
  const Language language = call.request.language();
  const auto with_collector = [this, shared, language](bool database) {
    system_.cache().get([this, shared, language, database](Result<SystemCache::Facts> facts) {
      std::vector<NotReady> missing;
      const ApplicationFigures now = figures();
      if (!database) missing.push_back({"database", "not available"});
      if (!now.live_fresh) missing.push_back({"live", now.live_reason});
      if (!now.ui_built) missing.push_back({"ui", "not built"});
      const bool by_redis = now.live_fresh && now.live.source == "redis";
      const auto place = by_redis ? CollectorPlace::perhaps_elsewhere : CollectorPlace::here;
      if (auto part = collector_not_ready(facts, place)) missing.push_back(std::move(*part));
      (*shared)(readiness_response(missing, now.live, language));
    });
  };
  const bool asked =
      surroundings_.store.ask([](storage::Store& store) { return store.extent(); },
                              [with_collector](auto extent) { with_collector(bool(extent)); });
  if (!asked) (*shared)(problem_response(problems::overloaded(), language));
}

WebFigures Application::web_figures() const {
  WebFigures figures;
  if (surroundings_.server_figures) figures.server = surroundings_.server_figures();
  figures.http = http_figures_;
  figures.live_clients = hub_.clients();
  figures.sessions = sessions_.table().size();
  figures.live_fresh = hub_.state().fresh(surroundings_.clock());
  figures.desks = {{"accounts", surroundings_.accounts.waiting()},
                   {"passwords", surroundings_.passwords.waiting()},
                   {"store", surroundings_.store.waiting()},
                   {"alarms", surroundings_.alarms.waiting()},
                   {"orders", surroundings_.orders.waiting()}};
  return figures;
}

}  // namespace wl::web
