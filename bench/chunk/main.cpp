// Million samples a second and bytes a sample of the chunk format and of two simpler ones, on the
// series of a production line: one hour a chunk, one sample a second, 24 different hours.
//
//   bench_chunk [--benchmark_filter=…]
//
// Compare the rows of one run only: absolute figures move with the machine.
#include <benchmark/benchmark.h>
#include <zstd.h>

#include <cstring>
#include <memory>

#include "gorilla.hpp"
#include "storage/chunk/testing/series.hpp"

namespace {

using namespace wl;
using namespace wl::storage;

constexpr std::size_t hour = 3600;
using Series = std::vector<Sample> (*)(std::size_t count, std::uint64_t seed);

std::vector<Sample> power_of_real(std::size_t count, std::uint64_t seed) {
  return testing::as_floats(testing::noisy_power(count, seed));
}

std::string encode_whole(std::span<const Sample> samples) {
  return encode_chunk(samples).value();
}
std::vector<Sample> decode_whole(std::string_view bytes, PointId point) {
  return decode_chunk(bytes, point).value();
}

// The peer without thought: three columns as they lie in memory, and zstd at the same level. It
// keeps its contexts as the chunk format does.
struct PlainColumns {
  std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> in{ZSTD_createCCtx(), ZSTD_freeCCtx};
  std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> out{ZSTD_createDCtx(), ZSTD_freeDCtx};
};
PlainColumns& plain() {
  static PlainColumns contexts;
  return contexts;
}

std::string encode_plain(std::span<const Sample> samples) {
  const std::size_t count = samples.size();
  std::string columns(count * 20, '\0');
  for (std::size_t i = 0; i < count; ++i) {
    const Sample& sample = samples[i];
    std::memcpy(&columns[i * 8], &sample.source_time, 8);
    std::memcpy(&columns[count * 8 + i * 8], &sample.value, 8);
    std::memcpy(&columns[count * 16 + i * 4], &sample.quality, 4);
  }
  std::string bytes(ZSTD_compressBound(columns.size()), '\0');
  bytes.resize(ZSTD_compressCCtx(plain().in.get(), bytes.data(), bytes.size(), columns.data(),
                                 columns.size(), 3));
  return bytes;
}

std::vector<Sample> decode_plain(std::string_view bytes, PointId point) {
  std::string columns(ZSTD_getFrameContentSize(bytes.data(), bytes.size()), '\0');
  ZSTD_decompressDCtx(plain().out.get(), columns.data(), columns.size(), bytes.data(),
                      bytes.size());
  const std::size_t count = columns.size() / 20;
  std::vector<Sample> samples(count, Sample{.point = point, .quality = {}});
  for (std::size_t i = 0; i < count; ++i) {
    std::memcpy(&samples[i].source_time, &columns[i * 8], 8);
    std::memcpy(&samples[i].value, &columns[count * 8 + i * 8], 8);
    std::memcpy(&samples[i].quality, &columns[count * 16 + i * 4], 4);
  }
  return samples;
}

struct Format {
  const char* name;
  std::string (*encode)(std::span<const Sample>);
  std::vector<Sample> (*decode)(std::string_view, PointId);
};

constexpr Format formats[] = {{"chunk", encode_whole, decode_whole},
                              {"plain_zstd", encode_plain, decode_plain},
                              {"gorilla", bench::gorilla_encode, bench::gorilla_decode}};

struct Named {
  const char* name;
  Series series;
};

constexpr Named all_series[] = {{"power_lreal", testing::noisy_power},
                                {"power_real", power_of_real},
                                {"counter", testing::counter},
                                {"state", testing::state},
                                {"scan_count", testing::scan_count}};

std::vector<std::vector<Sample>> a_day(Series series) {
  std::vector<std::vector<Sample>> day;
  for (std::uint64_t seed = 1; seed <= 24; ++seed) day.push_back(series(hour, seed));
  return day;
}

void report(benchmark::State& state, std::size_t samples, double bytes) {
  state.counters["M/s"] = benchmark::Counter(static_cast<double>(samples) / 1e6,
                                             benchmark::Counter::kIsIterationInvariantRate);
  state.counters["B/sample"] = bytes / static_cast<double>(samples);
}

void encode(benchmark::State& state, const Format& format, const Named& named) {
  const auto day = a_day(named.series);
  double bytes = 0;
  for (auto iteration : state) {
    bytes = 0;
    for (const auto& samples : day) bytes += static_cast<double>(format.encode(samples).size());
  }
  report(state, day.size() * hour, bytes);
}

void decode(benchmark::State& state, const Format& format, const Named& named) {
  std::vector<std::string> chunks;
  double bytes = 0;
  for (const auto& samples : a_day(named.series)) {
    chunks.push_back(format.encode(samples));
    bytes += static_cast<double>(chunks.back().size());
    if (!testing::same_bits(format.decode(chunks.back(), samples.front().point), samples))
      return state.SkipWithError("does not give back what it was given");
  }
  for (auto iteration : state)
    for (const std::string& chunk : chunks)
      benchmark::DoNotOptimize(format.decode(chunk, testing::some_point));
  report(state, chunks.size() * hour, bytes);
}

}  // namespace

int main(int argc, char** argv) {
  for (const Named& named : all_series)
    for (const Format& format : formats) {
      const std::string name = std::string("/") + named.name + "/" + format.name;
      benchmark::RegisterBenchmark(("encode" + name).c_str(), encode, format, named);
      benchmark::RegisterBenchmark(("decode" + name).c_str(), decode, format, named);
    }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
