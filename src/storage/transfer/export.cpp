#include "storage/transfer/export.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "storage/transfer/csv.hpp"
#include "storage/transfer/line_protocol.hpp"

namespace wl::storage {
namespace {

constexpr std::uint32_t samples_a_page = 200'000;
constexpr std::size_t buckets_a_page = 1000;

/// Lines of one page, gathered and handed on.
class Lines {
 public:
  Lines(const Plant& plant, TransferFormat format, const TakeLines& take)
      : plant_(plant), format_(format), take_(take) {}

  void add(const Record& record, PointId point) {
    if (format_ == TransferFormat::csv) return add_text(csv_line(record, unit_of(record, point)));
    const auto line = protocol_line(record);
    if (line) add_text(*line);
    if (!line) ++report_.left_out;
  }
  void add_text(std::string_view line) {
    text_ += line;
    ++report_.lines;
  }
  Result<void> flush(Timestamp up_to) {
    const auto taken = take_(text_, up_to);
    text_.clear();
    return taken;
  }
  const ExportReport& report() const { return report_; }

 private:
  std::string_view unit_of(const Record& record, PointId point) const {
    if (!std::holds_alternative<SampleRecord>(record)) return {};
    return plant_.point(point).unit;
  }

  const Plant& plant_;
  TransferFormat format_;
  const TakeLines& take_;
  std::string text_;
  ExportReport report_;
};

/// The state of the link as a series of changes.
class LinkChanges {
 public:
  explicit LinkChanges(Timestamp from) : at_(from) {}

  /// `intervals` touch [where it was, to), in order.
  std::vector<LinkRecord> until(std::span<const LinkInterval> intervals, Timestamp to) {
    std::vector<LinkRecord> changes;
    for (const LinkInterval& interval : intervals) {
      const Timestamp from = std::max(interval.from, at_);
      if (from >= std::min(interval.to, to)) continue;
      if (from > at_) change(changes, {LinkState::unknown, at_, {}});
      change(changes, {interval.alive ? LinkState::alive : LinkState::gap, from, interval.cause});
      at_ = std::min(interval.to, to);
    }
    if (at_ < to) change(changes, {LinkState::unknown, at_, {}});
    at_ = to;
    return changes;
  }

 private:
  void change(std::vector<LinkRecord>& changes, LinkRecord next) {
    if (next.state == last_.state && next.cause == last_.cause) return;
    last_ = next;
    changes.push_back(std::move(next));
  }

