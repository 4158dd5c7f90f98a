#include "gorilla.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace wl::bench {
namespace {

class BitWriter {
 public:
  explicit BitWriter(std::string& out) : out_(out) {}

  void put(std::uint64_t bits, int count) {
    for (; count > 32; count -= 32) put_few(bits >> (count - 32) & 0xFFFF'FFFF, 32);
    put_few(count == 0 ? 0 : bits & (~0ULL >> (64 - count)), count);
  }
  void finish() { put_few(0, 7); }

 private:
  void put_few(std::uint64_t bits, int count) {
    held_ = held_ << count | bits;
    for (held_count_ += count; held_count_ >= 8; held_count_ -= 8)
      out_.push_back(static_cast<char>(held_ >> (held_count_ - 8)));
  }

  std::string& out_;
  std::uint64_t held_ = 0;
  int held_count_ = 0;
};

class BitReader {
 public:
  explicit BitReader(std::string_view in) : in_(in) {}

  std::uint64_t get(int count) {
    std::uint64_t bits = 0;
    for (; count > 32; count -= 32) bits = bits << 32 | get_few(32);
    return bits << count | get_few(count);
  }

 private:
  std::uint64_t get_few(int count) {
    while (held_count_ < count) {
      held_ = held_ << 8 | static_cast<unsigned char>(in_[at_++]);
      held_count_ += 8;
    }
    held_count_ -= count;
    return held_ >> held_count_ & ((1ULL << count) - 1);
  }

  std::string_view in_;
  std::size_t at_ = 0;
  std::uint64_t held_ = 0;
  int held_count_ = 0;
};

constexpr int step_bits[] = {7, 9, 12, 32};

void put_time(BitWriter& out, std::int64_t change) {
  if (change == 0) return out.put(0, 1);
  for (int size = 0; size < 4; ++size) {
    const std::int64_t half = 1LL << (step_bits[size] - 1);
    if (size < 3 && (change <= -half || change > half)) continue;
    // 10, 110, 1110, 1111.
    if (size < 3) out.put((1u << (size + 2)) - 2, size + 2);
    if (size == 3) out.put(15, 4);
    return out.put(static_cast<std::uint64_t>(change + half - 1), step_bits[size]);
  }
}

std::int64_t get_time(BitReader& in) {
  int size = -1;
  while (size < 3 && in.get(1) == 1) ++size;
  if (size < 0) return 0;
  const std::int64_t half = 1LL << (step_bits[size] - 1);
  return static_cast<std::int64_t>(in.get(step_bits[size])) - half + 1;
}

struct Window {
  int leading = 65;  // More than there can be: the first value always opens a window.
  int bits = 0;
};

void put_value(BitWriter& out, std::uint64_t change, Window& window) {
  if (change == 0) return out.put(0, 1);
  const int leading = std::min(std::countl_zero(change), 31);
  const int trailing = std::countr_zero(change);
  const int window_trailing = 64 - window.leading - window.bits;
  if (leading >= window.leading && trailing >= window_trailing) {
    out.put(2, 2);
    return out.put(change >> window_trailing, window.bits);
  }
  window = {leading, 64 - leading - trailing};
  out.put(3, 2);
  out.put(static_cast<std::uint64_t>(leading), 5);
  out.put(static_cast<std::uint64_t>(window.bits - 1), 6);
  out.put(change >> trailing, window.bits);
}

std::uint64_t get_value(BitReader& in, Window& window) {
  if (in.get(1) == 0) return 0;
  if (in.get(1) == 1) {
    window.leading = static_cast<int>(in.get(5));
    window.bits = static_cast<int>(in.get(6)) + 1;
  }
  return in.get(window.bits) << (64 - window.leading - window.bits);
}

}  // namespace

std::string gorilla_encode(std::span<const Sample> samples) {
  std::string bytes;
  BitWriter out(bytes);
  out.put(samples.size(), 32);
  std::int64_t time = to_unix_ms(samples.front().source_time), step = 0;
  std::uint64_t bits = std::bit_cast<std::uint64_t>(samples.front().value);
  out.put(static_cast<std::uint64_t>(time), 64);
  out.put(bits, 64);
  Window window;
  for (const Sample& sample : samples.subspan(1)) {
    const std::int64_t now = to_unix_ms(sample.source_time);
    put_time(out, now - time - step);
    step = now - time;
    time = now;
    const auto value = std::bit_cast<std::uint64_t>(sample.value);
    put_value(out, value ^ bits, window);
    bits = value;
  }
  out.finish();
  return bytes;
}

std::vector<Sample> gorilla_decode(std::string_view bytes, PointId point) {
  BitReader in(bytes);
  std::vector<Sample> samples(in.get(32), Sample{.point = point, .quality = {}});
  auto time = static_cast<std::int64_t>(in.get(64));
  std::int64_t step = 0;
  std::uint64_t bits = in.get(64);
  Window window;
  for (Sample& sample : samples) {
    if (&sample != samples.data()) {
      time += step += get_time(in);
      bits ^= get_value(in, window);
    }
    sample.source_time = from_unix_ms(time);
    sample.value = std::bit_cast<double>(bits);
  }
  return samples;
}

}  // namespace wl::bench
