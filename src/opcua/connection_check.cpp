#include "opcua/connection_check.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <open62541/client.h>

#include <algorithm>
#include <chrono>
#include <optional>

#include "opcua/connect_steps.hpp"
#include "opcua/pki.hpp"

namespace wl::opcua {
namespace {

using Clock = std::chrono::steady_clock;

/// Servers refuse longer requests.
constexpr std::size_t nodes_per_request = 500;

std::string described(const EndpointOffer& offer) {
  std::vector<std::string> logins;
  if (offer.anonymous) logins.emplace_back("anonymous");
  if (offer.user_name) logins.emplace_back("user name");
  return fmt::format(
      "{}/{} ({})", offer.policy, offer.mode,
      logins.empty() ? "no login that we know" : fmt::format("{}", fmt::join(logins, ", ")));
}

std::string in_days(const CertificateInfo& info) {
  return fmt::format("{}, SHA-1 {}, valid until {} ({} days)", info.subject, info.thumbprint,
                     to_iso8601(info.valid_until).substr(0, 10), days_left(info, wall_now()));
}

class Checker {
 public:
  Checker(const std::string& url, const ClientSecurity& security, Milliseconds timeout)
      : url_(url), security_(security), timeout_(timeout) {}

  ConnectionCheck run(const std::vector<std::string>& node_ids) {
    if (check_name() && check_tcp() && check_endpoints() && check_own_certificate() &&
        check_server_certificate() && check_session()) {
      check_nodes(node_ids);
    }
    return std::move(check_);
  }

 private:
  bool passed(std::string name, std::string detail) {
    check_.steps.push_back({std::move(name), true, std::move(detail), {}});
    return true;
  }
  bool failed(std::string name, std::string detail, std::string next_step) {
    check_.steps.push_back({std::move(name), false, std::move(detail), std::move(next_step)});
    return false;
  }

  bool check_name() {
    const auto address = parse_endpoint(url_);
    if (!address) {
      return failed("URL", address.error().what, "correct OPC_UA_SERVER_URL in .env");
    }
    address_ = *address;
    const auto found = look_up(address_);
    if (!found) {
      return failed("name look-up", found.error().what,
                    "correct the host in OPC_UA_SERVER_URL, or use its IP address");
    }
    return passed("name look-up", fmt::format("{} is {}", address_.host, fmt::join(*found, ", ")));
  }

  bool check_tcp() {
    const auto begin = Clock::now();
    const auto reached = reach_tcp(address_, timeout_);
    if (!reached) {
      return failed(
          "TCP", reached.error().what,
          fmt::format("start the server, or open port {} in the firewalls between", address_.port));
    }
    const auto took = std::chrono::duration_cast<Milliseconds>(Clock::now() - begin);
    return passed("TCP", fmt::format("{}:{} takes connections ({} ms)", address_.host,
                                     address_.port, took.count()));
  }

  bool check_endpoints() {
    const auto offers = list_endpoints(url_, timeout_);
    if (!offers) {
      return failed("endpoints", offers.error().what,
                    "something else than an OPC UA server listens there: correct the port");
    }
    std::vector<std::string> all;
    for (const EndpointOffer& each : *offers) all.push_back(described(each));
    const std::string list = fmt::format("{}", fmt::join(all, "; "));
    for (const EndpointOffer& each : *offers) {
      const bool has_login = security_.username.empty() ? each.anonymous : each.user_name;
      if (each.policy != security_policy_name(security_.policy)) continue;
      if (each.mode == security_mode_name(security_.mode) && has_login) chosen_ = each;
    }
    if (chosen_) return passed("endpoints", list);
    return failed(
        "endpoints",
        fmt::format("no {}/{} for {} login; offered: {}", security_policy_name(security_.policy),
                    security_mode_name(security_.mode),
                    security_.username.empty() ? "anonymous" : "user name", list),
        "set OPC_UA_SECURITY_POLICY, OPC_UA_SECURITY_MODE and OPC_UA_USERNAME to what is offered, "
        "or enable it at the server");
  }

  bool check_own_certificate() {
    if (!security_.needs_certificate()) return true;
    const auto own =
        Pki(security_.pki_dir)
            .own(security_.certificate_name, security_.application_uri, security_.application_name);
    if (!own) return failed("own certificate", own.error().what, "do what the message says");
    const auto info = describe_certificate(own->certificate);
    return passed("own certificate", info ? in_days(*info) : "");
  }

