#include "plc/runtime/retain_image.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <string_view>
#include <unordered_map>

#include "base/check.hpp"
#include "base/durable_file.hpp"

namespace wl::plc {
namespace {

static_assert(std::endian::native == std::endian::little, "the image is the memory of the values");

constexpr std::string_view magic = "WLRETAIN";
constexpr std::uint32_t format_version = 1;
constexpr std::size_t header_size = 32;
constexpr std::size_t checksum_size = 4;
constexpr std::size_t sequence_offset = 24;

template <class T>
void append(std::vector<std::byte>& bytes, T value) {
  const auto* at = reinterpret_cast<const std::byte*>(&value);
  bytes.insert(bytes.end(), at, at + sizeof value);
}

void append_text(std::vector<std::byte>& bytes, std::string_view text) {
  const auto* at = reinterpret_cast<const std::byte*>(text.data());
  bytes.insert(bytes.end(), at, at + text.size());
}

template <class T>
void put(std::vector<std::byte>& bytes, std::size_t offset, T value) {
  std::memcpy(bytes.data() + offset, &value, sizeof value);
}

template <class T>
T get(std::span<const std::byte> bytes, std::size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

std::string folded(std::string_view path) {
  std::string lower(path);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
  return lower;
}

/// FNV-1a, 64 bit: the layout needs a fingerprint, not a defence.
std::uint64_t fingerprint(std::span<const std::byte> bytes) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const std::byte byte : bytes) hash = (hash ^ std::uint64_t(byte)) * 0x100000001b3u;
  return hash;
}

std::uint32_t checksum_of(std::span<const std::byte> bytes) {
  return crc32c(bytes);
}

/// Reads forward inside the payload; ok() turns false instead of running over the end.
class PayloadReader {
 public:
  explicit PayloadReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  template <class T>
  T number() {
    const auto bytes = take(sizeof(T));
    return bytes.empty() ? T{} : get<T>(bytes, 0);
  }
  std::span<const std::byte> take(std::size_t size) {
    if (!ok_ || size > bytes_.size() - at_) {
      ok_ = false;
      return {};
    }
    at_ += size;
    return bytes_.subspan(at_ - size, size);
  }
  bool ok() const { return ok_; }
  bool at_end() const { return at_ == bytes_.size(); }

 private:
  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

struct Entry {
  std::string path;
  IecType type;
  std::uint32_t size;
};

std::vector<Entry> read_directory(PayloadReader& reader) {
  std::vector<Entry> entries;
  const auto count = reader.number<std::uint32_t>();
  // No reserve(count): a damaged count must not decide how much memory is taken.
  for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
    const auto path_length = reader.number<std::uint16_t>();
    const auto type = reader.number<std::uint8_t>();
    reader.take(1);
    const auto size = reader.number<std::uint32_t>();
    const auto path = reader.take(path_length);
    entries.push_back({std::string(reinterpret_cast<const char*>(path.data()), path.size()),
                       static_cast<IecType>(type), size});
  }
  return entries;
}

void copy_value(const RetainedValue& stored, const Symbol& symbol, std::span<std::byte> state) {
  std::byte* target = state.data() + symbol.offset;
  std::memset(target, 0, symbol.size);
  const std::size_t size = std::min<std::size_t>(stored.value.size(), symbol.size);
  if (size > 0) std::memcpy(target, stored.value.data(), size);
  if (symbol.type == IecType::string) target[symbol.size - 1] = std::byte{0};
}

}  // namespace

