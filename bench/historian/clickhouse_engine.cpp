// ClickHouse: one MergeTree in the order of point and time, months as partitions.
#include <fmt/format.h>

#include <cstring>

#include "engine.hpp"
#include "http_client.hpp"

namespace wl::bench {
namespace {

void put(std::string& to, const auto& value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  to.append(bytes, sizeof value);
}

std::string row_binary(std::span<const Sample> batch) {
  std::string rows;
  rows.reserve(batch.size() * 20);
  for (const Sample& sample : batch) {
    put(rows, sample.point.value);
    put(rows, to_unix_ms(sample.source_time));
    put(rows, sample.value);
  }
  return rows;
}

class ClickHouseReader : public Reader {
 public:
  ClickHouseReader(const Plant& plant, std::uint16_t port)
      : plant_(plant), http_("ClickHouse", port) {}

  std::size_t ask(const Question& question) override {
    return occurrences(http_.post("/", statement(question)), "\n");
  }

 private:
  std::string statement(const Question& question) const {
    const std::string span = fmt::format(" AND ts >= {} AND ts < {}", to_unix_ms(question.from),
                                         to_unix_ms(question.to));
    switch (question.ask) {
      case Ask::latest:  // What VictoriaMetrics does by default: 5 minutes back at most.
        return fmt::format(
            "SELECT point, argMax(value, ts) FROM samples WHERE ts > {} GROUP BY point",
            to_unix_ms(question.to) - 300'000);
      case Ask::raw:
        return fmt::format("SELECT ts, value FROM samples WHERE point = {}{} ORDER BY ts",
                           question.point.value, span);
      case Ask::chart:
        return buckets(fmt::format("point = {}{}", question.point.value, span), 60'000);
      case Ask::hours:
        return buckets(fmt::format("point IN ({}){}", points_of(question.device), span), 3'600'000);
      case Ask::days:
        return buckets(fmt::format("point IN ({}){}", points_of(question.device), span),
                       86'400'000);
      case Ask::energy:
        break;
    }
    return fmt::format(
        "SELECT intDiv(ts, 86400000) AS day, max(value) - min(value) FROM samples "
        "WHERE point = {}{} GROUP BY day ORDER BY day",
        energy_of(question.device), span);
  }

  static std::string buckets(const std::string& where, std::int64_t length) {
    return fmt::format(
        "SELECT point, intDiv(ts, {}) AS bucket, min(value), max(value), avg(value) FROM samples "
        "WHERE {} GROUP BY point, bucket ORDER BY point, bucket",
        length, where);
  }
  std::string points_of(DeviceId device) const {
    std::string numbers;
    for (const PointId point : plant_.points_of(device))
      numbers += fmt::format("{}{}", numbers.empty() ? "" : ",", point.value);
    return numbers;
  }
  std::uint32_t energy_of(DeviceId device) const {
    return plant_.find_point(plant_.device(device).id + ".energy_kwh").value().value;
  }

  const Plant& plant_;
  HttpClient http_;
};

class ClickHouse : public Engine {
 public:
  ClickHouse(const Plant& plant, const Places& places)
      : plant_(plant),
        port_(places.clickhouse),
        folder_(places.folder + "/clickhouse"),
        http_("ClickHouse", port_) {
    http_.post("/",
               "CREATE TABLE samples (point UInt32, ts Int64, value Float64) ENGINE = MergeTree "
               "PARTITION BY toYYYYMM(toDateTime(intDiv(ts, 1000))) ORDER BY (point, ts)");
  }

  std::string_view name() const override { return "ClickHouse"; }
  void prepare(std::span<const std::span<const Sample>> batches) override {
    bodies_.clear();
    for (const auto& batch : batches) bodies_.push_back(row_binary(batch));
  }
  void write(std::size_t batch) override {
    http_.post("/?query=INSERT%20INTO%20samples%20FORMAT%20RowBinary", bodies_[batch]);
  }
  std::unique_ptr<Reader> reader() override {
    return std::make_unique<ClickHouseReader>(plant_, port_);
  }
  void settle() override { http_.post("/", "OPTIMIZE TABLE samples FINAL"); }
  /// Parts that were merged away stay on the disk for minutes: only those that count.
  std::uint64_t disk_bytes() const override {
    HttpClient http("ClickHouse", port_);
    return std::stoull(http.post(
        "/", "SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND table = 'samples'"));
  }
  std::uint64_t stored_samples() override {
    return std::stoull(http_.post("/", "SELECT count() FROM samples"));
  }

 private:
  const Plant& plant_;
  std::uint16_t port_;
  std::string folder_;
  HttpClient http_;
  std::vector<std::string> bodies_;
};

}  // namespace

std::unique_ptr<Engine> make_clickhouse(const Plant& plant, const Places& places) {
  return std::make_unique<ClickHouse>(plant, places);
}

}  // namespace wl::bench
