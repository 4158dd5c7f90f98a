// InfluxDB 1.x: one measurement, the device as a tag, a field for each point name.
#include <fmt/compile.h>
#include <fmt/format.h>

#include "engine.hpp"
#include "http_client.hpp"

namespace wl::bench {
namespace {

/// Samples of one device and time that follow each other share a line: a quarter of the lines.
std::string line_protocol(const Plant& plant, std::span<const Sample> batch) {
  std::string lines;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const PointSpec& point = plant.point(batch[i].point);
    const bool goes_on = i > 0 && batch[i - 1].source_time == batch[i].source_time &&
                         plant.point(batch[i - 1].point).device == point.device;
    if (!goes_on && i > 0)
      fmt::format_to(std::back_inserter(lines), " {}\n", to_unix_ms(batch[i - 1].source_time));
    if (!goes_on) lines += "line,device=" + plant.device(point.device).id;
    fmt::format_to(std::back_inserter(lines), FMT_COMPILE("{}{}={}"), goes_on ? "," : " ",
                   point.name, batch[i].value);
  }
  if (!batch.empty())
    fmt::format_to(std::back_inserter(lines), " {}\n", to_unix_ms(batch.back().source_time));
  return lines;
}

class InfluxReader : public Reader {
 public:
  InfluxReader(const Plant& plant, std::uint16_t port) : plant_(plant), http_("InfluxDB", port) {}

  std::size_t ask(const Question& question) override {
    const std::string body =
        http_.get("/query?db=bench&epoch=ms&q=" + url_encoded(statement(question)));
    if (body.find("\"error\"") != body.npos) throw std::runtime_error("InfluxDB: " + body);
    // A row begins with [ and its time; the lists of columns and series do not.
    std::size_t rows = 0;
    for (std::size_t at = body.find('['); at < body.size(); at = body.find('[', at + 1))
      if (at + 1 < body.size() && body[at + 1] >= '0' && body[at + 1] <= '9') ++rows;
    const bool all_points =
        question.ask == Ask::latest || question.ask == Ask::hours || question.ask == Ask::days;
    return all_points ? rows * plant_.points_of(question.device).size() : rows;
  }

 private:
  std::string statement(const Question& question) const {
    const std::string& field = plant_.point(question.point).name;
    const std::string& of_point = plant_.device(plant_.point(question.point).device).id;
    const std::string& device = plant_.device(question.device).id;
    switch (question.ask) {
      case Ask::latest:  // What VictoriaMetrics does by default: 5 minutes back at most.
        return fmt::format("SELECT last(*) FROM line WHERE time > {}ms GROUP BY device",
                           to_unix_ms(question.to) - 300'000);
      case Ask::raw:
        return fmt::format("SELECT {} FROM line WHERE device='{}' AND {}", field, of_point,
                           span(question));
      case Ask::chart:
        return fmt::format(
            "SELECT min({0}),max({0}),mean({0}) FROM line WHERE device='{1}' AND {2} "
            "GROUP BY time(1m)",
            field, of_point, span(question));
      case Ask::hours:
      case Ask::days:
        return fmt::format(
            "SELECT min(*),max(*),mean(*) FROM line WHERE device='{}' AND {} GROUP BY time({})",
            device, span(question), question.ask == Ask::hours ? "1h" : "1d");
      case Ask::energy:
        break;
    }
    return fmt::format(
        "SELECT spread(energy_kwh) FROM line WHERE device='{}' AND {} GROUP BY time(1d)", device,
        span(question));
  }
  static std::string span(const Question& question) {
    return fmt::format("time >= {}ms AND time < {}ms", to_unix_ms(question.from),
                       to_unix_ms(question.to));
  }

  const Plant& plant_;
  HttpClient http_;
};

class Influx : public Engine {
 public:
  Influx(const Plant& plant, const Places& places)
      : plant_(plant),
        port_(places.influx),
        folder_(places.folder + "/influx"),
        http_("InfluxDB", port_) {
    http_.post("/query?q=" + url_encoded("CREATE DATABASE bench"), {});
  }

  std::string_view name() const override { return "InfluxDB"; }
  void prepare(std::span<const std::span<const Sample>> batches) override {
    bodies_.clear();
    for (const auto& batch : batches) bodies_.push_back(line_protocol(plant_, batch));
  }
  void write(std::size_t batch) override {
    http_.post("/write?db=bench&precision=ms", bodies_[batch]);
  }
  std::unique_ptr<Reader> reader() override {
    return std::make_unique<InfluxReader>(plant_, port_);
  }
  /// Its write-ahead log becomes files by itself after the few quiet seconds that run.py sets.
  void settle() override { settle_folder(folder_, 12); }
  std::uint64_t disk_bytes() const override {
    return bytes_below(folder_ + "/data/bench") + bytes_below(folder_ + "/wal/bench");
  }
  std::uint64_t stored_samples() override {
    const std::string body =
        http_.get("/query?db=bench&q=" + url_encoded("SELECT count(*) FROM line"));
    std::uint64_t sum = 0;  // "values":[["1970-01-01T00:00:00Z",count,count …]]
    std::size_t at = body.find(',', body.find("\"values\""));
    for (; at < body.size() && body[at] == ','; at = body.find_first_of(",]", at + 1))
      sum += std::stoull(body.substr(at + 1));
    return sum;
  }

 private:
  const Plant& plant_;
  std::uint16_t port_;
  std::string folder_;
  HttpClient http_;
  std::vector<std::string> bodies_;
};

}  // namespace

std::unique_ptr<Engine> make_influx(const Plant& plant, const Places& places) {
  return std::make_unique<Influx>(plant, places);
}

}  // namespace wl::bench
