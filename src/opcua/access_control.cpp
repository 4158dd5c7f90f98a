#include "opcua/access_control.hpp"

#include <open62541/types_generated_handling.h>

#include <cstdint>
#include <memory>
#include <new>
#include <string_view>
#include <utility>

#include "opcua/open62541_value.hpp"

namespace wl::opcua {
namespace {

/// The session handle of who signed in with name and password.
void* const known_user = reinterpret_cast<void*>(std::uintptr_t{1});

const AccessRules& rules_of(const UA_AccessControl* control) {
  return *static_cast<const AccessRules*>(control->context);
}

/// Takes as long for a wrong first letter as for a wrong last one.
bool is_same(std::string_view given, std::string_view right) {
  unsigned difference = given.size() == right.size() ? 0 : 1;
  for (std::size_t i = 0; i < given.size() && !right.empty(); ++i) {
    difference |=
        static_cast<unsigned char>(given[i]) ^ static_cast<unsigned char>(right[i % right.size()]);
  }
  return difference == 0;
}

bool may_sign_in(const AccessRules& rules, const UA_UserNameIdentityToken& token) {
  const bool is_user = is_same(to_std(token.userName), rules.username);
  const bool is_password = is_same(to_std(token.password), rules.password);
  return !rules.username.empty() && is_user && is_password;
}

void clear(UA_AccessControl* control) {
  delete static_cast<AccessRules*>(control->context);
  control->context = nullptr;
  UA_Array_delete(control->userTokenPolicies, control->userTokenPoliciesSize,
                  &UA_TYPES[UA_TYPES_USERTOKENPOLICY]);
  control->userTokenPolicies = nullptr;
  control->userTokenPoliciesSize = 0;
}

UA_StatusCode activate_session(UA_Server*, UA_AccessControl* control, const UA_EndpointDescription*,
                               const UA_ByteString*, const UA_NodeId*,
                               const UA_ExtensionObject* token, void** session) {
  *session = nullptr;
  // IEC 62541-4, 5.6.3: an empty token means anonymous.
  if (token->encoding == UA_EXTENSIONOBJECT_ENCODED_NOBODY) return UA_STATUSCODE_GOOD;
  if (token->encoding < UA_EXTENSIONOBJECT_DECODED) return UA_STATUSCODE_BADIDENTITYTOKENINVALID;
  if (token->content.decoded.type == &UA_TYPES[UA_TYPES_ANONYMOUSIDENTITYTOKEN]) {
    return UA_STATUSCODE_GOOD;
  }
  if (token->content.decoded.type != &UA_TYPES[UA_TYPES_USERNAMEIDENTITYTOKEN]) {
    return UA_STATUSCODE_BADIDENTITYTOKENINVALID;
  }
  const auto& user = *static_cast<const UA_UserNameIdentityToken*>(token->content.decoded.data);
  if (!may_sign_in(rules_of(control), user)) return UA_STATUSCODE_BADUSERACCESSDENIED;
  *session = known_user;
  return UA_STATUSCODE_GOOD;
}

void close_session(UA_Server*, UA_AccessControl*, const UA_NodeId*, void*) {}

UA_UInt32 no_attribute_rights(UA_Server*, UA_AccessControl*, const UA_NodeId*, void*,
                              const UA_NodeId*, void*) {
  return 0;
}

UA_Byte access_level(UA_Server*, UA_AccessControl* control, const UA_NodeId*, void* session,
                     const UA_NodeId*, void*) {
  const bool may_write =
      session == known_user || rules_of(control).anonymous == AnonymousAccess::read_write;
  // What has no history has no such bit in its own access level.
  constexpr UA_Byte readable = UA_ACCESSLEVELMASK_READ | UA_ACCESSLEVELMASK_HISTORYREAD;
  return static_cast<UA_Byte>(may_write ? readable | UA_ACCESSLEVELMASK_WRITE : readable);
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

UA_StatusCode offer_logins(UA_AccessControl& control) {
  const bool has_user = !rules_of(&control).username.empty();
  const std::size_t count = has_user ? 2 : 1;
  control.userTokenPolicies =
      static_cast<UA_UserTokenPolicy*>(UA_Array_new(count, &UA_TYPES[UA_TYPES_USERTOKENPOLICY]));
  if (!control.userTokenPolicies) return UA_STATUSCODE_BADOUTOFMEMORY;
  control.userTokenPoliciesSize = count;
  control.userTokenPolicies[0].tokenType = UA_USERTOKENTYPE_ANONYMOUS;
  control.userTokenPolicies[0].policyId = UA_STRING_ALLOC("anonymous");
  if (!has_user) return UA_STATUSCODE_GOOD;
  control.userTokenPolicies[1].tokenType = UA_USERTOKENTYPE_USERNAME;
  control.userTokenPolicies[1].policyId = UA_STRING_ALLOC("username");
  return UA_STATUSCODE_GOOD;
}

}  // namespace

UA_StatusCode install_access_control(UA_ServerConfig& config, AccessRules rules) {
  UA_AccessControl& control = config.accessControl;
  if (control.clear) control.clear(&control);
  control = {};
  control.context = new (std::nothrow) AccessRules(std::move(rules));
  if (!control.context) return UA_STATUSCODE_BADOUTOFMEMORY;
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
  return offer_logins(control);
}

}  // namespace wl::opcua
