// Which Redis, and what things are called there.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace wl::cache {

/// Two installations on one Redis differ by the database; channels know no databases, so their
/// names have it too.
struct RedisOptions {
  std::string host = "localhost";
  std::uint16_t port = 6379;
  int database = 0;
  std::string password = {};    ///< Empty: none is sent.
  Milliseconds patience{1000};  ///< For a connection, and for each answer.
  std::string place() const;    ///< `localhost:6379`, for messages.
};

/// A command as Redis takes it: name and arguments.
using Command = std::vector<std::string>;

/// The names for one database.
struct Keys {
  explicit Keys(int database);

  std::string latest;   ///< Hash: key of a point → its value as in a live message.
  std::string state;    ///< Hash: `epoch`, `seq`, `points`, `rest`.
  std::string live;     ///< Channel of live messages.
  std::string orders;   ///< Channel of requests, see request_text().
  std::string answers;  ///< Prefix of the channel of one answer.
};

/// How long the hashes outlive the collector's last word.
inline constexpr std::chrono::seconds kept_for{30};

}  // namespace wl::cache
