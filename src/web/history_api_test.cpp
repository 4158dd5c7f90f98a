// Statistics and energy through the real server and a real database.
#include <zlib.h>

#include "web/testing/running_server.hpp"

namespace wl::web {
namespace {

using namespace std::chrono_literals;
using testing::Answer;
using ::testing::HasSubstr;
using testing::RunningServer;
using testing::sign_in;
using testing::SignedInClient;

Answer get(const RunningServer& server, const std::string& target, const std::string& head = "") {
  return testing::request(server.port(), "GET " + target, head);
}

std::string unpacked(std::string packed) {
  z_stream stream{};
  constexpr int gzip_format = 15 + 16;
  std::string text(4 << 20, '\0');
  inflateInit2(&stream, gzip_format);
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  text.resize(stream.total_out);
  inflateEnd(&stream);
  return text;
}

/// The hour before the start: power of 2 kW, then 4 kW; half a kWh in each quarter hour.
storage::Batch one_hour(const Plant& plant) {
  const Timestamp start = RunningServer::start_time() - 60min;
  const PointId power = plant.find_point("conveyor.power_kw").value();
  const PointId energy = plant.find_point("conveyor.energy_kwh").value();
  storage::Batch batch;
  batch.source = "test";
  batch.seq = 1;
  batch.samples = {{power, 2, quality::good, start},
                   {power, 4, quality::good, start + 30min},
                   {energy, 100, quality::good, start},
                   {energy, 102, quality::good, start + 59min}};
  batch.intervals = {{start, start + 45min, true, ""},
                     {start + 45min, start + 50min, false, "gateway gone"},
                     {start + 50min, start + 60min, true, ""}};
  for (int quarter = 0; quarter < 4; ++quarter)
    batch.ledger.buckets.push_back({.device = DeviceId{0},
                                    .start = start + quarter * 15min,
                                    .milli_wh = 500'000,
                                    .covered_ms = 900'000});
  return batch;
}

class HistoryApi : public ::testing::Test {
 protected:
  HistoryApi() { server_.store(one_hour(server_.plant())); }

  Answer asked(const std::string& target) {
    return get(server_, target, sign_in(server_.port()).cookie);
  }

  RunningServer server_;
};

TEST_F(HistoryApi, has_buckets_with_statistics_and_energy_and_names_the_gap) {
  const Answer answer = asked(
      "/api/devices/conveyor/history?interval=hour"
      "&start_time=2026-01-01T11:00:00Z&end_time=2026-01-01T12:00:00Z");

  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, HasSubstr(R"("interval":"hour","data":[)"
                                     R"({"timestamp":"2026-01-01T11:00:00.000Z",)"
                                     R"("end":"2026-01-01T12:00:00.000Z","energy_kwh":2,)"
                                     R"("points":{"power_kw":{"min":2,"max":4,"avg":2.909,)"
                                     R"("last":4,"count":2,"coverage":0.917})"));
  EXPECT_THAT(answer.body,
              HasSubstr(R"("gaps":[{"from":"2026-01-01T11:45:00.000Z",)"
                        R"("to":"2026-01-01T11:50:00.000Z","cause":"gateway gone"}])"));
}

TEST_F(HistoryApi, chooses_minutes_for_a_day) {
  const Answer answer = asked("/api/devices/conveyor/history?interval=auto&points=power_kw");

  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, HasSubstr(R"("interval":"1m")"));
  EXPECT_THAT(answer.body,
              HasSubstr(R"({"timestamp":"2026-01-01T11:31:00.000Z",)"
                        R"("end":"2026-01-01T11:32:00.000Z","points":{"power_kw":{"min":4,)"
                        R"("max":4,"avg":4,"last":4,"count":0,"coverage":1}}})"));
}

TEST_F(HistoryApi, a_day_comes_compressed_to_who_takes_it) {
  const std::string target = "/api/devices/conveyor/history?interval=auto";
  const std::string cookie = sign_in(server_.port()).cookie;

  const Answer plain = get(server_, target, cookie);
  const Answer packed = get(server_, target, cookie + "Accept-Encoding: gzip\r\n");

  EXPECT_EQ(plain.header("Content-Encoding"), "");
  EXPECT_EQ(packed.header("Content-Encoding"), "gzip");
  EXPECT_EQ(packed.header("X-Content-Type-Options"), "nosniff");
  EXPECT_LT(packed.body.size(), plain.body.size() / 5);
  EXPECT_EQ(unpacked(packed.body), plain.body);
}

TEST_F(HistoryApi, uses_days_of_the_plant) {
  const Answer answer = asked(
      "/api/devices/conveyor/history?interval=day"
      "&start_time=2026-01-01T11:00:00Z&end_time=2026-01-01T12:00:00Z");

  EXPECT_THAT(answer.body, HasSubstr(R"({"timestamp":"2025-12-31T16:00:00.000Z",)"
                                     R"("end":"2026-01-01T16:00:00.000Z","energy_kwh":2,)"));
}

TEST_F(HistoryApi, sums_up_the_energy) {
  const Answer overview = asked("/api/energy/summary");
  const Answer hourly = asked(
      "/api/energy/summary?interval=hour&device_id=conveyor"
      "&start_time=2026-01-01T11:00:00Z&end_time=2026-01-01T12:00:00Z");

  EXPECT_EQ(overview.status, 200);
  EXPECT_THAT(overview.body, HasSubstr(R"("total_energy_kwh":2,"devices":[)"
                                       R"({"device_id":"conveyor","total_energy_kwh":2,)"
                                       R"("avg_power_kw":2.909,"max_power_kw":4,)"
                                       R"("min_power_kw":2,"record_count":2,"coverage":0.042})"));
  EXPECT_THAT(overview.body,
              HasSubstr(R"({"timestamp":"2026-01-01T11:00:00.000Z","conveyor":0.5})"));
  EXPECT_THAT(hourly.body, HasSubstr(R"("data":[{"time_period":"2026-01-01T11:00:00.000Z",)"
                                     R"("end":"2026-01-01T12:00:00.000Z",)"
                                     R"("device_id":"conveyor","value":2}],"total_records":1)"));
}

TEST_F(HistoryApi, names_the_parameter_that_it_does_not_understand) {
  const Answer history = asked("/api/devices/conveyor/history?interval=fortnight");
  const Answer summary = asked("/api/energy/summary?aggregate=median");

  EXPECT_EQ(history.status, 400);
  EXPECT_THAT(history.text("message"), HasSubstr("interval"));
  EXPECT_EQ(summary.status, 400);
  EXPECT_THAT(summary.text("message"), HasSubstr("aggregate"));
}

TEST_F(HistoryApi, has_buckets_as_csv_with_the_figures_of_the_json) {
  const std::string hour =
      "/api/devices/conveyor/history?interval=hour&points=power_kw,energy_kwh"
      "&start_time=2026-01-01T11:00:00Z&end_time=2026-01-01T12:00:00Z";

  const Answer csv = asked(hour + "&format=csv");

  EXPECT_EQ(csv.status, 200);
  EXPECT_EQ(csv.header("Content-Type"), "text/csv; charset=utf-8; header=present");
  EXPECT_THAT(asked(hour).body, HasSubstr(R"("energy_kwh":2,"points":{"power_kw":{"min":2,"max":4,)"
                                          R"("avg":2.909,"last":4,"count":2,"coverage":0.917})"));
  EXPECT_THAT(csv.body, HasSubstr("timestamp,end,energy_kwh (kWh),power_kw.min (kW),"
                                  "power_kw.max (kW),power_kw.avg (kW),power_kw.last (kW),"
                                  "power_kw.count,power_kw.coverage,energy_kwh.min (kWh)"));
  EXPECT_THAT(csv.body, HasSubstr("\r\n2026-01-01T19:00:00.000+08:00,2026-01-01T20:00:00.000+08:00,"
                                  "2,2,4,2.909,4,2,0.917,"));
}

TEST_F(HistoryApi, has_rows_as_csv_page_by_page) {
  const Answer csv = asked(
      "/api/devices/conveyor/history?format=csv&page_size=2"
      "&start_time=2026-01-01T11:30:00Z&end_time=2026-01-01T11:40:00Z");

  EXPECT_EQ(csv.status, 200);
  EXPECT_THAT(csv.body,
              ::testing::StartsWith("timestamp,device_id,power_kw (kW),energy_kwh (kWh)"));
  EXPECT_THAT(csv.body, HasSubstr("\r\n2026-01-01T19:30:00.000+08:00,conveyor,4,100,"));
  EXPECT_THAT(csv.body, HasSubstr("\r\n2026-01-01T19:30:01.000+08:00,conveyor,4,100,"));
  EXPECT_EQ(std::ranges::count(csv.body, '\n'), 3);
}

TEST_F(HistoryApi, streams_all_rows_of_the_range_as_csv) {
  const Answer csv = asked(
      "/api/devices/conveyor/history?format=csv"
      "&start_time=2026-01-01T11:00:00Z&end_time=2026-01-01T12:00:00Z");

  EXPECT_EQ(csv.header("Transfer-Encoding"), "chunked");
  EXPECT_FALSE(csv.cut);
  EXPECT_EQ(std::ranges::count(csv.body, '\n'), 1 + 55 * 60);  // 5 minutes of the hour are a gap.
  EXPECT_THAT(csv.body, ::testing::ContainsRegex("T19:59:59.000.08:00,conveyor,4,102,[^\n]*\n$"));
  EXPECT_EQ(csv.body.find("timestamp", 1), std::string::npos);
}

TEST_F(HistoryApi, streams_more_buckets_as_csv_than_a_page_holds) {
  const Answer csv = asked(
      "/api/devices/conveyor/history?format=csv&interval=1m&points=power_kw"
      "&start_time=2025-12-30T12:00:00Z&end_time=2026-01-01T12:00:00Z");

  EXPECT_EQ(csv.status, 200);
  EXPECT_EQ(std::ranges::count(csv.body, '\n'), 1 + 2 * 24 * 60);
}

TEST_F(HistoryApi, streams_gzip_to_those_who_take_it) {
  const SignedInClient me = sign_in(server_.port());
  const std::string target =
      "/api/devices/conveyor/history?format=csv"
      "&start_time=2026-01-01T11:00:00Z&end_time=2026-01-01T12:00:00Z";

  const Answer packed = get(server_, target, me.cookie + "Accept-Encoding: gzip\r\n");

  EXPECT_EQ(packed.header("Content-Encoding"), "gzip");
  EXPECT_LT(packed.body.size() * 4, get(server_, target, me.cookie).body.size());
}

TEST_F(HistoryApi, streams_to_a_client_of_http_1_0_until_the_connection_ends) {
  testing::Connection connection(server_.port());

  connection.send("GET /api/devices/conveyor/history?format=csv&start_time=2026-01-01T11:59:00Z" +
                  std::string(" HTTP/1.0\r\nHost: 127.0.0.1\r\n") + sign_in(server_.port()).cookie +
                  "\r\n");
  const Answer answer = connection.receive("HEAD");

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Transfer-Encoding"), "");
  EXPECT_TRUE(connection.closed_by_peer());
}

TEST_F(HistoryApi, refuses_a_format_that_it_does_not_write) {
  EXPECT_EQ(asked("/api/devices/conveyor/history?interval=auto&format=xml").status, 400);
  EXPECT_EQ(asked("/api/devices/conveyor/history?format=xml").status, 400);
  EXPECT_EQ(asked("/api/energy/summary?format=xml").status, 400);
  EXPECT_EQ(asked("/api/energy/summary?format=json").status, 200);
}

TEST_F(HistoryApi, needs_a_session) {
  EXPECT_EQ(get(server_, "/api/energy/summary").status, 401);
  EXPECT_EQ(get(server_, "/api/devices/conveyor/history?interval=auto").status, 401);
}

}  // namespace
}  // namespace wl::web
