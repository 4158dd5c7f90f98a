#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "figures.hpp"
#include "line_samples.hpp"
#include "parts.hpp"
#include "storage/store.hpp"

namespace wl::bench {
namespace {

struct Data {
  Plant plant;
  std::vector<Sample> samples;  ///< In time order.
};

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().what);
  return std::move(*result);
}

Plant read_plant(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  return must(parse_plant({std::istreambuf_iterator<char>(file), {}}, path));
}

/// The newest `days` of a database that a line has filled.
Data read_line(const LineDatabase& line) {
  Data data{.plant = read_plant(line.plant), .samples = {}};
  const auto store = must(storage::open_store({.sqlite_path = line.path}, data.plant));
  const auto extent = must(store->extent());
  if (!extent) throw std::runtime_error(line.path + " holds no samples");
  storage::RawQuery query;
  for (std::uint32_t i = 0; i < data.plant.points.size(); ++i) query.points.push_back(PointId{i});
  const Timestamp end = extent->second + Milliseconds{1};
  query.from = std::max(extent->first, end - std::chrono::days{line.days});
  query.to = end;
  while (query.from < end) {
    const auto answer = must(store->read_raw(query));
    for (const auto& series : answer.series)
      data.samples.insert(data.samples.end(), series.samples.begin(), series.samples.end());
    query.from = answer.complete_to;
  }
  std::ranges::stable_sort(data.samples, {}, &Sample::source_time);
  return data;
}

Data synthetic_day(int hours) {
  return {synthetic_plant(12), SyntheticLine(12, epoch).next(std::chrono::hours{hours})};
}

/// As the collector cuts them: ten seconds a batch. Peers get as many in one request as is good.
std::vector<std::span<const Sample>> ten_seconds_each(std::span<const Sample> samples) {
  std::vector<std::span<const Sample>> batches;
  for (auto begin = samples.begin(); begin != samples.end();) {
    const Timestamp until = begin->source_time + std::chrono::seconds{10};
    const auto end = std::lower_bound(
        begin, samples.end(), until,
        [](const Sample& sample, Timestamp at) { return sample.source_time < at; });
    batches.emplace_back(begin, end);
    begin = end;
  }
  return batches;
}

}  // namespace

void measure_size(const Places& places, int hours, const LineDatabase& line) {
  const Data data = line.path.empty() ? synthetic_day(hours) : read_line(line);
  for (const auto& engine : make_engines(data.plant, places)) {
    const bool ours = engine->name() == "Wattline";
    say(fmt::format("size: {} samples to {}", data.samples.size(), engine->name()));
    const auto batches = ours ? ten_seconds_each(data.samples) : cut(data.samples, 48'000);
    engine->prepare(batches);
    for (std::size_t i = 0; i < batches.size(); ++i) engine->write(i);
    engine->settle();
    Figure("size")
        .add("engine", engine->name())
        .add("data", line.path.empty() ? "synthetic" : "line")
        .add("samples", static_cast<double>(data.samples.size()))
        .add("bytes", static_cast<double>(engine->disk_bytes()));
  }
}

}  // namespace wl::bench
