// The web application: every request goes through here, and is refused unless a rule lets it in.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "web/api/account_api.hpp"
#include "web/api/account_watch.hpp"
#include "web/api/alarm_api.hpp"
#include "web/api/audit_api.hpp"
#include "web/api/audit_desk.hpp"
#include "web/api/device_api.hpp"
#include "web/api/document_api.hpp"
#include "web/api/energy_api.hpp"
#include "web/api/oee_api.hpp"
#include "web/api/session_api.hpp"
#include "web/api/system_service.hpp"
#include "web/api/threshold_api.hpp"
#include "web/api/token_api.hpp"
#include "web/api/user_api.hpp"
#include "web/http/allowed_hosts.hpp"
#include "web/http/client_address.hpp"
#include "web/http/http_figures.hpp"
#include "web/http/router.hpp"
#include "web/http/service.hpp"
#include "web/http/static_site.hpp"
#include "web/live/live_hub.hpp"

namespace wl::web {

/// Compresses long answers, so that the loop need not. It has nothing of its own.
struct Packer {};
using PackerDesk = Desk<Packer>;

/// What the application works with; all outlive it.
struct Surroundings {
  const Plant& plant;
  const StaticSite& site;
  AccountDesk& accounts;
  PasswordDesk& passwords;
  StoreDesk& store;
  AlarmDesk& alarms;
  OrderDesk& orders;
  PackerDesk& packers;
  Clock clock;
  SystemSurroundings system;
  std::function<ServerFigures()> server_figures;
};

struct ApplicationRules {
  AccountRules accounts;
  SessionLimits sessions;
  HistoryRules history;
  AddressRules addresses;
  AllowedHosts hosts;
  Milliseconds live_stale_after{3000};
  std::string version = "0";  ///< Of Wattline, as the description of the API shows it.
};

/// For the status file.
struct ApplicationFigures {
  std::size_t live_clients = 0;
  std::size_t sessions = 0;
  bool live_fresh = false;
  std::string live_reason;  ///< Why not fresh.
  LiveFigures live;
  bool ui_built = false;
  AuditFigures audit;
};

/// In this order: address, Host, route, method, session or API token, role, scope of the token,
/// default password, origin, content type, CSRF token (of a session), handler. Lives on the loop's
/// thread and never blocks.
class Application : public Service {
 public:
  Application(ApplicationRules rules, Surroundings surroundings);

  void handle(Request request, Reply reply) override;
  void admit_live(Request request, std::move_only_function<void(LiveVerdict)> answer) override;
  void join_live(std::shared_ptr<PushClient> client) override;
  void leave_live(const std::shared_ptr<PushClient>& client) override { hub_.leave(client); }
  Response refuse(int status, const Request& request) override;

  /// The live feed reports here.
  LiveHub& hub() { return hub_; }
  /// For all that changes something.
  AuditTrail& audit() { return audit_; }
  /// Every few seconds: ends what has expired.
  void tick();
  ApplicationFigures figures() const;
  const Router& router() const { return router_; }

 private:
  std::vector<Route> routes();
  /// The problem of a client that may not come; else the request as its proxies tell it.
  std::optional<Problem> meet(Request& request) const;
  void dispatch(Request request, Reply reply);
  void pack_elsewhere(Response response, bool secure, const std::shared_ptr<Reply>& reply);
  void serve_static(const Request& request, Reply reply);
  AccountTools account_tools();
  void enter(const RouteMatch& match, Request request, Reply reply);
  /// Who sent it, by token or session; a Problem when it is nobody.
  void identify(const Request& request, TokenDirectory::Found found);
  void health(Call call, Reply reply);
  void readiness(Call call, Reply reply);
  WebFigures web_figures() const;

  ApplicationRules rules_;
  Surroundings surroundings_;
  LiveHub hub_;
  SessionDirectory sessions_;
  TokenDirectory tokens_;
  LoginLimiter limiter_;
  AuditDesk audit_;
  AccountWatch account_watch_;
  AccountApi account_api_;
  UserApi user_api_;
  SessionApi session_api_;
  TokenApi token_api_;
  AuditApi audit_api_;
  DeviceApi device_api_;
  EnergyApi energy_api_;
  OeeApi oee_api_;
  AlarmApi alarm_api_;
  ThresholdApi threshold_api_;
  DocumentApi document_api_;
  SystemService system_;
  HttpFigures http_figures_;
  Router router_;
  Timestamp next_session_write_{};
};

}  // namespace wl::web
