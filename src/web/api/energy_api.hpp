// /api/energy: what the plant used.
#pragma once

#include <vector>

#include "model/plant.hpp"
#include "web/api/device_api.hpp"
#include "web/http/router.hpp"

namespace wl::web {

/// Reads the energy ledger through the desk. Lives on the loop's thread.
class EnergyApi {
 public:
  EnergyApi(const Plant& plant, StoreDesk& store, Clock clock)
      : plant_(plant), store_(store), clock_(std::move(clock)) {}

  std::vector<Route> routes();

 private:
  void summary(Call call, Reply reply);

  const Plant& plant_;
  StoreDesk& store_;
  Clock clock_;
};

}  // namespace wl::web
