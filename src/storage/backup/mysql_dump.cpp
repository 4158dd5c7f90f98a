// dump_mysql(), load_mysql(), mysql_tables(): by the programs that come with the database.
#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "base/open_file.hpp"
#include "base/quantity.hpp"
#include "storage/backup/command.hpp"
#include "storage/backup/database_copy.hpp"
#include "storage/backup/restore.hpp"

namespace wl::storage {
namespace {

namespace fs = std::filesystem;

/// A file of options, mode 0600, that is gone when the work is: `ps` shows no password.
class OptionFile {
 public:
  static Result<OptionFile> write(const fs::path& folder, const MysqlOptions& options,
                                  const std::string& host) {
    std::random_device random;
    const fs::path path = folder / fmt::format(".client-{:08x}{:08x}.cnf", random(), random());
    const std::string text = fmt::format(
        "[client]\nhost={}\nport={}\nuser={}\npassword={}\nprotocol=tcp\n"
        "default-character-set=utf8mb4\nmax-allowed-packet=64M\n",
        quoted(name_of(host)), port_of(host, options.port), quoted(options.user),
        quoted(options.password));
    auto file = OpenFile::open(path, OpenMode::create);  // Nobody else made it, nobody reads it.
    if (!file) return std::unexpected(file.error());
    OptionFile written{path};
    if (const auto r = file->write_at(0, text); !r) return std::unexpected(r.error());
    return written;
  }
  OptionFile(OptionFile&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  OptionFile& operator=(OptionFile&&) = delete;
  ~OptionFile() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove(path_, ignored);
  }
  std::string argument() const { return "--defaults-extra-file=" + path_.string(); }

 private:
  explicit OptionFile(fs::path path) : path_(std::move(path)) {}

  static std::string quoted(std::string_view value) {
    std::string out = "\"";
    for (const char c : value) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    return out + '"';
  }
  /// A host of the list may carry a port of its own: `db1:3307`, `[::1]:3307`.
  static std::string name_of(const std::string& host) {
    if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
    return std::ranges::count(host, ':') == 1 ? host.substr(0, host.find(':')) : host;
  }
  static std::string port_of(const std::string& host, std::uint16_t otherwise) {
    const auto colon = host.rfind(':');
    const bool has =
        colon != host.npos && (host.find(']') + 1 == colon || std::ranges::count(host, ':') == 1);
    return has ? host.substr(colon + 1) : std::to_string(otherwise);
  }

  fs::path path_;
};

/// MariaDB's name of a program first, then MySQL's.
Result<void> run_either(std::string_view mariadb, std::string_view mysql, Command command,
                        const TakeOutput& take, const std::function<Result<void>()>& wanted) {
  command.words.insert(command.words.begin(), std::string(mariadb));
  auto done = run_command(command, take, wanted);
  if (done || done.error().code != Errc::not_found) return done;
  command.words[0] = std::string(mysql);
  done = run_command(command, take, wanted);
  if (done || done.error().code != Errc::not_found) return done;
  return fail(Errc::not_found, fmt::format("neither {} nor {} is installed: install the package "
                                           "mariadb-client",
                                           mariadb, mysql));
}

/// Leaves out the lines that tie a view to the user who made it: only that user, or an
/// administrator, could load them.
class DefinerFilter {
 public:
  std::string pass(std::string_view bytes) {
    std::string out;
    while (!bytes.empty()) {
      if (undecided_) {
        head_ += bytes.front();
        bytes.remove_prefix(1);
        decide(out);
        continue;
      }
      const auto end = bytes.find('\n');
      const auto part = bytes.substr(0, end == bytes.npos ? bytes.size() : end + 1);
      if (!dropping_) out += part;
      if (end != bytes.npos) undecided_ = true;
      bytes.remove_prefix(part.size());
    }
    return out;
  }
  std::string rest() { return std::exchange(head_, {}); }

 private:
  static constexpr std::string_view start_ = "/*!50013 DEFINER=";

  void decide(std::string& out) {
    if (start_.starts_with(head_) && head_.size() < start_.size()) return;
    dropping_ = head_ == start_;
    undecided_ = head_.ends_with('\n');
    if (!dropping_) out += head_;
    head_.clear();
  }

