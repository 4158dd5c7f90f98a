#include "storage/chunk/zstd_frame.hpp"

#include <fmt/format.h>
#include <zstd.h>

#include <memory>

namespace wl::storage::chunk {
namespace {

constexpr int level = 3;  // The planes hold no long matches that a deeper search would find.

struct ContextDeleter {
  void operator()(ZSTD_CCtx* context) const noexcept { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};

// One scratch context a thread: its tables are larger than an hour of samples and need not
// be allocated again. It carries nothing from one chunk to the next.
ZSTD_CCtx* compressor() {
  thread_local const std::unique_ptr<ZSTD_CCtx, ContextDeleter> context{ZSTD_createCCtx()};
  return context.get();
}

ZSTD_DCtx* decompressor() {
  thread_local const std::unique_ptr<ZSTD_DCtx, ContextDeleter> context{ZSTD_createDCtx()};
  return context.get();
}

std::unexpected<Error> out_of_memory() {
  return fail(Errc::unavailable, "no memory for the compression of a chunk");
}

/// Compresses `part` into `out` and ends a block, or the frame.
std::size_t compress_part(ZSTD_CCtx* context, ZSTD_outBuffer& out, std::string_view part,
                          ZSTD_EndDirective end) {
  ZSTD_inBuffer in{part.data(), part.size(), 0};
  return ZSTD_compressStream2(context, &out, &in, end);
}

}  // namespace

Result<void> append_frame(std::string& out, std::string_view columns,
                          std::span<const std::size_t> cuts) {
  ZSTD_CCtx* const context = compressor();
  if (context == nullptr) return out_of_memory();
  ZSTD_CCtx_reset(context, ZSTD_reset_session_and_parameters);
  ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setPledgedSrcSize(context, columns.size());
  const std::size_t start = out.size();
  // With this much room no call can stop half way: the bound, and a block header for each cut.
  out.resize(start + ZSTD_compressBound(columns.size()) + 16 * (cuts.size() + 1));
  ZSTD_outBuffer to{out.data() + start, out.size() - start, 0};
  std::size_t from = 0;
  for (const std::size_t cut : cuts) {
    if (cut == from || cut == columns.size()) continue;
    if (compress_part(context, to, columns.substr(from, cut - from), ZSTD_e_flush) != 0)
      return out_of_memory();
    from = cut;
  }
  if (compress_part(context, to, columns.substr(from), ZSTD_e_end) != 0) return out_of_memory();
  out.resize(start + to.pos);
  return {};
}

Result<void> read_frame(std::string_view frame, std::span<char> columns) {
  ZSTD_DCtx* const context = decompressor();
  if (context == nullptr) return out_of_memory();
  // Into a buffer of known size zstd needs no window, whatever size the frame asks for.
  const std::size_t size =
      ZSTD_decompressDCtx(context, columns.data(), columns.size(), frame.data(), frame.size());
  if (ZSTD_isError(size) != 0)
    return fail(Errc::corrupt,
                fmt::format("chunk columns are damaged: zstd: {}", ZSTD_getErrorName(size)));
  if (size != columns.size())
    return fail(Errc::corrupt, fmt::format("chunk columns have {} bytes, its header says {}", size,
                                           columns.size()));
  return {};
}

}  // namespace wl::storage::chunk
