#include "cache/testing/redis_server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <thread>

namespace wl::cache::testing {
namespace {

std::uint16_t free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(fd, reinterpret_cast<const sockaddr*>(&address), size);
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(fd);
  return ntohs(address.sin_port);
}

[[noreturn]] void become_server(const std::string& directory, std::uint16_t port,
                                const std::string& password) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int nothing = ::open("/dev/null", O_RDWR);
  for (int fd = 0; fd <= 2; ++fd) ::dup2(nothing, fd);
  ::execlp("redis-server", "redis-server", "--port", std::to_string(port).c_str(), "--bind",
           "127.0.0.1", "--dir", directory.c_str(), "--save", "", "--appendonly", "no",
           "--requirepass", password.c_str(), nullptr);
  ::_exit(127);
}

}  // namespace

RedisServer::RedisServer(std::string password)
    : port_(free_port()), password_(std::move(password)) {
  ::signal(SIGPIPE, SIG_IGN);  // As our processes do.
  std::string name = (std::filesystem::temp_directory_path() / "wl-redis-XXXXXX").string();
  directory_ = ::mkdtemp(name.data());
  start();
}

RedisServer::~RedisServer() {
  kill();
  std::filesystem::remove_all(directory_);
}

RedisOptions RedisServer::options() const {
  return {.host = "127.0.0.1",
          .port = port_,
          .database = 3,
          .password = password_,
          .patience = Milliseconds{500}};
}

void RedisServer::start() {
  pid_ = ::fork();
  if (pid_ == 0) become_server(directory_.string(), port_, password_);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (std::chrono::steady_clock::now() < end) {
    if (Connection::open(options())) return;
    std::this_thread::sleep_for(Milliseconds{20});
  }
  throw std::runtime_error("redis-server does not answer; is the package redis-server installed?");
}

void RedisServer::kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void RedisServer::halt() {
  ::kill(pid_, SIGSTOP);
}

void RedisServer::go_on() {
  ::kill(pid_, SIGCONT);
}

Reply RedisServer::run(const Command& command) const {
  auto connection = Connection::open(options());
  if (!connection) throw std::runtime_error(connection.error().what);
  auto reply = (*connection)->run(command);
  if (!reply) throw std::runtime_error(reply.error().what);
  return std::move(*reply);
}

Publisher::Publisher(const RedisOptions& options, std::string epoch)
    : connection_(Connection::open(options).value()),
      publication_(Keys(options.database), std::move(epoch)) {}

std::int64_t Publisher::publish(const LiveMessage& message) {
  const auto replies = connection_->run(publication_.commands(message));
  if (!replies) throw std::runtime_error(replies.error().what);
  return replies->back().items.back().number;
}

}  // namespace wl::cache::testing
