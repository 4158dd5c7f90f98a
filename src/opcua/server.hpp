// An OPC UA server (IEC 62541) with a fixed set of variables: the PLC's and the gateway's face.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/strong_id.hpp"
#include "model/value.hpp"
#include "opcua/history_ring.hpp"

namespace wl::opcua {

/// Index of a variable in the order of Server::add_variable.
using VariableId = StrongId<struct VariableIdTag>;

enum class Access { read, read_write };

struct VariableSpec {
  std::uint16_t namespace_index = 2;
  std::string node_id;                   ///< String identifier: `|var|Wattline.Application.…`.
  std::vector<std::string> browse_path;  ///< Below Objects, the variable's own name last.
  DataType type = DataType::float64;
  Access access = Access::read;
  std::string description;
  std::string unit;  ///< Shown as EngineeringUnits text; may be empty.
};

/// New value of one variable; takes effect for reads and subscriptions at once.
struct VariableUpdate {
  VariableId variable;
  DataValue value;
};

/// What a server offers beside the policy None.
struct ServerSecurity {
  /// `<data>/pki`. Not empty: Basic256Sha256, Aes128_Sha256_RsaOaep and Aes256_Sha256_RsaPss, each
  /// with Sign and SignAndEncrypt, for clients whose certificate is trusted there.
  std::filesystem::path pki_dir;
  std::string certificate_name;  ///< `gateway`: own/gateway.der, made on first use.
  bool offers_none = true;       ///< Also without protection.
  std::string username;          ///< Not empty: this user may sign in, and write.
  std::string password;
};

struct ServerOptions {
  std::string host = "127.0.0.1";  ///< Address to bind; also what endpoints announce.
  std::uint16_t port = 4840;
  std::string application_uri;  ///< `urn:localhost:Wattline:Gateway`.
  std::string application_name;
  std::vector<std::string> namespace_uris;  ///< Become indexes 2, 3, …
  bool anonymous_may_write = false;         ///< True only on loopback (CONTRACT.md).
  ServerSecurity security{};
  HistoryLimits history;  ///< What clients may read back; nothing by default.
};

struct ServerStats {
  std::uint64_t sessions = 0;
  std::uint64_t updates_applied = 0;
  std::uint64_t updates_dropped = 0;  ///< Calls of post() lost: the server thread was held up.
  std::uint64_t history_values = 0;   ///< Remembered now.
  std::uint64_t history_cut = 0;      ///< Forgotten before their age, for want of room.
  std::uint64_t turns = 0;  ///< Moves several times a second while the server's thread lives.
};

/// What a client's write turns into. Called on the server thread: answer quickly, do no I/O.
/// Good accepts; anything else is returned to the client as the write's result. The value has the
/// variable's type. It does not become the variable's value: that follows by post() from where
/// the write went, so that no client ever reads a wish as a measurement.
using WriteHandler = std::function<Quality(VariableId, const Value&)>;

/// One thread, made by start(), owns the UA_Server; every other thread posts to it. Values start
/// as Bad_WaitingForInitialData until the first update. The history outlives stop() and start() of
/// the same object, not the process.
class Server {
 public:
  explicit Server(ServerOptions options);
  ~Server();  ///< Stops.
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Before start(). Refuses a NodeId that exists.
  Result<VariableId> add_variable(const VariableSpec& spec);
  /// Before start(). Without a handler every client write is refused with BadNotWritable.
  void on_write(WriteHandler handler);

  /// Binds the port and starts the thread. `unavailable` names address and port when taken.
  Result<void> start();
  void stop();

  /// Any thread; never blocks on the network. Updates of one call are applied together, within
  /// 10 ms as a rule. 20,000 calls wait at most; then the oldest are dropped and counted. A value
  /// that does not fit its variable's type shows as Bad_TypeMismatch.
  void post(std::vector<VariableUpdate> updates);

  ServerStats stats() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wl::opcua