  bool check_server_certificate() {
    if (security_.policy == SecurityPolicy::none) return true;
    const Pki pki(security_.pki_dir);
    CertificateVerdict verdict = pki.check(chosen_->certificate, wall_now());
    if (verdict.fault == CertificateFault::none) {
      verdict = pki.check_uri(chosen_->certificate, chosen_->application_uri);
    }
    if (verdict.fault != CertificateFault::none) {
      return failed("server certificate", verdict.reason,
                    verdict.fault == CertificateFault::untrusted
                        ? "compare the SHA-1 with what the server shows; then move the file"
                        : "have the server's operator renew its certificate");
    }
    const auto info = describe_certificate(chosen_->certificate);
    return passed("server certificate", info ? in_days(*info) : "");
  }

  bool check_session() {
    client_.emplace(timeout_, security_);
    const auto opened = open_session(*client_, url_, timeout_);
    const std::string who = security_.username.empty() ? "anonymous" : security_.username;
    if (opened) return passed("session", fmt::format("signed in as {}", who));
    std::string next = "correct OPC_UA_USERNAME and OPC_UA_PASSWORD, or allow this login there";
    if (security_.policy != SecurityPolicy::none) {
      next =
          fmt::format("at the server, trust {}; or correct user name and password",
                      (security_.pki_dir / "own" / (security_.certificate_name + ".der")).string());
    }
    return failed("session", opened.error().what, next);
  }

  void check_nodes(const std::vector<std::string>& node_ids) {
    for (std::size_t first = 0; first < node_ids.size(); first += nodes_per_request) {
      const std::size_t last = std::min(first + nodes_per_request, node_ids.size());
      read_nodes({node_ids.begin() + static_cast<std::ptrdiff_t>(first),
                  node_ids.begin() + static_cast<std::ptrdiff_t>(last)});
    }
    client_->disconnect();
  }

  void read_nodes(const std::vector<std::string>& node_ids) {
    std::vector<UaNodeId> ids;
    std::vector<UA_ReadValueId> wanted(node_ids.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      auto id = parse_node_id(node_ids[i]);
      ids.push_back(id ? std::move(*id) : UaNodeId{});
      UA_ReadValueId_init(&wanted[i]);
      wanted[i].nodeId = *ids.back();
      wanted[i].attributeId = UA_ATTRIBUTEID_VALUE;
    }
    UA_ReadRequest request;
    UA_ReadRequest_init(&request);
    request.timestampsToReturn = UA_TIMESTAMPSTORETURN_BOTH;
    request.nodesToRead = wanted.data();
    request.nodesToReadSize = wanted.size();
    UaOwned<UA_ReadResponse, UA_TYPES_READRESPONSE> response;
    *response = UA_Client_Service_read(client_->raw(), request);
    const UA_StatusCode status = response->responseHeader.serviceResult;
    const bool is_answer = status == UA_STATUSCODE_GOOD && response->resultsSize == node_ids.size();
    for (std::size_t i = 0; i < node_ids.size(); ++i) {
      check_.nodes.push_back(
          is_answer
              ? node_of(node_ids[i], response->results[i])
              : NodeCheck{
                    node_ids[i], false, {}, {}, fmt::format("Read: {}", status_name(status))});
    }
  }

  static NodeCheck node_of(const std::string& node_id, const UA_DataValue& value) {
    NodeCheck node;
    node.node_id = node_id;
    node.value = from_ua(value, wall_now());
    if (value.hasValue && value.value.type) node.type = value.value.type->typeName;
    const UA_StatusCode status = value.hasStatus ? value.status : UA_STATUSCODE_GOOD;
    node.readable =
        status != UA_STATUSCODE_BADNODEIDUNKNOWN && status != UA_STATUSCODE_BADNODEIDINVALID &&
        status != UA_STATUSCODE_BADATTRIBUTEIDINVALID && status != UA_STATUSCODE_BADNOTREADABLE &&
        status != UA_STATUSCODE_BADUSERACCESSDENIED;
    if (!node.readable) node.reason = status_name(status);
    return node;
  }

  const std::string& url_;
  const ClientSecurity& security_;
  const Milliseconds timeout_;
  EndpointAddress address_;
  std::optional<EndpointOffer> chosen_;
  std::optional<UaClient> client_;
  ConnectionCheck check_;
};

}  // namespace

bool ConnectionCheck::ok() const {
  return std::ranges::all_of(steps, &CheckStep::ok) &&
         std::ranges::all_of(nodes, &NodeCheck::readable);
}

ConnectionCheck check_connection(const std::string& endpoint_url,
                                 const std::vector<std::string>& node_ids,
                                 const ClientSecurity& security, Milliseconds timeout) {
  return Checker(endpoint_url, security, timeout).run(node_ids);
}

}  // namespace wl::opcua
