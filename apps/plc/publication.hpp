// The PLC's variables as OPC UA nodes, in the form of a CODESYS controller.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "opcua/server.hpp"
#include "plc/runtime/resource.hpp"
#include "plc/runtime/scan_cycle.hpp"

namespace wl {

/// The application's namespace has index 4, as on a CODESYS controller, so that its NodeIds are
/// those of a real one: 2 is OPC UA for Devices, 3 PLCopen; we serve no nodes in either.
inline constexpr std::uint16_t plc_namespace = 4;

/// localhost, 127.0.0.0/8 and ::1: there, and only there, anonymous clients may write.
bool is_loopback(const std::string& host);

/// Node `|var|Wattline.Application.<path>`, Objects → Wattline → Application → PLC_PRG → variable.
/// Description is the declaration's comment; a `[kW]` in it is the unit.
opcua::VariableSpec variable_spec(const plc::Symbol& symbol, opcua::Access access);

/// A started Server with every published variable of a Resource. publish() belongs to the scan
/// thread; clients' writes go to Resource::write on the server's thread.
class Publication {
 public:
  struct Options {
    std::string host;
    std::uint16_t port = 0;
  };

  /// `unavailable` names the port and its key. `resource` must outlive the publication.
  static Result<std::unique_ptr<Publication>> start(plc::Resource& resource,
                                                    const Options& options);

  /// Posts the changed variables with the time of the scan: Good, or in FAULT
  /// Bad_DeviceFailure. When the server had to drop posts, all variables are posted again within
  /// a second, so that no client keeps an old value for new.
  void publish(const plc::ScanReport& report);

  opcua::ServerStats stats() const { return server_.stats(); }
  void stop() { server_.stop(); }

 private:
  Publication(plc::Resource& resource, const Options& options);
  Result<void> add_variables(opcua::Access access);
  void repeat_after_drops(const plc::ScanReport& report);
  void post(std::span<const std::uint32_t> symbols, const plc::ScanReport& report);

  plc::Resource& resource_;
  opcua::Server server_;
  std::vector<opcua::VariableId> ids_;       ///< By symbol index; only published ones are valid.
  std::vector<std::uint32_t> symbol_of_id_;  ///< By VariableId.
  std::uint64_t drops_seen_ = 0;
  Timestamp drops_checked_{};
};

}  // namespace wl
