// Looks at the machine for the alarm desk: room on its disks, whether the gateway listens.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "apps/collector/unique_fd.hpp"
#include "base/snapshot_cell.hpp"
#include "base/time.hpp"
#include "collector/desk/facts.hpp"

namespace wl {

/// Where an `opc.tcp://host:port/path` is; port 4840 when it names none, nothing for other text.
struct Endpoint {
  std::string host;
  std::string port;
  bool operator==(const Endpoint&) const = default;
};
std::optional<Endpoint> endpoint_of(const std::string& url);

/// True when somebody accepts a connection, false when it is refused: the machine is there and
/// nobody listens. Nothing when it is not known: no route, no answer within a second.
std::optional<bool> listens_at(const Endpoint& endpoint);

/// Nothing when the path does not exist.
std::optional<collector::DiskFacts> disk_of(const std::string& name,
                                            const std::filesystem::path& path);

/// A thread of its own, as each look may wait: for a resolver, a silent host, a disk that hangs.
/// Every second while the link is down, else every 5 s.
class HostProbe {
 public:
  struct Options {
    std::vector<std::string> gateway_urls;  ///< Of redundant servers: one that listens is enough.
    /// Name and path; of several on one file system the first counts.
    std::vector<std::pair<std::string, std::filesystem::path>> disks;
    /// Called on the probe's thread, once a minute; may be empty.
    std::function<std::vector<collector::CertificateFacts>()> certificates;
  };

  explicit HostProbe(Options options);
  ~HostProbe();  ///< Waits for the look that is going on: a second, longer for a hanging resolver.
  HostProbe(const HostProbe&) = delete;
  HostProbe& operator=(const HostProbe&) = delete;

  /// Any thread. The gateway is asked while the link is down only.
  void on_link(bool up) { link_up_ = up; }
  collector::HostFacts facts() const { return *facts_.get(); }

 private:
  void run();
  collector::HostFacts look();
  std::optional<bool> gateway_listens() const;

  const Options options_;
  std::vector<Endpoint> gateways_;
  std::vector<collector::CertificateFacts> certificates_;
  std::chrono::steady_clock::time_point next_certificates_{};
  UniqueFd stop_;
  std::atomic<bool> link_up_ = false;
  SnapshotCell<collector::HostFacts> facts_;
  std::thread thread_;
};

}  // namespace wl
