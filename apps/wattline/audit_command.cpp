#include "apps/wattline/audit_command.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <ranges>

#include "apps/database/database_options.hpp"
#include "apps/wattline/commands.hpp"
#include "apps/wattline/progress_line.hpp"
#include "storage/audit_store.hpp"
#include "web/auth/audit_chain.hpp"
#include "web/auth/secret_key.hpp"

namespace wl::command {
namespace {

constexpr std::size_t rows_a_stretch = 1000;

template <class T>
T or_stop(Result<T> result) {
  if (!result) throw StartError(result.error().what);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

struct VerifyWords {
  std::string anchor;
};

struct ShowWords {
  std::size_t lines = 50;
  std::string actor;
  std::string action;
};

std::string with_commas(std::int64_t number) {
  std::string text = std::to_string(number);
  for (auto at = std::ssize(text) - 3; at > 0; at -= 3) text.insert(std::size_t(at), ",");
  return text;
}

/// Nothing that a person typed may steer the terminal.
std::string printable(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return text;
}

std::string system_user() {
  struct ::passwd entry {};
  struct ::passwd* found = nullptr;
  std::array<char, 4096> buffer{};
  ::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found);
  return found != nullptr ? found->pw_name : std::to_string(::getuid());
}

std::optional<web::AuditAnchor> anchor_of(const VerifyWords& words) {
  if (words.anchor.empty()) return std::nullopt;
  auto anchor = web::parse_anchor(words.anchor);
  if (!anchor) {
    throw StartError(
        "--anchor: should be a line that `wattline audit verify` printed earlier, "
        "like 1234:9f86d081884c7d65");
  }
  return anchor;
}

int tell_fault(const web::AuditWalk& walk, const web::AuditFault& fault) {
  if (walk.entries() > 0) fmt::print("{} entries hold, then:\n", with_commas(walk.entries()));
  fmt::print("BROKEN    {}\n", web::sentence(fault));
  fmt::print(
      "next      keep a copy of the database as it is, and compare with a backup "
      "(docs/accounts.md)\n");
  return 1;
}

int tell_whole(storage::AuditStore& log, const web::AuditWalk& walk) {
  fmt::print("{} entries, chain whole\n", with_commas(walk.entries()));
  if (walk.entries() > 0) {
    fmt::print(
        "anchor    {}  (write it down elsewhere: --anchor proves later that these entries "
        "are still the same)\n",
        walk.anchor());
  }
  if (!or_stop(log.is_guarded())) {
    fmt::print(
        "note      the database has no triggers that refuse changes: on MariaDB grant "
        "TRIGGER (with a binary log: log_bin_trust_function_creators = 1) and run "
        "`wattline init-db`\n");
  }
  return 0;
}

int verify(const std::filesystem::path& root, const VerifyWords& words) {
  const auto anchor = anchor_of(words);
  const Settings settings = read_settings(root);
  const web::AuditChain chain(
      or_stop(web::load_secret_key(settings.secret_key, settings.data_dir)));
  ProgressLine progress;
  const auto accounts = or_stop(storage::open_account_store(database_options(settings)));
  storage::AuditStore& log = accounts->audit();
  web::AuditWalk walk(chain, anchor);
  for (;;) {
    const auto stretch = or_stop(log.stretch(walk.entries(), rows_a_stretch));
    for (const storage::AuditRow& row : stretch.rows)
      if (const auto fault = walk.take(row)) return tell_fault(walk, *fault);
    if (stretch.rows.size() < rows_a_stretch) {
      if (const auto fault = walk.finish(stretch.head)) return tell_fault(walk, *fault);
      return tell_whole(log, walk);
    }
    const std::int64_t all = stretch.head ? stretch.head->entries : 0;
    if (progress.show(
            fmt::format("checking entry {} of {}", with_commas(walk.entries()), with_commas(all))))
      continue;
    fmt::print(stderr, "stopped after {} entries, all of which hold\n", walk.entries());
    return 1;
  }
}

void print_row(const storage::AuditRow& row) {
  fmt::print("{:>8}  {}  {:<16} {:<15} {:<18} {}\n", row.id, to_iso8601(row.at),
             printable(row.actor), row.remote_address.empty() ? "-" : printable(row.remote_address),
             printable(row.action), printable(row.subject));
  if (!row.before.empty()) fmt::print("          before  {}\n", printable(row.before));
  if (!row.after.empty()) fmt::print("          after   {}\n", printable(row.after));
}

int show(const std::filesystem::path& root, const ShowWords& words) {
  const Settings settings = read_settings(root);
  const auto accounts = or_stop(storage::open_account_store(database_options(settings)));
  storage::AuditFilter filter;
  filter.actor = words.actor;
  filter.action = words.action;
  const auto page = or_stop(accounts->audit().page(filter, 0, words.lines));
  for (const storage::AuditRow& row : page.rows | std::views::reverse) print_row(row);
  const auto more = page.total - static_cast<std::int64_t>(page.rows.size());
  if (more > 0) fmt::print("and {} older entries (--lines)\n", with_commas(more));
  if (page.total == 0) fmt::print("no entries\n");
  return 0;
}

constexpr const char* verify_footer =
    R"(Every entry carries a keyed hash (HMAC-SHA-256 under SECRET_KEY or
data/secret.key) over itself and the entry before; table audit_head holds the
number of entries and the last hash, sealed by the same key. It finds entries
that were changed, removed, exchanged, put in, or cut off the end. A log that
was set back together with its head, as a restore does it, is found by --anchor
alone. Reads while everything runs; memory does not grow with the log.

EXIT STATUS  0 whole, 1 broken or stopped, 2 wrong input or no database

EXAMPLES     wattline audit verify
             wattline audit verify --anchor 1234:9f86d081884c7d65)";

