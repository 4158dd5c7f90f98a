#include "opcua/open62541_value.hpp"

#include <open62541/util.h>

#include <array>
#include <cstring>

namespace wl::opcua {
namespace {

constexpr std::array<std::size_t, 12> type_indexes{
    UA_TYPES_BOOLEAN, UA_TYPES_SBYTE, UA_TYPES_BYTE,   UA_TYPES_INT16,
    UA_TYPES_UINT16,  UA_TYPES_INT32, UA_TYPES_UINT32, UA_TYPES_INT64,
    UA_TYPES_UINT64,  UA_TYPES_FLOAT, UA_TYPES_DOUBLE, UA_TYPES_STRING};

template <class T>
UA_StatusCode set_scalar(UA_Variant& out, T value, DataType type) {
  return UA_Variant_setScalarCopy(&out, &value, &UA_TYPES[ua_type_index(type)]);
}

UA_StatusCode set_signed(UA_Variant& out, std::int64_t value, DataType type) {
  switch (type) {
    case DataType::sbyte:
      return set_scalar(out, static_cast<UA_SByte>(value), type);
    case DataType::int16:
      return set_scalar(out, static_cast<UA_Int16>(value), type);
    case DataType::int32:
      return set_scalar(out, static_cast<UA_Int32>(value), type);
    default:
      return set_scalar(out, static_cast<UA_Int64>(value), type);
  }
}

UA_StatusCode set_unsigned(UA_Variant& out, std::uint64_t value, DataType type) {
  switch (type) {
    case DataType::byte:
      return set_scalar(out, static_cast<UA_Byte>(value), type);
    case DataType::uint16:
      return set_scalar(out, static_cast<UA_UInt16>(value), type);
    case DataType::uint32:
      return set_scalar(out, static_cast<UA_UInt32>(value), type);
    default:
      return set_scalar(out, static_cast<UA_UInt64>(value), type);
  }
}

UA_StatusCode set_variant(UA_Variant& out, const Value& value, DataType type) {
  if (const auto* flag = std::get_if<bool>(&value)) return set_scalar(out, UA_Boolean{*flag}, type);
  if (const auto* i = std::get_if<std::int64_t>(&value)) return set_signed(out, *i, type);
  if (const auto* u = std::get_if<std::uint64_t>(&value)) return set_unsigned(out, *u, type);
  if (const auto* real = std::get_if<double>(&value)) {
    if (type == DataType::float32) return set_scalar(out, static_cast<UA_Float>(*real), type);
    return set_scalar(out, UA_Double{*real}, type);
  }
  return set_scalar(out, ua_view(std::get<std::string>(value)), type);
}

template <class T>
T scalar(const UA_Variant& variant) {
  T value;
  std::memcpy(&value, variant.data, sizeof value);
  return value;
}

}  // namespace

std::size_t ua_type_index(DataType type) {
  return type_indexes[static_cast<std::size_t>(type)];
}

UA_DateTime to_ua_time(Timestamp time) {
  return UA_DATETIME_UNIX_EPOCH + to_unix_ms(time) * UA_DATETIME_MSEC;
}

Timestamp from_ua_time(UA_DateTime time) {
  return from_unix_ms((time - UA_DATETIME_UNIX_EPOCH) / UA_DATETIME_MSEC);
}

UA_String ua_view(std::string_view text) {
  UA_String view;
  view.length = text.size();
  // The C type has no const; nobody writes through a view that is only copied from.
  view.data = reinterpret_cast<UA_Byte*>(const_cast<char*>(text.data()));
  return view;
}

std::string to_std(const UA_String& text) {
  if (text.length == 0) return {};
  return {reinterpret_cast<const char*>(text.data), text.length};
}

UaDataValue to_ua(const DataValue& value, DataType type) {
  UaDataValue out;
  out->hasStatus = true;
  out->status = value.quality.status_code;
  out->hasSourceTimestamp = true;
  out->sourceTimestamp = to_ua_time(value.source_time);
  const auto fitting = convert(value.value, type);
  if (fitting && set_variant(out->value, *fitting, type) == UA_STATUSCODE_GOOD) {
    out->hasValue = true;
  } else if (value.quality.is_good()) {
    out->status = UA_STATUSCODE_BADTYPEMISMATCH;
  }
  return out;
}

std::optional<Value> from_ua(const UA_Variant& variant) {
  if (!variant.type || !UA_Variant_isScalar(&variant)) return std::nullopt;
  switch (variant.type->typeKind) {
    case UA_DATATYPEKIND_BOOLEAN:
      return Value{scalar<UA_Boolean>(variant)};
    case UA_DATATYPEKIND_SBYTE:
      return Value{std::int64_t{scalar<UA_SByte>(variant)}};
    case UA_DATATYPEKIND_BYTE:
      return Value{std::uint64_t{scalar<UA_Byte>(variant)}};
    case UA_DATATYPEKIND_INT16:
      return Value{std::int64_t{scalar<UA_Int16>(variant)}};
    case UA_DATATYPEKIND_UINT16:
      return Value{std::uint64_t{scalar<UA_UInt16>(variant)}};
    case UA_DATATYPEKIND_INT32:
    case UA_DATATYPEKIND_ENUM:
      return Value{std::int64_t{scalar<UA_Int32>(variant)}};
    case UA_DATATYPEKIND_UINT32:
      return Value{std::uint64_t{scalar<UA_UInt32>(variant)}};
    case UA_DATATYPEKIND_INT64:
      return Value{std::int64_t{scalar<UA_Int64>(variant)}};
    case UA_DATATYPEKIND_UINT64:
      return Value{std::uint64_t{scalar<UA_UInt64>(variant)}};
    case UA_DATATYPEKIND_FLOAT:
      return Value{double{scalar<UA_Float>(variant)}};
    case UA_DATATYPEKIND_DOUBLE:
      return Value{scalar<UA_Double>(variant)};
    case UA_DATATYPEKIND_STRING:
      return Value{to_std(*static_cast<const UA_String*>(variant.data))};
    default:
      return std::nullopt;
  }
}

DataValue from_ua(const UA_DataValue& value, Timestamp fallback) {
  DataValue out;
  out.quality = Quality{value.hasStatus ? value.status : UA_STATUSCODE_GOOD};
  out.source_time = value.hasSourceTimestamp   ? from_ua_time(value.sourceTimestamp)
                    : value.hasServerTimestamp ? from_ua_time(value.serverTimestamp)
                                               : fallback;
  std::optional<Value> number;
  if (value.hasValue) number = from_ua(value.value);
  if (number) {
    out.value = std::move(*number);
  } else if (!out.quality.is_bad()) {
    out.quality = quality::bad_configuration_error;
  }
  return out;
}

std::string status_name(UA_StatusCode status) {
  return UA_StatusCode_name(status);
}

std::optional<UaNodeId> parse_node_id(const std::string& text) {
  UaNodeId id;
  if (UA_NodeId_parse(id.get(), ua_view(text)) != UA_STATUSCODE_GOOD) return std::nullopt;
  return id;
}

}  // namespace wl::opcua
