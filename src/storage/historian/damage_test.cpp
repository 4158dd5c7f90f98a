// Bytes of a row that do not decode: what they cost, and what is said.
#include "storage/archive/chunk_archive.hpp"
#include "storage/historian/testing/historian_suite.hpp"

namespace wl::storage {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::int64_t hour_ms = 3'600'000;

Timestamp hour(int number) {
  return hour_of(at(0)) + number * one_hour;
}

/// Two points through four hours, one sample every ten minutes each.
std::vector<Sample> four_hours() {
  std::vector<Sample> samples;
  const std::int64_t start = to_unix_ms(hour(0)) - to_unix_ms(at(0));
  for (std::int64_t i = 0; i < 24; ++i) {
    samples.push_back(sample(0, start + i * 600'000, static_cast<double>(i)));
    samples.push_back(sample(2, start + i * 600'000, static_cast<double>(-i)));
  }
  return samples;
}

/// The row of the first point: points are numbered in the order in which they come.
PointRow first_row(Tables& tables) {
  for (const NamedRow& row : tables.points()) {
    if (row.key == "conveyor.power_kw") return PointRow{row.row};
  }
  return PointRow{0};
}

class Change {
 public:
  explicit Change(Tables& tables) : tables_(tables) { tables_.begin(Access::write); }
  ~Change() { tables_.commit(); }
  Change(const Change&) = delete;
  Change& operator=(const Change&) = delete;

 private:
  Tables& tables_;
};

/// The chunk's last byte is another.
void tear_chunk(Tables& tables, Timestamp at_hour) {
  std::vector<ChunkRow> rows = tables.chunks(first_row(tables), at_hour, at_hour + one_hour, 1);
  ASSERT_EQ(rows.size(), 1u);
  rows[0].body.back() = static_cast<char>(rows[0].body.back() + 1);
  const Change change(tables);
  tables.put_chunks(rows);
}

void tear_hot_part(Tables& tables, Timestamp at_hour) {
  std::vector<HotPart> parts =
      tables.hot(segment_of(first_row(tables)), at_hour, at_hour + one_hour);
  ASSERT_EQ(parts.size(), 1u);
  parts[0].body.resize(parts[0].body.size() / 2);
  const Change change(tables);
  tables.put_hot(parts);
}

RawQuery raw(std::uint32_t point, int from, int to) {
  return {.points = {PointId{point}}, .from = hour(from), .to = hour(to)};
}

/// Keeps everything; says of how many chunks.
class Shelf : public ChunkArchive {
 public:
  Result<void> append(Timestamp, std::span<const NamedChunk> chunks) override {
    kept += chunks.size();
    return {};
  }
  std::size_t kept = 0;
};

/// What upkeep told until it had nothing more to do.
std::vector<std::string> told_by_upkeep(Historian& store, Timestamp now,
                                        const RetentionRules& rules) {
  std::vector<std::string> told;
  for (int step = 0; step < 100; ++step) {
    const auto report = store.upkeep(now, rules);
    if (!report) told.push_back(report.error().what);
    if (report && !report->more) return told;
  }
  told.push_back("upkeep does not come to an end");
  return told;
}

std::string said_by(const Result<RawAnswer>& answer) {
  return answer ? "" : answer.error().what;
}

}  // namespace

TEST_P(HistorianSuite, a_torn_chunk_costs_its_point_and_hour_only_and_is_named) {
  write(1, four_hours());
  reopen();  // Nothing is on its way for any hour.
  keep_up(at(100 * hour_ms));
  const auto tables = engine_->open();
  tear_chunk(*tables, hour(1));

  const auto damaged = store_->read_raw(raw(0, 0, 4));

  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().code, Errc::corrupt);
  EXPECT_THAT(damaged.error().what,
              AllOf(HasSubstr(tables->place()),
                    HasSubstr("chunk of conveyor.power_kw at " + to_iso8601(hour(1))),
                    HasSubstr("wattline db check"), HasSubstr("wattline restore")));
  EXPECT_EQ(store_->read_raw(raw(2, 0, 4)).value().series[0].samples.size(), 24u);
  EXPECT_EQ(said_by(store_->read_raw(raw(0, 2, 4))), "");
  const StatisticsQuery hours{
      .points = {PointId{0}}, .from = hour(0), .to = hour(4), .interval = Interval::hour};
  EXPECT_EQ(store_->statistics(hours).value().series[0].buckets[1].count, 6u);
}

TEST_P(HistorianSuite, a_late_sample_of_a_torn_hour_is_stored_and_counted) {
  write(1, four_hours());
  reopen();  // Nothing is on its way for any hour.
  keep_up(at(100 * hour_ms));
  tear_chunk(*engine_->open(), hour(1));
  const std::int64_t late = to_unix_ms(hour(1)) - to_unix_ms(at(0)) + 5;

  write(2, {sample(0, late, 77)});

  const StatisticsQuery hours{
      .points = {PointId{0}}, .from = hour(1), .to = hour(2), .interval = Interval::hour};
  const StatisticsBucket bucket = store_->statistics(hours).value().series[0].buckets[0];
  EXPECT_EQ(bucket.count, 7u);
  EXPECT_EQ(bucket.max, 77);
}

TEST_P(HistorianSuite, a_torn_chunk_is_not_archived_told_once_and_stays_alone) {
  write(1, four_hours());
  reopen();  // Nothing is on its way for any hour.
  keep_up(at(100 * hour_ms));
  const auto tables = engine_->open();
  tear_chunk(*tables, hour(1));
  Shelf shelf;
  const RetentionRules rules{.raw = one_hour, .archive = &shelf};

  const auto told = told_by_upkeep(*store_, at(100 * hour_ms), rules);
  write(2, {sample(0, 9 * hour_ms, 1), sample(0, 29 * hour_ms, 1)});
  write(3, {});
  write(4, {});
  const auto told_later = told_by_upkeep(*store_, at(100 * hour_ms), rules);

  EXPECT_THAT(
      told, ElementsAre(AllOf(HasSubstr("chunk of conveyor.power_kw at " + to_iso8601(hour(1))),
                              HasSubstr("stays in the database"), HasSubstr("wattline db check"))));
  EXPECT_THAT(told_later, ElementsAre());
  EXPECT_EQ(shelf.kept, 2u * 4 - 1 + 1);  // All but the torn one, and that of the ninth hour.
  EXPECT_EQ(tables->oldest_chunk_hour(Timestamp::min()), hour(1));
  EXPECT_EQ(tables->oldest_chunk_hour(hour(2)), std::nullopt);
}

TEST_P(HistorianSuite, an_hour_that_cannot_be_folded_is_told_once_and_the_others_are_folded) {
  write(1, four_hours());
  const auto tables = engine_->open();
  tear_hot_part(*tables, hour(0));
  reopen();

  const auto first = store_->upkeep(at(100 * hour_ms), {});
  const UpkeepReport others = keep_up(at(100 * hour_ms));

  ASSERT_FALSE(first);
  EXPECT_THAT(first.error().what,
              AllOf(HasSubstr(tables->place()), HasSubstr("hot part"),
                    HasSubstr(to_iso8601(hour(0))), HasSubstr("wattline db check")));
  EXPECT_EQ(others.chunks_written, 4u);  // Two points in two full hours.
  EXPECT_EQ(said_by(store_->read_raw(raw(0, 1, 4))), "");
}

}  // namespace wl::storage
