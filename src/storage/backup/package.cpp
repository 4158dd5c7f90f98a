#include "storage/backup/package.hpp"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>

namespace wl::storage {
namespace {

constexpr std::size_t buffer_bytes = 1u << 20;
constexpr std::size_t longest_name = 4096;
// 3 takes what there is to take: chunks are compressed already.
constexpr int level = 3;

struct FreeCompressor {
  void operator()(ZSTD_CCtx* context) const noexcept { ZSTD_freeCCtx(context); }
};
struct FreeDecompressor {
  void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};

std::unexpected<Error> damaged(const OpenFile& file, std::string_view why) {
  return fail(Errc::corrupt,
              fmt::format("{} is damaged or no backup: {}", file.path().string(), why));
}

}  // namespace

struct PackageWriter::State {
  explicit State(OpenFile opened) : file(std::move(opened)), out(buffer_bytes, '\0') {}

  OpenFile file;
  std::unique_ptr<ZSTD_CCtx, FreeCompressor> zstd{ZSTD_createCCtx()};
  std::string out;
  std::uint64_t at = 0;       // In the file.
  std::uint64_t missing = 0;  // Of the current member.
  std::size_t padding = 0;    // Behind it.
};

PackageWriter::PackageWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
PackageWriter::PackageWriter(PackageWriter&&) noexcept = default;
PackageWriter::~PackageWriter() = default;

Result<PackageWriter> PackageWriter::create(const std::filesystem::path& path) {
  auto file = OpenFile::open(path, OpenMode::create);
  if (!file) return std::unexpected(file.error());
  auto state = std::make_unique<State>(std::move(*file));
  if (!state->zstd) return fail(Errc::unavailable, "out of memory");
  ZSTD_CCtx_setParameter(state->zstd.get(), ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(state->zstd.get(), ZSTD_c_checksumFlag, 1);
  return PackageWriter{std::move(state)};
}

Result<void> PackageWriter::begin(const TarMember& member) {
  if (const auto closed = close_member(); !closed) return closed;
  state_->missing = member.size;
  state_->padding = tar_padding(member.size);
  return pack(encode_tar_header(member));
}

Result<void> PackageWriter::write(std::string_view bytes) {
  if (bytes.size() > state_->missing) {
    return fail(Errc::invalid_argument, "more bytes than were announced");
  }
  state_->missing -= bytes.size();
  return pack(bytes);
}

Result<std::uint64_t> PackageWriter::finish() {
  if (const auto closed = close_member(); !closed) return std::unexpected(closed.error());
  if (const auto r = pack(std::string(2 * tar_block, '\0')); !r) return std::unexpected(r.error());
  for (std::size_t rest = 1; rest != 0;) {
    ZSTD_inBuffer in{nullptr, 0, 0};
    ZSTD_outBuffer out{state_->out.data(), state_->out.size(), 0};
    rest = ZSTD_compressStream2(state_->zstd.get(), &out, &in, ZSTD_e_end);
    if (ZSTD_isError(rest)) return fail(Errc::unavailable, ZSTD_getErrorName(rest));
    const auto r = state_->file.write_at(state_->at, {state_->out.data(), out.pos});
    if (!r) return std::unexpected(r.error());
    state_->at += out.pos;
  }
  if (const auto r = state_->file.sync(); !r) return std::unexpected(r.error());
  state_->file.forget_cache();
  return state_->at;
}

Result<void> PackageWriter::pack(std::string_view bytes) {
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  while (in.pos < in.size) {
    ZSTD_outBuffer out{state_->out.data(), state_->out.size(), 0};
    const std::size_t hint = ZSTD_compressStream2(state_->zstd.get(), &out, &in, ZSTD_e_continue);
    if (ZSTD_isError(hint)) return fail(Errc::unavailable, ZSTD_getErrorName(hint));
    const auto r = state_->file.write_at(state_->at, {state_->out.data(), out.pos});
    if (!r) return r;
    state_->at += out.pos;
  }
  return {};
}

Result<void> PackageWriter::close_member() {
  if (state_->missing != 0) {
    return fail(Errc::invalid_argument, "fewer bytes than were announced");
  }
  return pack(std::string(std::exchange(state_->padding, 0), '\0'));
}

struct PackageReader::State {
  explicit State(OpenFile opened) : file(std::move(opened)), in(buffer_bytes, '\0') {}

  OpenFile file;
  std::unique_ptr<ZSTD_DCtx, FreeDecompressor> zstd{ZSTD_createDCtx()};
  std::string in;
  std::size_t in_size = 0;  // Valid bytes of `in`.
  std::size_t in_used = 0;
  std::uint64_t at = 0;       // In the file.
  bool frame_ended = false;   // zstd saw the end and its checksum.
  std::uint64_t missing = 0;  // Of the current member.
  std::size_t padding = 0;    // Behind it.
};

PackageReader::PackageReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
PackageReader::PackageReader(PackageReader&&) noexcept = default;
PackageReader::~PackageReader() = default;

Result<PackageReader> PackageReader::open(const std::filesystem::path& path) {
  auto file = OpenFile::open(path, OpenMode::read);
  if (!file) return std::unexpected(file.error());
  auto state = std::make_unique<State>(std::move(*file));
  if (!state->zstd) return fail(Errc::unavailable, "out of memory");
  return PackageReader{std::move(state)};
}

Result<std::optional<TarMember>> PackageReader::next() {
  const std::uint64_t rest = std::exchange(state_->missing, 0) + std::exchange(state_->padding, 0);
  if (const auto skipped = skip(rest); !skipped) return std::unexpected(skipped.error());
  std::string long_name;
  for (;;) {
    char block[tar_block];
    if (const auto r = unpack(block); !r) return std::unexpected(r.error());
    auto found = decode_tar_block({block, tar_block});
    if (!found) return damaged(state_->file, found.error().what);
    if (found->kind == TarBlock::Kind::end) {
      if (const auto r = read_to_end(); !r) return std::unexpected(r.error());
      return std::nullopt;
    }
    if (found->kind == TarBlock::Kind::other) {
      return damaged(state_->file, fmt::format("'{}' is not a file", found->member.name));
    }
    if (found->kind == TarBlock::Kind::file) {
      if (!long_name.empty()) found->member.name = std::move(long_name);
      state_->missing = found->member.size;
      state_->padding = tar_padding(found->member.size);
      return std::move(found->member);
    }
    auto name = read_name(found->member.size);
    if (!name) return std::unexpected(name.error());
    long_name = std::move(*name);
  }
}

Result<std::size_t> PackageReader::read(std::span<char> into) {
  const std::size_t part = std::min<std::uint64_t>(into.size(), state_->missing);
  if (const auto r = unpack(into.first(part)); !r) return std::unexpected(r.error());
  state_->missing -= part;
  return part;
}

Result<void> PackageReader::unpack(std::span<char> into) {
  while (!into.empty()) {
    const auto got = unpack_some(into);
    if (!got) return std::unexpected(got.error());
    if (*got == 0) return damaged(state_->file, "it ends too early");
    into = into.subspan(*got);
  }
  return {};
}

Result<std::size_t> PackageReader::unpack_some(std::span<char> into) {
  ZSTD_outBuffer out{into.data(), into.size(), 0};
  while (out.pos == 0 && !state_->frame_ended) {
    if (state_->in_used == state_->in_size) {
      const auto got = state_->file.read_at(state_->at, state_->in);
      if (!got) return std::unexpected(got.error());
      if (*got == 0) return 0;
      state_->at += *got;
      state_->in_size = *got;
      state_->in_used = 0;
    }
    ZSTD_inBuffer in{state_->in.data(), state_->in_size, state_->in_used};
    const std::size_t hint = ZSTD_decompressStream(state_->zstd.get(), &out, &in);
    if (ZSTD_isError(hint)) return damaged(state_->file, ZSTD_getErrorName(hint));
    state_->in_used = in.pos;
    state_->frame_ended = hint == 0;
  }
  return out.pos;
}

Result<void> PackageReader::skip(std::uint64_t bytes) {
  std::string waste(std::min<std::uint64_t>(bytes, buffer_bytes), '\0');
  while (bytes > 0) {
    const std::size_t part = std::min<std::uint64_t>(bytes, waste.size());
    if (const auto r = unpack(std::span(waste).first(part)); !r) return r;
    bytes -= part;
  }
  return {};
}

Result<std::string> PackageReader::read_name(std::uint64_t size) {
  if (size == 0 || size > longest_name) return damaged(state_->file, "a name is too long");
  std::string name(size, '\0');
  if (const auto r = unpack(name); !r) return std::unexpected(r.error());
  if (const auto r = skip(tar_padding(size)); !r) return std::unexpected(r.error());
  return std::string(name.c_str());
}

/// The end of a tar archive is zeros; only zstd's checksum says that nothing is missing.
Result<void> PackageReader::read_to_end() {
  char rest[tar_block];
  for (;;) {
    const auto got = unpack_some(rest);
    if (!got) return std::unexpected(got.error());
    if (*got == 0) break;
    if (std::ranges::any_of(rest, rest + *got, [](char c) { return c != '\0'; })) {
      return damaged(state_->file, "something follows its end");
    }
  }
  if (!state_->frame_ended) return damaged(state_->file, "it ends too early");
  return {};
}

}  // namespace wl::storage
