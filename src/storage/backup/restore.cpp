#include "storage/backup/restore.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/durable_file.hpp"
#include "base/open_file.hpp"
#include "storage/backup/backup.hpp"
#include "storage/backup/backup_name.hpp"
#include "storage/backup/database_copy.hpp"
#include "storage/backup/exchange_plan.hpp"
#include "storage/backup/package_files.hpp"

namespace wl::storage {
namespace {

namespace fs = std::filesystem;

/// One part of the backup and the place it goes to.
struct Part {
  RestoreTarget target;
  std::vector<BackupFile> files;
  Exchange exchange;
  bool same = false;  ///< What is there is what would come.
};

struct Preparation {
  Manifest manifest;
  std::vector<Part> parts;
  std::vector<std::string> left_out;
};

bool belongs(const BackupFile& file, const std::string& part) {
  return file.name == part || file.name.starts_with(part + "/");
}

/// Where a file of a part goes, below `top` (the staged or the final place of the part).
fs::path place_of(const Part& part, const BackupFile& file, const fs::path& top) {
  if (file.name == part.target.name) return top;
  return top / file.name.substr(part.target.name.size() + 1);
}

std::string database_part(const Manifest& manifest) {
  return std::string(manifest.database == "mysql" ? mysql_dump_name : sqlite_copy_name);
}

std::vector<RestoreTarget> all_targets(const RestoreRequest& request, const Manifest& manifest) {
  std::vector<RestoreTarget> targets = request.targets;
  const fs::path place = request.database.mysql ? request.root / "restore-database.sql"
                                                : fs::path(request.database.sqlite_path);
  targets.push_back({.name = database_part(manifest), .path = place, .only_in_use = true});
  return targets;
}

/// The files on disk are exactly those of the part. A database is never compared: it is in use or
/// its write-ahead log holds what the file does not.
Result<bool> is_same(const Part& part) {
  if (part.target.name == sqlite_copy_name || part.target.name == mysql_dump_name) return false;
  std::vector<std::string> ignored;
  const auto there = files_of({part.target.name, part.target.path}, ignored);
  if (!there) return std::unexpected(there.error());
  if (there->size() != part.files.size()) return false;
  for (const BackupSource& file : *there) {
    const auto wanted = std::ranges::find(part.files, file.name, &BackupFile::name);
    if (wanted == part.files.end()) return false;
    const auto found = hash_file(file, {});
    if (!found) return std::unexpected(found.error());
    if (found->sha256 != wanted->sha256) return false;
  }
  return true;
}

bool is_occupied(const fs::path& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return !fs::is_empty(path, ignored);
  return fs::symlink_status(path, ignored).type() != fs::file_type::not_found;
}

Result<std::vector<Part>> match_parts(const RestoreRequest& request, const Manifest& manifest) {
  const std::string stamp = backup_stem(request.now).substr(sizeof "wattline-" - 1);
  std::vector<Part> parts;
  for (const RestoreTarget& target : all_targets(request, manifest)) {
    Part part{.target = target, .files = {}, .exchange = {}};
    std::ranges::copy_if(manifest.files, std::back_inserter(part.files),
                         [&](const BackupFile& file) { return belongs(file, target.name); });
    if (part.files.empty()) continue;
    const std::string path = target.path.string();
    part.exchange = {.staged = path + ".restore-" + stamp,
                     .target = path,
                     .aside = path + ".before-restore-" + stamp};
    const auto same = is_same(part);
    if (!same) return std::unexpected(same.error());
    part.same = *same;
    parts.push_back(std::move(part));
  }
  return parts;
}

Result<void> check_engine(const RestoreRequest& request, const Manifest& manifest) {
  const std::string_view here = request.database.mysql ? "mysql" : "sqlite";
  if (manifest.database != here) {
    return fail(Errc::conflict,
                fmt::format("{} holds a {} database, DB_TYPE here is {}: set DB_TYPE={}, or move "
                            "history with `wattline export` and `wattline import`",
                            request.file.string(), manifest.database, here, manifest.database));
  }
  const int known = newest_schema(request.database);
  if (manifest.schema <= known) return {};
  return fail(Errc::conflict,
              fmt::format("{} was made by Wattline {} with schema {}, this program knows {}: "
                          "restore it with that version or a newer one",
                          request.file.string(), manifest.version, manifest.schema, known));
}

Result<void> check_in_use(const RestoreRequest& request, const std::vector<Part>& parts) {
  if (request.when_in_use == WhenInUse::set_aside) return {};
  std::vector<std::string> in_use;
  for (const Part& part : parts) {
    const bool dump = part.target.name == mysql_dump_name;
    if (!dump && part.target.only_in_use && !part.same && is_occupied(part.target.path)) {
      in_use.push_back(part.target.path.string());
    }
  }
  if (request.database.mysql) {
    const auto tables = mysql_tables(request.database);
    if (!tables) return std::unexpected(tables.error());
    if (*tables > 0) in_use.push_back(fmt::format("{} tables in MySQL", *tables));
  }
  if (in_use.empty()) return {};
  return fail(Errc::conflict,
              fmt::format("an installation is here already: {}. With --force it is kept under "
                          "names with `before-restore` and replaced",
                          fmt::join(in_use, ", ")));
}

Result<Preparation> prepare(const RestoreRequest& request, const Progress& progress) {
  // The manifest first: a backup of a newer version is refused before it is read through.
  const auto announced = read_backup_manifest(request.file);
  if (!announced) return std::unexpected(announced.error());
  if (const auto fits = check_engine(request, *announced); !fits) {
    return std::unexpected(fits.error());
  }
  auto manifest = verify_backup(request.file, progress);
  if (!manifest) return std::unexpected(manifest.error());
  auto parts = match_parts(request, *manifest);
  if (!parts) return std::unexpected(parts.error());
  if (const auto free = check_in_use(request, *parts); !free) {
    return std::unexpected(free.error());
  }
  Preparation prepared{
      .manifest = std::move(*manifest), .parts = std::move(*parts), .left_out = {}};
  for (const BackupFile& file : prepared.manifest.files) {
    const bool taken = std::ranges::any_of(
        prepared.parts, [&](const Part& part) { return belongs(file, part.target.name); });
    if (!taken) prepared.left_out.push_back(file.name);
  }
  return prepared;
}

RestoreReport report_of(const Preparation& prepared) {
  RestoreReport report;
  report.manifest = prepared.manifest;
  report.left_out = prepared.left_out;
  for (const Part& part : prepared.parts) {
    if (part.same) {
      report.unchanged.push_back(part.target.path);
      continue;
    }
    report.restored.push_back(part.target.path);
    if (is_occupied(part.target.path)) report.aside.push_back(part.exchange.aside);
  }
  return report;
}

/// What a restore that was killed before its plan left behind.
void remove_stale_stages(const Preparation& prepared) {
  for (const Part& part : prepared.parts) {
    const std::string start = part.target.path.filename().string() + ".restore-";
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(part.target.path.parent_path(), error)) {
      if (!entry.path().filename().string().starts_with(start)) continue;
      std::error_code ignored;
      fs::remove_all(entry.path(), ignored);
    }
  }
}

Result<void> unpack_file(PackageReader& package, const BackupFile& file, const fs::path& to,
                         const Progress& progress) {
  std::error_code error;
  fs::create_directories(to.parent_path(), error);
  if (error) {
    return fail(Errc::permission,
                fmt::format("cannot create {}: {}", to.parent_path().string(), error.message()));
  }
  auto out = OpenFile::open(to, OpenMode::create, file.mode | 0200u);
  if (!out) return std::unexpected(out.error());
  std::uint64_t at = 0;
  const auto read = read_checked(package, file, progress, [&](std::string_view part) {
    const auto written = out->write_at(at, part);
    at += part.size();
    return written;
  });
  return read ? out->sync() : read;
}

Result<void> unpack(const RestoreRequest& request, const Preparation& prepared,
                    const Progress& progress) {
  const auto unpacked =
      for_each_file(request.file, [&](PackageReader& package, const BackupFile& file) {
        for (const Part& part : prepared.parts) {
          if (part.same || !belongs(file, part.target.name)) continue;
          return unpack_file(package, file, place_of(part, file, part.exchange.staged), progress);
        }
        return Result<void>{};
      });
  if (!unpacked) return std::unexpected(unpacked.error());
  return {};
}

/// The engine's own check, and the schema of this program, before anything is replaced.
Result<void> check_staged_database(const RestoreRequest& request, const Preparation& prepared) {
  const auto part = std::ranges::find(prepared.parts, std::string(sqlite_copy_name),
                                      [](const Part& p) { return p.target.name; });
  if (part == prepared.parts.end()) return {};
  const auto faults = check_sqlite_file(part->exchange.staged);
  if (!faults) return std::unexpected(faults.error());
  if (!faults->empty()) {
    return fail(Errc::corrupt, fmt::format("the database in {} is damaged: {}",
                                           request.file.string(), faults->front()));
  }
  DatabaseOptions staged = request.database;
  staged.sqlite_path = part->exchange.staged.string();
  const auto migrated = migrate(staged);
  if (!migrated) return std::unexpected(migrated.error());
  return {};
}

ExchangePlan plan_of(const Preparation& prepared) {
  ExchangePlan plan;
  for (const Part& part : prepared.parts) {
    if (part.same) continue;
    if (part.target.name == mysql_dump_name) {
      plan.mysql_dump = part.exchange.staged;
    } else {
      plan.exchanges.push_back(part.exchange);
    }
  }
  return plan;
}

Result<void> carry_out(const ExchangePlan& plan, const fs::path& root,
                       const DatabaseOptions& database, const Progress& progress) {
  std::error_code error;
  if (!plan.mysql_dump.empty() && fs::exists(plan.mysql_dump, error)) {
    if (const auto loaded = load_mysql(database, plan.mysql_dump, progress); !loaded) {
      return loaded;
    }
    fs::remove(plan.mysql_dump, error);
  }
  for (const Exchange& step : plan.exchanges) {
    if (const auto done = exchange(step); !done) return done;
  }
  fs::remove(plan_path(root), error);
  return sync_directory(root);
}

}  // namespace

