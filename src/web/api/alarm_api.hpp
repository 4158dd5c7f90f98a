// /api/alarms: what is and was wrong, who acknowledged it, and the orders to do so.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "model/plant.hpp"
#include "storage/alarm_store.hpp"
#include "web/api/alarm_bodies.hpp"
#include "web/api/audit_trail.hpp"
#include "web/api/session_directory.hpp"
#include "web/http/problem.hpp"
#include "web/http/router.hpp"
#include "web/live/order_client.hpp"

namespace wl::web {

using AlarmDesk = Desk<storage::AlarmStore>;
using OrderDesk = Desk<OrderClient>;

/// 503: only the collector writes alarms, and it does not answer; why, and what to do.
Problem collector_unavailable(const std::string& why);

/// Reads through the alarm desk. Orders go to the collector through the order desk and are answered
/// when it has done them. Lives on the loop's thread.
class AlarmApi {
 public:
  AlarmApi(const Plant& plant, AlarmDesk& alarms, OrderDesk& orders, AuditPen audit)
      : plant_(plant), alarms_(alarms), orders_(orders), audit_(std::move(audit)) {}

  std::vector<Route> routes();

 private:
  void list(Call call, Reply reply);
  void one(Call call, Reply reply);
  void order_one(LiveOrder::Kind kind, Wants wants, Call call, Reply reply);
  void acknowledge_many(Call call, Reply reply);
  /// Fills in who orders, gives it, and lets `answer` make a response of what the collector says.
  void give(LiveOrder order, const Call& call,
            std::function<Response(const LiveAnswer&, Language)> answer, Reply reply);

  void write_audit(const LiveOrder& order, const Call& call, const Result<LiveAnswer>& said) const;
  Response answer_of_one(const LiveAnswer& answer, Language language) const;
  Response answer_of_many(const LiveAnswer& answer, Language language) const;

  const Plant& plant_;
  AlarmDesk& alarms_;
  OrderDesk& orders_;
  AuditPen audit_;
};

}  // namespace wl::web
