// `wattline init-db` and `wattline passwd`.
#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <iostream>

#include "apps/database/database_options.hpp"
#include "apps/wattline/audit_command.hpp"
#include "apps/wattline/commands.hpp"
#include "apps/wattline/energy_command.hpp"
#include "apps/wattline/history_words.hpp"
#include "apps/wattline/installation.hpp"
#include "storage/account_store.hpp"
#include "storage/alarm_store.hpp"
#include "storage/backup/exchange_plan.hpp"
#include "storage/store.hpp"
#include "web/auth/first_account.hpp"
#include "web/auth/password.hpp"
#include "web/auth/secret_key.hpp"

namespace wl::command {
namespace {

template <class T>
T or_stop(Result<T> result) {
  if (!result) throw StartError(result.error().what);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// Turns the echo of the terminal off while it lives.
class SilentTerminal {
 public:
  SilentTerminal() {
    ::tcgetattr(STDIN_FILENO, &before_);
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  ~SilentTerminal() { ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_); }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;

 private:
  termios before_{};
};

std::string ask_silently(std::string_view question) {
  fmt::print("{}: ", question);
  std::fflush(stdout);
  std::string answer;
  {
    const SilentTerminal silent;
    std::getline(std::cin, answer);
  }
  fmt::print("\n");
  return answer;
}

std::string ask_password(PasswordFrom source) {
  if (source == PasswordFrom::standard_input) {
    std::string password;
    std::getline(std::cin, password);
    return password;
  }
  if (::isatty(STDIN_FILENO) == 0) {
    throw StartError("there is no terminal to ask on; use --stdin and give the password there");
  }
  std::string password = ask_silently("New password");
  if (ask_silently("Once more") != password) throw StartError("the two passwords differ");
  return password;
}

}  // namespace

namespace {

/// Overwrites its own line on a terminal; elsewhere a line for each tenth that is done.
class MigrationLine {
 public:
  void show(const std::string& step, double share) {
    const int percent = static_cast<int>(share * 100);
    if (::isatty(STDOUT_FILENO) != 0) {
      fmt::print("\rmigrate   {} {:3} %{}", step, percent, percent == 100 ? "\n" : "");
    } else if (percent / 10 > shown_ / 10) {
      fmt::print("migrate   {} {} %\n", step, percent);
    }
    shown_ = percent;
    std::fflush(stdout);
  }

 private:
  int shown_ = 0;
};

void print_report(const storage::MigrationReport& report, storage::MigrationMode mode) {
  if (report.from_version == report.to_version) {
    fmt::print("schema    version {}, nothing to do\n", report.to_version);
    return;
  }
  const bool dry = mode == storage::MigrationMode::dry_run;
  fmt::print("schema    version {} → {}{}\n", report.from_version, report.to_version,
             dry ? " (dry run: nothing was changed)" : "");
  if (!dry) return;
  for (const std::string& step : report.steps) fmt::print("step      {}\n", step);
}

/// Thresholds to begin with, those of points that the plant has. A plant.json with mistakes does
/// not stop the database from being made.
void add_default_thresholds(const Settings& settings, const storage::DatabaseOptions& database) {
  try {
    const Plant plant = read_plant(settings);
    const auto alarms = or_stop(storage::open_alarm_store(database));
    const std::size_t added = or_stop(alarms->add_default_thresholds(plant, wall_now()));
    fmt::print("alarms    {} default thresholds added\n", added);
  } catch (const StartError& error) {
    fmt::print("alarms    no default thresholds: {}\n", error.what());
  }
}

}  // namespace

int init_db(const std::filesystem::path& root, storage::MigrationMode mode) {
  const Settings settings = read_settings(root);
  const auto database = database_options(settings);
  if (mode == storage::MigrationMode::dry_run) {
    print_report(or_stop(storage::migrate(database, mode)), mode);
    return 0;
  }
  or_stop(prepare_directories(settings));
  if (std::filesystem::exists(storage::plan_path(settings.root))) {
    const StandStill standing = or_stop(StandStill::take(settings));
    finish_interrupted_restore(settings);
  }
  fmt::print("database  {}\n", database_place(settings));
  MigrationLine line;
  const auto progress = [&](const std::string& step, double share) { line.show(step, share); };
  const auto migrated = or_stop(storage::migrate(database, mode, progress));
  print_report(migrated, mode);
  // Up to schema 2 of a file there was no ledger.
  const bool converted =
      migrated.from_version > 0 && migrated.from_version < 3 && migrated.to_version >= 3;
  if (converted) renew_converted_energy(settings);
  add_default_thresholds(settings, database);
  or_stop(web::load_secret_key(settings.secret_key, settings.data_dir));
  const auto accounts = or_stop(storage::open_account_store(database));
  const bool created = or_stop(web::create_first_account(*accounts, wall_now()));
  fmt::print("account   {}\n", created ? fmt::format("{} / {} created; change the password soon",
                                                     web::default_username, web::default_password)
                                       : std::string("there already, unchanged"));
  return 0;
}

int passwd(const std::filesystem::path& root, const PasswdWords& words) {
  const Settings settings = read_settings(root);
  const auto accounts = or_stop(storage::open_account_store(database_options(settings)));
  const auto found = or_stop(accounts->find_user(words.user));
  if (!found) {
    fmt::print(stderr, "error: there is no user '{}'\n", words.user);
    return 1;
  }
  if (words.unlock) {
    or_stop(accounts->unlock(found->id, wall_now()));
    record_command(*accounts, settings, {"user.unlock", "user " + words.user, ""});
    fmt::print("The account {} is unlocked; a running web process knows it within 10 s.\n",
               words.user);
    return 0;
  }
  const std::string password = ask_password(words.source);
  or_stop(
      web::check_new_password(password, static_cast<std::size_t>(settings.password_min_length)));
  storage::UserChange change;
  change.id = found->id;
  change.password_hash = or_stop(web::hash_password(password));
  change.revoke_tokens_at = wall_now();
  or_stop(accounts->change_user(change));
  or_stop(accounts->unlock(found->id, wall_now()));
  record_command(*accounts, settings, {"password.reset", "user " + words.user, ""});
  fmt::print(
      "The password of {} is changed. Sessions and API tokens of this account end; a running "
      "web process knows it within 10 s.\n",
      words.user);
  return 0;
}

std::string account_hint(const Settings& settings) {
  const std::string user(web::default_username);
  const auto accounts = storage::open_account_store(database_options(settings));
  if (!accounts) return user;
  const auto found = (*accounts)->find_user(user);
  const bool is_default =
      found && *found && web::verify_password(web::default_password, (*found)->password_hash);
  if (!is_default) return user + " (with the password that was set)";
  return fmt::format("{} / {} (change this password after the first sign-in)", user,
                     web::default_password);
}

}  // namespace wl::command
