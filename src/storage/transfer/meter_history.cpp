#include "storage/transfer/meter_history.hpp"

#include <algorithm>
#include <set>

#include "storage/historian/batch_runs.hpp"
#include "storage/historian/facts.hpp"
#include "storage/historian/names.hpp"
#include "storage/historian/raw_reader.hpp"
#include "storage/historian/rollup_reader.hpp"
#include "storage/historian/transaction.hpp"
#include "storage/mysql/mysql.hpp"
#include "storage/sqlite/sqlite_tables.hpp"

namespace wl::storage {
namespace {

/// Hours that are looked through for samples at a time: three blocks of the hour tier.
constexpr Milliseconds window_length = 3 * block_length(Tier::hour);

template <class Work>
auto guarded(Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const DatabaseError& error) {
    return std::unexpected(error.error());
  }
}

std::unique_ptr<Tables> open_rows(const DatabaseOptions& options) {
  return options.mysql ? mysql::open_tables(options)
                       : open_sqlite_tables(options, Checkpoints::by_the_collector);
}

}  // namespace

class MeterHistory::Rows {
 public:
  Rows(std::unique_ptr<Tables> tables, const Plant& plant, std::vector<MeterPoint> meters)
      : tables_(std::move(tables)), names_(*tables_, plant), meters_(std::move(meters)) {
    names_.refresh();
  }

  std::optional<std::pair<Timestamp, Timestamp>> extent() {
    auto extent = facts::read_extent(*tables_);
    const auto end = tables_->links_end();
    if (extent && end) extent->second = std::max(extent->second, *end);
    return extent;
  }
  std::optional<Timestamp> raw_since() {
    return facts::read_time(*tables_, facts::raw_removed_before);
  }

  Timestamp known_before(Timestamp at) {
    Timestamp oldest = at;
    const Timestamp hour = hour_of(at);
    for (const MeterPoint& meter : meters_) {
      const auto row = names_.find(meter.point);
      if (!row) continue;
      const auto newest =
          read_buckets(*tables_, read_open(*tables_, *row), *row, Tier::hour, hour, hour).before;
      if (newest) oldest = std::min(oldest, newest->last_time);
    }
    return oldest;
  }

  void start_at(Timestamp from) {
    const auto known = extent();
    done_ = !known;
    if (done_) return;
    at_ = hour_of(std::max(from, known->first));
    end_ = known->second + Milliseconds{1};
    raw_since_ = raw_since();
    crosses_to_raw_ = raw_since_ && at_ < *raw_since_;
    window_to_ = at_;
    hours_.clear();
  }

  std::optional<MeterPage> next() {
    if (done_ || at_ >= end_) return std::nullopt;
    const Transaction one_moment(*tables_, Access::read);
    while (hours_.empty() && window_to_ < end_) look_through_window();
    MeterPage page{.from = at_, .to = end_, .samples = {}, .intervals = {}};
    if (hours_.empty()) {
      done_ = true;
    } else {
      const Timestamp hour = *hours_.begin();
      hours_.erase(hours_.begin());
      page.to = hour + one_hour;
      if (crosses_to_raw_ && hour >= *raw_since_) hold_powers(page.samples);
      read_hour(hour, page.samples);
    }
    for (LinkInterval& interval : tables_->links(page.from, page.to)) {
      interval.from = std::max(interval.from, page.from);
      interval.to = std::min(interval.to, page.to);
      if (interval.from < interval.to) page.intervals.push_back(std::move(interval));
    }
    at_ = page.to;
    return page;
  }

 private:
  /// Which hours have samples follows from the rollups: years of silence cost nothing.
  void look_through_window() {
    const Timestamp from = window_to_;
    window_to_ = block_start(Tier::hour, from) + window_length;
    for (const MeterPoint& meter : meters_) {
      const auto row = names_.find(meter.point);
      if (!row) continue;
      const auto range =
          read_buckets(*tables_, read_open(*tables_, *row), *row, Tier::hour, from, window_to_);
      for (const Bucket& bucket : range.buckets) hours_.insert(bucket.start);
    }
  }

