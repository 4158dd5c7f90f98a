#include "storage/backup/manifest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <limits>
#include <numeric>

#include "base/json_file.hpp"

namespace wl::storage {
namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

std::vector<BackupFile> read_files(const JsonCursor& list) {
  std::vector<BackupFile> files;
  for (const JsonCursor& item : list.items()) {
    BackupFile file{.name = item.at("name").text(),
                    .bytes = static_cast<std::uint64_t>(item.at("bytes").integer(0, most)),
                    .mode = static_cast<std::uint32_t>(item.at("mode").integer(0, 07777)),
                    .sha256 = item.at("sha256").text()};
    if (!is_safe_name(file.name) || file.name == manifest_name) {
      item.at("name").problem("leads out of the folder");
    }
    files.push_back(std::move(file));
  }
  return files;
}

Manifest read_manifest(const JsonCursor& root) {
  Manifest manifest{.format = backup_format,
                    .version = root.at("version").text(),
                    .made_at = {},
                    .database = root.at("database").text(),
                    .schema = static_cast<int>(root.at("schema").integer(0, 1 << 30)),
                    .rows = {},
                    .files = read_files(root.at("files"))};
  for (const auto& [table, rows] : root.at("rows").members()) {
    manifest.rows[table] = static_cast<std::uint64_t>(rows.integer(0, most));
  }
  const auto made_at = parse_iso8601(root.at("made_at").text());
  if (made_at) manifest.made_at = *made_at;
  if (!made_at) root.at("made_at").problem(made_at.error().what);
  if (manifest.database != "sqlite" && manifest.database != "mysql") {
    root.at("database").problem("is neither sqlite nor mysql");
  }
  return manifest;
}

/// Length of the UTF-8 sequence at the front, 0 when there is none.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  const std::size_t length = first < 0x80   ? 1
                             : first < 0xC2 ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  if (length > 2 && ((first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) > 0x9F) ||
                     (first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) > 0x8F))) {
    return 0;
  }
  return length;
}

}  // namespace

const BackupFile* Manifest::find(std::string_view name) const {
  const auto found = std::ranges::find(files, name, &BackupFile::name);
  return found == files.end() ? nullptr : &*found;
}

std::uint64_t Manifest::total_bytes() const {
  return std::accumulate(files.begin(), files.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const BackupFile& f) { return sum + f.bytes; });
}

std::string to_json(const Manifest& manifest) {
  boost::json::object rows;
  for (const auto& [table, count] : manifest.rows) rows[table] = count;
  boost::json::array files;
  for (const BackupFile& file : manifest.files) {
    files.push_back(
        {{"name", file.name}, {"bytes", file.bytes}, {"mode", file.mode}, {"sha256", file.sha256}});
  }
  return boost::json::serialize(boost::json::object{{"wattline_backup", manifest.format},
                                                    {"version", manifest.version},
                                                    {"made_at", to_iso8601(manifest.made_at)},
                                                    {"database", manifest.database},
                                                    {"schema", manifest.schema},
                                                    {"rows", std::move(rows)},
                                                    {"files", std::move(files)}}) +
         "\n";
}

Result<Manifest> parse_manifest(std::string text, const std::string& file) {
  const std::string name = file + ": " + std::string(manifest_name);
  auto document = JsonDocument::parse(std::move(text), name);
  if (!document) return fail(Errc::corrupt, document.error().what);
  const JsonCursor root = (*document)->root();
  const auto format = root.at("wattline_backup").integer(1, 1'000'000);
  if (const auto verdict = (*document)->verdict(); !verdict) {
    return fail(Errc::corrupt,
                fmt::format("{} is no backup of Wattline\n{}", file, verdict.error().what));
  }
  if (format > backup_format) {
    return fail(Errc::conflict,
                fmt::format("{} has format {}, this program reads up to {}: restore it with the "
                            "version of Wattline that made it, or a newer one",
                            file, format, backup_format));
  }
  Manifest manifest = read_manifest(root);
  if (const auto verdict = (*document)->verdict(); !verdict) {
    return fail(Errc::corrupt, verdict.error().what);
  }
  return manifest;
}

bool is_safe_name(std::string_view name) {
  if (name.empty() || name.size() > 4000 || name.front() == '/') return false;
  for (std::size_t at = 0; at < name.size();) {
    const std::size_t length = utf8_length(name.substr(at));
    if (length == 0 || static_cast<unsigned char>(name[at]) < 0x20) return false;
    at += length;
  }
  for (std::size_t start = 0; start <= name.size();) {
    const std::size_t end = std::min(name.find('/', start), name.size());
    const std::string_view part = name.substr(start, end - start);
    if (part.empty() || part == "." || part == "..") return false;
    start = end + 1;
  }
  return true;
}

}  // namespace wl::storage
