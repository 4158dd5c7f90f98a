// A real redis-server in a directory and on a port of its own, for tests.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "cache/connection.hpp"
#include "cache/publication.hpp"

namespace wl::cache::testing {

/// Runs from construction to destruction; it dies with the test.
class RedisServer {
 public:
  explicit RedisServer(std::string password = "");
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  /// Of database 3, with 500 ms of patience.
  RedisOptions options() const;
  void kill();   ///< As a crash does; nothing is kept.
  void start();  ///< After kill(): again on the same port. Waits until it answers.
  void halt();   ///< It accepts and does nothing (SIGSTOP).
  void go_on();
  /// One command, on a connection of its own.
  Reply run(const Command& command) const;

 private:
  std::filesystem::path directory_;
  std::uint16_t port_;
  std::string password_;
  pid_t pid_ = -1;
};

/// Plays the collector: publishes what a test wants.
class Publisher {
 public:
  explicit Publisher(const RedisOptions& options, std::string epoch = "ab12");
  /// Returns how many points Redis has afterwards.
  std::int64_t publish(const LiveMessage& message);

 private:
  std::unique_ptr<Connection> connection_;
  Publication publication_;
};

}  // namespace wl::cache::testing
