#include "tests/sim/database.hpp"

#include "storage/historian/historian.hpp"
#include "storage/historian/hot_minutes.hpp"

namespace wl::sim {
namespace {

using storage::HotMinute;

/// The planted bug: what a closed minute says is added to what the failed attempt had said.
std::string doubled(const HotMinute& minute) {
  std::string body;
  const auto buckets = storage::read_minute(minute);
  if (!buckets) return minute.body;
  for (auto [slot, bucket] : *buckets) {
    bucket.count *= 2;
    bucket.usable *= 2;
    bucket.sum *= 2;
    storage::put_minute(body, slot, bucket);
  }
  return body;
}

/// The rows of the database, with the ways in which an answer gets lost.
class FlakyTables : public storage::FailingTables {
 public:
  FlakyTables(std::unique_ptr<storage::Tables> inner, storage::FailurePlan& plan, Mishap& mishap,
              Bug bug)
      : FailingTables(std::move(inner), plan), mishap_(mishap), bug_(bug) {}

  void commit() override {
    const auto kind = mishap_.writing ? mishap_.kind : Mishap::Kind::none;
    if (kind == Mishap::Kind::commit_lost) lose_answer();
    FailingTables::commit();
    if (kind == Mishap::Kind::commit_applied) lose_answer();
    if (mishap_.writing) retries_ = false;
  }
  void rollback() noexcept override {
    FailingTables::rollback();
    retries_ = retries_ || mishap_.writing;
  }
  void append_hot_minutes(std::span<const HotMinute> minutes) override {
    std::vector<HotMinute> written(minutes.begin(), minutes.end());
    if (bug_ == Bug::double_rollup_on_retry && retries_)
      for (HotMinute& minute : written) minute.body = doubled(minute);
    FailingTables::append_hot_minutes(written);
  }

 private:
  [[noreturn]] void lose_answer() {
    mishap_.kind = Mishap::Kind::none;
    throw storage::DatabaseError({Errc::unavailable, "the connection was lost"});
  }

  Mishap& mishap_;
  const Bug bug_;
  bool retries_ = false;  ///< The transaction before this one failed.
};

ThresholdRow limit(const char* level, double kw) {
  ThresholdRow row;
  row.device_id = "conveyor";
  row.parameter_name = "power_kw";
  row.threshold_value = kw;
  row.alarm_level = level;
  return row;
}

constexpr std::size_t most_alarms = 1'000'000;
constexpr std::uint64_t calls_of_a_batch = 12;  ///< At least.

}  // namespace

Database::Database(World& world, std::uint64_t seed) : world_(world), dice_(seed, 15), image_{} {
  rig_ = new_rig({{storage::CrashRig::path, storage::prepared_database()}});
  const auto tables = rig_->open();
  tables->begin(storage::Access::write);
  tables->alarms().add_threshold(limit("warning", 3));
  tables->alarms().add_threshold(limit("critical", 4));
  tables->commit();
}

std::unique_ptr<storage::CrashRig> Database::new_rig(const storage::DiskImage& image) {
  return std::make_unique<storage::CrashRig>(dice_.number(), image);
}

std::unique_ptr<storage::CollectorStore> Database::open() {
  if (away_) {
    world_.faults.add(Fault::database_away);
    throw std::runtime_error("the database is away");
  }
  begin_call();
  try {
    auto tables = std::make_unique<FlakyTables>(rig_->open(), plan_, mishap_, world_.bug);
    auto calendar = storage::Calendar::of("UTC").value();
    auto store = std::make_unique<storage::Historian>(std::move(tables), world_.plant, calendar);
    look();
    return store;
  } catch (const std::exception&) {
    look();
    throw;
  }
}

Result<void> Database::write(storage::CollectorStore& store, const storage::Batch& batch) {
  begin_call();
  mishap_ = {.kind = std::exchange(next_, Mishap::Kind::none), .writing = true};
  const auto kind = mishap_.kind;
  if (kind == Mishap::Kind::failed && !away_)
    plan_.fail_at = plan_.calls + 1 + static_cast<int>(dice_.below(calls_of_a_batch));
  const int failures = plan_.failures;
  auto written = store.write_batch(batch);
  mishap_.writing = false;
  look();
  if (away_) world_.faults.add(Fault::database_away);
  if (!away_ && plan_.failures > failures) world_.faults.add(Fault::batch_failed);
  const bool commit_bit = mishap_.kind != kind;
  if (commit_bit && kind == Mishap::Kind::commit_lost) world_.faults.add(Fault::commit_lost);
  if (commit_bit && kind == Mishap::Kind::commit_applied) world_.faults.add(Fault::commit_applied);
  return written;
}

std::vector<AlarmRow> Database::alarms() {
  return rig_->open()->alarms().alarms({.filter = {}, .offset = 0, .limit = most_alarms});
}

void Database::begin_call() {
  plan_.commits.clear();
  plan_.fail_at = away_ ? plan_.calls + 1 : 0;
}

void Database::look() {
  plan_.fail_at = 0;
  if (!rig_->disk.powered()) throw Crash{Crash::Kind::power, Fault::power_cut_in_database};
}

void Database::heal() {
  away_ = false;
  next_ = Mishap::Kind::none;
  low_ = Milliseconds{2};
  high_ = Milliseconds{60};
}

void Database::freeze(Crash::Kind kind) {
  if (kind == Crash::Kind::kill) image_ = rig_->disk.content();
  if (rig_->disk.powered()) rig_->disk.cut_power_at(1);
}

void Database::thaw(Crash::Kind kind) {
  if (kind == Crash::Kind::kill) {
    rig_.reset();
    rig_ = new_rig(std::exchange(image_, {}));
  } else {
    rig_->disk.power_on();
  }
}

}  // namespace wl::sim
