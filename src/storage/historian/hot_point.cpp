#include "storage/historian/hot_point.hpp"

#include <cstring>
#include <optional>

#include "storage/chunk/decimal_grid.hpp"
#include "storage/historian/varint.hpp"

namespace wl::storage {
namespace {

constexpr std::uint64_t hour_ms = 3'600'000;
constexpr std::uint8_t whole_doubles = 15;
constexpr std::uint8_t narrow_bit = 16;
constexpr std::size_t longest_varint = 10;

/// Writes behind `out` without a check for each byte: room for the worst case is made before.
class Appender {
 public:
  Appender(std::string& out, std::size_t most) : out_(out), start_(out.size()) {
    out.resize(start_ + most);
    to_ = out.data() + start_;
  }
  void varint(std::uint64_t number) {
    for (; number >= 0x80; number >>= 7) *to_++ = static_cast<char>(number | 0x80);
    *to_++ = static_cast<char>(number);
  }
  void finish() { out_.resize(static_cast<std::size_t>(to_ - out_.data())); }
  void undo() { out_.resize(start_); }

 private:
  std::string& out_;
  std::size_t start_;
  char* to_;
};

/// The step that all samples keep; 0 when there is none.
std::int64_t common_step(std::span<const Sample> samples) {
  if (samples.size() < 2) return 1;
  const Milliseconds step = samples[1].source_time - samples[0].source_time;
  for (std::size_t i = 2; i < samples.size(); ++i)
    if (samples[i].source_time - samples[i - 1].source_time != step) return 0;
  return step.count();
}

void put_times(std::string& out, Timestamp hour, std::span<const Sample> samples) {
  Appender to(out, (samples.size() + 2) * longest_varint);
  const auto gap = [](Timestamp from, Timestamp at) {
    return static_cast<std::uint64_t>((at - from).count());
  };
  to.varint(gap(hour, samples.front().source_time));
  const std::int64_t step = common_step(samples);
  to.varint(static_cast<std::uint64_t>(step));
  for (std::size_t i = 1; step == 0 && i < samples.size(); ++i)
    to.varint(gap(samples[i - 1].source_time, samples[i].source_time));
  to.finish();
}

void put_quality(std::string& out, std::span<const Sample> samples) {
  for (std::size_t at = 0; at < samples.size();) {
    std::size_t end = at + 1;
    while (end < samples.size() && samples[end].quality == samples[at].quality) ++end;
    put_varint(out, end - at);
    const std::uint32_t code = samples[at].quality.status_code;
    out.append(reinterpret_cast<const char*>(&code), sizeof code);
    at = end;
  }
}

/// The coarsest grid that `value` lies on, not coarser than `least`.
std::optional<chunk::Grid> grid_of(double value, chunk::Grid least) {
  for (; least.decimals <= chunk::max_decimals; ++least.decimals)
    if (chunk::grid_number(value, least)) return least;
  if (least.narrow) return std::nullopt;
  return grid_of(value, {.decimals = 0, .narrow = true});
}

/// The first sample that is not on the grid, and nothing written; or the end, and all are.
std::size_t put_numbers(std::string& out, std::span<const Sample> samples, chunk::Grid grid) {
  Appender to(out, samples.size() * longest_varint);
  std::int64_t before = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto number = chunk::grid_number(samples[i].value, grid);
    if (!number) {
      to.undo();
      return i;
    }
    to.varint(to_zigzag(*number - before));
    before = *number;
  }
  to.finish();
  return samples.size();
}

void put_doubles(std::string& out, std::span<const Sample> samples) {
  const std::size_t start = out.size();
  out.resize(start + samples.size() * sizeof(double));
  char* to = out.data() + start;
  for (const Sample& sample : samples) {
    std::memcpy(to, &sample.value, sizeof(double));
    to += sizeof(double);
  }
}

/// Returns the scale. A value off the grid makes it finer, and all are written again: a few times
/// at most, each grid being tried once.
std::uint8_t put_values(std::string& out, std::span<const Sample> samples) {
  chunk::Grid grid;
  for (std::size_t at = 0; at < samples.size();) {
    const auto finer = grid_of(samples[at].value, grid);
    const bool tried = at > 0 && finer == grid;  // Too large for the grid that another one needs.
    if (!finer || tried) {
      put_doubles(out, samples);
      return whole_doubles;
    }
    grid = *finer;
    at = put_numbers(out, samples, grid);
  }
  return static_cast<std::uint8_t>(grid.decimals | (grid.narrow ? narrow_bit : 0));
}

std::string_view read_steps(const char*& at, const char* end, std::span<Sample> samples) {
  for (std::size_t i = 1; i < samples.size(); ++i) {
    std::uint64_t step = 0;
    if (!take_varint(at, end, step) || step == 0 || step >= hour_ms) return "impossible times";
    samples[i].source_time = samples[i - 1].source_time + Milliseconds{step};
  }
  return "";
}

std::string_view read_times(const char*& at, const char* end, std::span<Sample> samples,
                            bool may_keep_step) {
  // Of the hour, that is: the caller adds it.
  std::uint64_t first = 0;
  std::uint64_t step = 0;
  if (!take_varint(at, end, first) || first >= hour_ms) return "impossible times";
  if (may_keep_step && (!take_varint(at, end, step) || step >= hour_ms)) return "impossible times";
  samples.front().source_time = Timestamp{Milliseconds{first}};
  if (step == 0) return read_steps(at, end, samples);
  for (std::size_t i = 1; i < samples.size(); ++i)
    samples[i].source_time = samples[i - 1].source_time + Milliseconds{step};
  return "";
}

std::string_view read_quality(const char*& at, const char* end, std::span<Sample> samples) {
  while (!samples.empty()) {
    std::uint64_t run = 0;
    if (!take_varint(at, end, run) || run == 0 || run > samples.size() || end - at < 4)
      return "impossible quality runs";
    std::uint32_t code = 0;
    std::memcpy(&code, at, sizeof code);
    at += sizeof code;
    for (Sample& sample : samples.first(run)) sample.quality = Quality{code};
    samples = samples.subspan(run);
  }
  return "";
}

std::string_view read_doubles(const char* at, const char* end, std::span<Sample> samples) {
  if (static_cast<std::size_t>(end - at) != samples.size() * sizeof(double))
    return "wrong number of values";
  for (Sample& sample : samples) {
    std::memcpy(&sample.value, at, sizeof(double));
    at += sizeof(double);
  }
  return "";
}

std::string_view read_numbers(const char* at, const char* end, std::span<Sample> samples,
                              chunk::Grid grid) {
  std::uint64_t number = 0;  // Modulo 2^64, so that hostile bytes are no overflow.
  for (Sample& sample : samples) {
    std::uint64_t change = 0;
    if (!take_varint(at, end, change)) return "wrong number of values";
    number += static_cast<std::uint64_t>(from_zigzag(change));
    sample.value = chunk::grid_value(static_cast<std::int64_t>(number), grid);
  }
  return at == end ? "" : "wrong number of values";
}

std::string_view read_values(std::uint8_t scale, std::string_view bytes,
                             std::span<Sample> samples) {
  const char* const at = bytes.data();
  const char* const end = at + bytes.size();
  if (scale == whole_doubles) return read_doubles(at, end, samples);
  const chunk::Grid grid{static_cast<std::uint8_t>(scale & 15), (scale & narrow_bit) != 0};
  if (scale >= 2 * narrow_bit || grid.decimals > chunk::max_decimals) return "impossible scale";
  return read_numbers(at, end, samples, grid);
}

}  // namespace

void put_hot_point(std::string& out, Timestamp hour, std::span<const Sample> samples,
                   bool all_good) {
  const std::size_t scale_at = out.size();
  out.push_back(0);
  put_times(out, hour, samples);
  if (!all_good) put_quality(out, samples);
  const std::uint8_t scale = put_values(out, samples);
  out[scale_at] = static_cast<char>(scale);
}

std::string_view read_hot_point(std::string_view bytes, HotPointForm form, Timestamp hour,
                                std::span<Sample> samples) {
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  std::uint8_t scale = whole_doubles;
  if (form.version > 1) {
    if (at == end) return "it is cut";
    scale = static_cast<std::uint8_t>(*at++);
  }
  if (const auto wrong = read_times(at, end, samples, form.version > 1); !wrong.empty())
    return wrong;
  if (samples.back().source_time >= Timestamp{Milliseconds{hour_ms}}) return "impossible times";
  for (Sample& sample : samples) sample.source_time += hour.time_since_epoch();
  if (!form.all_good) {
    if (const auto wrong = read_quality(at, end, samples); !wrong.empty()) return wrong;
  }
  return read_values(scale, {at, static_cast<std::size_t>(end - at)}, samples);
}

}  // namespace wl::storage
