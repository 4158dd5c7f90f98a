// For tests: a server whose counter goes up by one with every scan.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "opcua/server.hpp"

namespace wl::opcua {

/// Serves `ns=2;s=Line.Count` (UInt32), which changes, and `ns=2;s=Line.Mode`, which does not. A
/// thread scans every 20 ms.
class ScanningLine {
 public:
  explicit ScanningLine(std::uint16_t port) : ScanningLine(options_at(port)) {}
  explicit ScanningLine(const ServerOptions& options);
  ~ScanningLine();
  ScanningLine(const ScanningLine&) = delete;
  ScanningLine& operator=(const ScanningLine&) = delete;

  static ServerOptions options_at(std::uint16_t port);

  /// Empty when it runs; otherwise why not.
  std::string start();
  /// Stops the scans and returns the last number.
  std::uint64_t finish();
  std::uint64_t count() const { return count_; }
  Server& server() { return *server_; }

 private:
  void scan();

  std::unique_ptr<Server> server_;
  VariableId count_id_;
  VariableId mode_id_;
  std::atomic<std::uint64_t> count_{0};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

/// All numbers from `first` to `last`.
std::vector<std::uint64_t> all_numbers(std::uint64_t first, std::uint64_t last);

}  // namespace wl::opcua
