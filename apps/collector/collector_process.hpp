// Joins the core to the gateway, the database and the live socket.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "apps/collector/core_loop.hpp"
#include "apps/collector/live_hub.hpp"
#include "apps/collector/tag_map.hpp"
#include "apps/settings/settings.hpp"
#include "base/process_status.hpp"
#include "opcua/subscriber.hpp"

namespace wl {

/// The running collector. Threads: the Subscriber's, the core's, the writer's, the live hub's; the
/// caller's only starts, asks and stops.
class CollectorProcess {
 public:
  /// Throws StartError: database missing or unreadable, live socket or data directory refused;
  /// DatabaseAway when the database does not answer now.
  /// `settings` and `plant` must outlive it.
  CollectorProcess(const Settings& settings, const Plant& plant);
  ~CollectorProcess();

  ProcessStatus status() const;
  /// Moves at least every second while the core's thread lives: only then the process may say that
  /// it lives, so that the supervisor ends one that hangs.
  std::uint64_t turns() const { return loop_->turns(); }

  /// Ends the subscription, writes the last batch, moves the write-ahead log into the file.
  void stop();

 private:
  collector::CoreOptions core_options(storage::CollectorStore& store, const std::string& source);
  void start_core(std::unique_ptr<storage::CollectorStore> store);
  opcua::SubscriberOptions subscriber_options() const;
  opcua::SubscriberEvents subscriber_events();
  void on_data(opcua::Notification notification);
  void on_link(opcua::LinkState state, const std::string& reason, Timestamp at);

  const Settings& settings_;
  const Plant& plant_;
  const TagMap tags_;
  const Timestamp started_at_;
  std::atomic<bool> linked_ = true;  ///< Acknowledgements still have somebody to go to.

  // Made in this order, ended in reverse by stop().
  UniqueFd lock_;
  std::unique_ptr<LiveHub> hub_;
  std::unique_ptr<CoreLoop> loop_;
  std::unique_ptr<StoreWriter> writer_;
  std::unique_ptr<opcua::Subscriber> subscriber_;
};

/// The first URL of OPC_UA_SERVER_URL; the others are for redundant servers, which come later.
std::string first_url(const std::string& urls);

}  // namespace wl