  Timestamp at_;
  LinkRecord last_;
};

struct Range {
  Timestamp from{};
  Timestamp to{};
};

/// Where life was proven around [from, to]: a value is held from before its neighbours on, and
/// after the last sample.
Result<Range> with_life_around(Store& store, Range range) {
  constexpr Milliseconds longest_tail = std::chrono::days{36'500};
  const auto answer = store.read_raw(
      {.points = {}, .from = range.from, .to = range.from + Milliseconds{1}, .limit = 1});
  if (!answer) return std::unexpected(answer.error());
  for (const LinkInterval& life : answer->intervals) range.from = std::min(range.from, life.from);
  const auto tail = store.read_raw({.points = {},
                                    .from = range.to - Milliseconds{1},
                                    .to = range.to + longest_tail,
                                    .limit = 1});
  if (!tail) return std::unexpected(tail.error());
  for (const LinkInterval& life : tail->intervals) range.to = std::max(range.to, life.to);
  return range;
}

/// Nothing when there is no history in the range.
Result<std::optional<Range>> range_of(Store& store, const ExportQuery& query) {
  const auto extent = store.extent();
  if (!extent) return std::unexpected(extent.error());
  if (!*extent) return std::nullopt;
  const auto all = with_life_around(store, {(*extent)->first, (*extent)->second + Milliseconds{1}});
  if (!all) return std::unexpected(all.error());
  const Range range{query.from.value_or(all->from), query.to.value_or(all->to)};
  if (range.from >= range.to) return std::nullopt;
  return range;
}

void write_page(const Plant& plant, const RawAnswer& answer, std::vector<LinkRecord> links,
                Lines& lines) {
  std::vector<Sample> samples;
  for (const RawSeries& series : answer.series) {
    samples.insert(samples.end(), series.samples.begin(), series.samples.end());
  }
  std::ranges::stable_sort(samples, {}, &Sample::source_time);
  auto link = links.begin();
  const auto links_up_to = [&](Timestamp time) {
    for (; link != links.end() && link->time <= time; ++link) lines.add(*link, {});
  };
  for (const Sample& sample : samples) {
    links_up_to(sample.source_time);
    lines.add(SampleRecord{plant.point(sample.point).key, sample.value, sample.quality,
                           sample.source_time},
              sample.point);
  }
  links_up_to(Timestamp::max());
}

Result<void> export_raw(Store& store, const Plant& plant, const ExportQuery& query, Range range,
                        Lines& lines) {
  LinkChanges links{range.from};
  for (Timestamp at = range.from; at < range.to;) {
    const auto answer = store.read_raw(
        {.points = query.points, .from = at, .to = range.to, .limit = samples_a_page});
    if (!answer) return std::unexpected(answer.error());
    if (answer->complete_to <= at) return fail(Errc::corrupt, "a page of history has no end");
    at = answer->complete_to;
    write_page(plant, *answer, links.until(answer->intervals, at), lines);
    if (auto r = lines.flush(at); !r) return r;
  }
  const Timestamp end = range.to;
  for (const LinkRecord& last : links.until({}, end + Milliseconds{1})) lines.add(last, {});
  return lines.flush(end);
}

std::string optional_text(const std::optional<double>& value) {
  return value ? number_text(*value) : std::string();
}

std::string bucket_csv(const StatisticsBucket& bucket, const PointSpec& point) {
  return fmt::format("{},{},{},{},{},{},{},{},{},{}\n", to_iso8601(bucket.from),
                     csv_text(point.key), bucket.count, optional_text(bucket.min),
                     optional_text(bucket.max), optional_text(bucket.mean),
                     optional_text(bucket.first), optional_text(bucket.last),
                     number_text(bucket.good_share), csv_text(point.unit));
}

std::string bucket_line(const StatisticsBucket& bucket, const std::string& device,
                        const PointSpec& point) {
  const std::string name = protocol_name(point.name);
  std::string fields = fmt::format("{}_count={}i", name, bucket.count);
  const auto add = [&](std::string_view what, const std::optional<double>& value) {
    if (value) fields += fmt::format(",{}_{}={}", name, what, *value);
  };
  add("min", bucket.min);
  add("max", bucket.max);
  add("mean", bucket.mean);
  add("last", bucket.last);
  add("good_share", bucket.good_share);
  return fmt::format("{} {} {}\n", protocol_name(device), fields,
                     to_unix_ms(bucket.from) * 1'000'000);
}

void write_buckets(const Plant& plant, TransferFormat format, const StatisticsAnswer& answer,
                   Lines& lines) {
  const std::size_t buckets = answer.series.empty() ? 0 : answer.series[0].buckets.size();
  for (std::size_t i = 0; i < buckets; ++i) {
    for (const StatisticsSeries& series : answer.series) {
      const StatisticsBucket& bucket = series.buckets[i];
      if (bucket.count == 0 && !bucket.mean) continue;
      const PointSpec& point = plant.point(series.point);
      lines.add_text(format == TransferFormat::csv
                         ? bucket_csv(bucket, point)
                         : bucket_line(bucket, plant.device(point.device).id, point));
    }
  }
}

/// So that about a page of buckets lies in it; the store says where they really end.
Milliseconds page_length(Interval interval) {
  using std::chrono::hours;
  switch (interval) {
    case Interval::minute:
      return std::chrono::minutes{buckets_a_page};
    case Interval::quarter:
      return std::chrono::minutes{15 * buckets_a_page};
    case Interval::hour:
      return hours{buckets_a_page};
    default:
      return hours{24 * buckets_a_page};
  }
}

Result<void> export_statistics(Store& store, const Plant& plant, const ExportQuery& query,
                               Range range, Lines& lines) {
  for (Timestamp at = range.from; at < range.to;) {
    const Timestamp page_end = std::min(range.to, at + page_length(*query.interval));
    const auto answer = store.statistics({.points = query.points,
                                          .from = at,
                                          .to = page_end,
                                          .interval = query.interval,
                                          .max_buckets = 2 * buckets_a_page});
    if (!answer) return std::unexpected(answer.error());
    if (answer->series.empty() || answer->series[0].buckets.empty()) return {};
    write_buckets(plant, query.format, *answer, lines);
    at = std::max(page_end, answer->series[0].buckets.back().to);
    if (auto r = lines.flush(at); !r) return r;
  }
  return {};
}

}  // namespace

Result<ExportReport> export_history(Store& store, const Plant& plant, const ExportQuery& query,
                                    const TakeLines& take) {
  if (query.format == TransferFormat::csv) {
    const std::string_view header =
        query.interval ? "time,point,count,min,max,mean,first,last,good_share,unit\n" : csv_header;
    if (auto r = take(header, query.from.value_or(Timestamp{})); !r) {
      return std::unexpected(r.error());
    }
  }
  const auto range = range_of(store, query);
  if (!range) return std::unexpected(range.error());
  Lines lines{plant, query.format, take};
  if (!*range) return lines.report();
  const auto done = query.interval ? export_statistics(store, plant, query, **range, lines)
                                   : export_raw(store, plant, query, **range, lines);
  if (!done) return std::unexpected(done.error());
  return lines.report();
}

}  // namespace wl::storage
