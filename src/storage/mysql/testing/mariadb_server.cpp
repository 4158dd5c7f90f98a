#include "storage/mysql/testing/mariadb_server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

#include "storage/mysql/connection.hpp"

namespace wl::storage::mysql {
namespace {

constexpr std::chrono::seconds patience{60};
constexpr std::chrono::milliseconds between_looks{20};

const passwd& nobody() {
  static const passwd* const found = ::getpwnam("nobody");
  if (found == nullptr) throw std::runtime_error("there is no user nobody");
  return *found;
}

/// Between fork and exec: only calls that are allowed there.
[[noreturn]] void become(char* const* arguments, const char* log, uid_t user, gid_t group) {
  const int file = ::open(log, O_CREAT | O_WRONLY | O_APPEND, 0644);
  ::dup2(file, STDOUT_FILENO);
  ::dup2(file, STDERR_FILENO);
  if (::geteuid() == 0 &&
      (::setgroups(0, nullptr) != 0 || ::setgid(group) != 0 || ::setuid(user) != 0)) {
    ::_exit(126);
  }
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // After setuid, which clears it.
  ::execvp(arguments[0], arguments);
  ::_exit(127);
}

int wait_for(pid_t process) {
  int status = 0;
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (::waitpid(process, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > deadline) {
      ::kill(process, SIGKILL);
      ::waitpid(process, &status, 0);
      throw std::runtime_error("the server did not end within a minute and was killed");
    }
    std::this_thread::sleep_for(between_looks);
  }
  return status;
}

}  // namespace

std::uint16_t free_port(const std::string& address) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  ::inet_pton(AF_INET, address.c_str(), &where.sin_addr);
  socklen_t size = sizeof where;
  const bool bound = ::bind(listener, reinterpret_cast<sockaddr*>(&where), size) == 0 &&
                     ::getsockname(listener, reinterpret_cast<sockaddr*>(&where), &size) == 0;
  ::close(listener);
  if (!bound) throw std::runtime_error("no free port on " + address);
  return ntohs(where.sin_port);
}

MariadbServer::MariadbServer(std::vector<std::string> flags) : flags_(std::move(flags)) {
  std::string pattern = (std::filesystem::temp_directory_path() / "wl-mariadb-XXXXXX").string();
  directory_ = ::mkdtemp(pattern.data());
  if (::geteuid() == 0 && ::chown(directory_.c_str(), nobody().pw_uid, nobody().pw_gid) != 0) {
    throw std::runtime_error("cannot give a directory to nobody");
  }
  try {
    install();
    start();
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
    throw;
  }
}

MariadbServer::~MariadbServer() {
  if (server_ > 0) {
    ::kill(server_, SIGKILL);
    ::waitpid(server_, nullptr, 0);
  }
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void MariadbServer::install() const {
  std::ofstream(directory_ / "init.sql")
      << "CREATE USER IF NOT EXISTS 'tester'@'127.0.0.1' IDENTIFIED BY 'tester';\n"
         "GRANT ALL PRIVILEGES ON *.* TO 'tester'@'127.0.0.1' WITH GRANT OPTION;\n";
  const pid_t process =
      spawn({"mariadb-install-db", "--no-defaults", "--datadir=" + (directory_ / "data").string(),
             "--auth-root-authentication-method=normal", "--skip-test-db",
             "--innodb-log-file-size=8M", "--innodb-flush-method=nosync", "--sync-frm=0"});
  if (wait_for(process) != 0) throw std::runtime_error("mariadb-install-db failed:\n" + log());
}

pid_t MariadbServer::spawn(const std::vector<std::string>& command) const {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const std::string log_file = (directory_ / "log").string();
  const uid_t user = nobody().pw_uid;
  const gid_t group = nobody().pw_gid;
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("cannot fork");
  if (child == 0) become(arguments.data(), log_file.c_str(), user, group);
  return child;
}

void MariadbServer::start() {
  if (port_ == 0) port_ = free_port();
  const auto in = [&](const char* name) { return (directory_ / name).string(); };
  std::vector<std::string> command{
      "mariadbd", "--no-defaults", "--datadir=" + in("data"), "--socket=" + in("socket"),
      "--pid-file=" + in("pid"), "--init-file=" + in("init.sql"), "--bind-address=127.0.0.1",
      fmt::format("--port={}", port_), "--skip-name-resolve", "--skip-log-bin",
      "--innodb-buffer-pool-size=64M", "--innodb-log-file-size=8M",
      // No fsync: what is written survives a SIGKILL all the same,
      // and no test cuts the power.
      "--innodb-flush-method=nosync", "--sync-frm=0", "--skip-innodb-doublewrite"};
  command.insert(command.end(), flags_.begin(), flags_.end());
  server_ = spawn(command);
  wait_until_it_answers();
}

void MariadbServer::wait_until_it_answers() {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (true) {
    try {
      ask("SELECT 1");
      return;
    } catch (const DatabaseError&) {
      if (::waitpid(server_, nullptr, WNOHANG) != 0) {
        server_ = 0;
        throw std::runtime_error("mariadbd ended:\n" + log());
      }
      if (std::chrono::steady_clock::now() > deadline) {
        throw std::runtime_error("mariadbd does not answer:\n" + log());
      }
      std::this_thread::sleep_for(between_looks);
    }
  }
}

void MariadbServer::stop() {
  ::kill(server_, SIGTERM);
  wait_for(std::exchange(server_, 0));
}

void MariadbServer::kill() {
  ::kill(server_, SIGKILL);
  wait_for(std::exchange(server_, 0));
}

void MariadbServer::pause() {
  ::kill(server_, SIGSTOP);
}

void MariadbServer::go_on() {
  ::kill(server_, SIGCONT);
}

MysqlOptions MariadbServer::administrator() const {
  MysqlOptions options;
  options.hosts = {"127.0.0.1"};
  options.port = port_;
  options.user = "tester";
  options.password = "tester";
  return options;
}

void MariadbServer::sql(const std::string& statement) const {
  Connection({"127.0.0.1", port_}, administrator(), {}).command(statement);
}

std::string MariadbServer::ask(const std::string& query) const {
  const auto rows = Connection({"127.0.0.1", port_}, administrator(), {}).rows(query);
  return rows.empty() ? "" : rows[0].at(0).value_or("NULL");
}

MysqlOptions MariadbServer::create_database(const std::string& name) const {
  sql("CREATE DATABASE " + name);
  sql("CREATE USER IF NOT EXISTS 'energy_user'@'127.0.0.1' IDENTIFIED BY 'p\\'w'");
  sql("GRANT ALL PRIVILEGES ON " + name + ".* TO 'energy_user'@'127.0.0.1'");
  MysqlOptions options = administrator();
  options.user = "energy_user";
  options.password = "p'w";
  options.database = name;
  return options;
}

std::string MariadbServer::log() const {
  std::ifstream file(directory_ / "log");
  const std::string all{std::istreambuf_iterator<char>(file), {}};
  constexpr std::size_t tail = 4000;
  return all.size() > tail ? all.substr(all.size() - tail) : all;
}

DatabaseOptions options_of(MysqlOptions mysql) {
  DatabaseOptions options;
  options.mysql = std::move(mysql);
  return options;
}

}  // namespace wl::storage::mysql
