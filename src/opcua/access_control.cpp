#include "opcua/access_control.hpp"

#include <open62541/types_generated_handling.h>

#include <cstdint>

namespace wl::opcua {
namespace {

void clear(UA_AccessControl* control) {
  UA_Array_delete(control->userTokenPolicies, control->userTokenPoliciesSize,
                  &UA_TYPES[UA_TYPES_USERTOKENPOLICY]);
  control->userTokenPolicies = nullptr;
  control->userTokenPoliciesSize = 0;
}

UA_StatusCode activate_session(UA_Server*, UA_AccessControl*, const UA_EndpointDescription*,
                               const UA_ByteString*, const UA_NodeId*,
                               const UA_ExtensionObject* token, void**) {
  // IEC 62541-4, 5.6.3: an empty token means anonymous.
  if (token->encoding == UA_EXTENSIONOBJECT_ENCODED_NOBODY) return UA_STATUSCODE_GOOD;
  if (token->encoding < UA_EXTENSIONOBJECT_DECODED) return UA_STATUSCODE_BADIDENTITYTOKENINVALID;
  if (token->content.decoded.type == &UA_TYPES[UA_TYPES_ANONYMOUSIDENTITYTOKEN]) {
    return UA_STATUSCODE_GOOD;
  }
  return UA_STATUSCODE_BADIDENTITYTOKENINVALID;
}

void close_session(UA_Server*, UA_AccessControl*, const UA_NodeId*, void*) {}

UA_UInt32 no_attribute_rights(UA_Server*, UA_AccessControl*, const UA_NodeId*, void*,
                              const UA_NodeId*, void*) {
  return 0;
}

UA_Byte access_level(UA_Server*, UA_AccessControl* control, const UA_NodeId*, void*,
                     const UA_NodeId*, void*) {
  // The context is not a pointer but the level: UA_AccessControl has no other place for it.
  return static_cast<UA_Byte>(reinterpret_cast<std::uintptr_t>(control->context));
}

UA_Boolean no_method(UA_Server*, UA_AccessControl*, const UA_NodeId*, void*, const UA_NodeId*,
                     void*) {
  return false;
}

UA_Boolean no_method_on_object(UA_Server*, UA_AccessControl*, const UA_NodeId*, void*,
                               const UA_NodeId*, void*, const UA_NodeId*, void*) {
  return false;
}

UA_Boolean every_browse(UA_Server*, UA_AccessControl*, const UA_NodeId*, void*, const UA_NodeId*,
                        void*) {
  return true;
}

template <class Item>
UA_Boolean no_change(UA_Server*, UA_AccessControl*, const UA_NodeId*, void*, const Item*) {
  return false;
}

UA_Boolean no_transfer(UA_Server*, UA_AccessControl*, const UA_NodeId*, void*, const UA_NodeId*,
                       void*) {
  return false;  // Anonymous sessions cannot be told apart.
}

UA_Boolean no_history_update(UA_Server*, UA_AccessControl*, const UA_NodeId*, void*,
                             const UA_NodeId*, UA_PerformUpdateType, const UA_DataValue*) {
  return false;
}

UA_Boolean no_history_delete(UA_Server*, UA_AccessControl*, const UA_NodeId*, void*,
                             const UA_NodeId*, UA_DateTime, UA_DateTime, bool) {
  return false;
}

UA_StatusCode offer_anonymous(UA_AccessControl& control) {
  control.userTokenPolicies =
      static_cast<UA_UserTokenPolicy*>(UA_Array_new(1, &UA_TYPES[UA_TYPES_USERTOKENPOLICY]));
  if (!control.userTokenPolicies) return UA_STATUSCODE_BADOUTOFMEMORY;
  control.userTokenPoliciesSize = 1;
  control.userTokenPolicies[0].tokenType = UA_USERTOKENTYPE_ANONYMOUS;
  control.userTokenPolicies[0].policyId = UA_STRING_ALLOC("anonymous");
  return UA_STATUSCODE_GOOD;
}

}  // namespace

UA_StatusCode install_access_control(UA_ServerConfig& config, AnonymousAccess access) {
  UA_AccessControl& control = config.accessControl;
  if (control.clear) control.clear(&control);
  // What has no history has no such bit in its own access level.
  constexpr std::uintptr_t readable = UA_ACCESSLEVELMASK_READ | UA_ACCESSLEVELMASK_HISTORYREAD;
  const std::uintptr_t level =
      access == AnonymousAccess::read_write ? readable | UA_ACCESSLEVELMASK_WRITE : readable;
  control.context = reinterpret_cast<void*>(level);
  control.clear = clear;
  control.activateSession = activate_session;
  control.closeSession = close_session;
  control.getUserRightsMask = no_attribute_rights;
  control.getUserAccessLevel = access_level;
  control.getUserExecutable = no_method;
  control.getUserExecutableOnObject = no_method_on_object;
  control.allowAddNode = no_change<UA_AddNodesItem>;
  control.allowAddReference = no_change<UA_AddReferencesItem>;
  control.allowDeleteNode = no_change<UA_DeleteNodesItem>;
  control.allowDeleteReference = no_change<UA_DeleteReferencesItem>;
  control.allowBrowseNode = every_browse;
  control.allowTransferSubscription = no_transfer;
  control.allowHistoryUpdateUpdateData = no_history_update;
  control.allowHistoryUpdateDeleteRawModified = no_history_delete;
  return offer_anonymous(control);
}

}  // namespace wl::opcua
