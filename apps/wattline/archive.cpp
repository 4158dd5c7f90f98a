// `wattline archive show`: needs neither database nor plant.
#include <fmt/format.h>

#include "apps/wattline/commands.hpp"
#include "apps/wattline/history_words.hpp"
#include "apps/wattline/keeping.hpp"
#include "apps/wattline/progress_line.hpp"
#include "storage/archive/archive_reader.hpp"
#include "storage/transfer/csv.hpp"

namespace wl::command {
namespace {

using storage::ArchivedHour;
using storage::ArchiveIndex;
using storage::ArchiveReader;

void print_list(const ArchiveReader& reader, const ArchiveIndex& index) {
  std::vector<std::uint64_t> hours(index.keys.size()), bytes(index.keys.size());
  for (const ArchivedHour& hour : index.hours) {
    ++hours[hour.key];
    bytes[hour.key] += hour.bytes;
  }
  fmt::print("{}\n", reader.path().string());
  if (!index.hours.empty()) {
    fmt::print("  {} to {}\n", to_iso8601(index.hours.front().hour),
               to_iso8601(index.hours.back().hour + std::chrono::hours{1}));
  }
  for (std::size_t i = 0; i < index.keys.size(); ++i) {
    fmt::print("  {:<32} {:>6} hours {:>10}\n", index.keys[i], hours[i], size_text(bytes[i]));
  }
}

/// Damage is told, never passed over in silence. False: samples are lost.
bool report_damage(const ArchiveReader& reader, const ArchiveIndex& index) {
  bool whole = true;
  for (const auto& damage : index.damage) {
    whole = whole && damage.tail;
    fmt::print(stderr, "{}: {}: {} bytes from byte {} on {}\n", damage.tail ? "note" : "error",
               reader.path().string(), damage.bytes, damage.offset,
               damage.tail ? "are an append that did not end; the database still has them"
                           : "are damaged; the rest was read");
  }
  return whole;
}

bool print_samples(const ArchiveReader& reader, const ArchiveIndex& index,
                   const HistoryPart& part) {
  bool whole = true;
  for (const ArchivedHour& hour : index.hours) {
    const auto samples = reader.samples(hour);
    if (!samples) {
      fmt::print(stderr, "error: {}\n", samples.error().what);
      whole = false;
      continue;
    }
    for (const Sample& sample : *samples) {
      const Timestamp time = sample.source_time;
      if ((part.from && time < *part.from) || (part.to && time >= *part.to)) continue;
      const storage::SampleRecord record{index.keys[hour.key], sample.value, sample.quality, time};
      fmt::print("{}", storage::csv_line(record, ""));
    }
  }
  return whole;
}

bool show(const std::filesystem::path& file, const HistoryPart& part, bool csv) {
  const auto reader = ArchiveReader::open(file);
  const auto index = reader ? reader->index({part.keys, part.from, part.to})
                            : Result<ArchiveIndex>(std::unexpected(reader.error()));
  if (!index) {
    fmt::print(stderr, "error: {}\n", index.error().what);
    return false;
  }
  bool whole = report_damage(*reader, *index);
  if (csv) whole = print_samples(*reader, *index, part) && whole;
  if (!csv) print_list(*reader, *index);
  return whole;
}

}  // namespace

int archive_show(const std::filesystem::path& root, const ArchiveWords& words) {
  const HistoryPart part = parse_part(words.part);
  std::vector<std::filesystem::path> files{words.file};
  if (words.file.empty()) files = storage::archive_files(read_settings(root).archive_dir());
  if (files.empty()) fmt::print(stderr, "The archive is empty.\n");
  if (words.csv) fmt::print("{}", storage::csv_header);
  bool whole = true;
  for (const auto& file : files) whole = show(file, part, words.csv) && whole;
  return whole ? 0 : 1;
}

}  // namespace wl::command