RetainImage::RetainImage(std::span<const Symbol> symbols) {
  bytes_.resize(header_size);
  std::memcpy(bytes_.data(), magic.data(), magic.size());
  append(bytes_, std::uint32_t{0});
  std::uint32_t count = 0;
  for (const Symbol& symbol : symbols) {
    if (!symbol.retain) continue;
    WL_CHECK(symbol.path.size() <= 0xFFFF);
    ++count;
    append(bytes_, static_cast<std::uint16_t>(symbol.path.size()));
    append(bytes_, static_cast<std::uint8_t>(symbol.type));
    append(bytes_, std::uint8_t{0});
    append(bytes_, symbol.size);
    append_text(bytes_, symbol.path);
  }
  put(bytes_, header_size, count);
  layout_hash_ = fingerprint(std::span(bytes_).subspan(header_size));
  for (const Symbol& symbol : symbols) {
    if (!symbol.retain) continue;
    const auto image_offset = static_cast<std::uint32_t>(bytes_.size());
    pieces_.push_back({symbol.offset, image_offset, symbol.size});
    bytes_.resize(bytes_.size() + symbol.size);
  }
  put(bytes_, 8, format_version);
  put(bytes_, 12, static_cast<std::uint32_t>(bytes_.size() - header_size));
  put(bytes_, 16, layout_hash_);
  append(bytes_, std::uint32_t{0});
}

bool RetainImage::capture(std::span<const std::byte> state) {
  bool changed = !captured_;
  captured_ = true;
  for (const Piece& piece : pieces_) {
    const std::byte* from = state.data() + piece.state_offset;
    std::byte* to = bytes_.data() + piece.image_offset;
    if (std::memcmp(from, to, piece.size) == 0) continue;
    std::memcpy(to, from, piece.size);
    changed = true;
  }
  return changed;
}

std::span<const std::byte> RetainImage::seal(std::uint64_t sequence) {
  put(bytes_, sequence_offset, sequence);
  const std::size_t body = bytes_.size() - checksum_size;
  put(bytes_, body, checksum_of(std::span(bytes_).first(body)));
  return bytes_;
}

Result<ParsedRetain> parse_retain(std::span<const std::byte> bytes) {
  if (std::ranges::all_of(bytes, [](std::byte b) { return b == std::byte{0}; })) {
    return fail(Errc::not_found, "blank");
  }
  if (bytes.size() < header_size + checksum_size) {
    return fail(Errc::corrupt, fmt::format("only {} bytes", bytes.size()));
  }
  if (std::memcmp(bytes.data(), magic.data(), magic.size()) != 0) {
    return fail(Errc::corrupt, "no retain image");
  }
  const std::size_t payload_length = get<std::uint32_t>(bytes, 12);
  if (payload_length > bytes.size() - header_size - checksum_size) {
    return fail(Errc::corrupt, "the end is missing");
  }
  const std::size_t body = header_size + payload_length;
  if (checksum_of(bytes.first(body)) != get<std::uint32_t>(bytes, body)) {
    return fail(Errc::corrupt, "the checksum does not match");
  }
  if (const auto version = get<std::uint32_t>(bytes, 8); version != format_version) {
    return fail(Errc::corrupt, fmt::format("format {} of another Wattline version", version));
  }
  ParsedRetain parsed{get<std::uint64_t>(bytes, 16), get<std::uint64_t>(bytes, 24), {}};
  PayloadReader reader(bytes.subspan(header_size, payload_length));
  for (Entry& entry : read_directory(reader)) {
    parsed.values.push_back({std::move(entry.path), entry.type, reader.take(entry.size)});
  }
  if (!reader.ok() || !reader.at_end()) return fail(Errc::corrupt, "lengths do not add up");
  return parsed;
}

RestoreReport apply_retain(const ParsedRetain& stored, std::span<const Symbol> symbols,
                           std::span<std::byte> state) {
  std::unordered_map<std::string, const Symbol*> present;
  for (const Symbol& symbol : symbols) {
    if (symbol.retain) present.emplace(folded(symbol.path), &symbol);
  }
  RestoreReport report;
  for (const RetainedValue& value : stored.values) {
    const auto found = present.find(folded(value.path));
    const bool same = found != present.end() && found->second->type == value.type &&
                      (value.type == IecType::string || found->second->size == value.value.size());
    if (!same) {
      report.dropped.push_back(value.path);
      continue;
    }
    copy_value(value, *found->second, state);
    report.kept.push_back(found->second->path);
    present.erase(found);
  }
  for (const Symbol& symbol : symbols) {
    if (present.contains(folded(symbol.path))) report.added.push_back(symbol.path);
  }
  return report;
}

}  // namespace wl::plc
