// History out of one database and into another: nothing may change on the way.
#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "storage/sqlite/scratch_database.hpp"
#include "storage/transfer/csv.hpp"
#include "storage/transfer/import.hpp"
#include "storage/transfer/line_protocol.hpp"

namespace wl::storage {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::int64_t minute_ms = 60'000;

class TransferTest : public ScratchDatabase {
 protected:
  TransferTest() {
    second_.sqlite_path = (directory_ / "second.db").string();
    EXPECT_TRUE(migrate(options_));
    EXPECT_TRUE(migrate(second_));
  }

  /// Two hours of two points with a gap, a bad sample and a point that hardly changes.
  Batch history() const {
    Batch batch;
    batch.source = "test";
    batch.seq = 1;
    for (std::int64_t i = 0; i < 700; ++i) {
      batch.samples.push_back(sample(0, i * 10'000, 0.1 * static_cast<double>(i % 17)));
    }
    batch.samples.push_back(sample(1, 5'000, -0.0));
    batch.samples.push_back(sample(1, 95'000, 1e300, quality::bad_no_communication));
    batch.samples.push_back(sample(1, 3'600'000, 2.5, quality::uncertain_last_usable));
    batch.intervals = {{at(0), at(50 * minute_ms), true, ""},
                       {at(50 * minute_ms), at(55 * minute_ms), false, "=lost, \"quite\""},
                       {at(60 * minute_ms), at(117 * minute_ms), true, ""}};
    return batch;
  }
  void fill() {
    ASSERT_TRUE(open_collector_store(options_, plant_).value()->write_batch(history()));
  }

  std::string exported(const DatabaseOptions& from, TransferFormat format,
                       std::optional<Interval> interval = {}) {
    std::string text;
    const auto store = open_store(from, plant_).value();
    const auto done = export_history(
        *store, plant_,
        {.format = format, .points = points_, .from = {}, .to = {}, .interval = interval},
        [&](std::string_view lines, Timestamp) -> Result<void> {
          text += lines;
          return {};
        });
    EXPECT_TRUE(done) << done.error().what;
    return text;
  }
  std::filesystem::path file_of(const std::string& text) const {
    const auto path = directory_ / "history.txt";
    EXPECT_TRUE(write_file(path, text, Durability::visible));
    return path;
  }
  ImportFindings check(const std::string& text, TransferFormat format) const {
    return check_import(file_of(text), format, plant_, {}).value();
  }
  ImportReport import_text(const std::string& text, TransferFormat format) {
    const ImportFindings findings = check(text, format);
    const auto store = open_collector_store(second_, plant_).value();
    return import_history(*store, plant_, {directory_ / "history.txt", format, "import-1"},
                          findings, {})
        .value();
  }

  RawAnswer raw(const DatabaseOptions& from) {
    return open_store(from, plant_)
        .value()
        ->read_raw({.points = points_, .from = at(-minute_ms), .to = at(300 * minute_ms)})
        .value();
  }
  StatisticsAnswer statistics(const DatabaseOptions& from, Interval interval) {
    return open_store(from, plant_)
        .value()
        ->statistics(
            {.points = points_, .from = at(0), .to = at(117 * minute_ms), .interval = interval})
        .value();
  }

  DatabaseOptions second_;
  Plant plant_ = small_plant();
  std::vector<PointId> points_{PointId{0}, PointId{1}};
};

std::vector<Sample> samples_in(const RawAnswer& answer) {
  std::vector<Sample> all;
  for (const RawSeries& series : answer.series) {
    all.insert(all.end(), series.samples.begin(), series.samples.end());
  }
  return all;
}

/// Every number of every bucket as text.
std::string text_of(const StatisticsAnswer& answer) {
  std::string text;
  const auto add = [&](const std::optional<double>& v) {
    text += v ? number_text(*v) + " " : "- ";
  };
  for (const StatisticsSeries& series : answer.series) {
    for (const StatisticsBucket& bucket : series.buckets) {
      text += std::to_string(bucket.count) + "/" + std::to_string(bucket.usable) + " ";
      add(bucket.sum);
      add(bucket.min);
      add(bucket.max);
      add(bucket.mean);
      add(bucket.first);
      add(bucket.last);
      add(bucket.good_share);
      text += "\n";
    }
  }
  return text;
}

TEST_F(TransferTest, csv_into_an_empty_database_gives_equal_samples_and_equal_rollups) {
  fill();

  import_text(exported(options_, TransferFormat::csv), TransferFormat::csv);

  EXPECT_THAT(samples_in(raw(options_)), SizeIs(703));
  EXPECT_EQ(samples_in(raw(second_)), samples_in(raw(options_)));
  EXPECT_EQ(raw(second_).intervals, raw(options_).intervals);
  EXPECT_EQ(text_of(statistics(second_, Interval::minute)),
            text_of(statistics(options_, Interval::minute)));
  EXPECT_EQ(text_of(statistics(second_, Interval::hour)),
            text_of(statistics(options_, Interval::hour)));
}

TEST_F(TransferTest, line_protocol_into_an_empty_database_gives_the_same_export_again) {
  fill();
  const std::string text = exported(options_, TransferFormat::line);

  import_text(text, TransferFormat::line);

  EXPECT_EQ(exported(second_, TransferFormat::line), text);
  EXPECT_EQ(text_of(statistics(second_, Interval::hour)),
            text_of(statistics(options_, Interval::hour)));
}

TEST_F(TransferTest, importing_a_file_twice_counts_nothing_twice) {
  fill();
  const std::string text = exported(options_, TransferFormat::csv);
  import_text(text, TransferFormat::csv);
  const std::string once = text_of(statistics(second_, Interval::hour));

  const ImportReport again = import_text(text, TransferFormat::csv);

  EXPECT_EQ(again.samples, 0u);
  EXPECT_EQ(again.skipped_batches, 1u);
  EXPECT_EQ(text_of(statistics(second_, Interval::hour)), once);
}

TEST_F(TransferTest, statistics_are_exported_with_their_columns) {
  fill();
  const std::string text = exported(options_, TransferFormat::csv, Interval::hour);

  EXPECT_THAT(text,
              testing::StartsWith("time,point,count,min,max,mean,first,last,good_share,unit\n"));
  EXPECT_THAT(text, HasSubstr("Z,conveyor.power_kw,"));
  EXPECT_THAT(exported(options_, TransferFormat::line, Interval::hour),
              HasSubstr("conveyor power_kw_count="));
}

TEST_F(TransferTest, an_empty_database_exports_the_header_alone) {
  EXPECT_EQ(exported(options_, TransferFormat::csv), csv_header);
  EXPECT_EQ(exported(options_, TransferFormat::line), "");
}

TEST_F(TransferTest, mistakes_are_named_by_file_line_and_reason_and_nothing_stops) {
  const ImportFindings found = check(
      "time,point,value\n"
      "2026-01-01T00:00:00Z,conveyor.power_kw,1\n"
      "yesterday,conveyor.power_kw,1\n"
      "2026-01-01T00:00:01Z,conveyor.power_kw,much\n"
      "2026-01-01T00:00:02Z,conveyor.powr_kw,1\n"
      "2026-01-01T00:00:03Z,conveyor.power_kw\n",
      TransferFormat::csv);

  EXPECT_EQ(found.samples, 1u);
  EXPECT_EQ(found.bad_lines, 3u);
  ASSERT_THAT(found.reasons, SizeIs(3));
  EXPECT_THAT(found.reasons[0], HasSubstr("history.txt:3: "));
  EXPECT_THAT(found.reasons[1], HasSubstr("history.txt:4: value 'much' is not a number"));
  EXPECT_THAT(found.reasons[2], HasSubstr("history.txt:6: 2 columns, the header has 3"));
  EXPECT_THAT(found.unknown_points,
              ElementsAre("conveyor.powr_kw (did you mean conveyor.power_kw?)"));
}

TEST_F(TransferTest, a_thousand_mistakes_are_counted_and_twenty_shown) {
  std::string text = "time,point,value\n";
  for (int i = 0; i < 1000; ++i) text += "nonsense\n";

  const ImportFindings found = check(text, TransferFormat::csv);

  EXPECT_EQ(found.bad_lines, 1000u);
  EXPECT_THAT(found.reasons, SizeIs(20));
}

TEST_F(TransferTest, a_file_without_a_header_is_refused_in_one_line) {
  const ImportFindings found =
      check("2026-01-01T00:00:00Z,conveyor.power_kw,1\nmore\n", TransferFormat::csv);

  EXPECT_EQ(found.bad_lines, 1u);
  EXPECT_THAT(found.reasons[0], HasSubstr("must name the columns time, point and value"));
}

TEST_F(TransferTest, without_link_records_what_is_imported_counts_as_seen) {
  import_text(
      "conveyor power_kw=2 1700000000000000000\n"
      "conveyor power_kw=4 1700000060000000000\n",
      TransferFormat::line);

  EXPECT_THAT(raw(second_).intervals, ElementsAre(LinkInterval{at(0), at(60'001), true, ""}));
}

TEST_F(TransferTest, a_line_that_never_ends_is_refused) {
  const auto found =
      check_import(file_of(std::string(3'000'000, 'x') + "\n"), TransferFormat::csv, plant_, {});

  EXPECT_EQ(found.error().code, Errc::invalid_argument);
  EXPECT_THAT(found.error().what, HasSubstr("history.txt:1: "));
}

Record read_csv(const std::string& line) {
  return CsvReader::open("time,point,value,quality,unit").value().read(line).value();
}

std::string without_end(std::string line) {
  line.pop_back();
  return line;
}

TEST(Csv, every_double_and_quality_comes_back) {
  const SampleRecord odd{"conveyor.power_kw", 0.1 + 0.2, quality::bad_device_failure, at(1)};
  const SampleRecord zero{"conveyor.power_kw", -0.0, Quality{0x40000000}, at(1)};
  const SampleRecord small{"a.b", std::numeric_limits<double>::denorm_min(), quality::good, at(0)};

  EXPECT_EQ(read_csv(without_end(csv_line(odd, "kW"))), Record(odd));
  EXPECT_EQ(read_csv(without_end(csv_line(small, "kW"))), Record(small));
  EXPECT_TRUE(
      std::signbit(std::get<SampleRecord>(read_csv(without_end(csv_line(zero, "")))).value));
  EXPECT_TRUE(
      std::isnan(std::get<SampleRecord>(read_csv("2026-01-01T00:00:00Z,a.b,nan,bad,")).value));
}

TEST(Csv, no_text_is_a_formula_for_a_spreadsheet) {
  EXPECT_EQ(csv_text("=1+1"), "'=1+1");
  EXPECT_EQ(csv_text("@SUM(A1)"), "'@SUM(A1)");
  EXPECT_EQ(csv_text("-1,\"x\""), "\"'-1,\"\"x\"\"\"");
  EXPECT_EQ(csv_text("kW"), "kW");

  const LinkRecord gap{LinkState::gap, at(0), "=cmd, \"x\""};
  EXPECT_EQ(read_csv(without_end(csv_line(gap, ""))), Record(gap));
}

TEST(Csv, columns_are_found_by_name_behind_a_byte_order_mark) {
  const auto reader = CsvReader::open("\xEF\xBB\xBFvalue,comment,point,time").value();

  EXPECT_EQ(reader.read("1.5,\"a, b\",a.b,2026-01-01T00:00:00Z").value(),
            Record(SampleRecord{"a.b", 1.5, quality::good, parse_iso8601("2026-01-01").value()}));
}

TEST(LineProtocol, what_it_writes_it_reads) {
  const SampleRecord odd{"conveyor.power kw", 0.1 + 0.2, quality::bad_device_failure, at(1)};
  const LinkRecord gap{LinkState::gap, at(2), "a \"cause\", with all"};

  EXPECT_THAT(read_protocol_line(without_end(*protocol_line(odd))).value(),
              ElementsAre(Record(odd)));
  EXPECT_THAT(read_protocol_line(without_end(*protocol_line(gap))).value(),
              ElementsAre(Record(gap)));
}

TEST(LineProtocol, says_nothing_that_it_cannot_say) {
  EXPECT_EQ(protocol_line(SampleRecord{"a.b", NAN, quality::good, at(0)}), std::nullopt);
  EXPECT_EQ(protocol_line(SampleRecord{"a.b", 1, quality::good, Timestamp::max()}), std::nullopt);
}

TEST(LineProtocol, takes_lines_of_other_programs) {
  const auto read = read_protocol_line(
      "conveyor,site=north\\ hall,line=1 power_kw=1.5,on=true,parts=12i 1700000000000999999");

  EXPECT_THAT(read.value(),
              ElementsAre(SampleRecord{"conveyor.power_kw", 1.5, quality::good, at(0)},
                          SampleRecord{"conveyor.on", 1, quality::good, at(0)},
                          SampleRecord{"conveyor.parts", 12, quality::good, at(0)}));
  EXPECT_THAT(read_protocol_line("# a comment").value(), IsEmpty());
}

TEST(LineProtocol, refuses_what_is_not_whole) {
  EXPECT_FALSE(read_protocol_line("conveyor"));
  EXPECT_FALSE(read_protocol_line("conveyor power_kw"));
  EXPECT_FALSE(read_protocol_line("conveyor power_kw=1"));
  EXPECT_FALSE(read_protocol_line("conveyor power_kw=\"1 5"));
  EXPECT_FALSE(read_protocol_line("conveyor power_kw=one 5"));
  EXPECT_FALSE(read_protocol_line("conveyor power_kw=1 5s"));
  EXPECT_FALSE(read_protocol_line("conveyor power_kw=1,power_kw_quality=-1i 5"));
}

}  // namespace
}  // namespace wl::storage
