#include "collector/forward/store_and_forward.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "collector/forward/codec.hpp"

namespace wl::collector {
namespace {

using storage::spool::Spool;
using storage::spool::SpoolLoss;
using storage::spool::SpoolRecord;
using storage::spool::Unreadable;

constexpr Milliseconds first_backoff{1000};
constexpr Milliseconds longest_backoff{10'000};
constexpr Milliseconds pause_after_error{1000};
constexpr Milliseconds hurried_interval{1000};
/// A record in the spool is at least a quarter of what a batch of so many samples takes.
constexpr std::size_t read_bytes = 256 << 10;
constexpr int most_read_failures = 60;
constexpr std::size_t most_names_bytes = 16 << 20;

std::string cause_of(SpoolLoss::Cause cause) {
  return cause == SpoolLoss::Cause::full ? "samples were dropped: the database was not available "
                                           "and DATA_CACHE_SIZE was used up"
                                         : "samples were lost: the spool on the disk was damaged";
}

}  // namespace

StoreAndForward::StoreAndForward(storage::spool::SpoolFiles& files, const Plant& plant,
                                 ForwardOptions options)
    : files_(files),
      plant_(plant),
      options_(std::move(options)),
      names_(plant),
      waiting_(options_.waiting_bytes) {
  figures_.spool_capacity = options_.spool.capacity_bytes;
}

Result<std::unique_ptr<StoreAndForward>> StoreAndForward::open(storage::spool::SpoolFiles& files,
                                                               const Plant& plant,
                                                               ForwardOptions options) {
  std::unique_ptr<StoreAndForward> forward{new StoreAndForward(files, plant, std::move(options))};
  if (const auto done = forward->prepare(); !done) return std::unexpected(done.error());
  return forward;
}

Result<void> StoreAndForward::prepare() {
  auto spool = Spool::open(files_, options_.spool);
  if (!spool) return std::unexpected(spool.error());
  spool_ = std::move(*spool);
  told_durable_ = opened_seq_ = spool_->state().durable_seq;
  if (const auto kept = keep_names(); !kept) return kept;
  look_at_newest();
  hear_spool();
  return {};
}

/// The list of points of this process stands on the disk before its first record does.
Result<void> StoreAndForward::keep_names() {
  const auto entries = files_.list("");
  if (!entries) return std::unexpected(entries.error());
  const auto state = spool_->state();
  const bool nothing_waits = state.released_seq >= state.durable_seq;
  for (const auto& entry : *entries) {
    const auto id = PointNames::id_of_file(entry.name);
    // Those of former lists; a file that stays does no harm.
    if (id && *id != names_.id() && nothing_waits) [[maybe_unused]]
      const auto removed = files_.remove(entry.name);
  }
  const auto known = files_.read(names_.file(), 0, most_names_bytes);
  if (known && *known == names_.text()) return {};
  const std::string draft = names_.file() + "-tmp";
  const auto removed = files_.remove(draft);
  if (!removed && removed.error().code != Errc::not_found) return removed;
  auto done = files_.create(draft);
  if (done) done = files_.append(draft, names_.text());
  if (done) done = files_.sync(draft);
  if (done) done = files_.rename(draft, names_.file());
  if (done) done = files_.sync_directory("");
  return done;
}

void StoreAndForward::look_at_newest() {
  const auto newest = spool_->newest();
  if (!newest || !*newest) return;
  const auto decoded = decode_record((*newest)->bytes);
  if (!decoded || decoded->record.intervals.empty()) return;
  spooled_until_ = decoded->record.intervals.back().to;
}

void StoreAndForward::on_database(std::optional<Timestamp> covered_until, std::uint64_t last_seq,
                                  Now now) {
  joiner_.begin(covered_until, last_seq);
  figures_.database_open = true;
  figures_.database_error.clear();
  figures_.stored_until = covered_until;
  const std::uint64_t durable = spool_->state().durable_seq;
  // A batch whose answer was lost with the process before is in the database already.
  if (const auto released = spool_->release(std::min(last_seq, durable)); !released)
    actions_.notices.push_back(released.error().what);
  next_batch_ = now.monotonic;
}

void StoreAndForward::on_database_away(const std::string& reason) {
  figures_.database_error = reason;
}

/// An alarm is looked for in the database as soon as it is heard.
void StoreAndForward::on_record(Record record) {
  if (!record.alarms.empty()) hurry_ = true;
  waiting_.push(std::move(record));
}

void StoreAndForward::on_written(std::uint64_t seq, Now now) {
  in_flight_ = false;
  write_backoff_ = {};
  next_write_ = {};
  figures_.database_error.clear();
  figures_.spool_full = false;
  figures_.stored_seq = seq;
  figures_.stored_until = joiner_.covered_until();
  figures_.samples_stored += batch_->samples.size();
  ++figures_.batches_stored;
  batch_.reset();
  if (const auto released = spool_->release(seq); !released)
    actions_.notices.push_back(released.error().what);
  next_batch_ = more_ ? now.monotonic : std::max(next_batch_, now.monotonic);
}

void StoreAndForward::on_failed(std::uint64_t, const std::string& error, Now now) {
  in_flight_ = false;
  figures_.database_error = error;
  write_backoff_ = std::clamp(write_backoff_ * 2, first_backoff, longest_backoff);
  next_write_ = now.monotonic + write_backoff_;
}

void StoreAndForward::on_time(Now now) {
  sync(now);
  if (std::exchange(hurry_, false))
    next_batch_ = std::min(next_batch_, std::max(now.monotonic, last_batch_ + hurried_interval));
  if (in_flight_ || !figures_.database_open || now.monotonic < next_write_) return;
  if (!batch_ && now.monotonic >= next_batch_) form_batch(now);
  if (!batch_) return;
  in_flight_ = true;
  actions_.write = batch_;
}

void StoreAndForward::on_stop(Now now) {
  next_batch_ = next_write_ = next_sync_ = now.monotonic;
  on_time(now);
}

void StoreAndForward::sync(Now now) {
  if (now.monotonic < next_sync_) return;
  feed_spool();
  const auto durable = spool_->sync();
  hear_spool();
  if (!durable) {
    refuse(durable.error().what, now);
    return;
  }
  if (!figures_.spool_error.empty())
    actions_.notices.push_back("the spool's disk takes records again");
  figures_.spool_error.clear();
  if (*durable > told_durable_) actions_.durable = told_durable_ = *durable;
}

void StoreAndForward::refuse(const std::string& error, Now now) {
  if (figures_.spool_error.empty())
    actions_.notices.push_back(
        fmt::format("{}; nothing is acknowledged until it is mended", error));
  figures_.spool_error = error;
  next_sync_ = now.monotonic + pause_after_error;
}

/// While a sync fails, what came before it stays in the spool's own memory; the rest waits here,
/// where the oldest gives way in an orderly manner.
void StoreAndForward::feed_spool() {
  if (!figures_.spool_error.empty() && spool_->state().pending_bytes > 0) return;
  while (const auto record = waiting_.start_write()) {
    const auto kept = spool_->append(record->seq, encode_record(*record, names_.id()));
    if (!kept && kept.error().code == Errc::unavailable) return waiting_.failed();
    // What can never be kept would stop all that follows: its time becomes a gap.
    if (!kept) actions_.notices.push_back(kept.error().what);
    waiting_.written();
  }
}

void StoreAndForward::form_batch(Now now) {
  more_ = false;
  last_batch_ = now.monotonic;
  while (joiner_.samples() < options_.batch_samples) {
    const auto records = read_spool();
    hear_spool();
    if (records.empty()) break;
    for (const SpoolRecord& record : records) add_record(record);
    more_ = joiner_.samples() >= options_.batch_samples;
  }
  Record batch = joiner_.take();
  if (batch.seq != 0) batch_ = std::make_shared<const Record>(std::move(batch));
  const bool retry = read_failures_ > 0;
  next_batch_ = now.monotonic + (retry ? pause_after_error : options_.batch_interval);
}

/// A disk that does not answer is asked again for a minute: a cable may be loose. Then what cannot
/// be read is lost, so that the rest is not held up for ever.
std::vector<SpoolRecord> StoreAndForward::read_spool() {
  const bool patient = read_failures_ < most_read_failures;
  auto records = spool_->read(read_bytes, patient ? Unreadable::refuse : Unreadable::skip);
  if (records) {
    read_failures_ = 0;
    return std::move(*records);
  }
  if (read_failures_++ == 0) actions_.notices.push_back(records.error().what);
  return {};
}

void StoreAndForward::add_record(const SpoolRecord& spooled) {
  auto decoded = decode_record(spooled.bytes);
  const auto points = decoded ? points_of(decoded->points_id) : std::unexpected(decoded.error());
  if (!points) {
    actions_.notices.push_back(fmt::format("record {}: {}", spooled.seq, points.error().what));
    joiner_.on_lost({spooled.seq, spooled.seq, cause_of(SpoolLoss::Cause::damaged)});
    return;
  }
  Record& record = decoded->record;
  record.seq = spooled.seq;
  const std::size_t all = record.samples.size();
  std::erase_if(record.samples, [&](Sample& sample) {
    const bool known =
        sample.point.value < (*points)->size() && (**points)[sample.point.value].has_value();
    if (known) sample.point = *(**points)[sample.point.value];
    return !known;
  });
  figures_.samples_unknown += all - record.samples.size();
  joiner_.add(record);
}

Result<const std::vector<std::optional<PointId>>*> StoreAndForward::points_of(std::uint32_t id) {
  if (const auto known = known_points_.find(id); known != known_points_.end()) {
    return &known->second;
  }
  PointNames names = names_;
  if (id != names_.id()) {
    const auto text = files_.read(PointNames::file_of(id), 0, most_names_bytes);
    if (!text) return std::unexpected(text.error());
    auto read = PointNames::from_text(*text);
    if (!read) return std::unexpected(read.error());
    names = std::move(*read);
  }
  if (names.id() != id) {
    return fail(Errc::corrupt, fmt::format("{} is damaged", PointNames::file_of(id)));
  }
  return &known_points_.emplace(id, names.in(plant_)).first->second;
}

void StoreAndForward::hear_spool() {
  for (const auto& damage : spool_->take_damages()) {
    actions_.notices.push_back(
        damage.quarantined_as.empty()
            ? damage.what
            : fmt::format("{}; its bytes are kept as {}", damage.what, damage.quarantined_as));
  }
  for (const SpoolLoss& loss : spool_->take_losses()) {
    const std::string cause = cause_of(loss.cause);
    if (loss.cause != SpoolLoss::Cause::full || !figures_.spool_full)
      actions_.notices.push_back(
          fmt::format("spool: {} (records {} to {})", cause, loss.first_seq, loss.last_seq));
    if (loss.cause == SpoolLoss::Cause::full) figures_.spool_full = true;
    const std::uint64_t records = loss.last_seq - loss.first_seq + 1;
    figures_.records_lost += records;
    if (loss.cause == SpoolLoss::Cause::full) figures_.records_dropped += records;
    joiner_.on_lost({loss.first_seq, loss.last_seq, cause});
  }
}

ForwardActions StoreAndForward::take_actions() {
  return std::exchange(actions_, {});
}

Milliseconds StoreAndForward::next_due() const {
  Milliseconds due = Milliseconds::max();
  if (!settled()) due = next_sync_;
  if (figures_.database_open && !in_flight_)
    due = std::min(due, std::max(next_write_, batch_ ? Milliseconds{0} : next_batch_));
  return due;
}

bool StoreAndForward::settled() const {
  return waiting_.empty() && spool_->state().pending_bytes == 0;
}

bool StoreAndForward::drained() const {
  const auto state = spool_->state();
  return settled() && !batch_ && state.released_seq >= state.durable_seq;
}

ForwardFigures StoreAndForward::figures() const {
  ForwardFigures figures = figures_;
  const auto state = spool_->state();
  figures.spool_bytes = state.bytes;
  figures.durable_seq = state.durable_seq;
  figures.records_waiting = waiting_.records();
  figures.drained = drained();
  figures.earlier_stored = state.released_seq >= opened_seq_;
  figures.samples_dropped = waiting_.dropped_samples();
  return figures;
}

}  // namespace wl::collector