constexpr const char* show_footer =
    R"(Oldest first, times in UTC. `before` and `after` hold what was changed, never a
password or token.

EXAMPLES     wattline audit show --lines 200
             wattline audit show --actor anna          also what her API tokens did
             wattline audit show --action login        login.success, login.failed, login.locked)";

}  // namespace

void record_command(storage::AccountStore& accounts, const Settings& settings, CommandEntry entry) {
  const auto key = web::load_secret_key(settings.secret_key, settings.data_dir);
  Result<void> done;
  if (!key) {
    done = std::unexpected(key.error());
  } else {
    storage::AuditRow row;
    row.at = wall_now();
    row.actor = "wattline:" + system_user();
    row.action = std::move(entry.action);
    row.subject = std::move(entry.subject);
    row.after = std::move(entry.after);
    const std::array rows{web::ready_for_log(std::move(row))};
    done = accounts.audit().append(rows, web::AuditChain(*key));
  }
  if (!done) fmt::print(stderr, "warning: not in the audit log: {}\n", done.error().what);
}

void declare_audit(CLI::App& app, const std::filesystem::path& root, int& code) {
  auto* group = app.add_subcommand("audit", "Who did what: show the audit log, prove it whole");
  group->require_subcommand(1);

  const auto verify_words = std::make_shared<VerifyWords>();
  auto* verify_command = group->add_subcommand(
      "verify", "Walk the chain of hashes; exit code 1 at the first entry that does not hold");
  verify_command->add_option(
      "--anchor", verify_words->anchor,
      "NUMBER:HASH that verify printed earlier: that entry must be the same");
  verify_command->footer(verify_footer);
  verify_command->callback([&, verify_words] { code = verify(root, *verify_words); });

  const auto show_words = std::make_shared<ShowWords>();
  auto* show_command = group->add_subcommand("show", "Print the newest entries");
  show_command->add_option("-n,--lines", show_words->lines, "How many")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  show_command->add_option("--actor", show_words->actor, "Only what this user did");
  show_command->add_option("--action", show_words->action,
                           "Only this action (user.add), or all of a kind (user)");
  show_command->footer(show_footer);
  show_command->callback([&, show_words] { code = show(root, *show_words); });
}

}  // namespace wl::command
