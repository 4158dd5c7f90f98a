// The command: starts, stops and inspects an installation.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "apps/wattline/audit_command.hpp"
#include "apps/wattline/commands.hpp"
#include "apps/wattline/keeping.hpp"
#include "apps/wattline/mail_command.hpp"
#include "apps/wattline/plant_command.hpp"

namespace {

using namespace wl::command;

/// What the command line fills; lives as long as the parser.
struct Words {
  std::filesystem::path root;
  bool detach = false;
  bool json = false;
  bool from_stdin = false;
  bool unlock = false;
  bool dry_run = false;
  std::vector<std::string> processes;
  std::string user;
  LogsQuery logs;
  int days = 7;
  std::optional<std::uint32_t> seed;
};

const std::vector<std::string> restartable(std::begin(wl::process_names),
                                           std::end(wl::process_names));
const std::vector<std::string> logging{"plc", "gateway", "collector", "web", "wattline"};

constexpr const char* passwd_footer =
    R"(Works with and without a running web process, which follows within 10 s. The
audit log has it.

EXIT STATUS  0 done, 1 there is no such user, 2 wrong input or no database

EXAMPLES     wattline passwd admin
             wattline passwd --unlock anna
             openssl rand -base64 18 | tee new.txt | wattline passwd --stdin anna)";

void declare_passwd(CLI::App& app, Words& words, int& code) {
  auto* passwd_command = app.add_subcommand(
      "passwd", "Set the password of a user; his sessions, API tokens and lock end");
  passwd_command->add_option("user", words.user, "Whose")->required();
  auto* from_stdin =
      passwd_command->add_flag("--stdin", words.from_stdin, "Read it as one line from stdin");
  passwd_command
      ->add_flag("--unlock", words.unlock,
                 "Only take off the lock of too many wrong passwords; the password stays")
      ->excludes(from_stdin);
  passwd_command->footer(passwd_footer);
  passwd_command->callback([&words, &code] {
    const auto source = words.from_stdin ? PasswordFrom::standard_input : PasswordFrom::terminal;
    code = passwd(words.root, {words.user, source, words.unlock});
  });
}

/// Declares the subcommands; the one that was named puts its exit code into `code`.
void declare(CLI::App& app, Words& words, int& code) {
  auto* up_command = app.add_subcommand(
      "up", "Start the four processes and keep them alive until Ctrl-C or `wattline down`");
  up_command->add_flag("--detach", words.detach, "Go to the background when all are healthy");
  up_command->callback(
      [&] { code = up(words.root, words.detach ? Foreground::no : Foreground::yes); });

  app.add_subcommand("down", "Stop them in reverse order; nothing is lost")->callback([&] {
    code = down(words.root);
  });

  auto* restart_command = app.add_subcommand(
      "restart", "Restart processes, or all; input with errors is refused before");
  restart_command->add_option("process", words.processes, "plc, gateway, collector, web")
      ->check(CLI::IsMember(restartable));
  restart_command->callback([&] { code = restart(words.root, words.processes); });

  auto* status_command =
      app.add_subcommand("status", "Show the processes; exit code 1 when one is not healthy");
  status_command->add_flag("--json", words.json, "For programs");
  status_command->callback(
      [&] { code = status(words.root, words.json ? OutputForm::json : OutputForm::table); });

  auto* logs_command = app.add_subcommand("logs", "Show the logs of all processes by time");
  logs_command->add_option("process", words.logs.process, "Only of this process")
      ->check(CLI::IsMember(logging));
  logs_command->add_option("-n,--lines", words.logs.lines, "How many messages")
      ->check(CLI::Range(0, 100'000))
      ->capture_default_str();
  logs_command->add_flag("-f,--follow", words.logs.follow, "Go on with what is written now");
  logs_command->callback([&] { code = logs(words.root, words.logs); });

  auto* init_command =
      app.add_subcommand("init-db", "Create or update the database and the first account");
  init_command->add_flag("--dry-run", words.dry_run, "Only say which steps the database needs");
  init_command->callback([&] {
    using wl::storage::MigrationMode;
    code = init_db(words.root, words.dry_run ? MigrationMode::dry_run : MigrationMode::apply);
  });

  auto* demo_command = app.add_subcommand(
      "demo-history",
      "Fill an empty database with days of the built-in line, up to now (Ctrl-C stops it cleanly)");
  demo_command->add_option("--days", words.days, "How many")
      ->check(CLI::Range(1, 3650))
      ->capture_default_str();
  demo_command->add_option("--seed", words.seed,
                           "Another course of events; the same seed, the same");
  demo_command->callback([&] { code = demo_history(words.root, words.days, words.seed); });

  declare_passwd(app, words, code);

  app.add_subcommand("doctor",
                     "Measure every link from the PLC to the browser; name the broken one")
      ->callback([&] { code = doctor(words.root); });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Wattline: energy management of a production line, from the PLC to the browser"};
  app.set_version_flag("--version", WATTLINE_VERSION);
  app.require_subcommand(1);
  app.fallthrough();
  Words words;
  int code = 0;
  app.add_option("--root", words.root, "The installation: the folder with config/plant.json");
  try {
    declare(app, words, code);
    declare_keeping(app, words.root, code);
    declare_plant(app, words.root, code);
    declare_mail(app, words.root, code);
    declare_audit(app, words.root, code);
    app.parse(argc, argv);
    return code;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    fmt::print(stderr, "error: {}\n", error.what());
    return 2;
  }
}
