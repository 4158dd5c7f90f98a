// Between wl values and open62541 values, and the owners of open62541's C types.
#pragma once

#include <open62541/types.h>
#include <open62541/types_generated.h>
#include <open62541/types_generated_handling.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "model/value.hpp"

namespace wl::opcua {

/// Owns one value of an open62541 type: cleared exactly once, moved, never copied by accident.
/// `type_index` is one of UA_TYPES_…
template <class T, std::size_t type_index>
class UaOwned {
 public:
  UaOwned() noexcept { UA_init(&raw_, type()); }
  ~UaOwned() { UA_clear(&raw_, type()); }
  UaOwned(UaOwned&& other) noexcept : UaOwned() { std::swap(raw_, other.raw_); }
  UaOwned& operator=(UaOwned&& other) noexcept {
    std::swap(raw_, other.raw_);
    return *this;
  }
  static const UA_DataType* type() noexcept { return &UA_TYPES[type_index]; }
  T& operator*() noexcept { return raw_; }
  T* operator->() noexcept { return &raw_; }
  const T& operator*() const noexcept { return raw_; }
  const T* operator->() const noexcept { return &raw_; }
  T* get() noexcept { return &raw_; }

 private:
  T raw_;
};

using UaDataValue = UaOwned<UA_DataValue, UA_TYPES_DATAVALUE>;
using UaNodeId = UaOwned<UA_NodeId, UA_TYPES_NODEID>;
using UaByteString = UaOwned<UA_ByteString, UA_TYPES_BYTESTRING>;

/// Index into UA_TYPES of the built-in type.
std::size_t ua_type_index(DataType type);

/// The IEC 62541 epoch is 1601, the unit 100 ns.
UA_DateTime to_ua_time(Timestamp time);
Timestamp from_ua_time(UA_DateTime time);

/// A view for C calls that copy their arguments; valid while `text` is.
UA_String ua_view(std::string_view text);
std::string to_std(const UA_String& text);

/// `value` must fit `type` (convert() gave it); otherwise the result has no value and
/// BadTypeMismatch. Quality and source time are always set.
UaDataValue to_ua(const DataValue& value, DataType type);

/// Nothing for arrays and structures.
std::optional<Value> from_ua(const UA_Variant& variant);
/// A value that is no scalar arrives as Bad_ConfigurationError. Without a source time the server
/// time counts, without both `fallback`.
DataValue from_ua(const UA_DataValue& value, Timestamp fallback);

/// `BadConnectionRefused`, for people.
std::string status_name(UA_StatusCode status);

/// `ns=2;s=…`, `i=85`; nothing when it is none.
std::optional<UaNodeId> parse_node_id(const std::string& text);

}  // namespace wl::opcua
