// Opening a spool: what is there, what counts of it, what is missing.
#include <fmt/format.h>

#include <algorithm>

#include "storage/spool/spool.hpp"

namespace wl::storage::spool {
namespace {

const std::string renewed_file = "renewed.wlspool-tmp";
constexpr std::size_t copy_bytes = 1u << 20;

}  // namespace

Result<std::unique_ptr<Spool>> Spool::open(SpoolFiles& files, SpoolOptions options) {
  constexpr std::uint64_t least_capacity = 64u << 10;
  constexpr std::uint64_t most_segment = 1u << 30;
  if (options.capacity_bytes < least_capacity) {
    return fail(Errc::invalid_argument,
                fmt::format("a spool of {} bytes is too small: {} are needed at least",
                            options.capacity_bytes, least_capacity));
  }
  const std::uint64_t eighth = options.capacity_bytes / 8;
  options.segment_bytes = std::min({options.segment_bytes, eighth, most_segment});
  options.pending_bytes = std::min<std::uint64_t>(options.pending_bytes, eighth);
  if (options.pending_bytes <= head_bytes) {
    return fail(Errc::invalid_argument, "no room for a single record to wait for the disk");
  }
  std::unique_ptr<Spool> spool{new Spool(files, options)};
  if (const auto done = spool->recover(); !done) return std::unexpected(done.error());
  return spool;
}

Result<void> Spool::recover() {
  std::vector<SpoolFiles::Entry> damaged;
  if (const auto found = find_segments(damaged); !found) return found;
  if (const auto settled = settle_last(); !settled) return settled;
  if (const auto loaded = load_mark(); !loaded) return loaded;
  forget_what_is_done();
  const std::size_t count = segments_.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (const auto measured = measure(i); !measured) return measured;
  }
  const std::uint64_t last = segments_.empty() ? 0 : segments_.back().last_seq;
  durable_seq_ = std::max({durable_seq_, last, mark_.value().released, mark_.value().dropped_to});
  last_seq_ = std::max(last_seq_, durable_seq_);
  read_seq_ = mark_.value().released;
  set_aside_headless(damaged);
  tell_holes();
  // A new segment for every process: where an older one ended stays visible.
  const bool open_end = !segments_.empty() && segments_.back().size == segments_.back().end;
  if (active_ || !open_end) return {};
  const auto renewed = renew_last();
  return options_.unreadable == Unreadable::skip ? Result<void>{} : renewed;
}

Result<void> Spool::find_segments(std::vector<SpoolFiles::Entry>& damaged) {
  auto entries = files_.list("");
  if (!entries) return std::unexpected(entries.error());
  std::ranges::sort(*entries, {}, &SpoolFiles::Entry::name);
  for (const SpoolFiles::Entry& entry : *entries) {
    const auto number = segment_number(entry.name);
    if (!number) continue;  // The mark, or somebody else's.
    next_number_ = *number + 1;
    Segment segment{.number = *number};
    const auto state = look_at(entry, segment);
    if (!state) return std::unexpected(state.error());
    if (*state == HeaderState::whole) segments_.push_back(segment);
    if (*state == HeaderState::damaged) damaged.push_back(entry);
    if (*state == HeaderState::foreign) {
      damages_.push_back({entry.name, "",
                          fmt::format("{} is not a spool segment although it has "
                                      "the name of one: left as it is",
                                      entry.name)});
    }
  }
  return {};
}

/// Segments whose header says nothing. Their records may vouch for what was durable; so that it
/// stays told, a new segment says so before they are moved.
void Spool::set_aside_headless(const std::vector<SpoolFiles::Entry>& damaged) {
  const std::uint64_t known = durable_seq_;
  for (const SpoolFiles::Entry& entry : damaged) {
    const Segment segment{.number = segment_number(entry.name).value_or(0), .size = entry.size};
    durable_seq_ = std::max(durable_seq_, vouched_for(segment, 0));
  }
  last_seq_ = std::max(last_seq_, durable_seq_);
  if (durable_seq_ > known && !start_segment()) return;  // The next open() finds them again.
  for (const SpoolFiles::Entry& entry : damaged) {
    if (entry.size == 0 && files_.remove(entry.name)) continue;  // Made when the power went.
    set_aside_file(entry.name, "the header fails its check");
  }
}

Result<HeaderState> Spool::look_at(const SpoolFiles::Entry& entry, Segment& segment) {
  const auto bytes = files_.read(entry.name, 0, header_bytes);
  if (!bytes) {
    if (options_.unreadable == Unreadable::skip) return HeaderState::damaged;
    return std::unexpected(bytes.error());
  }
  const ReadHeader read = decode_header(*bytes, segment.number);
  if (read.state == HeaderState::newer) {
    return fail(Errc::conflict,
                fmt::format("{} was written by a newer version of Wattline. Start that version, or "
                            "move the files of the spool's folder away",
                            entry.name));
  }
  segment.size = entry.size;
  segment.after_seq = segment.last_seq = read.header.after_seq;
  return read.state;
}

