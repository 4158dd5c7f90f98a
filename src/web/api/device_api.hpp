// /api/devices: what stands in the plant, how it is now, and how it was.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "model/plant.hpp"
#include "storage/store.hpp"
#include "web/api/history_stream.hpp"
#include "web/api/parameters.hpp"
#include "web/api/session_directory.hpp"
#include "web/http/problem.hpp"
#include "web/http/router.hpp"
#include "web/live/live_hub.hpp"

namespace wl::web {

using StoreDesk = Desk<storage::Store>;

struct HistoryRules {
  Milliseconds tick{1000};      ///< DATA_COLLECTION_INTERVAL: one row each.
  Milliseconds settle{15'000};  ///< What is younger may still be in the collector's batch.
};

/// Reads the live state on the loop and history through the desk. Lives on the loop's thread.
class DeviceApi {
 public:
  DeviceApi(const Plant& plant, const LiveHub& hub, StoreDesk& store, HistoryRules rules,
            Clock clock)
      : plant_(plant), hub_(hub), store_(store), rules_(rules), clock_(std::move(clock)) {}

  std::vector<Route> routes();

 private:
  void list(Call call, Reply reply);
  void current(Call call, Reply reply);
  void history(Call call, Reply reply);
  /// Replies with what `body` makes of the store.
  void answer(std::function<Result<std::string>(storage::Store&)> body, Language language,
              Reply reply);
  /// Replies with all that `reader` reads, as it is read. The first piece is there before the
  /// status is, so that a failure is told as one.
  void stream(std::unique_ptr<CsvReader> reader, Language language, Reply reply);
  /// The statistics of `history`.
  void buckets(DeviceId device, Format format, const Call& call, Reply reply);

  std::string live_json(DeviceId device, Language language) const;
  void current_from_database(DeviceId device, Language language, Reply reply);

  const Plant& plant_;
  const LiveHub& hub_;
  StoreDesk& store_;
  HistoryRules rules_;
  Clock clock_;
};

}  // namespace wl::web
