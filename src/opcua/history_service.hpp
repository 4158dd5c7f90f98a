// HistoryRead of raw values at our servers (IEC 62541-11, 6.4.3), from memory.
#pragma once

#include <open62541/server.h>

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "opcua/history_ring.hpp"

namespace wl::opcua {

/// Forward reading by source time, with bounding values and continuation points. Those hold no
/// memory here: they are a place, which is checked when it comes back. One answer carries at most
/// 5,000 values of a node and 20,000 or 2 MB altogether, because meanwhile the server does nothing
/// else. Backward reading and server timestamps are refused.
///
/// Belongs to the server's thread and outlives its UA_Server.
class HistoryService {
 public:
  explicit HistoryService(HistoryLimits limits);

  /// Before install(), in the order of VariableId. `name` is `ns=2;s=…`.
  void add_variable(const std::string& name, DataType type);
  bool is_on() const { return limits_.bytes > 0; }
  void install(UA_ServerConfig& config);

  void record(std::uint32_t variable, const DataValue& value);
  const HistoryRing& ring() const { return ring_; }

 private:
  struct Budget {
    std::size_t values;
    std::size_t bytes;
  };

  static void read_raw(UA_Server* server, void* context, const UA_NodeId* session, void*,
                       const UA_RequestHeader* header, const UA_ReadRawModifiedDetails* details,
                       UA_TimestampsToReturn timestamps, UA_Boolean release, std::size_t count,
                       const UA_HistoryReadValueId* wanted, UA_HistoryReadResponse* response,
                       UA_HistoryData* const* const data);

  std::optional<std::uint32_t> variable_of(const UA_NodeId& node) const;
  std::optional<std::uint64_t> place_of(std::uint32_t variable,
                                        const UA_ByteString& continuation) const;
  UA_StatusCode read_one(const UA_ReadRawModifiedDetails& details,
                         const UA_HistoryReadValueId& wanted, Budget& budget,
                         UA_HistoryReadResult& result, UA_HistoryData& data);
  UA_StatusCode answer(std::uint32_t variable, const HistoryQuery& query, const HistoryPage& page,
                       UA_HistoryData& data) const;
  UA_StatusCode set_continuation(std::uint32_t variable, std::uint64_t next,
                                 UA_ByteString& into) const;

  HistoryLimits limits_;
  HistoryRing ring_;
  std::unordered_map<std::string, std::uint32_t> variables_;
  std::vector<DataType> types_;
  std::uint64_t epoch_;  ///< Continuation points of another server process are none of ours.
};

}  // namespace wl::opcua
