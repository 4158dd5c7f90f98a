#include "storage/archive/archive_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "storage/archive/frame_walk.hpp"
#include "storage/chunk/chunk.hpp"
#include "storage/chunk/layout.hpp"

namespace wl::storage {
namespace {

using namespace archive;

constexpr Milliseconds one_hour = std::chrono::hours{1};

bool wants_hour(const ArchiveFilter& filter, Timestamp hour) {
  return (!filter.from || hour + one_hour > *filter.from) && (!filter.to || hour < *filter.to);
}

bool wants_key(const ArchiveFilter& filter, const std::string& key) {
  return filter.keys.empty() || std::ranges::find(filter.keys, key) != filter.keys.end();
}

/// The key alone, unchecked: the body's checksum is compared when the body is read.
Result<std::string> key_of(const OpenFile& file, const Frame& frame) {
  std::string key(frame.record.key_size, '\0');
  const auto got = file.read_at(frame.offset + head_bytes, key);
  if (!got) return std::unexpected(got.error());
  return key;
}

class IndexBuilder {
 public:
  explicit IndexBuilder(const ArchiveFilter& filter) : filter_(filter) {}

  Result<void> take(const OpenFile& file, const Frame& frame) {
    if (frame.kind == Frame::Kind::damage || frame.kind == Frame::Kind::tail) {
      damage_.push_back({frame.offset, frame.size, frame.kind == Frame::Kind::tail});
    }
    if (frame.kind != Frame::Kind::record || !wants_hour(filter_, frame.record.hour)) return {};
    const auto key = key_of(file, frame);
    if (!key) return std::unexpected(key.error());
    if (!wants_key(filter_, *key)) return {};
    Entry& entry = hours_[{frame.record.hour, *key}];
    entry.offsets.push_back(frame.offset);
    entry.bytes += frame.record.body_size;
    return {};
  }

  ArchiveIndex finish() {
    ArchiveIndex index;
    std::map<std::string_view, std::uint32_t> numbers;
    for (const auto& [place, entry] : hours_) numbers.try_emplace(place.second, 0);
    for (auto& [key, number] : numbers) {
      number = static_cast<std::uint32_t>(index.keys.size());
      index.keys.emplace_back(key);
    }
    for (auto& [place, entry] : hours_) {
      index.hours.push_back({.key = numbers.at(place.second),
                             .hour = place.first,
                             .offsets = std::move(entry.offsets),
                             .bytes = entry.bytes});
    }
    index.damage = std::move(damage_);
    return index;
  }

 private:
  struct Entry {
    std::vector<std::uint64_t> offsets;
    std::uint64_t bytes = 0;
  };

  const ArchiveFilter& filter_;
  std::map<std::pair<Timestamp, std::string>, Entry> hours_;
  std::vector<ArchiveDamage> damage_;
};

/// Of equal times the one that came last stays.
void keep_newest(std::vector<Sample>& samples) {
  std::ranges::stable_sort(samples, {}, &Sample::source_time);
  std::vector<Sample> kept;
  kept.reserve(samples.size());
  for (const Sample& sample : samples) {
    if (!kept.empty() && kept.back().source_time == sample.source_time) {
      kept.back() = sample;
    } else {
      kept.push_back(sample);
    }
  }
  samples = std::move(kept);
}

/// Appends the samples of all chunks that a body is made of.
Result<void> append_samples(std::string_view body, std::vector<Sample>& samples) {
  while (!body.empty()) {
    const auto header = chunk::read_header(body);
    if (!header) return std::unexpected(header.error());
    const std::size_t size = std::min(body.size(), chunk_header_bytes + header->frame_size);
    const auto part = decode_chunk(body.substr(0, size), PointId{0});
    if (!part) return std::unexpected(part.error());
    samples.insert(samples.end(), part->begin(), part->end());
    body.remove_prefix(size);
  }
  return {};
}

Result<Frame> record_at(const OpenFile& file, std::uint64_t offset) {
  auto walk = FrameWalk::from(file, offset);
  if (!walk) return std::unexpected(walk.error());
  const auto frame = walk->next();
  if (!frame) return std::unexpected(frame.error());
  if (!*frame || (*frame)->kind != Frame::Kind::record) {
    return fail(Errc::corrupt, fmt::format("{}: there is no record at byte {} any more",
                                           file.path().string(), offset));
  }
  return **frame;
}

}  // namespace

Result<ArchiveReader> ArchiveReader::open(const std::filesystem::path& path) {
  auto file = OpenFile::open(path, OpenMode::read);
  if (!file) return std::unexpected(file.error());
  char header[header_bytes];
  const auto got = file->read_at(0, header);
  if (!got) return std::unexpected(got.error());
  if (const auto known = check_header({header, *got}); !known) {
    return fail(known.error().code, fmt::format("{}: {}", path.string(), known.error().what));
  }
  return ArchiveReader{std::move(*file)};
}

Result<ArchiveIndex> ArchiveReader::index(const ArchiveFilter& filter) const {
  auto walk = FrameWalk::from(file_, header_bytes);
  if (!walk) return std::unexpected(walk.error());
  IndexBuilder builder{filter};
  for (;;) {
    const auto frame = walk->next();
    if (!frame) return std::unexpected(frame.error());
    if (!*frame) return builder.finish();
    if (const auto taken = builder.take(file_, **frame); !taken) {
      return std::unexpected(taken.error());
    }
  }
}

Result<std::vector<Sample>> ArchiveReader::samples(const ArchivedHour& hour) const {
  std::vector<Sample> all;
  for (const std::uint64_t offset : hour.offsets) {
    const auto frame = record_at(file_, offset);
    if (!frame) return std::unexpected(frame.error());
    const auto content = read_record(file_, *frame);
    if (!content) return std::unexpected(content.error());
    if (const auto part = append_samples(content->body, all); !part) {
      return fail(part.error().code, fmt::format("{}: the record at byte {}: {}", path().string(),
                                                 offset, part.error().what));
    }
  }
  if (hour.offsets.size() > 1) keep_newest(all);
  return all;
}

std::vector<std::filesystem::path> archive_files(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> found;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    if (entry.path().extension() == ".wlchunk") found.push_back(entry.path());
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace wl::storage
