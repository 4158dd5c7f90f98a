#include "storage/transfer/import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/nearest.hpp"
#include "storage/transfer/csv.hpp"
#include "storage/transfer/line_file.hpp"
#include "storage/transfer/line_protocol.hpp"

namespace wl::storage {
namespace {

constexpr std::size_t lines_a_batch = 5000;
constexpr std::size_t most_reasons = 20;
constexpr std::size_t most_intervals = 1'000'000;
constexpr std::uint64_t lines_a_look = 10'000;

/// Either format, line by line.
class RecordReader {
 public:
  explicit RecordReader(TransferFormat format) : format_(format) {}

  /// An empty list for a header, a comment or an empty line.
  Result<std::vector<Record>> read(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) return std::vector<Record>{};
    if (format_ == TransferFormat::line) return read_protocol_line(line);
    if (!csv_) return read_header(line);
    auto record = csv_->read(line);
    if (!record) return std::unexpected(record.error());
    return std::vector<Record>{std::move(*record)};
  }
  /// A CSV without its header has no meaning: nothing that follows can be read.
  bool hopeless() const { return hopeless_; }

 private:
  Result<std::vector<Record>> read_header(std::string_view line) {
    auto reader = CsvReader::open(line);
    hopeless_ = !reader;
    if (!reader) return std::unexpected(reader.error());
    csv_ = *reader;
    return std::vector<Record>{};
  }

  TransferFormat format_;
  std::optional<CsvReader> csv_;
  bool hopeless_ = false;
};

/// Turns link records, which must come in the order of time, into intervals.
class LinkCollector {
 public:
  Result<void> take(const LinkRecord& link) {
    if (open_ && link.time < open_->time) {
      return fail(Errc::invalid_argument, "a link record is older than the one before it");
    }
    if (intervals_.size() >= most_intervals) {
      return fail(Errc::invalid_argument, "too many link records; cut the file in parts");
    }
    close(link.time);
    open_ = link;
    return {};
  }
  void see(Timestamp time) {
    if (!first_ || time < *first_) first_ = time;
    if (!last_ || time > *last_) last_ = time;
  }
  std::vector<LinkInterval> finish() {
    if (open_ && last_) close(*last_ + Milliseconds{1});
    if (!open_ && first_) intervals_.push_back({*first_, *last_ + Milliseconds{1}, true, ""});
    return std::move(intervals_);
  }

 private:
  void close(Timestamp to) {
    if (!open_ || open_->state == LinkState::unknown || open_->time >= to) return;
    intervals_.push_back({open_->time, to, open_->state == LinkState::alive, open_->cause});
  }

  std::vector<LinkInterval> intervals_;
  std::optional<LinkRecord> open_;
  std::optional<Timestamp> first_;
  std::optional<Timestamp> last_;
};

/// Gathers what check_import() tells.
class Checker {
 public:
  Checker(std::string file, const Plant& plant) : file_(std::move(file)), plant_(plant) {}

  void take(std::uint64_t line, const Result<std::vector<Record>>& records) {
    ++findings_.lines;
    if (!records) return complain(line, records.error().what);
    for (const Record& record : *records) {
      if (const auto* sample = std::get_if<SampleRecord>(&record)) {
        take_sample(*sample);
      } else if (auto r = links_.take(std::get<LinkRecord>(record)); !r) {
        complain(line, r.error().what);
      }
    }
  }
  ImportFindings finish() {
    findings_.intervals = links_.finish();
    findings_.points.assign(points_.begin(), points_.end());
    return std::move(findings_);
  }