  std::string head_;
  bool undecided_ = true;
  bool dropping_ = false;
};

/// Rows of a query as the client prints them: a line a row, a tab between columns.
Result<std::string> ask(const MysqlOptions& options, const OptionFile& file,
                        const std::string& sql) {
  std::string answer;
  const Command command{
      .words = {file.argument(), "--batch", "--skip-column-names", "-e", sql, options.database},
      .input = {}};
  const auto take = [&](std::string_view bytes) -> Result<void> {
    answer += bytes;
    return answer.size() < (1u << 24) ? Result<void>{} : fail(Errc::unavailable, "too many rows");
  };
  const auto done = run_either("mariadb", "mysql", command, take, [] { return Result<void>{}; });
  if (!done) return std::unexpected(done.error());
  return answer;
}

template <class Use>
Result<void> for_each_line(const std::string& text, Use use) {
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    if (auto r = use(text.substr(start, end - start)); !r) return r;
    start = end + 1;
  }
  return {};
}

Result<std::map<std::string, std::uint64_t>> count_rows(const MysqlOptions& options,
                                                        const OptionFile& file) {
  const auto tables = ask(options, file,
                          "SELECT table_name FROM information_schema.tables WHERE table_schema = "
                          "DATABASE() AND table_type = 'BASE TABLE' ORDER BY table_name");
  if (!tables) return std::unexpected(tables.error());
  std::map<std::string, std::uint64_t> rows;
  const auto counted = for_each_line(*tables, [&](const std::string& table) -> Result<void> {
    const auto count = ask(options, file, "SELECT count(*) FROM `" + table + "`");
    if (!count) return std::unexpected(count.error());
    const auto number = parse_integer(count->substr(0, count->find('\n')), 0, INT64_MAX);
    rows[table] = number ? static_cast<std::uint64_t>(*number) : 0;
    return {};
  });
  if (!counted) return std::unexpected(counted.error());
  return rows;
}

/// The first host of the list that answers.
Result<OptionFile> reach(const MysqlOptions& options, const fs::path& folder) {
  Error last{Errc::invalid_argument, "DB_HOST names no host"};
  for (const std::string& host : options.hosts) {
    auto file = OptionFile::write(folder, options, host);
    if (!file) return file;
    const auto answer = ask(options, *file, "SELECT 1");
    if (answer) return file;
    last = {answer.error().code, fmt::format("{}: {}", host, answer.error().what)};
    if (answer.error().code == Errc::not_found) break;  // No client: no host will answer.
  }
  return std::unexpected(last);
}

Result<int> schema_of(const MysqlOptions& options, const OptionFile& file) {
  const auto answer = ask(options, file, "SELECT coalesce(max(version), 0) FROM schema_version");
  if (!answer) return std::unexpected(answer.error());
  const auto version = parse_integer(answer->substr(0, answer->find('\n')), 0, 1 << 30);
  if (!version) return fail(Errc::corrupt, "schema_version holds no number");
  return static_cast<int>(*version);
}

/// A dump that was cut has all its lines but the last.
Result<void> check_end(const OpenFile& file) {
  const auto size = file.size();
  if (!size) return std::unexpected(size.error());
  std::string tail(std::min<std::uint64_t>(*size, 300), '\0');
  const auto got = file.read_at(*size - tail.size(), tail);
  if (!got) return std::unexpected(got.error());
  if (tail.find("-- Dump completed") != tail.npos) return {};
  return fail(Errc::unavailable, "the dump of the database is not complete");
}

Result<void> write_dump(const MysqlOptions& options, const OptionFile& credentials, OpenFile& file,
                        const Progress& progress) {
  const Command command{
      .words = {credentials.argument(), "--single-transaction", "--quick", "--hex-blob",
                "--no-tablespaces", "--skip-triggers", options.database},
      .input = {}};
  DefinerFilter filter;
  std::uint64_t at = 0;
  const auto write = [&](const std::string& bytes) {
    const auto written = file.write_at(at, bytes);
    at += bytes.size();
    return written;
  };
  const auto done = run_either(
      "mariadb-dump", "mysqldump", command,
      [&](std::string_view bytes) { return write(filter.pass(bytes)); },
      [&] { return report(progress, {"dumping the database", at, 0}); });
  if (!done) return done;
  if (auto r = write(filter.rest()); !r) return r;
  return check_end(file);
}

}  // namespace

Result<DatabaseCopy> dump_mysql(const DatabaseOptions& options, const fs::path& folder,
                                const Progress& progress) {
  const fs::path path = folder / mysql_dump_name;
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  const auto credentials = reach(*options.mysql, folder);
  if (!credentials) return std::unexpected(credentials.error());
  const auto schema = schema_of(*options.mysql, *credentials);
  if (!schema) return std::unexpected(schema.error());
  auto rows = count_rows(*options.mysql, *credentials);
  if (!rows) return std::unexpected(rows.error());
  auto file = OpenFile::open(path, OpenMode::create);
  if (!file) return std::unexpected(file.error());
  if (auto r = write_dump(*options.mysql, *credentials, *file, progress); !r) {
    return std::unexpected(r.error());
  }
  return DatabaseCopy{.kind = "mysql",
                      .file = std::string(mysql_dump_name),
                      .schema = *schema,
                      .rows = std::move(*rows)};
}

Result<void> load_mysql(const DatabaseOptions& options, const fs::path& dump,
                        const Progress& progress) {
  const auto credentials = reach(*options.mysql, dump.parent_path());
  if (!credentials) return std::unexpected(credentials.error());
  const Command command{.words = {credentials->argument(), options.mysql->database}, .input = dump};
  return run_either(
      "mariadb", "mysql", command, [](std::string_view) { return Result<void>{}; },
      [&] { return report(progress, {"loading the database", 0, 0}); });
}

Result<std::size_t> mysql_tables(const DatabaseOptions& options) {
  const auto credentials = reach(*options.mysql, fs::temp_directory_path());
  if (!credentials) return std::unexpected(credentials.error());
  const auto rows = count_rows(*options.mysql, *credentials);
  if (!rows) return std::unexpected(rows.error());
  return rows->size();
}

}  // namespace wl::storage
