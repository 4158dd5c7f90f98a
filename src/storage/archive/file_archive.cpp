#include "storage/archive/file_archive.hpp"

#include <fmt/format.h>

#include "base/durable_file.hpp"
#include "storage/archive/frame_walk.hpp"

namespace wl::storage {
namespace {

using namespace archive;

constexpr std::size_t write_bytes = 1u << 20;  // Records are gathered up to here, then written.

Error in_file(const OpenFile& file, const Error& error) {
  return {error.code, fmt::format("{}: {}. Move the file away; the next one starts anew",
                                  file.path().string(), error.what)};
}

/// Writes one group; nothing of it counts before its seal is synced.
class GroupWriter {
 public:
  GroupWriter(OpenFile& file, std::uint64_t start) : file_(file), start_(start), at_(start) {}

  Result<void> add(const NamedChunk& chunk, Timestamp hour) {
    if (chunk.key.empty() || chunk.key.size() > max_key_bytes ||
        chunk.body.size() > max_body_bytes) {
      return fail(Errc::invalid_argument,
                  fmt::format("a chunk of {} bytes with a key of {} cannot be archived",
                              chunk.body.size(), chunk.key.size()));
    }
    const std::string record = encode_record(chunk.key, hour, chunk.body);
    crc_ = checksum(record, crc_);
    ++records_;
    buffer_ += record;
    return buffer_.size() < write_bytes ? Result<void>{} : flush();
  }

  /// Returns the end of the group.
  Result<std::uint64_t> finish() {
    buffer_ += encode_seal({.records = records_, .group_start = start_, .group_crc = crc_});
    if (const auto written = flush(); !written) return std::unexpected(written.error());
    if (const auto synced = file_.sync(); !synced) return std::unexpected(synced.error());
    return at_;
  }

 private:
  Result<void> flush() {
    const auto written = file_.write_at(at_, buffer_);
    at_ += buffer_.size();
    buffer_.clear();
    return written;
  }

  OpenFile& file_;
  std::uint64_t start_;
  std::uint64_t at_;
  std::string buffer_;
  std::uint32_t records_ = 0;
  std::uint32_t crc_ = 0;
};

/// True when the file ends with a seal and what that seal closes is whole: the usual state, which
/// needs no walk through the file.
Result<bool> ends_sealed(const OpenFile& file, std::uint64_t size) {
  if (size < header_bytes + head_bytes) return false;
  char bytes[head_bytes];
  if (const auto got = file.read_at(size - head_bytes, bytes); !got) {
    return std::unexpected(got.error());
  }
  const auto head = decode_head(std::string_view(bytes, head_bytes));
  const auto* seal = head ? std::get_if<Seal>(&*head) : nullptr;
  if (seal == nullptr || seal->group_start > size - head_bytes) return false;
  std::string buffer(write_bytes, '\0');
  std::uint32_t crc = 0;
  for (std::uint64_t at = seal->group_start; at < size - head_bytes;) {
    const std::size_t part = std::min<std::uint64_t>(buffer.size(), size - head_bytes - at);
    const auto got = file.read_at(at, std::span(buffer).first(part));
    if (!got) return std::unexpected(got.error());
    crc = checksum(std::string_view(buffer).substr(0, part), crc);
    at += part;
  }
  return crc == seal->group_crc;
}

/// Where the last whole record or seal ends.
Result<std::uint64_t> end_of_whole(const OpenFile& file) {
  auto walk = FrameWalk::from(file, header_bytes);
  if (!walk) return std::unexpected(walk.error());
  std::uint64_t end = header_bytes;
  for (;;) {
    const auto frame = walk->next();
    if (!frame) return std::unexpected(frame.error());
    if (!*frame) return end;
    const Frame& found = **frame;
    const bool whole = found.kind == Frame::Kind::seal ||
                       (found.kind == Frame::Kind::record && read_record(file, found).has_value());
    if (whole) end = found.offset + found.size;
  }
}

}  // namespace

std::string archive_file_name(Timestamp hour) {
  const auto day = std::chrono::floor<std::chrono::days>(hour);
  constexpr std::chrono::sys_days first = std::chrono::year{0} / 1 / 1;
  constexpr std::chrono::sys_days last = std::chrono::year{9999} / 12 / 31;
  if (day < first || day > last) return "other.wlchunk";
  const std::chrono::year_month_day date{day};
  return fmt::format("{:04}-{:02}.wlchunk", int{date.year()}, unsigned{date.month()});
}

Result<void> FileArchive::append(Timestamp hour, std::span<const NamedChunk> chunks) {
  if (chunks.empty()) return {};
  if (const auto opened = open_for(hour); !opened) return opened;
  GroupWriter group{open_->file, open_->end};
  Result<void> added;
  for (const NamedChunk& chunk : chunks) {
    added = group.add(chunk, hour);
    if (!added) break;
  }
  const auto end = added ? group.finish() : std::unexpected(added.error());
  if (end) {
    open_->end = *end;
    return {};
  }
  // A full disk has room again for others; if the cut fails, too, the next opening cuts.
  [[maybe_unused]] const auto cut = open_->file.resize(open_->end);
  open_.reset();
  return std::unexpected(end.error());
}

Result<void> FileArchive::open_for(Timestamp hour) {
  const auto path = directory_ / archive_file_name(hour);
  if (open_ && open_->file.path() == path) return {};
  open_.reset();
  if (const auto made = ensure_writable_directory(directory_); !made) return made;
  auto opened = open_file(path);
  if (!opened) return std::unexpected(opened.error());
  open_.emplace(std::move(*opened));
  return {};
}

Result<FileArchive::Open> FileArchive::open_file(const std::filesystem::path& path) const {
  auto file = OpenFile::open(path, OpenMode::update);
  if (!file) return std::unexpected(file.error());
  if (const auto locked = file->lock(); !locked) return std::unexpected(locked.error());
  const auto size = file->size();
  if (!size) return std::unexpected(size.error());
  if (*size < header_bytes) {  // New, or a crash while it was made.
    if (auto r = file->resize(0); !r) return std::unexpected(r.error());
    if (auto r = file->write_at(0, encode_header()); !r) return std::unexpected(r.error());
    if (auto r = file->sync(); !r) return std::unexpected(r.error());
    if (auto r = sync_directory(directory_); !r) return std::unexpected(r.error());
    return Open{std::move(*file), header_bytes};
  }
  char header[header_bytes];
  if (const auto got = file->read_at(0, header); !got) return std::unexpected(got.error());
  if (const auto known = check_header({header, header_bytes}); !known) {
    return std::unexpected(in_file(*file, known.error()));
  }
  const auto sealed = ends_sealed(*file, *size);
  if (!sealed) return std::unexpected(sealed.error());
  if (*sealed) return Open{std::move(*file), *size};
  const auto end = end_of_whole(*file);
  if (!end) return std::unexpected(end.error());
  if (const auto cut = file->resize(*end); !cut) return std::unexpected(cut.error());
  return Open{std::move(*file), *end};
}

}  // namespace wl::storage
