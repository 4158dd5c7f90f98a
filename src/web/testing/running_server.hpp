// The real server with real stores in a temporary directory, for tests.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "storage/account_store.hpp"
#include "storage/store.hpp"
#include "web/http/client_address.hpp"
#include "web/http/router.hpp"
#include "web/http/server.hpp"
#include "web/testing/http_client.hpp"
#include "web/testing/memory_audit.hpp"
#include "web/testing/scripted_backups.hpp"

namespace wl::web::testing {

/// What a test may choose.
struct ServerSetup {
  bool default_password_blocks = false;
  bool with_database = true;
  std::size_t password_min_length = 8;
  ServerLimits limits = {};
  AddressRules addresses = {};
  std::optional<TlsFiles> tls = {};
  std::string allowed_hosts = "";           ///< WEB_ALLOWED_HOSTS
  std::string plant = {};                   ///< plant.json; empty: a line of one conveyor.
  std::vector<std::string> line_urls = {};  ///< OPC UA servers that take commands.
  /// Gets the directory before anything is read from it: for files of the UI in <directory>/ui.
  std::function<void(const std::filesystem::path&)> before_start = {};
};

/// Entries of the audit log since the start.
struct AuditCounts {
  std::uint64_t written = 0;
  std::uint64_t lost = 0;
  std::size_t waiting = 0;
};

/// Server, application, SQLite stores with admin / admin123 (bcrypt at cost 4) and a feed on
/// <directory>/live.sock, running on a free port of 127.0.0.1. Time stands at `now()`, unless a
/// test moves it.
class RunningServer {
 public:
  explicit RunningServer(ServerSetup setup = {});
  ~RunningServer();
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;

  unsigned short port() const;
  const std::filesystem::path& directory() const;
  /// The fixed time at which it starts: 2026-01-01T12:00:00Z.
  static Timestamp start_time();
  void set_now(Timestamp now);
  /// What the process does every second, done once; returns when it is done on the loop.
  void tick();
  /// One more connection to the database, as another process has.
  std::unique_ptr<storage::AccountStore> accounts() const;
  /// Of the audit log, after one more tick.
  AuditCounts audit_counts();
  /// Writes what a collector would.
  void store(const storage::Batch& batch);
  const Plant& plant() const;
  /// Looks whether the certificate has changed, and waits until that is done.
  void renew_tls();
  /// The table of routes, for tests of all of them.
  const Router& router() const;
  const std::vector<Route>& routes() const;
  const storage::DatabaseOptions& database() const;
  /// What commands and backups told the audit log.
  MemoryAudit& audit();
  ScriptedBackups& backups();
  /// Stops and drains; the destructor does it too.
  void stop();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// A signed-in client: its cookie and CSRF token as header lines.
struct SignedInClient {
  std::string cookie;  ///< `Cookie: wattline_session=…\r\n`
  std::string csrf;    ///< `X-CSRF-Token: …\r\n`
  std::string json = "Content-Type: application/json\r\n";

  std::string all() const { return cookie + csrf + json; }
};

/// The key of the audit chain and of CSRF tokens.
inline constexpr const char* test_secret_key = "a secret for tests only";

Answer login(unsigned short port, const std::string& username, const std::string& password);
SignedInClient sign_in(unsigned short port, const std::string& username = "admin",
                       const std::string& password = "admin123");

/// Plays the collector on <directory>/live.sock.
class FakeCollector {
 public:
  explicit FakeCollector(const std::filesystem::path& directory);
  ~FakeCollector();
  FakeCollector(const FakeCollector&) = delete;
  FakeCollector& operator=(const FakeCollector&) = delete;

  /// Waits (at most 10 s) for the web process to connect.
  void accept();
  void send_line(const std::string& line);
  void hang_up();

 private:
  std::string path_;
  int listener_;
  int client_ = -1;
};

}  // namespace wl::web::testing
