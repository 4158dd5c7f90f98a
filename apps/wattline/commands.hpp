// The subcommands of `wattline`. Each returns the exit code: 0 done, 1 something is not well,
// 2 wrong input or configuration, 3 already running. Messages go to stdout, errors to stderr.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "apps/settings/settings.hpp"
#include "base/host/process_state.hpp"
#include "base/stop_signal.hpp"
#include "storage/store.hpp"

namespace wl::command {

enum class Foreground { yes, no };

/// Supervises until a stop is asked for, or goes to the background when all are healthy.
int up(const std::filesystem::path& root, Foreground foreground);
int down(const std::filesystem::path& root);
/// `processes` empty: all four. What they read (PLC program, gateway.json, plant.json) is checked
/// first: a mistake in it never takes the running line down.
int restart(const std::filesystem::path& root, const std::vector<std::string>& processes);

enum class OutputForm { table, json };
int status(const std::filesystem::path& root, OutputForm form);

struct LogsQuery {
  std::string process;  ///< Empty: all.
  int lines = 50;
  bool follow = false;
};
int logs(const std::filesystem::path& root, const LogsQuery& query);

/// dry_run: only says which steps the database needs.
int init_db(const std::filesystem::path& root, storage::MigrationMode mode);

enum class PasswordFrom { terminal, standard_input };
struct PasswdWords {
  std::string user;
  PasswordFrom source = PasswordFrom::terminal;
  bool unlock = false;  ///< Only take the lock off; the password stays.
};
/// A new password ends the sessions and API tokens of the account, and its lock.
int passwd(const std::filesystem::path& root, const PasswdWords& words);

int doctor(const std::filesystem::path& root);

/// Fills an empty database with `days` of the built-in line up to now.
int demo_history(const std::filesystem::path& root, int days, std::optional<std::uint32_t> seed);
/// The same with DEMO_HISTORY_DAYS, on the very first start only; else it does nothing. A failure
/// is told and does not keep the line from starting. False when a stop was asked for.
bool fill_first_history(const Settings& settings, StopSignal& stop,
                        const std::function<void(const std::string&)>& tell);
/// Measured on 2 cores; for the expected time only.
inline constexpr int seconds_a_demo_day = 4;

/// `admin / admin123` while that password stands, else how to get one.
std::string account_hint(const Settings& settings);

/// Where a browser on this machine finds the web process.
std::string web_address(const Settings& settings);

/// The folder of this program, where the other four stand too.
std::filesystem::path program_folder();

/// Settings without a log or a directory made; warnings go to stderr. Throws StartError.
Settings read_settings(const std::filesystem::path& root);

}  // namespace wl::command
