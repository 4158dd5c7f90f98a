#include "storage/spool/spool.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace wl::storage::spool {

Result<void> Spool::append(std::uint64_t seq, std::string_view bytes) {
  if (seq <= last_seq_) {
    return fail(Errc::invalid_argument,
                fmt::format("record {} does not follow record {}", seq, last_seq_));
  }
  const std::size_t needed = bytes.size() + head_bytes;
  if (bytes.empty() || bytes.size() > max_record_bytes || needed > options_.pending_bytes) {
    return fail(Errc::invalid_argument,
                fmt::format("a record of {} bytes; 1 to {} are possible", bytes.size(),
                            std::min(max_record_bytes, options_.pending_bytes - head_bytes)));
  }
  if (pending_bytes_ + needed > options_.pending_bytes) {
    return fail(Errc::unavailable,
                fmt::format("{} bytes wait for the disk already. Free space in the spool's folder",
                            pending_bytes_));
  }
  pending_.push_back({.seq = seq, .bytes = std::string(bytes)});
  pending_bytes_ += needed;
  last_seq_ = seq;
  return {};
}

Result<std::uint64_t> Spool::sync() {
  if (!pending_.empty()) {
    if (const auto written = write_pending(); !written) return std::unexpected(written.error());
  }
  // Failing to note a release only means that records are handed out again: no reason to refuse.
  [[maybe_unused]] const auto noted = mark_.flush();
  [[maybe_unused]] const auto removed = remove_released();
  return durable_seq_;
}

Result<void> Spool::write_pending() {
  const std::uint64_t needed = pending_bytes_;
  if (active_ && segments_.back().end + needed > options_.segment_bytes) close_active();
  make_room(needed);
  if (!active_) {
    if (const auto started = start_segment(); !started) return started;
  }
  Segment& segment = segments_.back();
  std::string frames;
  frames.reserve(needed);
  for (const Pending& record : pending_) {
    const Head head{.seq = record.seq, .durable_seq = durable_seq_};
    append_record(frames, head, record.bytes, segment.number);
  }
  const std::string name = segment_name(segment.number);
  auto done = files_.append(name, frames);
  if (done) done = files_.sync(name);
  if (!done) {
    abandon_active();
    return done;
  }
  segment.end += frames.size();
  segment.size = segment.end;
  segment.last_seq = durable_seq_ = pending_.back().seq;
  pending_.clear();
  pending_bytes_ = 0;
  return {};
}

Result<void> Spool::start_segment() {
  if (next_number_ > max_segment_number) {
    return fail(Errc::unavailable,
                "the numbers of spool segments are used up. Move the files of "
                "the spool's folder away once the database has them");
  }
  if (const auto noted = mark_.flush(); !noted) return noted;
  const Segment segment{
      .number = next_number_, .after_seq = durable_seq_, .last_seq = durable_seq_};
  const std::string name = segment_name(segment.number);
  auto done = files_.create(name);
  if (!done) return done;
  ++next_number_;
  done = files_.append(name, encode_header({segment.number, segment.after_seq}));
  if (done) done = files_.sync(name);
  if (done) done = files_.sync_directory("");
  segments_.push_back(segment);
  active_ = true;
  if (!done) abandon_active();
  return done;
}

Head Spool::seal_of(const Segment& segment) const {
  return {.kind = Head::Kind::seal,
          .size = static_cast<std::uint32_t>(segment.end),
          .seq = segment.last_seq,
          .durable_seq = durable_seq_};
}

/// The segment is complete. The seal saves reading it at the next open() and needs no sync of its
/// own: without it the segment is read.
void Spool::close_active() {
  Segment& segment = segments_.back();
  const auto sealed =
      files_.append(segment_name(segment.number), encode_head(seal_of(segment), segment.number));
  if (sealed) segment.size = segment.end + head_bytes;
  active_ = false;
}

/// After a failed write or sync nobody knows what the end of the file is, also not after a later
/// sync that succeeds (Linux takes the pages for clean). The next records go to another file, whose
/// after_seq makes worthless what stands here behind `end`.
void Spool::abandon_active() {
  active_ = false;
  Segment& segment = segments_.back();
  const std::string name = segment_name(segment.number);
  if (segment.end > header_bytes) {
    // A full disk has room again for others. Nothing depends on it.
    if (files_.truncate(name, segment.end)) segment.size = segment.end;
    return;
  }
  if (!files_.remove(name)) return;
  next_number_ = segment.number;
  if (reader_ && reader_->number() == segment.number) reader_.reset();
  segments_.pop_back();
}

void Spool::make_room(std::uint64_t needed) {
  const std::uint64_t with_header = needed + header_bytes + head_bytes;
  while (!segments_.empty() && bytes() + with_header > options_.capacity_bytes) {
    if (segments_.size() == 1 && active_) close_active();
    drop_oldest();
  }
}

