// /api/points: every point with its tag, range, value, quality and age.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/plant.hpp"
#include "web/api/device_api.hpp"
#include "web/http/router.hpp"
#include "web/live/live_hub.hpp"

namespace wl::web {

/// What the gateway's configuration says of a tag.
struct TagFacts {
  std::string access;     ///< `R` or `RW`.
  std::string data_type;  ///< `Float`.
  Milliseconds scan{};
};
/// By `Channel.Device.Group.Tag`. Empty where another server stands in the gateway's place.
using TagTable = std::map<std::string, TagFacts>;

/// Reads the live state on the loop; before the first snapshot what the database has. Lives on the
/// loop's thread.
class PointApi {
 public:
  PointApi(const Plant& plant, const TagTable& tags, const LiveHub& hub, StoreDesk& store,
           Clock clock)
      : plant_(plant), tags_(tags), hub_(hub), store_(store), clock_(std::move(clock)) {}

  std::vector<Route> routes();

 private:
  void list(Call call, Reply reply);

  const Plant& plant_;
  const TagTable& tags_;
  const LiveHub& hub_;
  StoreDesk& store_;
  Clock clock_;
};

}  // namespace wl::web
