#include "web/http/gzip.hpp"

#include <zlib.h>

namespace wl::web {
namespace {

/// One gzip stream. It has no place where it could be moved to: zlib points back at it.
class Deflater {
 public:
  explicit Deflater(int level) {
    constexpr int gzip_format = 15 + 16;
    constexpr int memory = 8;
    ready_ =
        deflateInit2(&stream_, level, Z_DEFLATED, gzip_format, memory, Z_DEFAULT_STRATEGY) == Z_OK;
  }
  ~Deflater() {
    if (ready_) deflateEnd(&stream_);
  }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  enum class Flush { piece, end };

  /// What comes out for `text`; nothing when zlib fails.
  std::optional<std::string> feed(std::string_view text, Flush flush) {
    if (!ready_) return std::nullopt;
    std::string out(deflateBound(&stream_, text.size()) + sync_room, '\0');
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream_.avail_in = static_cast<uInt>(text.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    const int done = deflate(&stream_, flush == Flush::end ? Z_FINISH : Z_SYNC_FLUSH);
    if (done != (flush == Flush::end ? Z_STREAM_END : Z_OK) || stream_.avail_in != 0) {
      return std::nullopt;
    }
    out.resize(out.size() - stream_.avail_out);
    return out;
  }

 private:
  static constexpr std::size_t sync_room = 64;  // Beyond deflateBound, for the flush's own bytes.

  z_stream stream_{};
  bool ready_ = false;
};

/// Each piece is flushed, so that a client sees rows as they are made.
class GzippedSource : public BodySource, public std::enable_shared_from_this<GzippedSource> {
 public:
  explicit GzippedSource(std::shared_ptr<BodySource> source) : source_(std::move(source)) {}

  void next(Piece piece) override {
    if (ended_) return piece(std::string());
    source_->next(
        [self = shared_from_this(), piece = std::move(piece)](Result<std::string> plain) mutable {
          piece(plain ? self->compressed(*plain) : std::move(plain));
        });
  }

 private:
  Result<std::string> compressed(const std::string& plain) {
    ended_ = plain.empty();
    auto out = deflater_.feed(plain, ended_ ? Deflater::Flush::end : Deflater::Flush::piece);
    if (!out) return fail(Errc::unavailable, "gzip failed: is there memory left?");
    return std::move(*out);
  }

  std::shared_ptr<BodySource> source_;
  Deflater deflater_{1};
  bool ended_ = false;  // The source gave its last piece, and ours went out.
};

}  // namespace

std::string gzip(std::string_view text, int level) {
  return Deflater(level).feed(text, Deflater::Flush::end).value_or("");
}

std::shared_ptr<BodySource> gzipped(std::shared_ptr<BodySource> source) {
  return std::make_shared<GzippedSource>(std::move(source));
}

bool accepts_gzip(std::string_view accept_encoding) {
  const auto at = accept_encoding.find("gzip");
  if (at == std::string_view::npos) return false;
  const std::string_view rest = accept_encoding.substr(at + 4);
  const std::string_view weight = rest.substr(0, rest.find(','));
  const auto q = weight.find("q=0");
  return q == std::string_view::npos || weight.find_first_of("123456789", q + 3) != weight.npos;
}

}  // namespace wl::web
