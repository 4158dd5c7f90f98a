// What the spool does with bytes that are not what was written: keep, name, go on.
#include <fmt/format.h>

#include <algorithm>

#include "storage/spool/spool.hpp"

namespace wl::storage::spool {
namespace {

const std::string quarantine = "quarantine";
constexpr std::size_t max_quarantine_files = 64;
constexpr std::size_t copy_bytes = 1u << 20;
/// More of a damaged tail is not searched for whole heads.
constexpr std::size_t search_bytes = 64u << 20;

std::string sentence(const std::string& file, std::string_view why, const Result<std::string>& to) {
  if (to) return fmt::format("{}: {}; the bytes are kept as {}", file, why, *to);
  return fmt::format("{}: {}; they stay there, for {}", file, why, to.error().what);
}

}  // namespace

Result<std::string> Spool::free_quarantine_name(std::string_view stem, std::uint64_t bytes) {
  const auto entries = files_.list(quarantine);
  if (!entries) return std::unexpected(entries.error());
  std::uint64_t sum = bytes;
  for (const SpoolFiles::Entry& entry : *entries) sum += entry.size;
  if (entries->size() >= max_quarantine_files || sum > options_.capacity_bytes) {
    return fail(Errc::unavailable,
                fmt::format("{} holds {} files already. Look at them and remove them", quarantine,
                            entries->size()));
  }
  for (std::size_t n = 1;; ++n) {  // One of max_quarantine_files + 1 names is free.
    const std::string name = fmt::format("{}/{}-{}.wlspool-damaged", quarantine, stem, n);
    if (std::ranges::find(*entries, name, &SpoolFiles::Entry::name) == entries->end()) return name;
  }
}

void Spool::set_aside_file(const std::string& name, std::string_view why) {
  auto to = free_quarantine_name(name.substr(0, name.find('.')), 0);
  if (to) {
    if (const auto moved = files_.rename(name, *to); !moved) to = std::unexpected(moved.error());
  }
  if (to) {
    [[maybe_unused]] const auto there = files_.sync_directory(quarantine);
    [[maybe_unused]] const auto gone = files_.sync_directory("");
  }
  damages_.push_back({name, to.value_or(""), sentence(name, why, to)});
}

Result<std::string> Spool::copy_to_quarantine(const Segment& segment, std::uint64_t offset) {
  const std::string from = segment_name(segment.number);
  auto name =
      free_quarantine_name(fmt::format("{:08}-{}", segment.number, offset), segment.size - offset);
  if (!name) return name;
  auto done = files_.create(*name);
  for (std::uint64_t at = offset; done && at < segment.size; at += copy_bytes) {
    const auto bytes =
        files_.read(from, at, std::min<std::uint64_t>(copy_bytes, segment.size - at));
    done = bytes ? files_.append(*name, *bytes) : std::unexpected(bytes.error());
  }
  if (done) done = files_.sync(*name);
  if (done) done = files_.sync_directory(quarantine);
  if (done) return name;
  [[maybe_unused]] const auto removed = files_.remove(*name);
  return std::unexpected(done.error());
}

/// The newest seq that was durable, as whole heads behind the damage say. Not being able to read
/// them leaves what is known.
std::uint64_t Spool::vouched_for(const Segment& segment, std::uint64_t offset) {
  const std::uint64_t rest = std::min<std::uint64_t>(segment.size - offset, search_bytes);
  const auto bytes = files_.read(segment_name(segment.number), offset, rest);
  if (!bytes) return 0;
  const Vouched found = search_heads(*bytes, segment.number);
  last_seq_ = std::max(last_seq_, found.seq);  // A number is not used twice.
  return found.durable_seq;
}

/// `step`: the damage. What stands behind it is copied, then cut; what is lost stays visible as a
/// hole before the next segment's after_seq, which is therefore made before the cut.
void Spool::set_tail_aside(std::size_t index, const SegmentReader::Step& step) {
  Segment damaged = segments_[index];
  const std::string name = segment_name(damaged.number);
  damaged.end = step.offset;
  damaged.last_seq = step.seq;
  const auto copy = copy_to_quarantine(damaged, damaged.end);
  const bool last = index + 1 == segments_.size();
  const std::uint64_t vouched = last ? vouched_for(damaged, damaged.end) : 0;
  segments_[index] = damaged;
  bool may_cut = copy.has_value();
  if (last) {
    active_ = false;
    durable_seq_ = std::max({durable_seq_, vouched, damaged.last_seq});
    if (durable_seq_ > damaged.last_seq) may_cut = start_segment().has_value() && may_cut;
  }
  if (may_cut && files_.truncate(name, damaged.end)) {
    segments_[index].size = damaged.end;
    [[maybe_unused]] const auto synced = files_.sync(name);
  }
  reader_.reset();
  damages_.push_back(
      {name, copy.value_or(""),
       sentence(name, fmt::format("from byte {} on {}", damaged.end, step.why), copy)});
}

void Spool::lose(std::uint64_t after, std::uint64_t last, SpoolLoss::Cause cause) {
  after = std::max(after, mark_.value().released);
  if (after >= last) return;
  lost_seqs_ += last - after;
  if (!losses_.empty() && losses_.back().cause == cause && losses_.back().last_seq == after) {
    losses_.back().last_seq = last;
    return;
  }
  losses_.push_back({.first_seq = after + 1, .last_seq = last, .cause = cause});
}

}  // namespace wl::storage::spool
