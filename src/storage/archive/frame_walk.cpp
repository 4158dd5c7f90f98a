#include "storage/archive/frame_walk.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace wl::storage::archive {
namespace {

constexpr std::size_t search_window = 1u << 16;

}  // namespace

Result<FrameWalk> FrameWalk::from(const OpenFile& file, std::uint64_t offset) {
  const auto end = file.size();
  if (!end) return std::unexpected(end.error());
  return FrameWalk{file, offset, *end};
}

Result<std::optional<Frame>> FrameWalk::next() {
  if (at_ >= end_) return std::nullopt;
  auto frame = frame_at(at_);
  if (!frame) return std::unexpected(frame.error());
  if (!*frame) {
    const auto damage = skip_damage();
    if (!damage) return std::unexpected(damage.error());
    *frame = *damage;
  }
  at_ = (*frame)->offset + (*frame)->size;
  return frame;
}

Result<std::optional<Frame>> FrameWalk::frame_at(std::uint64_t offset) const {
  char bytes[head_bytes];
  const auto got = file_->read_at(offset, bytes);
  if (!got) return std::unexpected(got.error());
  const auto head = decode_head(std::string_view(bytes, *got));
  if (!head) return std::nullopt;
  if (const auto* seal = std::get_if<Seal>(&*head)) {
    return Frame{.offset = offset,
                 .size = head_bytes,
                 .kind = Frame::Kind::seal,
                 .record = {},
                 .seal = *seal};
  }
  const auto& record = std::get<RecordHead>(*head);
  if (offset + record.size() > end_) return std::nullopt;
  return Frame{.offset = offset,
               .size = record.size(),
               .kind = Frame::Kind::record,
               .record = record,
               .seal = {}};
}

/// Every head starts with "WL": only such places are looked at closely.
Result<Frame> FrameWalk::skip_damage() const {
  Frame damage{
      .offset = at_, .size = end_ - at_, .kind = Frame::Kind::tail, .record = {}, .seal = {}};
  std::string window(search_window, '\0');
  for (std::uint64_t from = at_ + 1; from < end_;) {
    const auto got = file_->read_at(from, window);
    if (!got) return std::unexpected(got.error());
    const std::string_view seen(window.data(), *got);
    for (auto at = seen.find("WL"); at != seen.npos; at = seen.find("WL", at + 1)) {
      const auto found = frame_at(from + at);
      if (!found) return std::unexpected(found.error());
      if (!*found) continue;
      damage.size = from + at - at_;
      damage.kind = Frame::Kind::damage;
      return damage;
    }
    if (*got < window.size()) break;
    from += window.size() - 1;  // The two letters may lie across the edge.
  }
  return damage;
}

Result<RecordContent> read_record(const OpenFile& file, const Frame& frame) {
  std::string bytes(frame.size - head_bytes, '\0');
  const auto got = file.read_at(frame.offset + head_bytes, bytes);
  if (!got) return std::unexpected(got.error());
  if (*got != bytes.size() || !is_whole(bytes)) {
    return fail(Errc::corrupt,
                fmt::format("{}: the record at byte {} is damaged: its checksum differs",
                            file.path().string(), frame.offset));
  }
  return RecordContent{.key = bytes.substr(0, frame.record.key_size),
                       .body = bytes.substr(frame.record.key_size, frame.record.body_size)};
}

}  // namespace wl::storage::archive