Result<RestoreReport> check_restore(const RestoreRequest& request, const Progress& progress) {
  const auto prepared = prepare(request, progress);
  if (!prepared) return std::unexpected(prepared.error());
  return report_of(*prepared);
}

Result<RestoreReport> restore_backup(const RestoreRequest& request, const Progress& progress) {
  const auto prepared = prepare(request, progress);
  if (!prepared) return std::unexpected(prepared.error());
  remove_stale_stages(*prepared);
  auto staged = unpack(request, *prepared, progress);
  if (staged) staged = check_staged_database(request, *prepared);
  if (!staged) {
    remove_stale_stages(*prepared);
    return std::unexpected(staged.error());
  }
  RestoreReport report = report_of(*prepared);
  const ExchangePlan plan = plan_of(*prepared);
  if (auto r = write_plan(request.root, plan); !r) return std::unexpected(r.error());
  if (auto r = carry_out(plan, request.root, request.database, progress); !r) {
    return fail(r.error().code,
                fmt::format("{}. {} holds the plan: mend the cause and start `wattline restore "
                            "--finish`",
                            r.error().what, plan_path(request.root).string()));
  }
  return report;
}

Result<std::optional<std::vector<fs::path>>> finish_restore(const fs::path& root,
                                                            const DatabaseOptions& database) {
  const auto plan = read_plan(root);
  if (!plan) return std::unexpected(plan.error());
  if (!*plan) return std::nullopt;
  if (auto r = carry_out(**plan, root, database, {}); !r) return std::unexpected(r.error());
  std::vector<fs::path> in_place;
  for (const Exchange& step : (*plan)->exchanges) in_place.push_back(step.target);
  return in_place;
}

Result<std::optional<std::string>> read_backup_text(const fs::path& file, std::string_view name) {
  constexpr std::uint64_t most = 16u << 20;
  std::optional<std::string> text;
  auto package = PackageReader::open(file);
  if (!package) return std::unexpected(package.error());
  const auto manifest = read_manifest_of(*package, file.string());
  if (!manifest) return std::unexpected(manifest.error());
  const BackupFile* wanted = manifest->find(name);
  if (wanted == nullptr || wanted->bytes > most) return std::nullopt;
  for (;;) {
    const auto member = package->next();
    if (!member) return std::unexpected(member.error());
    if (!*member) return std::nullopt;
    if (!(*member)->name.ends_with("/" + std::string(name))) continue;
    text.emplace();
    const auto read = read_checked(*package, *wanted, {}, [&](std::string_view part) {
      *text += part;
      return Result<void>{};
    });
    if (!read) return std::unexpected(read.error());
    return text;
  }
}

}  // namespace wl::storage
