#include "apps/collector/collector_process.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <random>

#include "apps/collector/local_listener.hpp"
#include "apps/collector/writer_parts.hpp"
#include "apps/database/database_away.hpp"
#include "apps/database/database_options.hpp"
#include "base/durable_file.hpp"

namespace wl {
namespace {

/// How long a stop waits for the last batch; the supervisor kills after 10 s.
constexpr Milliseconds stop_patience{6000};

template <class T>
T or_stop(Result<T> result) {
  if (!result) throw StartError(result.error().what);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// Half of the exactly-once key of every batch: made once for a data directory, so that two
/// collectors that ever write into one database never share a number.
std::string source_id(const std::filesystem::path& data_dir) {
  const auto path = data_dir / "collector.id";
  if (auto known = read_file(path, 100); known && !known->empty()) {
    return known->substr(0, known->find('\n'));
  }
  std::random_device random;
  const std::string id = fmt::format("collector-{:08x}{:08x}", random(), random());
  or_stop(write_file(path, id + "\n", Durability::synced));
  return id;
}

std::string joined(const std::string& first, const std::string& second) {
  return first.empty() || second.empty() ? first + second : first + "; " + second;
}

}  // namespace

std::string first_url(const std::string& urls) {
  return urls.substr(0, urls.find(','));
}

CollectorProcess::CollectorProcess(const Settings& settings, const Plant& plant)
    : settings_(settings), plant_(plant), tags_(map_tags(plant)), started_at_(wall_now()) {
  if (tags_.node_ids.empty()) {
    throw StartError(fmt::format("{}: no point has a tag: there is nothing to collect",
                                 settings.plant_config().string()));
  }
  lock_ = or_stop(lock_alone(settings.data_dir / "collector.lock"));
  auto store = or_stop_for(storage::open_collector_store(database_options(settings, plant), plant));
  hub_ = or_stop(LiveHub::start(settings.live_socket()));
  start_core(std::move(store));
  try {
    subscriber_ = std::make_unique<opcua::Subscriber>(subscriber_options(), subscriber_events());
    subscriber_->start();
  } catch (...) {
    stop();  // The core's thread uses the others: it ends before they go.
    throw;
  }
}

CollectorProcess::~CollectorProcess() {
  stop();
}

void CollectorProcess::start_core(std::unique_ptr<storage::CollectorStore> store) {
  const std::string source = source_id(settings_.data_dir);
  const collector::CoreOptions options = core_options(*store, source);
  writer_ = std::make_unique<StoreWriter>(
      writer_parts(settings_, plant_, std::move(store), source), [this](WriteDone done) {
        loop_->post(std::move(done));  // Only after the loop asked for a write.
      });
  CoreOutputs outputs{.live = [this](LiveMessage message) { hub_->post(std::move(message)); },
                      .write = [this](auto batch) { writer_->write(std::move(batch)); },
                      .acknowledge =
                          [this](std::uint64_t token) {
                            if (linked_) subscriber_->acknowledge(token);
                          }};
  loop_ = std::make_unique<CoreLoop>(plant_, options, std::move(outputs));
  loop_->start();
  spdlog::info("collecting {} tags for {} points as {}, from batch {} on", tags_.node_ids.size(),
               plant_.points.size(), source, options.first_seq);
}

collector::CoreOptions CollectorProcess::core_options(storage::CollectorStore& store,
                                                      const std::string& source) {
  collector::CoreOptions options;
  options.tick_interval = settings_.data_collection_interval;
  options.batch_interval = settings_.batch_write_interval;
  options.cache_bytes = settings_.data_cache_size;
  options.first_seq = or_stop_for(store.last_seq(source)) + 1;
  options.covered_until = or_stop_for(store.covered_until());
  return options;
}

opcua::SubscriberOptions CollectorProcess::subscriber_options() const {
  opcua::SubscriberOptions options;
  options.endpoint_url = first_url(settings_.opc_ua_server_url);
  options.node_ids = tags_.node_ids;
  options.timeout = settings_.opc_ua_timeout;
  options.max_backoff = settings_.opc_ua_reconnect_delay;
  options.reconnect_attempts = settings_.opc_ua_reconnect_attempts;
  return options;
}

opcua::SubscriberEvents CollectorProcess::subscriber_events() {
  return {.on_data = [this](opcua::Notification data) { on_data(std::move(data)); },
          .on_alive = [this](Timestamp at) { loop_->post(AliveEvent{at}); },
          .on_link = [this](opcua::LinkState state, const std::string& reason,
                            Timestamp at) { on_link(state, reason, at); }};
}

void CollectorProcess::on_data(opcua::Notification notification) {
  collector::Delivery delivery{notification.token, notification.received_at, {}};
  for (opcua::ItemChange& change : notification.changes) {
    for (const PointId point : tags_.points[change.item]) {
      delivery.changes.push_back({point, change.value, change.overflow});
    }
  }
  loop_->post(std::move(delivery));
}

void CollectorProcess::on_link(opcua::LinkState state, const std::string& reason, Timestamp at) {
  if (state == opcua::LinkState::connecting) return;
  const bool up = state == opcua::LinkState::up;
  if (up && reason.empty()) spdlog::info("link up: {}", first_url(settings_.opc_ua_server_url));
  // Up with a reason: the server does not know some of our tags.
  if (up && !reason.empty()) spdlog::warn("link up, but check config/plant.json: {}", reason);
  if (!up) spdlog::warn("link down: {}", reason);
  loop_->post(LinkEvent{up, reason, at});
}

ProcessStatus CollectorProcess::status() const {
  const CoreFigures now = loop_->figures();
  const collector::CoreStats& stats = now.stats;
  const UpkeepFigures upkeep = writer_->upkeep();
  ProcessStatus status{.name = "collector",
                       .pid = ::getpid(),
                       .version = WATTLINE_VERSION,
                       .started_at = started_at_,
                       .heartbeat_at = wall_now(),
                       .healthy = now.link.up && stats.write_error.empty(),
                       .reason = joined(now.link.up ? "" : now.link.reason, stats.write_error),
                       .details = {}};
  status.details = {
      {"link", now.link.up ? "up" : "down"},
      {"points_good", fmt::to_string(now.points_good)},
      {"points_uncertain", fmt::to_string(now.points_uncertain)},
      {"points_bad", fmt::to_string(now.points_bad)},
      {"samples_accepted", fmt::to_string(stats.samples_accepted)},
      {"samples_stored", fmt::to_string(stats.samples_stored)},
      {"batches_stored", fmt::to_string(stats.batches_stored)},
      {"last_batch_ms", fmt::to_string(now.last_batch_took.count())},
      {"backlog_batches", fmt::to_string(stats.backlog_batches)},
      {"backlog_bytes", fmt::to_string(stats.backlog_bytes)},
      {"samples_dropped", fmt::to_string(stats.samples_dropped)},
      {"chunks_written", fmt::to_string(upkeep.chunks_written)},
      {"chunks_removed", fmt::to_string(upkeep.chunks_removed)},
      {"upkeep_longest_ms", fmt::to_string(upkeep.longest_step.count())},
      {"upkeep_error", upkeep.error},
      {"overflows", fmt::to_string(stats.overflows)},
      {"acknowledged_early", fmt::to_string(stats.acknowledged_early)},
      {"texts_ignored", fmt::to_string(stats.not_numbers)},
      {"live_readers", fmt::to_string(hub_->readers())},
      {"live_readers_dropped", fmt::to_string(hub_->slow_readers_dropped())},
  };
  return status;
}

void CollectorProcess::stop() {
  if (!loop_) return;
  if (subscriber_) subscriber_->stop();
  linked_ = false;
  if (!loop_->finish(stop_patience)) {
    const collector::CoreStats stats = loop_->figures().stats;
    spdlog::error("stopped with {} batches unwritten: {}", stats.backlog_batches,
                  stats.write_error);
  }
  writer_.reset();
  subscriber_.reset();
  hub_.reset();
  loop_.reset();
}

}  // namespace wl
