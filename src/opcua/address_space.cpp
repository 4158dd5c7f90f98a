#include "opcua/address_space.hpp"

#include <fmt/format.h>

#include "opcua/open62541_value.hpp"

namespace wl::opcua {
namespace {

UA_NodeId string_id(std::uint16_t namespace_index, std::string_view text) {
  UA_NodeId id;
  UA_NodeId_init(&id);
  id.namespaceIndex = namespace_index;
  id.identifierType = UA_NODEIDTYPE_STRING;
  id.identifier.string = ua_view(text);
  return id;
}

UA_NodeId ns0(std::uint32_t id) {
  return UA_NODEID_NUMERIC(0, id);
}

UA_LocalizedText localized(std::string_view text) {
  return {UA_STRING_NULL, ua_view(text)};
}

UA_NodeId parent_id(std::uint16_t namespace_index, const std::string& parent) {
  return parent.empty() ? ns0(UA_NS0ID_OBJECTSFOLDER) : string_id(namespace_index, parent);
}

}  // namespace

UA_StatusCode AddressSpace::add(const VariableSpec& spec, const UA_DataSource& source,
                                void* context) {
  std::string parent;
  UA_StatusCode status = add_folders(spec, parent);
  if (status != UA_STATUSCODE_GOOD) return status;
  status = add_variable(spec, parent, source, context);
  if (status != UA_STATUSCODE_GOOD || spec.unit.empty()) return status;
  return add_unit(spec);
}

UA_StatusCode AddressSpace::add_folders(const VariableSpec& spec, std::string& parent) {
  for (std::size_t i = 0; i + 1 < spec.browse_path.size(); ++i) {
    const std::string& step = spec.browse_path[i];
    const std::string path = parent.empty() ? step : parent + "." + step;
    if (folders_.insert(fmt::format("{}:{}", spec.namespace_index, path)).second) {
      UA_ObjectAttributes attributes = UA_ObjectAttributes_default;
      attributes.displayName = localized(step);
      const UA_StatusCode status = UA_Server_addObjectNode(
          server_, string_id(spec.namespace_index, path), parent_id(spec.namespace_index, parent),
          ns0(UA_NS0ID_ORGANIZES), {spec.namespace_index, ua_view(step)}, ns0(UA_NS0ID_FOLDERTYPE),
          attributes, nullptr, nullptr);
      if (status != UA_STATUSCODE_GOOD) return status;
    }
    parent = path;
  }
  return UA_STATUSCODE_GOOD;
}

UA_StatusCode AddressSpace::add_variable(const VariableSpec& spec, const std::string& parent,
                                         const UA_DataSource& source, void* context) {
  const std::string& name = spec.browse_path.back();
  UA_VariableAttributes attributes = UA_VariableAttributes_default;
  attributes.displayName = localized(name);
  attributes.description = localized(spec.description);
  attributes.dataType = UA_TYPES[ua_type_index(spec.type)].typeId;
  attributes.valueRank = UA_VALUERANK_SCALAR;
  attributes.accessLevel = spec.access == Access::read_write
                               ? UA_ACCESSLEVELMASK_READ | UA_ACCESSLEVELMASK_WRITE
                               : UA_ACCESSLEVELMASK_READ;
  if (history_ == HistoryAccess::read) {
    attributes.accessLevel |= UA_ACCESSLEVELMASK_HISTORYREAD;
    attributes.historizing = true;
  }
  const UA_NodeId id = string_id(spec.namespace_index, spec.node_id);
  const UA_StatusCode status = UA_Server_addDataSourceVariableNode(
      server_, id, parent_id(spec.namespace_index, parent), ns0(UA_NS0ID_ORGANIZES),
      {spec.namespace_index, ua_view(name)}, ns0(UA_NS0ID_BASEDATAVARIABLETYPE), attributes, source,
      context, nullptr);
  if (status != UA_STATUSCODE_GOOD) return status;
  // Without it the source timestamps are replaced by "now".
  return UA_Server_setVariableNodeDynamic(server_, id, true);
}

UA_StatusCode AddressSpace::add_unit(const VariableSpec& spec) {
  UA_EUInformation unit;
  UA_EUInformation_init(&unit);
  unit.unitId = -1;  // IEC 62541-8: no code of the namespace is given.
  unit.displayName = localized(spec.unit);
  unit.description = localized(spec.unit);
  UA_VariableAttributes attributes = UA_VariableAttributes_default;
  attributes.displayName = localized("EngineeringUnits");
  attributes.dataType = UA_TYPES[UA_TYPES_EUINFORMATION].typeId;
  attributes.valueRank = UA_VALUERANK_SCALAR;
  attributes.accessLevel = UA_ACCESSLEVELMASK_READ;
  UA_Variant_setScalar(&attributes.value, &unit, &UA_TYPES[UA_TYPES_EUINFORMATION]);
  const std::string id = spec.node_id + ".EngineeringUnits";
  return UA_Server_addVariableNode(server_, string_id(spec.namespace_index, id),
                                   string_id(spec.namespace_index, spec.node_id),
                                   ns0(UA_NS0ID_HASPROPERTY), {0, ua_view("EngineeringUnits")},
                                   ns0(UA_NS0ID_PROPERTYTYPE), attributes, nullptr, nullptr);
}

}  // namespace wl::opcua
