#include "web/http/gzip.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <deque>

namespace wl::web {
namespace {

/// Gives its pieces at once, then the end; or an error in its place.
class Pieces : public BodySource {
 public:
  explicit Pieces(std::deque<Result<std::string>> pieces) : pieces_(std::move(pieces)) {}
  void next(Piece piece) override {
    if (pieces_.empty()) return piece(std::string());
    auto first = std::move(pieces_.front());
    pieces_.pop_front();
    piece(std::move(first));
  }

 private:
  std::deque<Result<std::string>> pieces_;
};

std::string unpacked(const std::string& packed) {
  z_stream stream{};
  inflateInit2(&stream, 15 + 16);
  std::string out(1 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int done = inflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return done == Z_STREAM_END ? out : "damaged";
}

Result<std::string> next_of(BodySource& source) {
  Result<std::string> got = fail(Errc::unavailable, "no piece came");
  source.next([&got](Result<std::string> piece) { got = std::move(piece); });
  return got;
}

TEST(Gzip, gives_back_what_it_packed) {
  EXPECT_EQ(unpacked(gzip("power_kw,power_kw,power_kw", 1)), "power_kw,power_kw,power_kw");
}

TEST(Gzip, packs_a_source_piece_by_piece) {
  const auto packed = gzipped(std::make_shared<Pieces>(
      std::deque<Result<std::string>>{std::string(5000, 'a'), std::string("b")}));
  std::string whole;
  for (auto piece = next_of(*packed); !piece->empty(); piece = next_of(*packed)) whole += *piece;

  EXPECT_EQ(unpacked(whole), std::string(5000, 'a') + "b");
}

TEST(Gzip, passes_on_that_a_source_failed) {
  const auto packed = gzipped(std::make_shared<Pieces>(
      std::deque<Result<std::string>>{fail(Errc::corrupt, "a page is damaged")}));

  EXPECT_EQ(next_of(*packed).error().what, "a page is damaged");
}

}  // namespace
}  // namespace wl::web
