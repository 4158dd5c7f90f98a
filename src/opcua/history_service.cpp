#include "opcua/history_service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <random>

#include "base/log.hpp"
#include "opcua/open62541_value.hpp"

namespace wl::opcua {
namespace {

constexpr std::size_t max_values_per_node = 5'000;
constexpr std::size_t max_values_per_answer = 20'000;
constexpr std::size_t max_bytes_per_answer = 2 << 20;
/// The answer had no room for this node: it begins with the next one.
constexpr std::uint64_t from_the_beginning = std::numeric_limits<std::uint64_t>::max();

struct Continuation {
  std::uint64_t epoch;
  std::uint64_t next;
  std::uint32_t variable;
  std::uint32_t zero = 0;
};

std::size_t wire_size(const DataValue& value) {
  const auto* text = std::get_if<std::string>(&value.value);
  return 32 + (text ? text->size() : 0);
}

UA_DataValue no_bound(Timestamp time) {
  UA_DataValue value;
  UA_DataValue_init(&value);
  value.hasStatus = true;
  value.status = UA_STATUSCODE_BADBOUNDNOTFOUND;
  value.hasSourceTimestamp = true;
  value.sourceTimestamp = to_ua_time(time);
  return value;
}

}  // namespace

HistoryService::HistoryService(HistoryLimits limits) : limits_(limits), ring_(0, limits) {
  std::random_device random;
  epoch_ = std::uint64_t{random()} << 32 | random();
}

void HistoryService::add_variable(const std::string& name, DataType type) {
  variables_.emplace(name, static_cast<std::uint32_t>(types_.size()));
  types_.push_back(type);
  ring_.add_variable();
}

void HistoryService::install(UA_ServerConfig& config) {
  if (!is_on()) return;
  config.historizingEnabled = true;
  config.accessHistoryDataCapability = true;
  config.maxReturnDataValues = max_values_per_node;
  config.historyDatabase.context = this;
  config.historyDatabase.readRaw = &HistoryService::read_raw;
}

void HistoryService::record(std::uint32_t variable, const DataValue& value) {
  if (is_on()) ring_.add(variable, value, std::chrono::steady_clock::now());
}

void HistoryService::read_raw(UA_Server*, void* context, const UA_NodeId*, void*,
                              const UA_RequestHeader*, const UA_ReadRawModifiedDetails* details,
                              UA_TimestampsToReturn timestamps, UA_Boolean release,
                              std::size_t count, const UA_HistoryReadValueId* wanted,
                              UA_HistoryReadResponse* response, UA_HistoryData* const* const data) {
  if (timestamps != UA_TIMESTAMPSTORETURN_SOURCE && timestamps != UA_TIMESTAMPSTORETURN_BOTH) {
    response->responseHeader.serviceResult = UA_STATUSCODE_BADTIMESTAMPNOTSUPPORTED;
    return;
  }
  if (release) return;  // They hold nothing.
  auto& self = *static_cast<HistoryService*>(context);
  Budget budget{max_values_per_answer, max_bytes_per_answer};
  for (std::size_t i = 0; i < count; ++i) {
    UA_HistoryReadResult& result = response->results[i];
    try {
      result.statusCode = self.read_one(*details, wanted[i], budget, result, *data[i]);
    } catch (const std::exception& error) {
      spdlog::error("opcua server: history: {}", error.what());
      result.statusCode = UA_STATUSCODE_BADOUTOFMEMORY;
    }
  }
}

std::optional<std::uint32_t> HistoryService::variable_of(const UA_NodeId& node) const {
  if (node.identifierType != UA_NODEIDTYPE_STRING) return std::nullopt;
  const auto found = variables_.find(
      fmt::format("ns={};s={}", node.namespaceIndex, to_std(node.identifier.string)));
  if (found == variables_.end()) return std::nullopt;
  return found->second;
}

/// Where to begin; nothing when the continuation point is none of ours.
std::optional<std::uint64_t> HistoryService::place_of(std::uint32_t variable,
                                                      const UA_ByteString& continuation) const {
  if (continuation.length == 0) return from_the_beginning;
  Continuation place{};
  if (continuation.length != sizeof place) return std::nullopt;
  std::memcpy(&place, continuation.data, sizeof place);
  if (place.epoch != epoch_ || place.variable != variable) return std::nullopt;
  return place.next;
}

UA_StatusCode HistoryService::read_one(const UA_ReadRawModifiedDetails& details,
                                       const UA_HistoryReadValueId& wanted, Budget& budget,
                                       UA_HistoryReadResult& result, UA_HistoryData& data) {
  const auto variable = variable_of(wanted.nodeId);
  const bool is_backward =
      details.startTime == 0 || (details.endTime != 0 && details.endTime < details.startTime);
  if (!variable || is_backward) return UA_STATUSCODE_BADHISTORYOPERATIONUNSUPPORTED;
  if (wanted.indexRange.length > 0) return UA_STATUSCODE_BADINDEXRANGEINVALID;
  const auto place = place_of(*variable, wanted.continuationPoint);
  if (!place) return UA_STATUSCODE_BADCONTINUATIONPOINTINVALID;
  if (budget.values == 0 || budget.bytes == 0) {
    return set_continuation(*variable, *place, result.continuationPoint);
  }
  HistoryQuery query{from_ua_time(details.startTime), std::nullopt, details.returnBounds};
  if (details.endTime != 0) query.to = from_ua_time(details.endTime);
  const std::size_t asked =
      details.numValuesPerNode == 0 ? max_values_per_node : details.numValuesPerNode;
  query.max_values = std::min({asked, max_values_per_node, budget.values});
  query.max_bytes = budget.bytes;
  std::optional<std::uint64_t> next;
  if (*place != from_the_beginning) next = place;
  const auto page = ring_.read(*variable, query, next);
  if (!page) return UA_STATUSCODE_BADCONTINUATIONPOINTINVALID;
  budget.values -= std::min(budget.values, page->values.size());
  for (const DataValue& value : page->values) {
    budget.bytes -= std::min(budget.bytes, wire_size(value));
  }
  const UA_StatusCode status = answer(*variable, query, *page, data);
  if (status != UA_STATUSCODE_GOOD || !page->next) return status;
  return set_continuation(*variable, *page->next, result.continuationPoint);
}

UA_StatusCode HistoryService::answer(std::uint32_t variable, const HistoryQuery& query,
                                     const HistoryPage& page, UA_HistoryData& data) const {
  const std::size_t count =
      page.values.size() + (page.lacks_first_bound ? 1 : 0) + (page.lacks_last_bound ? 1 : 0);
  if (count == 0) return UA_STATUSCODE_GOODNODATA;
  data.dataValues = static_cast<UA_DataValue*>(UA_Array_new(count, &UA_TYPES[UA_TYPES_DATAVALUE]));
  if (!data.dataValues) return UA_STATUSCODE_BADOUTOFMEMORY;
  data.dataValuesSize = count;
  std::size_t at = 0;
  if (page.lacks_first_bound) data.dataValues[at++] = no_bound(query.from);
  for (const DataValue& value : page.values) {
    UaDataValue encoded = to_ua(value, types_[variable]);
    data.dataValues[at++] = *encoded;
    UA_DataValue_init(encoded.get());  // Moved out.
  }
  if (page.lacks_last_bound) data.dataValues[at] = no_bound(*query.to);
  return UA_STATUSCODE_GOOD;
}

UA_StatusCode HistoryService::set_continuation(std::uint32_t variable, std::uint64_t next,
                                               UA_ByteString& into) const {
  const Continuation place{epoch_, next, variable};
  const UA_StatusCode status = UA_ByteString_allocBuffer(&into, sizeof place);
  if (status == UA_STATUSCODE_GOOD) std::memcpy(into.data, &place, sizeof place);
  return status;
}

}  // namespace wl::opcua
