#include "opcua/confirmed_write.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include "opcua/connect_steps.hpp"
#include "opcua/node_access.hpp"
#include "opcua/quality_name.hpp"

namespace wl::opcua {
namespace {

using SteadyClock = std::chrono::steady_clock;
using Proof = ConfirmedWrite::Proof;
using Proven = WriteReport::Proven;

constexpr Milliseconds between_looks{50};
/// An edge that the device does not take shows as true within some of its scans.
constexpr Milliseconds until_an_edge_shows{300};

/// Numbers that went through a scaling may differ in their last digits.
bool is_same(const Value& a, const Value& b) {
  const auto left = to_number(a);
  const auto right = to_number(b);
  if (!left || !right) return a == b;
  return std::abs(*left - *right) <= 1e-6 * std::max({1.0, std::abs(*left), std::abs(*right)});
}

bool shows(const DataValue& node, const Value& value) {
  return node.quality.is_good() && is_same(node.value, value);
}

/// The type of a node that never had a value: what is written says it.
DataType type_by_value(const Value& value) {
  if (std::holds_alternative<bool>(value)) return DataType::boolean;
  return std::holds_alternative<double>(value) ? DataType::float32 : DataType::string;
}

/// The write may have reached the server when it is not known what became of it.
bool is_unknown(UA_StatusCode status) {
  return status == UA_STATUSCODE_BADTIMEOUT || status == UA_STATUSCODE_BADREQUESTTIMEOUT ||
         status == UA_STATUSCODE_BADCONNECTIONCLOSED ||
         status == UA_STATUSCODE_BADSECURECHANNELCLOSED || status == UA_STATUSCODE_BADSHUTDOWN ||
         status == UA_STATUSCODE_BADSERVERNOTCONNECTED;
}

class Writer {
 public:
  Writer(UaClient& client, const ConfirmedWrite& write) : client_(client), write_(write) {}

  Result<WriteReport> run() {
    if (const auto ready = look_before(); !ready) return std::unexpected(ready.error());
    if (SteadyClock::now() >= write_.write_until) {
      return fail(Errc::unavailable, "it took too long to reach the server; nothing was written");
    }
    const UA_StatusCode status = write_node(client_, write_.node_id, value_, type_);
    if (is_unknown(status)) {
      report_.reason = fmt::format("no answer to the write ({})", status_name(status));
      return report_;
    }
    if (status != UA_STATUSCODE_GOOD) {
      return fail(Errc::conflict, fmt::format("{}: {}", write_.node_id, status_name(status)));
    }
    watch();
    return report_;
  }

 private:
  Result<void> look() {
    auto read = read_nodes(client_, {write_.node_id, write_.state_node_id});
    if (!read) return std::unexpected(read.error());
    node_ = std::move((*read)[0]);
    state_ = std::move((*read)[1]);
    return {};
  }

  Result<void> look_before() {
    if (const auto read = look(); !read) return read;
    report_.before = node_.value;
    report_.state_before = state_.value;
    if (write_.before == ConfirmedWrite::Before::must_be_good) {
      if (const auto good = need_good(write_.node_id, node_.value); !good) return good;
      if (const auto good = need_good(write_.state_node_id, state_.value); !good) return good;
    }
    type_ = node_.type.value_or(type_by_value(write_.value));
    const auto value = convert(write_.value, type_);
    if (!value) {
      return fail(Errc::invalid_argument, fmt::format("{} is a {}, which cannot take the value",
                                                      write_.node_id, data_type_name(type_)));
    }
    value_ = *value;
    return {};
  }

  static Result<void> need_good(const std::string& node_id, const DataValue& value) {
    if (value.quality.is_good()) return {};
    return fail(Errc::conflict, fmt::format("{}: {}", node_id, quality_name(value.quality)));
  }

  void watch() {
    const auto begin = SteadyClock::now();
    for (;;) {
      const auto read = look();
      if (!read) {
        report_.reason = read.error().what;
        return;
      }
      report_.after = node_.value;
      report_.state_after = state_.value;
      const auto waited = std::chrono::duration_cast<Milliseconds>(SteadyClock::now() - begin);
      const bool last = waited >= write_.patience;
      report_.proven = judge(waited, last);
      if (report_.proven != Proven::no) return;
      if (last) {
        report_.reason = fmt::format("no effect was seen within {} ms", write_.patience.count());
        return;
      }
      std::this_thread::sleep_for(between_looks);
    }
  }

  /// The state is the better proof and is waited for; without it the value counts at last.
  Proven judge(Milliseconds waited, bool last) const {
    const bool leads = write_.leads_to && !shows(report_.state_before, *write_.leads_to);
    const bool arrived = leads && shows(state_.value, *write_.leads_to);
    if (write_.proof == Proof::value) {
      const bool there = shows(node_.value, value_);
      return there && (!leads || arrived || last) ? Proven::by_value : Proven::no;
    }
    if (arrived) return Proven::by_state;
    const bool cleared = shows(node_.value, Value{false}) && waited >= until_an_edge_shows;
    return cleared && (!leads || last) ? Proven::by_clearing : Proven::no;
  }

  UaClient& client_;
  const ConfirmedWrite& write_;
  WriteReport report_;
  NodeValue node_;
  NodeValue state_;
  DataType type_ = DataType::boolean;
  Value value_;
};

}  // namespace

Result<WriteReport> write_confirmed(const std::string& endpoint_url, const ConfirmedWrite& write,
                                    const ClientSecurity& security, Milliseconds timeout) {
  const auto address = parse_endpoint(endpoint_url);
  if (!address) return std::unexpected(address.error());
  if (const auto reachable = reach_tcp(*address, timeout); !reachable) {
    return std::unexpected(reachable.error());
  }
  UaClient client(timeout, security);
  if (const auto session = open_session(client, endpoint_url, timeout); !session) {
    return std::unexpected(session.error());
  }
  auto report = Writer(client, write).run();
  client.disconnect();
  return report;
}

}  // namespace wl::opcua