  /// What a power was when the first sample that is still there came.
  void hold_powers(std::vector<Sample>& samples) {
    crosses_to_raw_ = false;
    for (const MeterPoint& meter : meters_) {
      const auto row = names_.find(meter.point);
      if (!row || meter.counter) continue;
      const auto newest = read_buckets(*tables_, read_open(*tables_, *row), *row, Tier::hour,
                                       *raw_since_, *raw_since_)
                              .before;
      if (!newest) continue;
      const Quality quality = newest->ends_usable ? quality::good : quality::bad;
      samples.push_back({meter.point, newest->last, quality, newest->last_time});
    }
  }

  void read_hour(Timestamp hour, std::vector<Sample>& samples) {
    RawReader raw(*tables_);
    const bool removed = raw_since_ && hour < *raw_since_;
    for (const MeterPoint& meter : meters_) {
      const auto row = names_.find(meter.point);
      if (!row) continue;
      auto found = raw.hour({*row, meter.point}, hour);
      if (removed) complete(meter, *row, hour, found);
      samples.insert(samples.end(), found.begin(), found.end());
    }
    std::ranges::stable_sort(samples, {}, &Sample::source_time);
  }

  /// `samples` are what came after retention removed those that were there.
  void complete(const MeterPoint& meter, PointRow row, Timestamp hour,
                std::vector<Sample>& samples) {
    const auto quarters =
        read_buckets(*tables_, read_open(*tables_, row), row, Tier::quarter, hour, hour + one_hour);
    std::size_t count = 0;
    for (const Bucket& bucket : quarters.buckets) count += bucket.count;
    if (count == samples.size()) return;
    if (!meter.counter) return samples.clear();
    for (const Bucket& bucket : quarters.buckets) {
      if (bucket.usable == 0) continue;
      samples.push_back({meter.point, bucket.first, quality::good, bucket.first_time});
      if (bucket.last_time == bucket.first_time) continue;
      samples.push_back({meter.point, bucket.last, quality::good, bucket.last_time});
    }
  }

  std::unique_ptr<Tables> tables_;
  Names names_;
  std::vector<MeterPoint> meters_;
  std::optional<Timestamp> raw_since_;
  bool crosses_to_raw_ = false;  ///< The pages began where raw samples are gone.
  std::set<Timestamp> hours_;    ///< That have samples, from at_ to window_to_.
  Timestamp window_to_{};
  Timestamp at_{};
  Timestamp end_{};
  bool done_ = true;
};

MeterHistory::MeterHistory(std::unique_ptr<Rows> rows) : rows_(std::move(rows)) {}
MeterHistory::MeterHistory(MeterHistory&&) noexcept = default;
MeterHistory& MeterHistory::operator=(MeterHistory&&) noexcept = default;
MeterHistory::~MeterHistory() = default;

Result<MeterHistory> MeterHistory::open(const DatabaseOptions& options, const Plant& plant,
                                        std::vector<MeterPoint> meters) {
  return guarded([&]() -> Result<MeterHistory> {
    return MeterHistory(std::make_unique<Rows>(open_rows(options), plant, std::move(meters)));
  });
}

Result<std::optional<std::pair<Timestamp, Timestamp>>> MeterHistory::extent() {
  return guarded(
      [&]() -> Result<std::optional<std::pair<Timestamp, Timestamp>>> { return rows_->extent(); });
}

Result<std::optional<Timestamp>> MeterHistory::raw_since() {
  return guarded([&]() -> Result<std::optional<Timestamp>> { return rows_->raw_since(); });
}

Result<Timestamp> MeterHistory::known_before(Timestamp at) {
  return guarded([&]() -> Result<Timestamp> { return rows_->known_before(at); });
}

Result<void> MeterHistory::start_at(Timestamp from) {
  return guarded([&]() -> Result<void> {
    rows_->start_at(from);
    return {};
  });
}

Result<std::optional<MeterPage>> MeterHistory::next() {
  return guarded([&]() -> Result<std::optional<MeterPage>> { return rows_->next(); });
}

}  // namespace wl::storage