void Spool::drop_oldest() {
  const Segment oldest = segments_.front();
  const std::uint64_t last = bound(0);
  mark_.drop(last);
  // Without the mark the next open() tells the same loss with another cause; the room is needed.
  [[maybe_unused]] const auto noted = mark_.flush();
  const auto removed = files_.remove(segment_name(oldest.number));
  if (removed) [[maybe_unused]]
    const auto synced = files_.sync_directory("");
  lose(oldest.after_seq, last, SpoolLoss::Cause::full);
  if (reader_ && reader_->number() == oldest.number) reader_.reset();
  segments_.erase(segments_.begin());
}

Result<void> Spool::release(std::uint64_t seq) {
  if (seq > durable_seq_) {
    return fail(
        Errc::invalid_argument,
        fmt::format("record {} cannot be released: the last durable one is {}", seq, durable_seq_));
  }
  mark_.release(seq);
  read_seq_ = std::max(read_seq_, seq);
  return remove_released();
}

Result<void> Spool::remove_released() {
  const auto done_with = [&] {
    return segments_.size() > (active_ ? 1 : 0) && bound(0) <= mark_.value().released;
  };
  if (!done_with()) return {};
  // The mark first: without it the missing segment would be told as a loss.
  if (const auto noted = mark_.flush(); !noted) return noted;
  while (done_with()) {
    const auto removed = files_.remove(segment_name(segments_.front().number));
    if (!removed && removed.error().code != Errc::not_found) return removed;
    if (reader_ && reader_->number() == segments_.front().number) reader_.reset();
    segments_.erase(segments_.begin());
  }
  return files_.sync_directory("");
}

Result<std::vector<SpoolRecord>> Spool::read(std::size_t max_bytes, Unreadable unreadable) {
  std::vector<SpoolRecord> records;
  std::size_t total = 0;
  while (records.empty() || total < max_bytes) {
    const auto more = read_record(records, unreadable);
    if (!more && records.empty()) return std::unexpected(more.error());
    if (!more || !*more) break;
    total += records.back().bytes.size();
  }
  return records;
}

/// Appends the next record; false: there is none. Goes through at most all segments once.
Result<bool> Spool::read_record(std::vector<SpoolRecord>& into, Unreadable unreadable) {
  for (;;) {
    const auto here = std::ranges::find_if(segments_, [&](const Segment& segment) {
      return reader_ ? segment.number == reader_->number() : segment.last_seq > read_seq_;
    });
    if (here == segments_.end()) return false;
    const auto index = static_cast<std::size_t>(here - segments_.begin());
    if (!reader_) reader_.emplace(files_, here->number, here->after_seq);
    const SegmentReader::Step step = reader_->next(here->end);
    if (step.kind == SegmentReader::Step::Kind::record) {
      if (step.seq <= read_seq_) continue;
      read_seq_ = step.seq;
      into.push_back({.seq = step.seq, .bytes = std::string(step.payload)});
      return true;
    }
    const bool refused = step.kind == SegmentReader::Step::Kind::unreadable;
    if (refused && unreadable == Unreadable::refuse) return fail(Errc::unavailable, step.why);
    if (refused || step.kind == SegmentReader::Step::Kind::damaged) {
      set_tail_aside(index, step);
      lose(step.seq, bound(index), SpoolLoss::Cause::damaged);
      read_seq_ = std::max(read_seq_, bound(index));
      continue;
    }
    if (index + 1 == segments_.size()) return false;  // More may be appended here.
    read_seq_ = std::max(read_seq_, bound(index));
    reader_.reset();
  }
}

Result<std::optional<SpoolRecord>> Spool::newest() {
  std::optional<SpoolRecord> newest;
  for (auto segment = segments_.rbegin(); segment != segments_.rend() && !newest; ++segment) {
    if (segment->last_seq <= mark_.value().released) break;
    SegmentReader reader(files_, segment->number, segment->after_seq);
    SegmentReader::Step step = reader.next(segment->end);
    for (; step.kind == SegmentReader::Step::Kind::record; step = reader.next(segment->end))
      newest = {.seq = step.seq, .bytes = std::string(step.payload)};
    if (step.kind == SegmentReader::Step::Kind::unreadable && !newest)
      return fail(Errc::unavailable, step.why);
  }
  return newest;
}

void Spool::rewind() {
  reader_.reset();
  read_seq_ = mark_.value().released;
}

std::uint64_t Spool::bound(std::size_t index) const {
  return index + 1 < segments_.size() ? segments_[index + 1].after_seq : durable_seq_;
}

std::uint64_t Spool::bytes() const {
  std::uint64_t sum = 0;
  for (const Segment& segment : segments_) sum += segment.size;
  return sum;
}

std::vector<SpoolLoss> Spool::take_losses() {
  return std::exchange(losses_, {});
}

std::vector<SpoolDamage> Spool::take_damages() {
  return std::exchange(damages_, {});
}

SpoolState Spool::state() const {
  return {.bytes = bytes(),
          .segments = segments_.size(),
          .durable_seq = durable_seq_,
          .released_seq = mark_.value().released,
          .lost_seqs = lost_seqs_,
          .pending_bytes = pending_bytes_};
}

}  // namespace wl::storage::spool
