#include "storage/spool/release_mark.hpp"

#include <algorithm>

namespace wl::storage::spool {
namespace {

constexpr std::uint64_t max_entries = 1024;
constexpr std::size_t read_limit = 2 * max_entries * mark_bytes;

}  // namespace

Result<ReleaseMark::Loaded> ReleaseMark::load() {
  const auto bytes = files_.read(file, 0, read_limit);
  if (!bytes && bytes.error().code == Errc::not_found) return Loaded::missing;
  if (!bytes) return std::unexpected(bytes.error());
  bool found = false;
  bool whole = bytes->size() % mark_bytes == 0;
  for (std::size_t at = 0; at + mark_bytes <= bytes->size(); at += mark_bytes) {
    const auto mark = decode_mark(std::string_view(*bytes).substr(at));
    whole = whole && mark;
    if (!mark) continue;
    found = true;
    mark_.released = std::max(mark_.released, mark->released);
    mark_.dropped_to = std::max(mark_.dropped_to, mark->dropped_to);
  }
  if (!found) return Loaded::damaged;
  return whole ? Loaded::found : Loaded::partly;
}

void ReleaseMark::release(std::uint64_t seq) {
  if (seq <= mark_.released) return;
  mark_.released = seq;
  dirty_ = true;
}

void ReleaseMark::drop(std::uint64_t seq) {
  if (seq <= mark_.dropped_to) return;
  mark_.dropped_to = seq;
  dirty_ = true;
}

Result<void> ReleaseMark::flush() {
  if (!dirty_) return {};
  const bool small = appends_ && entries_ < max_entries;
  appends_ = false;  // Until it is proven again: a failed write may have left half an entry.
  if (const auto done = small ? append() : replace(); !done) return done;
  appends_ = true;
  dirty_ = false;
  return {};
}

Result<void> ReleaseMark::append() {
  if (auto r = files_.append(file, encode_mark(mark_)); !r) return r;
  if (auto r = files_.sync(file); !r) return r;
  ++entries_;
  return {};
}

Result<void> ReleaseMark::replace() {
  const std::string next = std::string(file) + ".tmp";
  const auto removed = files_.remove(next);
  if (!removed && removed.error().code != Errc::not_found) return removed;
  if (auto r = files_.create(next); !r) return r;
  if (auto r = files_.append(next, encode_mark(mark_)); !r) return r;
  if (auto r = files_.sync(next); !r) return r;
  if (auto r = files_.rename(next, file); !r) return r;
  if (auto r = files_.sync_directory(""); !r) return r;
  entries_ = 1;
  return {};
}

}  // namespace wl::storage::spool
