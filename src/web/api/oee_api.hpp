// /api/oee: how well planned time was used, by ISO 22400.
#pragma once

#include <vector>

#include "model/plant.hpp"
#include "web/api/device_api.hpp"
#include "web/http/router.hpp"

namespace wl::web {

/// Reads the OEE of the line through the desk. Lives on the loop's thread.
///
/// A plant without `oee` in plant.json answers 404 `oee_not_configured`.
class OeeApi {
 public:
  OeeApi(const Plant& plant, StoreDesk& store, Clock clock)
      : plant_(plant), store_(store), clock_(std::move(clock)) {}

  std::vector<Route> routes();

 private:
  void overview(Call call, Reply reply);
  void losses(Call call, Reply reply);
  void downtime(Call call, Reply reply);
  /// Checks the call and makes the query by `parse`, then has `body` answer it.
  template <class Parse, class Body>
  void answer(Call call, Reply reply, Parse parse, Body body);

  const Plant& plant_;
  StoreDesk& store_;
  Clock clock_;
};

}  // namespace wl::web