Result<void> Spool::load_mark() {
  const auto loaded = mark_.load();
  if (!loaded) {
    if (options_.unreadable == Unreadable::refuse) return std::unexpected(loaded.error());
  }
  const auto state = loaded.value_or(ReleaseMark::Loaded::damaged);
  if (state == ReleaseMark::Loaded::found) return {};
  if (state == ReleaseMark::Loaded::missing && segments_.empty()) return {};
  const std::uint64_t front = segments_.empty() ? 0 : segments_.front().after_seq;
  const bool too_old = front > std::max(mark_.value().released, mark_.value().dropped_to);
  // A torn entry is what a power cut leaves; no segment was removed on its word.
  if (state == ReleaseMark::Loaded::partly && !too_old) return {};
  // What was before the oldest segment was released, or told: only what is here is handed out.
  mark_.release(front);
  damages_.push_back({ReleaseMark::file, "",
                      fmt::format("{} is missing or damaged: records that the database has may be "
                                  "handed out again",
                                  ReleaseMark::file)});
  return {};
}

/// Segments that were released or dropped, but not removed before the end of the process.
void Spool::forget_what_is_done() {
  const std::uint64_t done = std::max(mark_.value().released, mark_.value().dropped_to);
  const auto is_done = [&] { return segments_.size() > 1 && segments_[1].after_seq <= done; };
  // The mark that was read may be in the memory of the system only, after a sync that failed; and
  // without it the missing segments would be told as a loss.
  if (!is_done() || !mark_.flush()) return;
  while (is_done()) {
    // If it stays, the next open() removes it.
    [[maybe_unused]] const auto removed = files_.remove(segment_name(segments_.front().number));
    segments_.erase(segments_.begin());
  }
}

/// Finds where the records of a segment end: by its seal, or by reading it.
Result<void> Spool::measure(std::size_t index) {
  Segment& segment = segments_[index];
  const bool last = index + 1 == segments_.size();
  const std::uint64_t limit = last ? UINT64_MAX : segments_[index + 1].after_seq;
  if (segment.size >= header_bytes + head_bytes) {
    const std::uint64_t at = segment.size - head_bytes;
    const auto bytes = files_.read(segment_name(segment.number), at, head_bytes);
    const auto seal = bytes ? decode_head(*bytes, segment.number) : std::nullopt;
    if (seal && seal->kind == Head::Kind::seal && seal->size == at) {
      segment.end = at;
      segment.last_seq = std::min(seal->seq, limit);
      return {};
    }
  }
  using Kind = SegmentReader::Step::Kind;
  SegmentReader reader(files_, segment.number, segment.after_seq);
  for (;;) {
    const SegmentReader::Step step = reader.next(segment.size);
    if (step.kind == Kind::unreadable && options_.unreadable == Unreadable::refuse) {
      return fail(Errc::unavailable, step.why);
    }
    segment.end = step.offset;
    const bool beyond = step.kind == Kind::record ? step.seq > limit : segment.last_seq == limit;
    // What follows was written again into the next segment, after an error of the disk.
    if (beyond || step.kind == Kind::end) return {};
    if (step.kind != Kind::record) {
      set_tail_aside(index, step);
      return {};
    }
    segment.last_seq = step.seq;
    segment.end = reader.offset();
  }
}

void Spool::tell_holes() {
  const Mark& mark = mark_.value();
  const std::uint64_t front = segments_.empty() ? durable_seq_ : segments_.front().after_seq;
  lose(mark.released, std::min(front, mark.dropped_to), SpoolLoss::Cause::full);
  lose(std::max(mark.released, mark.dropped_to), front, SpoolLoss::Cause::damaged);
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    lose(segments_[i].last_seq, bound(i), SpoolLoss::Cause::damaged);
  }
}

/// Writes the last segment again, with its seal. The process before may have been refused a sync:
/// the system then shows bytes that are not on the disk, and a sync of today does not write them.
Result<void> Spool::renew_last() {
  Segment& segment = segments_.back();
  if (segment.end == header_bytes) return {};
  const std::string name = segment_name(segment.number);
  const auto removed = files_.remove(renewed_file);
  if (!removed && removed.error().code != Errc::not_found) return removed;
  auto done = files_.create(renewed_file);
  for (std::uint64_t at = 0; done && at < segment.end; at += copy_bytes) {
    const auto size = std::min<std::uint64_t>(copy_bytes, segment.end - at);
    const auto bytes = files_.read(name, at, size);
    done = bytes ? files_.append(renewed_file, *bytes) : std::unexpected(bytes.error());
  }
  if (done) done = files_.append(renewed_file, encode_head(seal_of(segment), segment.number));
  if (done) done = files_.sync(renewed_file);
  if (done) done = files_.rename(renewed_file, name);
  if (!done) {
    [[maybe_unused]] const auto tidied = files_.remove(renewed_file);
    return done;
  }
  segment.size = segment.end + head_bytes;
  return files_.sync_directory("");
}

/// What a killed process left in the memory of the system must be on the disk before it counts.
Result<void> Spool::settle_last() {
  if (segments_.empty()) return {};
  const auto synced = files_.sync(segment_name(segments_.back().number));
  return synced ? files_.sync_directory("") : synced;
}

}  // namespace wl::storage::spool
