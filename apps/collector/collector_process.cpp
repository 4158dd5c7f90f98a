#include "apps/collector/collector_process.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "apps/collector/clocks.hpp"
#include "apps/collector/local_listener.hpp"
#include "apps/collector/writer_parts.hpp"
#include "apps/database/database_away.hpp"
#include "apps/database/database_options.hpp"
#include "apps/gateway_link/opcua_security.hpp"
#include "base/durable_file.hpp"
#include "opcua/pki.hpp"
#include "opcua/server_urls.hpp"

namespace wl {
namespace {

/// How long a stop waits for the last batch; the supervisor kills after 10 s.
constexpr Milliseconds stop_patience{6000};
constexpr Milliseconds shortest_patience{500};
/// How long a start with a spool waits for the database: one that is there answers in a tenth.
constexpr Milliseconds database_patience{500};

template <class T>
T or_stop(Result<T> result) {
  if (!result) throw StartError(result.error().what);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// Everything that a person must know, at once.
std::string reason(const CoreFigures& core, const collector::ForwardFigures& forward) {
  std::vector<std::string> reasons;
  if (!core.link.up) reasons.push_back(core.link.reason);
  if (core.link.up && core.points_good == 0 && core.points_bad > 0) {
    reasons.push_back(fmt::format(
        "all {} points are bad: the gateway gets nothing from the PLC, `wattline doctor` tells why",
        core.points_bad));
  }
  if (!forward.database_error.empty()) {
    reasons.push_back((forward.database_open ? "" : "waits for the database: ") +
                      forward.database_error);
  }
  if (!forward.spool_error.empty()) reasons.push_back("spool: " + forward.spool_error);
  if (forward.spool_full) {
    reasons.push_back(
        "the spool is full: the oldest samples are dropped until the database answers; raise "
        "DATA_CACHE_SIZE or mend the database");
  }
  return fmt::to_string(fmt::join(reasons, "; "));
}

/// How much older than now the newest time is that the database covers; 0 before the first batch.
std::int64_t behind_s(const collector::ForwardFigures& forward) {
  if (!forward.stored_until) return 0;
  const auto behind = wall_now() - *forward.stored_until;
  return std::max<std::int64_t>(0,
                                std::chrono::duration_cast<std::chrono::seconds>(behind).count());
}

/// Records on the disk that the database does not have; empty: not known before it was opened.
std::string spool_rows(const collector::ForwardFigures& forward) {
  if (!forward.database_open) return "";
  return fmt::to_string(forward.durable_seq - std::min(forward.durable_seq, forward.stored_seq));
}

std::optional<collector::OeeFacts> oee_facts(const std::optional<OeeFigures>& figures) {
  const auto percent = figures ? figures->percent_after(least_for_oee_low) : std::nullopt;
  if (!percent) return std::nullopt;
  return collector::OeeFacts{"total", *percent};
}

}  // namespace

CollectorProcess::CollectorProcess(const Settings& settings, const Plant& plant)
    : settings_(settings),
      plant_(plant),
      tags_(map_tags(plant)),
      started_at_(wall_now()),
      lock_(take_alone(settings.data_dir / "collector.lock")),
      alarm_file_(settings.data_dir),
      day_file_(settings.data_dir),
      days_(plant, local_days(plant_calendar(settings, plant))) {
  if (tags_.node_ids.empty()) {
    throw StartError(fmt::format("{}: no point has a tag: there is nothing to collect",
                                 settings.plant_config().string()));
  }
  identity_ = or_stop(begin_run(settings.data_dir));
  run_ = identity_.run;
  keeper_ = std::make_unique<SpoolKeeper>(settings.data_dir / "spool", plant, forward_options());
  hub_ = or_stop(LiveHub::start(settings.live_socket()));
  start_alarms();
  start_writer();
  start_core();
  if (settings.cache_enabled) {
    bridge_ =
        std::make_unique<RedisBridge>(cache::RedisOptions{.host = settings.redis_host,
                                                          .port = settings.redis_port,
                                                          .database = settings.redis_db,
                                                          .password = settings.redis_password},
                                      settings.live_socket());
  }
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

/// A database that is missing or of another version ends the start; one that does not answer comes
/// later.
std::shared_ptr<StoreWriter::Parts> CollectorProcess::wait_for_database(FirstOpening& opening) {
  // Up to when values were collected must be known; the spool knows it better than the database.
  covered_until_ = keeper_->covered_until();
  if (covered_until_ && opening.wait_for(database_patience) != std::future_status::ready) {
    keeper_->on_away(database_place(settings_) + " has not answered yet");
    return nullptr;
  }
  try {
    auto opened = std::make_shared<StoreWriter::Parts>(opening.get());
    covered_until_ = std::max(covered_until_, or_stop_for(opened->store->covered_until()));
    return opened;
  } catch (const DatabaseAway& away) {
    keeper_->on_away(away.what());
    return nullptr;
  }
}

void CollectorProcess::start_writer() {
  const auto opening = std::make_shared<FirstOpening>(
      std::async(std::launch::async, [this] { return open_database(); }));
  const std::shared_ptr<StoreWriter::Parts> opened = wait_for_database(*opening);
  StoreWriter::Events events{
      .done =
          [this](WriteDone done) {
            alarms_->post(OeeSeen{oee_facts(done.oee)});
            keeper_->on_written(std::move(done));
          },
      .opened = [this](DatabaseOpened database) { keeper_->on_opened(database); },
      .away = [this](const std::string& reason) { keeper_->on_away(reason); },
      .alarms =
          [this](Result<collector::AlarmsInDatabase> alarms) {
            alarms_->post(AlarmsRead{std::move(alarms)});
          }};
  const auto open = [this, opening] { return opening->valid() ? opening->get() : open_database(); };
  writer_ = opened ? std::make_unique<StoreWriter>(std::move(*opened), std::move(events))
                   : std::make_unique<StoreWriter>(open, std::move(events));
}

/// On a thread of its own at the start, later on the writer's.
StoreWriter::Parts CollectorProcess::open_database() {
  auto store =
      or_stop_for(storage::open_collector_store(database_options(settings_, plant_), plant_));
  const std::uint64_t last_seq = or_stop_for(store->last_seq(identity_.source));
  if (last_seq >= collector::first_seq_of_run(identity_.run)) {
    spdlog::warn("the database knows batches that {} does not: the data directory is an older copy",
                 identity_.source);
    identity_ = or_stop(renew_source(settings_.data_dir, identity_.run));
  }
  return writer_parts(settings_, plant_, std::move(store), identity_.source);
}

void CollectorProcess::start_alarms() {
  notifier_ = std::make_unique<Notifier>(
      settings_, plant_, [this](std::uint64_t id) { alarms_->post(LettersPosted{id}); });
  probe_ = std::make_unique<HostProbe>(HostProbe::Options{
      .gateway_urls = or_stop(opcua::parse_server_urls(settings_.opc_ua_server_url)),
      .disks = {{"data", settings_.data_dir}, {"logs", settings_.log_dir}},
      .certificates = [this] { return certificates(); }});
  alarms_ = std::make_unique<AlarmService>(plant_, alarm_options(), alarm_file_.read(wall_now()),
                                           clocks_now(), alarm_outputs());
}

/// The first one to renew: the others follow when it is renewed. On the probe's thread.
std::vector<collector::CertificateFacts> CollectorProcess::certificates() const {
  const auto first = opcua::Pki(settings_.pki_dir()).first_to_expire();
  if (!first) return {};
  return {{first->file.filename().string(), first->info.valid_until}};
}

AlarmOutputs CollectorProcess::alarm_outputs() {
  using Letters = std::vector<alarm::notify::Letter>;
  std::function<void(Letters)> letters;  // Stays empty when nobody is to be told.
  if (notifier_->wanted()) {
    letters = [this](Letters all) { notifier_->take(std::move(all)); };
  }
  return {.live = [this](LiveMessage message) { hub_->post(std::move(message)); },
          .answer = [this](ReaderId reader,
                           LiveAnswer answer) { hub_->answer(reader, std::move(answer)); },
          .remember = [this](std::string memory,
                             std::uint64_t number) { remember(std::move(memory), number); },
          .letters = std::move(letters),
          .read_database = [this] { writer_->read_alarms(); },
          .forward = [this] { return forward_facts(); },
          .host = [this] { return probe_->facts(); },
          .mail = [this] { return collector::MailFacts{notifier_->figures().outbox.oldest_age}; }};
}

/// By the keeper, so that it is on disk before the record with the same rows.
void CollectorProcess::remember(std::string memory, std::uint64_t number) {
  keeper_->do_before([this, memory = std::move(memory), number] {
    const bool on_disk = alarm_file_.write(memory);
    loop_->post(AlarmEvent{AlarmsRemembered{number, on_disk}});
  });
}

collector::AlarmDeskOptions CollectorProcess::alarm_options() const {
  collector::AlarmDeskOptions options;
  options.check_interval = settings_.alarm_check_interval;
  options.core.counts = {settings_.alarm_consecutive_count, settings_.alarm_consecutive_count};
  options.core.book.dedup_window = settings_.alarm_dedup_window;
  options.conditions.database_patience =
      std::max(options.conditions.database_patience, 3 * settings_.batch_write_interval);
  options.conditions.oee_limit_percent = settings_.oee_warning_threshold;
  options.policy = notifier_->policy();
  return options;
}

collector::ForwardFacts CollectorProcess::forward_facts() const {
  const collector::ForwardFigures forward = keeper_->figures();
  const auto capacity = static_cast<double>(std::max<std::uint64_t>(1, forward.spool_capacity));
  return {.spool_share = static_cast<double>(forward.spool_bytes) / capacity,
          .records_lost = forward.records_dropped,
          .lost_by_disk = forward.records_lost - forward.records_dropped + forward.samples_dropped,
          .records_wait = forward.stored_seq < forward.durable_seq,
          .batches_stored = forward.batches_stored,
          .earlier_stored = forward.earlier_stored};
}

void CollectorProcess::add_alarm_details(ProcessStatus& status) const {
  const collector::AlarmDeskFigures alarms = alarms_->figures();
  const alarm::Facts& facts = alarms.facts;
  const auto add = [&](const char* name, const std::string& value) {
    status.details.emplace_back(name, value);
  };
  add("alarms_active", fmt::to_string(facts.active));
  add("alarms_unacknowledged", fmt::to_string(facts.unacknowledged));
  add("alarms_shelved", fmt::to_string(facts.shelved));
  add("alarms_suppressed", fmt::to_string(facts.suppressed));
  add("alarm_flood", facts.flood ? "yes" : "no");
  add("rules_in_force", fmt::to_string(alarms.rules_in_force));
  add("rules_refused", fmt::to_string(alarms.rules_refused.size()));
  add("rules_refused_first", alarms.rules_refused.empty() ? "" : alarms.rules_refused.front());
  add("rules_error", alarms.rules_error);
  add("live_bad_readers_dropped", fmt::to_string(hub_->bad_readers_dropped()));
  add("live_answers_lost", fmt::to_string(hub_->answers_lost()));
}

/// Redis is a convenience of the web: without it the collector does its work, and says so.
void CollectorProcess::add_redis_details(ProcessStatus& status) const {
  if (!bridge_) return;
  const RedisFigures redis = bridge_->figures();
  const auto add = [&](const char* name, const std::string& value) {
    status.details.emplace_back(name, value);
  };
  add("redis", redis.up ? "up" : "down");
  add("redis_reason", redis.reason);
  add("redis_published", fmt::to_string(redis.published));
  add("redis_orders", fmt::to_string(redis.orders));
  add("redis_orders_refused", fmt::to_string(redis.orders_refused));
  add("redis_restarts", fmt::to_string(redis.restarts));
  if (!redis.up && status.reason.empty())
    status.reason = "live values not in Redis: " + redis.reason;
}

void CollectorProcess::start_core() {
  CoreOutputs outputs{
      .live = [this](LiveMessage message) { hub_->post(std::move(message)); },
      .keep = [this](collector::Record record) { keeper_->keep(std::move(record)); },
      .acknowledge =
          [this](std::uint64_t token) {
            if (linked_) subscriber_->acknowledge(token);
          },
      .remember_days =
          [this](std::string text) {
            keeper_->do_before([this, text = std::move(text)] { day_file_.write(text); });
          }};
  day_file_.read(days_);
  loop_ = std::make_unique<CoreLoop>(plant_, core_options(), std::move(outputs), alarms_.get());
  keeper_->start({.durable = [this](std::uint64_t seq) { loop_->post(DurableEvent{seq}); },
                  .write = [this](auto batch) { writer_->write(std::move(batch)); }});
  loop_->start();
  hub_->take_orders([this](ReaderId reader, LiveOrder order) {
    loop_->post(AlarmEvent{AlarmOrder{reader, std::move(order)}});
  });
  spdlog::info("collecting {} tags for {} points, run {}", tags_.node_ids.size(),
               plant_.points.size(), run_);
}

collector::ForwardOptions CollectorProcess::forward_options() const {
  collector::ForwardOptions options;
  options.spool.capacity_bytes = settings_.data_cache_size;
  options.batch_interval = settings_.batch_write_interval;
  return options;
}

collector::CoreOptions CollectorProcess::core_options() {
  collector::CoreOptions options;
  options.tick_interval = settings_.data_collection_interval;
  options.first_seq = std::max(collector::first_seq_of_run(run_), keeper_->last_seq() + 1);
  options.covered_until = covered_until_;
  options.days = &days_;
  return options;
}

opcua::SubscriberOptions CollectorProcess::subscriber_options() const {
  opcua::SubscriberOptions options;
  options.endpoint_urls = or_stop(opcua::parse_server_urls(settings_.opc_ua_server_url));
  options.node_ids = tags_.node_ids;
  options.timeout = settings_.opc_ua_timeout;
  options.max_backoff = settings_.opc_ua_reconnect_delay;
  options.reconnect_attempts = settings_.opc_ua_reconnect_attempts;
  options.fill_from = covered_until_;
  options.security = opcua_security(settings_);
  return options;
}

opcua::SubscriberEvents CollectorProcess::subscriber_events() {
  return {.on_data = [this](opcua::Notification data) { on_data(std::move(data)); },
          .on_alive = [this](Timestamp at) { loop_->post(AliveEvent{at}); },
          .on_link = [this](opcua::LinkState state, const std::string& reason,
                            Timestamp at) { on_link(state, reason, at); },
          .on_history = [this](opcua::HistoryFill fill) { on_history(std::move(fill)); }};
}

std::vector<collector::PointChange> CollectorProcess::changes_of(
    std::vector<opcua::ItemChange> changes) const {
  std::vector<collector::PointChange> all;
  for (opcua::ItemChange& change : changes) {
    for (const PointId point : tags_.points[change.item])
      all.push_back({point, change.value, change.overflow});
  }
  return all;
}

void CollectorProcess::on_data(opcua::Notification notification) {
  loop_->post(collector::Delivery{notification.token, notification.received_at,
                                  changes_of(std::move(notification.changes)),
                                  notification.is_current});
}

void CollectorProcess::on_history(opcua::HistoryFill fill) {
  using State = opcua::HistoryFill::State;
  collector::HistoryDelivery delivery{changes_of(std::move(fill.changes)), {}};
  if (fill.state == State::whole) delivery.whole_from = fill.from;
  if (fill.state == State::whole)
    spdlog::info("nothing is missing from {} to {}", to_iso8601(fill.from), to_iso8601(fill.to));
  if (fill.state == State::not_whole)
    spdlog::warn("values from {} to {} may be missing: {}", to_iso8601(fill.from),
                 to_iso8601(fill.to), fill.reason);
  loop_->post(std::move(delivery));
}

void CollectorProcess::on_link(opcua::LinkState state, const std::string& reason, Timestamp at) {
  if (state == opcua::LinkState::connecting) return;
  const bool up = state == opcua::LinkState::up;
  probe_->on_link(up);
  if (up && reason.empty()) spdlog::info("link up: {}", subscriber_->endpoint_url());
  // Up with a reason: the server does not know some of our tags.
  if (up && !reason.empty()) spdlog::warn("link up, but check config/plant.json: {}", reason);
  if (!up) spdlog::warn("link down: {}", reason);
  loop_->post(LinkEvent{up, reason, at});
}

ProcessStatus CollectorProcess::status() const {
  const CoreFigures now = loop_->figures();
  const collector::CoreStats& stats = now.stats;
  const collector::ForwardFigures forward = keeper_->figures();
  const UpkeepFigures upkeep = writer_->upkeep();
  ProcessStatus status{.name = "collector",
                       .pid = ::getpid(),
                       .version = WATTLINE_VERSION,
                       .started_at = started_at_,
                       .heartbeat_at = wall_now(),
                       .healthy = now.link.up && forward.database_error.empty() &&
                                  forward.spool_error.empty() && !forward.spool_full,
                       .reason = reason(now, forward),
                       .details = {}};
  status.details = {
      {"link", now.link.up ? "up" : "down"},
      {"server", subscriber_ ? subscriber_->endpoint_url() : ""},
      {"points_good", fmt::to_string(now.points_good)},
      {"points_uncertain", fmt::to_string(now.points_uncertain)},
      {"points_bad", fmt::to_string(now.points_bad)},
      {"samples_accepted", fmt::to_string(stats.samples_accepted)},
      {"samples_from_history", fmt::to_string(stats.samples_from_history)},
      {"samples_stored", fmt::to_string(forward.samples_stored)},
      {"batches_stored", fmt::to_string(forward.batches_stored)},
      {"last_batch_ms", fmt::to_string(keeper_->last_batch_took().count())},
      {"spool_rows", spool_rows(forward)},
      {"spool_bytes", fmt::to_string(forward.spool_bytes)},
      {"spool_capacity_bytes", fmt::to_string(forward.spool_capacity)},
      {"spool_behind_s", fmt::to_string(behind_s(forward))},
      {"spool_records_lost", fmt::to_string(forward.records_lost)},
      {"samples_dropped", fmt::to_string(forward.samples_dropped)},
      {"samples_unknown", fmt::to_string(forward.samples_unknown)},
      {"chunks_written", fmt::to_string(upkeep.chunks_written)},
      {"chunks_removed", fmt::to_string(upkeep.chunks_removed)},
      {"upkeep_longest_ms", fmt::to_string(upkeep.longest_step.count())},
      {"upkeep_error", upkeep.error},
      {"overflows", fmt::to_string(stats.overflows)},
      {"notifications_waiting", fmt::to_string(stats.notifications_waiting)},
      {"live_readers", fmt::to_string(hub_->readers())},
      {"live_readers_dropped", fmt::to_string(hub_->slow_readers_dropped())},
  };
  status.details.insert(status.details.end(), now.cleaning.begin(), now.cleaning.end());
  add_alarm_details(status);
  add_redis_details(status);
  const auto mail = notifier_->figures().details();
  status.details.insert(status.details.end(), mail.begin(), mail.end());
  return status;
}

bool CollectorProcess::stop() {
  if (!loop_) return true;
  if (subscriber_) subscriber_->stop();
  linked_ = false;
  const Milliseconds give_up = clocks_now().monotonic + stop_patience;
  const bool cut = loop_->finish(stop_patience);
  const Milliseconds left = give_up - clocks_now().monotonic;
  const bool settled = keeper_->finish(std::max(left, shortest_patience));
  if (!cut || !settled) {
    spdlog::error("stopped before everything was on disk: {}", keeper_->figures().spool_error);
  }
  bridge_.reset();  // It reads the hub.
  hub_.reset();     // It posts to the loop.
  if (!writer_->opened()) return false;
  writer_.reset();
  subscriber_.reset();
  loop_.reset();
  keeper_.reset();
  notifier_.reset();  // Last: a name server that is silent holds it up, and all else is done.
  return true;
}

}  // namespace wl
