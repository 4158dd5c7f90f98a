#include "web/http/gzip.hpp"

#include <zlib.h>

namespace wl::web {

std::string gzip(std::string_view text, int level) {
  z_stream stream{};
  constexpr int gzip_format = 15 + 16;
  constexpr int memory = 8;
  if (deflateInit2(&stream, level, Z_DEFLATED, gzip_format, memory, Z_DEFAULT_STRATEGY) != Z_OK) {
    return {};
  }
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int done = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return done == Z_STREAM_END ? out : std::string();
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
