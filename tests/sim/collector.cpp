#include "tests/sim/collector.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "collector/desk/alarm_memory.hpp"

namespace wl::sim {
namespace {

constexpr const char* memory_file = "alarm_state.json";
constexpr std::size_t most_memory_bytes = 1 << 26;
constexpr Milliseconds refused_pause{10'000};

collector::ForwardOptions forward_options(const Pace& pace, std::uint64_t capacity) {
  collector::ForwardOptions options;
  options.spool.capacity_bytes = capacity;
  options.batch_interval = pace.batch;
  options.waiting_bytes = 200'000;
  return options;
}

std::vector<collector::PointChange> changes_of(const std::vector<opcua::ItemChange>& changes) {
  std::vector<collector::PointChange> all;
  for (const opcua::ItemChange& change : changes)
    all.push_back({PointId{change.item}, change.value, change.overflow});
  return all;
}

}  // namespace

Collector::Collector(Surroundings around, std::uint64_t seed, std::uint32_t run, bool patient)
    : around_(around), world_(around.world) {
  world_.note("collector starts", run);
  keeper_.emplace(world_, around_.disk, forward_options(world_.pace, around_.spool_capacity),
                  patient);
  world_.crashes.pass(Fault::killed_while_opening);
  outbox_.emplace(world_, around_.disk, around_.mail);
  start_alarms();
  writer_.emplace(world_, around_.database, "sim");
  start_core(run);
  start_writer();
  const auto fill_from = std::max(writer_->covered_until(), keeper_->forward().covered_until());
  subscriber_.emplace(world_, around_.link, seed * 1000 + run, subscriber_events(), fill_from);
}

void Collector::start_alarms() {
  std::optional<collector::AlarmMemory> memory;
  if (const auto text = around_.disk.data.read(memory_file, 0, most_memory_bytes)) {
    auto decoded = collector::decode_memory(*text);
    if (decoded) {
      memory = std::move(*decoded);
    } else {
      around_.observer.on_unreadable_memory(decoded.error().what);
    }
  }
  around_.observer.on_restored(memory);
  AlarmOutputs outputs{
      .live = [](const LiveMessage&) {},
      .answer = [this](std::uint64_t,
                       const LiveAnswer& answer) { around_.observer.on_answer(answer); },
      .remember = [this](std::string text,
                         std::uint64_t number) { remember(std::move(text), number); },
      .letters = [this](auto letters) { post_letters(std::move(letters)); },
      .read_database = [this] { writer_->read_alarms(); },
      .forward = [this] { return forward_facts(); },
      .host =
          [this] {
            return collector::HostFacts{
                .gateway_listens = around_.gateway.listens(), .disks = {}, .certificates = {}};
          },
      .mail = [this] { return collector::MailFacts{outbox_->oldest_age()}; }};
  collector::AlarmDeskOptions options;
  options.check_interval = world_.pace.tick;
  options.conditions.database_patience = 3 * world_.pace.batch;
  options.rules_interval = world_.pace.rules;
  options.core.counts = {2, 2};
  alarms_.emplace(world_.plant, options, std::move(memory), world_.clock.both(),
                  std::move(outputs));
}

void Collector::start_core(std::uint32_t run) {
  collector::CoreOptions options;
  options.tick_interval = world_.pace.tick;
  options.record_interval = world_.pace.record;
  options.proof_interval = world_.pace.proof;
  options.live = false;
  options.first_seq = std::max(collector::first_seq_of_run(run), keeper_->forward().last_seq() + 1);
  options.covered_until = std::max(writer_->covered_until(), keeper_->forward().covered_until());
  CoreOutputs outputs{.live = [](const LiveMessage&) {},
                      .keep =
                          [this](collector::Record record) {
                            around_.observer.on_record(record);
                            keeper_->post(std::move(record));
                          },
                      .acknowledge =
                          [this](std::uint64_t token) {
                            around_.observer.on_acknowledged(token);
                            subscriber_->acknowledge(token);
                          }};
  core_.emplace(world_, options, std::move(outputs), *alarms_);
}

void Collector::start_writer() {
  keeper_->start(
      {.durable = [this](std::uint64_t seq,
                         Milliseconds delay) { core_->post(DurableEvent{seq}, delay); },
       .write = [this](auto batch,
                       Milliseconds delay) { writer_->write(std::move(batch), delay); }});
  StoreWriter::Events events;
  events.done = [this](WriteDone done) { keeper_->post(std::move(done), Milliseconds{1}); };
  events.opened = [this](DatabaseOpened opened) { keeper_->post(opened); };
  events.away = [this](const std::string& reason) { keeper_->post(Keeper::Away{reason}); };
  events.alarms = [this](Result<collector::AlarmsInDatabase> read) {
    alarms_->post(AlarmsRead{std::move(read)});
  };
  writer_->start(std::move(events));
}

opcua::SubscriberEvents Collector::subscriber_events() {
  return {.on_data =
              [this](opcua::Notification data) {
                around_.observer.on_data(data);
                core_->post(collector::Delivery{data.token, data.received_at,
                                                changes_of(data.changes), data.is_current});
              },
          .on_alive = [this](Timestamp at) { core_->post(AliveEvent{at}); },
          .on_link =
              [this](opcua::LinkState state, const std::string& reason, Timestamp at) {
                core_->post(LinkEvent{state == opcua::LinkState::up, reason, at});
              },
          .on_history =
              [this](opcua::HistoryFill fill) {
                collector::HistoryDelivery delivery{changes_of(fill.changes), {}};
                if (fill.state == opcua::HistoryFill::State::whole) delivery.whole_from = fill.from;
                core_->post(std::move(delivery));
              }};
}

/// By the keeper, so that it is on disk before the record with the same rows.
void Collector::remember(std::string memory, std::uint64_t number) {
  keeper_->post(Keeper::Task([this, memory = std::move(memory), number](Milliseconds cost) {
    world_.crashes.pass(Fault::killed_before_memory);
    const bool on_disk = replace_file(around_.disk.data, memory_file, memory).has_value();
    around_.disk.look();
    if (on_disk) around_.observer.on_remembered(memory);
    world_.crashes.pass(Fault::killed_after_memory);
    core_->post(AlarmEvent{AlarmsRemembered{number, on_disk}}, cost);
  }));
}

void Collector::post_letters(std::vector<alarm::notify::Letter> letters) {
  keeper_->post(Keeper::Task([this, letters = std::move(letters)](Milliseconds cost) {
    const std::uint64_t last = outbox_->post(letters);
    if (last != 0) core_->post(AlarmEvent{LettersPosted{last}}, cost);
    next_refused_ = world_.clock.now + refused_pause;
  }));
}

collector::ForwardFacts Collector::forward_facts() const {
  const collector::ForwardFigures forward = keeper_->forward().figures();
  return {.spool_share = static_cast<double>(forward.spool_bytes) /
                         static_cast<double>(forward.spool_capacity),
          .records_lost = forward.records_dropped,
          .lost_by_disk = forward.records_lost - forward.records_dropped + forward.samples_dropped,
          .records_wait = forward.stored_seq < forward.durable_seq,
          .batches_stored = forward.batches_stored,
          .earlier_stored = forward.earlier_stored};
}

void Collector::order(LiveOrder order) {
  core_->post(AlarmEvent{AlarmOrder{1, std::move(order)}});
}

Milliseconds Collector::next_due() const {
  const Milliseconds again = outbox_->has_refused() ? next_refused_ : never;
  return std::min({subscriber_->next_due(), core_->next_due(), keeper_->next_due(),
                   writer_->next_due(), outbox_->next_due(), again});
}

void Collector::turn() {
  if (outbox_->has_refused() && world_.clock.now >= next_refused_) {
    next_refused_ = world_.clock.now + refused_pause;
    post_letters({});
  }
  subscriber_->turn();
  core_->turn();
  keeper_->turn();
  writer_->turn();
  outbox_->turn();
}

std::string Collector::words_of_due() const {
  const std::string keeper = keeper_->words_of_due();
  return fmt::format("subscriber {}, core {}, spool {}, writer {}, outbox {}, now {}",
                     subscriber_->next_due().count(), core_->next_due().count(), keeper,
                     writer_->next_due().count(), outbox_->next_due().count(),
                     world_.clock.now.count());
}

bool Collector::drained() const {
  return keeper_->idle() && outbox_->empty() && subscriber_->is_up();
}

}  // namespace wl::sim
