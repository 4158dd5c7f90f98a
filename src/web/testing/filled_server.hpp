// A running server with all that the calls of the API may be about, for tests of the whole API.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "web/openapi/document.hpp"
#include "web/testing/order_taker.hpp"
#include "web/testing/running_server.hpp"

namespace wl::web::testing {

/// The plant of config/plant.json. In the hour before RunningServer::start_time(): values of every
/// point with one gap, energy, OEE and a stop; alarms 1 and 2 (active), 3 (over) and 4 (of a device
/// that left), threshold 1, token 1, the users
/// admin (1) and operator (2) with a session each; a collector that does every order and
/// whose live values are fresh; files in place of the built UI. This is what the examples of the
/// description are about.
class FilledServer {
 public:
  FilledServer();

  RunningServer& running() { return *server_; }
  unsigned short port() const { return server_->port(); }
  /// Every operation of the description with its rights.
  const std::vector<openapi::DescribedCall>& calls() const { return calls_; }

  /// How many orders the collector got.
  int orders() const { return orders_; }
  /// All that a caller may change, as text: thresholds, alarms, users. Equal texts: nothing was
  /// changed.
  std::string state() const;

 private:
  void add_token();

  std::atomic<int> orders_ = 0;
  std::unique_ptr<OrderTaker> collector_;  // Before the server: it is there when the feed connects.
  std::unique_ptr<RunningServer> server_;
  std::vector<openapi::DescribedCall> calls_;
};

}  // namespace wl::web::testing
