// One connection to Redis.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "cache/redis.hpp"

struct redisContext;

namespace wl::cache {

/// An answer of Redis, or a message of a channel (a list of three texts).
struct Reply {
  enum class Kind { nothing, number, text, list, error };

  Kind kind = Kind::nothing;
  std::int64_t number = 0;
  std::string text;  ///< Of a text, a status or an error.
  std::vector<Reply> items;
};

/// Owns a socket. Every wait ends after RedisOptions::patience at the latest; after an error the
/// connection is of no more use. One thread uses it. SIGPIPE must be ignored.
///
/// Limit: what Redis sends at once may take 64 MiB.
class Connection {
 public:
  /// Connects, gives the password and chooses the database. The error says what to do.
  static Result<std::unique_ptr<Connection>> open(const RedisOptions& options);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Sends the commands together and returns an answer for each; an error in one of them (also
  /// inside a transaction) is the error of all.
  Result<std::vector<Reply>> run(const std::vector<Command>& commands);
  Result<Reply> run(const Command& command);

  /// The next answer or message that is here already; nothing: wait until fd() is readable, then
  /// fill().
  Result<std::optional<Reply>> next();
  /// Reads once. Blocks when nothing is there.
  Result<void> fill();
  /// Waits for the next one, at most `patience`.
  Result<Reply> wait_for_next(Milliseconds patience);
  int fd() const;

 private:
  struct Deleter {
    void operator()(redisContext* context) const noexcept;
  };

  Connection(const RedisOptions& options, redisContext* context);
  std::unexpected<Error> broken(const std::string& doing) const;
  Result<void> flush();
  Result<void> sign_in(const RedisOptions& options);

  std::string place_;
  Milliseconds patience_;
  std::unique_ptr<redisContext, Deleter> context_;
};

}  // namespace wl::cache
