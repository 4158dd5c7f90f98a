#include "storage/spool/segment_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace wl::storage::spool {
namespace {

constexpr std::size_t read_ahead = 1u << 20;

}  // namespace

std::string_view SegmentReader::window() const {
  if (at_ < buffer_at_ || at_ > buffer_at_ + buffer_.size()) return {};
  return std::string_view(buffer_).substr(at_ - buffer_at_);
}

Result<bool> SegmentReader::have(std::size_t size, std::uint64_t end) {
  if (window().size() >= size) return true;
  if (end - at_ < size) return false;
  const std::size_t wanted = std::min<std::uint64_t>(std::max(size, read_ahead), end - at_);
  auto bytes = files_->read(segment_name(number_), at_, wanted);
  if (!bytes) return std::unexpected(bytes.error());
  buffer_ = std::move(*bytes);
  buffer_at_ = at_;
  return buffer_.size() >= size;
}

SegmentReader::Step SegmentReader::next(std::uint64_t end) {
  const auto stop = [&](Step::Kind kind, std::string why) {
    return Step{
        .kind = kind, .offset = at_, .seq = last_seq_, .payload = {}, .why = std::move(why)};
  };
  if (at_ >= end) return stop(Step::Kind::end, {});
  const auto head_there = have(head_bytes, end);
  if (!head_there) return stop(Step::Kind::unreadable, head_there.error().what);
  if (!*head_there) return stop(Step::Kind::damaged, "the file ends inside a record");
  const auto head = decode_head(window(), number_);
  if (!head) return stop(Step::Kind::damaged, "the head of a record fails its check");
  if (head->kind == Head::Kind::seal) {
    if (head->size == at_ && at_ + head_bytes == end) return stop(Step::Kind::end, {});
    return stop(Step::Kind::damaged, "bytes follow the seal");
  }
  if (head->seq <= last_seq_) return stop(Step::Kind::damaged, "the sequence goes back");
  const auto payload_there = have(head_bytes + head->size, end);
  if (!payload_there) return stop(Step::Kind::unreadable, payload_there.error().what);
  if (!*payload_there) return stop(Step::Kind::damaged, "the file ends inside a record");
  const std::string_view payload = window().substr(head_bytes, head->size);
  if (payload_checksum(payload) != head->payload_crc) {
    return stop(Step::Kind::damaged, fmt::format("record {} fails its check", head->seq));
  }
  const Step found{
      .kind = Step::Kind::record, .offset = at_, .seq = head->seq, .payload = payload, .why = {}};
  at_ += head_bytes + payload.size();
  last_seq_ = head->seq;
  return found;
}

}  // namespace wl::storage::spool