 private:
  void take_sample(const SampleRecord& sample) {
    const auto point = plant_.find_point(sample.key);
    if (!point) return unknown(sample.key);
    ++findings_.samples;
    points_.insert(*point);
    findings_.first = std::min(findings_.first.value_or(sample.time), sample.time);
    links_.see(sample.time);
  }
  void complain(std::uint64_t line, std::string_view reason) {
    ++findings_.bad_lines;
    if (findings_.reasons.size() >= most_reasons) return;
    findings_.reasons.push_back(fmt::format("{}:{}: {}", file_, line, reason));
  }
  void unknown(const std::string& key) {
    if (unknown_.size() >= most_reasons || !unknown_.insert(key).second) return;
    std::vector<std::string_view> keys;
    for (const PointSpec& point : plant_.points) keys.push_back(point.key);
    const auto guess = nearest(key, keys);
    findings_.unknown_points.push_back(guess ? fmt::format("{} (did you mean {}?)", key, *guess)
                                             : key);
  }

  std::string file_;
  const Plant& plant_;
  std::set<std::string> unknown_;
  std::set<PointId> points_;
  LinkCollector links_;
  ImportFindings findings_;
};

std::unexpected<Error> interrupted() {
  return fail(Errc::unavailable, "interrupted; importing the file again goes on from here");
}

/// Fills batches and writes those that were not stored yet.
class BatchWriter {
 public:
  BatchWriter(CollectorStore& store, const Plant& plant, std::string source)
      : store_(store), plant_(plant) {
    batch_.source = std::move(source);
  }

  Result<void> open(const std::vector<LinkInterval>& intervals) {
    const auto stored = store_.last_seq(batch_.source);
    if (!stored) return std::unexpected(stored.error());
    stored_ = *stored;
    batch_.intervals = intervals;  // All with the first: samples need the life around them.
    return {};
  }
  void take(const std::vector<Record>& records) {
    for (const Record& record : records) {
      const auto* sample = std::get_if<SampleRecord>(&record);
      const auto point = sample != nullptr ? plant_.find_point(sample->key) : std::nullopt;
      if (!point) continue;
      batch_.samples.push_back({*point, sample->value, sample->quality, sample->time});
    }
  }
  /// After so many lines of the file, whatever they held: the same file gives the same batches.
  Result<void> write() {
    ++batch_.seq;
    Result<void> written;
    if (batch_.seq <= stored_) {
      ++report_.skipped_batches;
    } else {
      written = store_.write_batch(batch_);
      if (written) report_.samples += batch_.samples.size();
    }
    batch_.samples.clear();
    batch_.intervals.clear();
    return written;
  }
  ImportReport report() const { return report_; }

 private:
  CollectorStore& store_;
  const Plant& plant_;
  Batch batch_;
  std::uint64_t stored_ = 0;
  ImportReport report_;
};

}  // namespace

Result<ImportFindings> check_import(const std::filesystem::path& path, TransferFormat format,
                                    const Plant& plant, const ImportProgress& progress) {
  auto file = LineFile::open(path);
  if (!file) return std::unexpected(file.error());
  RecordReader reader{format};
  Checker checker{path.string(), plant};
  for (;;) {
    const auto line = file->next();
    if (!line) return std::unexpected(line.error());
    if (!*line) return checker.finish();
    checker.take(file->number(), reader.read(**line));
    if (reader.hopeless()) return checker.finish();
    const bool look = file->number() % lines_a_look == 0;
    if (look && progress && !progress(file->offset(), file->size())) return interrupted();
  }
}

Result<ImportReport> import_history(CollectorStore& store, const Plant& plant,
                                    const ImportRequest& request, const ImportFindings& findings,
                                    const ImportProgress& progress) {
  auto file = LineFile::open(request.file);
  if (!file) return std::unexpected(file.error());
  RecordReader reader{request.format};
  BatchWriter writer{store, plant, request.source};
  if (auto r = writer.open(findings.intervals); !r) return std::unexpected(r.error());
  for (;;) {
    const auto line = file->next();
    if (!line) return std::unexpected(line.error());
    if (!*line) break;
    if (const auto records = reader.read(**line); records) writer.take(*records);
    if (file->number() % lines_a_batch != 0) continue;
    if (auto r = writer.write(); !r) return std::unexpected(r.error());
    if (progress && !progress(file->offset(), file->size())) return interrupted();
  }
  if (auto r = writer.write(); !r) return std::unexpected(r.error());
  return writer.report();
}

}  // namespace wl::storage
