// `wattline export` and `wattline import`.
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <map>

#include "apps/database/database_options.hpp"
#include "apps/wattline/commands.hpp"
#include "apps/wattline/energy_command.hpp"
#include "apps/wattline/history_words.hpp"
#include "apps/wattline/installation.hpp"
#include "apps/wattline/keeping.hpp"
#include "apps/wattline/progress_line.hpp"
#include "storage/backup/file_copy.hpp"
#include "storage/backup/sha256.hpp"
#include "storage/transfer/export.hpp"
#include "storage/transfer/import.hpp"

namespace wl::command {
namespace {

template <class T>
T or_stop(Result<T> result) {
  if (!result) throw StartError(result.error().what);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

std::optional<storage::Interval> interval_of(const std::string& word) {
  using storage::Interval;
  static const std::map<std::string, Interval> words{
      {"1m", Interval::minute}, {"15m", Interval::quarter}, {"hour", Interval::hour},
      {"day", Interval::day},   {"week", Interval::week},   {"month", Interval::month}};
  const auto found = words.find(word);
  return found == words.end() ? std::nullopt : std::optional(found->second);
}

storage::TransferFormat format_of(const std::string& word) {
  return word == "line" ? storage::TransferFormat::line : storage::TransferFormat::csv;
}

/// stdout, or a file that appears under its name when it is whole.
class Output {
 public:
  explicit Output(std::filesystem::path file) : file_(std::move(file)) {
    if (file_.empty()) return;
    stream_ = std::fopen(part().c_str(), "wxe");
    if (stream_ == nullptr) {
      throw StartError(fmt::format("cannot create {}: {}", part(), std::strerror(errno)));
    }
  }
  ~Output() {
    if (file_.empty() || stream_ == nullptr) return;
    std::fclose(stream_);
    std::remove(part().c_str());
  }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  Result<void> write(std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), stream_) == text.size()) return {};
    return fail(Errc::unavailable, fmt::format("cannot write: {}", std::strerror(errno)));
  }
  void finish() {
    const bool flushed = std::fflush(stream_) == 0;
    if (!flushed) throw StartError(fmt::format("cannot write: {}", std::strerror(errno)));
    if (file_.empty()) return;
    std::fclose(std::exchange(stream_, nullptr));
    std::filesystem::rename(part(), file_);
  }

 private:
  std::string part() const { return file_.string() + ".part"; }

  std::filesystem::path file_;
  std::FILE* stream_ = stdout;
};

/// The same content for the same points counts once.
std::string source_of(const std::filesystem::path& file, const Plant& plant,
                      const storage::Progress& progress) {
  const auto content = or_stop(storage::hash_file({"import", file}, progress));
  storage::Sha256 hash;
  hash.add(content.sha256);
  for (const PointSpec& point : plant.points) hash.add(point.key + "\n");
  return "import-" + hash.finish().substr(0, 32);
}

void print_findings(const storage::ImportFindings& found) {
  for (const std::string& reason : found.reasons) fmt::print(stderr, "{}\n", reason);
  if (found.bad_lines > found.reasons.size()) {
    fmt::print(stderr, "… {} lines with mistakes in all\n", found.bad_lines);
  }
  for (const std::string& point : found.unknown_points) {
    fmt::print(stderr, "unknown point: {}\n", point);
  }
}

storage::ImportProgress shown_by(ProgressLine& progress, std::string_view doing) {
  return [&progress, step = progress.bytes(), doing](std::uint64_t done, std::uint64_t total) {
    return step({doing, done, total});
  };
}

int import_into(const Settings& settings, const Plant& plant, const ImportWords& words,
                ProgressLine& progress) {
  const auto format = format_of(words.format);
  const auto found =
      or_stop(storage::check_import(words.file, format, plant, shown_by(progress, "reading")));
  print_findings(found);
  const bool mistakes = found.bad_lines > 0 || !found.unknown_points.empty();
  if (mistakes && !words.skip_bad) {
    fmt::print(stderr,
               "error: nothing was imported. Mend the file, or use --skip-bad to import "
               "the {} samples that are right\n",
               found.samples);
    return 1;
  }
  const auto store =
      or_stop(storage::open_collector_store(database_options(settings, plant), plant));
  const storage::ImportRequest request{words.file, format,
                                       source_of(words.file, plant, progress.bytes())};
  const auto done = or_stop(
      storage::import_history(*store, plant, request, found, shown_by(progress, "importing")));
  fmt::print("imported  {} samples of {} lines{}\n", done.samples, found.lines,
             done.skipped_batches == 0 ? ""
                                       : fmt::format("; {} batches were stored before and are not "
                                                     "counted again",
                                                     done.skipped_batches));
  // Also when all was stored before: an interruption may have come between samples and energy.
  if (found.first && energy::concerns_energy(plant, found.points))
    print_energy(or_stop(renew_energy(*store, settings, plant, {.from = found.first}, progress)),
                 plant);
  or_stop(store->checkpoint());
  return 0;
}

}  // namespace

int export_history(const std::filesystem::path& root, const ExportWords& words) {
  ProgressLine progress;
  const Settings settings = read_settings(root);
  const Plant plant = read_plant(settings);
  const HistoryPart part = parse_part(words.part, plant);
  const auto store = or_stop(storage::open_store(database_options(settings, plant), plant));
  Output output{words.file};
  const auto done = or_stop(storage::export_history(
      *store, plant,
      {format_of(words.format), part.points, part.from, part.to, interval_of(words.interval)},
      [&](std::string_view lines, Timestamp up_to) -> Result<void> {
        if (!progress.show("exporting, at " + to_iso8601(up_to))) {
          return fail(Errc::unavailable, "interrupted");
        }
        return output.write(lines);
      }));
  output.finish();
  if (done.left_out > 0) {
    fmt::print(stderr, "note: {} samples are not in it: line protocol cannot say NaN or infinity\n",
               done.left_out);
  }
  return 0;
}

int import_history(const std::filesystem::path& root, const ImportWords& words) {
  ProgressLine progress;
  const Settings settings = read_settings(root);
  const Plant plant = read_plant(settings);
  or_stop(prepare_directories(settings));
  const auto lock = lock_samples(settings);
  if (!lock) {
    fmt::print(stderr, "error: {}\n", lock.error().what);
    return 1;
  }
  return import_into(settings, plant, words, progress);
}

}  // namespace wl::command
