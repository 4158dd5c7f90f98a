#include "collector/backlog.hpp"

#include "base/check.hpp"
#include "collector/link_history.hpp"

namespace wl::collector {

const char* const refused_too_long_cause =
    "samples were dropped: the disk of the spool refused them for too long";

std::size_t size_of(const Record& record) {
  std::size_t bytes = sizeof(Record) + record.samples.capacity() * sizeof(Sample);
  for (const LinkInterval& interval : record.intervals) {
    bytes += sizeof(LinkInterval) + interval.cause.size();
  }
  for (const AlarmRow& row : record.alarms)
    bytes += sizeof(AlarmRow) + row.key.size() + row.message.size() + row.note.size();
  for (const AlarmJournalRow& row : record.alarm_journal)
    bytes += sizeof(AlarmJournalRow) + row.key.size() + row.note.size();
  return bytes;
}

void Backlog::push(Record record) {
  record.samples.shrink_to_fit();
  bytes_ += size_of(record);
  records_.push_back(std::make_shared<const Record>(std::move(record)));
  // Ends: each round empties one record, and the newest one without samples stays.
  while (bytes_ > limit_ && records_.size() > (in_flight_ ? 2u : 1u)) drop_oldest();
}

std::shared_ptr<const Record> Backlog::start_write() {
  if (in_flight_ || records_.empty()) return nullptr;
  in_flight_ = true;
  return records_.front();
}

std::size_t Backlog::written() {
  WL_CHECK(in_flight_);
  in_flight_ = false;
  const std::size_t samples = records_.front()->samples.size();
  bytes_ -= size_of(*records_.front());
  records_.pop_front();
  return samples;
}

void Backlog::failed() {
  WL_CHECK(in_flight_);
  in_flight_ = false;
}

/// The oldest that is not in flight goes; the next one takes its time over, as a gap.
void Backlog::drop_oldest() {
  const auto oldest = records_.begin() + (in_flight_ ? 1 : 0);
  const auto heir = oldest + 1;
  // Alarms are few, and each change counts: they stay.
  Record joined{.seq = (*heir)->seq,
                .samples = (*heir)->samples,
                .intervals = {},
                .alarms = (*oldest)->alarms,
                .alarm_journal = (*oldest)->alarm_journal};
  joined.alarms.insert(joined.alarms.end(), (*heir)->alarms.begin(), (*heir)->alarms.end());
  joined.alarm_journal.insert(joined.alarm_journal.end(), (*heir)->alarm_journal.begin(),
                              (*heir)->alarm_journal.end());
  for (const LinkInterval& interval : (*oldest)->intervals) {
    const std::string cause = interval.alive ? refused_too_long_cause : interval.cause;
    append_interval(joined.intervals, {interval.from, interval.to, false, cause});
  }
  for (const LinkInterval& interval : (*heir)->intervals) {
    append_interval(joined.intervals, interval);
  }
  dropped_samples_ += (*oldest)->samples.size();
  bytes_ -= size_of(**oldest) + size_of(**heir);
  bytes_ += size_of(joined);
  *heir = std::make_shared<const Record>(std::move(joined));
  records_.erase(oldest);
}

}  // namespace wl::collector
