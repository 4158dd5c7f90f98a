// VictoriaMetrics: a metric for each point name, the device as a label.
#include <fmt/compile.h>
#include <fmt/format.h>

#include "engine.hpp"
#include "http_client.hpp"

namespace wl::bench {
namespace {

/// Its own JSON import: a line for each series with all values of the batch. Of the text forms that
/// 1.79 takes (this, Prometheus, Influx lines, CSV) the quickest in both batch sizes.
std::string import_lines(const Plant& plant, std::span<const Sample> batch) {
  struct Column {
    std::string values, times;
  };
  std::vector<Column> columns(plant.points.size());
  for (const Sample& sample : batch) {
    Column& column = columns[sample.point.value];
    fmt::format_to(std::back_inserter(column.values), FMT_COMPILE("{},"), sample.value);
    fmt::format_to(std::back_inserter(column.times), FMT_COMPILE("{},"),
                   to_unix_ms(sample.source_time));
  }
  std::string lines;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    Column& column = columns[i];
    if (column.values.empty()) continue;
    column.values.pop_back();
    column.times.pop_back();
    const PointSpec& point = plant.points[i];
    lines += R"({"metric":{"__name__":")" + point.name + R"(","device":")" +
             plant.device(point.device).id + R"("},"values":[)" + column.values +
             R"(],"timestamps":[)" + column.times + "]}\n";
  }
  return lines;
}

class VictoriaReader : public Reader {
 public:
  VictoriaReader(const Plant& plant, std::uint16_t port)
      : plant_(plant), http_("VictoriaMetrics", port) {}

  std::size_t ask(const Question& question) override {
    const std::string body = http_.get(target(question));
    if (question.ask == Ask::raw) return occurrences(body, "\n");
    // Each value ends so; rollup() gives min, max and avg of a bucket.
    const std::size_t values = occurrences(body, "\"]");
    return question.ask == Ask::latest || question.ask == Ask::energy ? values : values / 3;
  }

 private:
  std::string target(const Question& question) const {
    const std::int64_t from = to_unix_ms(question.from);
    const std::int64_t to = to_unix_ms(question.to);
    switch (question.ask) {
      case Ask::latest:
        return fmt::format("/api/v1/query?query={}&time={}.{:03}", url_encoded("{device!=\"\"}"),
                           to / 1000, to % 1000);
      case Ask::raw:
        return fmt::format(
            "/api/v1/export/csv?format=__timestamp__:unix_ms,__value__&match[]={}&start={}&end={}",
            url_encoded(series(question.point)), from / 1000, (to - 1) / 1000);
      case Ask::chart:
        return range("rollup(" + series(question.point) + "[1m])", 60, from, to);
      case Ask::hours:
        return range("rollup(" + series(question.device) + "[1h])", 3600, from, to);
      case Ask::days:
        return range("rollup(" + series(question.device) + "[1d])", 86400, from, to);
      case Ask::energy:
        break;
    }
    return range("increase(energy_kwh{device=\"" + plant_.device(question.device).id + "\"}[1d])",
                 86400, from, to);
  }

  /// A bucket is named by its end.
  static std::string range(const std::string& query, std::int64_t step, std::int64_t from,
                           std::int64_t to) {
    return fmt::format("/api/v1/query_range?query={}&start={}&end={}&step={}", url_encoded(query),
                       from / 1000 + step, to / 1000, step);
  }
  std::string series(PointId id) const {
    const PointSpec& point = plant_.point(id);
    return fmt::format("{}{{device=\"{}\"}}", point.name, plant_.device(point.device).id);
  }
  std::string series(DeviceId id) const {
    return fmt::format("{{device=\"{}\"}}", plant_.device(id).id);
  }

  const Plant& plant_;
  HttpClient http_;
};

class Victoria : public Engine {
 public:
  Victoria(const Plant& plant, const Places& places)
      : plant_(plant),
        port_(places.victoria),
        folder_(places.folder + "/victoria"),
        http_("VictoriaMetrics", port_) {}

  std::string_view name() const override { return "VictoriaMetrics"; }
  void prepare(std::span<const std::span<const Sample>> batches) override {
    bodies_.clear();
    for (const auto& batch : batches) bodies_.push_back(import_lines(plant_, batch));
  }
  void write(std::size_t batch) override { http_.post("/api/v1/import", bodies_[batch]); }
  void finish() override { http_.get("/internal/force_flush"); }
  std::unique_ptr<Reader> reader() override {
    return std::make_unique<VictoriaReader>(plant_, port_);
  }
  void settle() override {
    http_.get("/internal/force_flush");
    http_.get("/internal/force_merge");
    settle_folder(folder_ + "/data", 3);
  }
  std::uint64_t disk_bytes() const override { return bytes_below(folder_ + "/data"); }
  std::uint64_t stored_samples() override {
    const std::string body = http_.get("/api/v1/query?nocache=1&query=" +
                                       url_encoded("sum(count_over_time({device!=\"\"}[50y]))"));
    return std::stoull(body.substr(body.rfind(",\"") + 2));
  }

 private:
  const Plant& plant_;
  std::uint16_t port_;
  std::string folder_;
  HttpClient http_;
  std::vector<std::string> bodies_;
};

}  // namespace

std::unique_ptr<Engine> make_victoria(const Plant& plant, const Places& places) {
  return std::make_unique<Victoria>(plant, places);
}

}  // namespace wl::bench
