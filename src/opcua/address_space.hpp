// Makes the nodes of a Server: a folder for each step of a browse path, a variable at its end.
#pragma once

#include <open62541/server.h>

#include <set>
#include <string>

#include "opcua/server.hpp"

namespace wl::opcua {

enum class HistoryAccess { none, read };

/// Used while a server starts, before it takes clients.
class AddressSpace {
 public:
  AddressSpace(UA_Server* server, HistoryAccess history) : server_(server), history_(history) {}

  /// The variable's value comes from `source`; its node context is `context`. Folders that are
  /// missing are made with the NodeId `<step>.<step>…` in the variable's namespace.
  UA_StatusCode add(const VariableSpec& spec, const UA_DataSource& source, void* context);

 private:
  UA_StatusCode add_folders(const VariableSpec& spec, std::string& parent);
  UA_StatusCode add_variable(const VariableSpec& spec, const std::string& parent,
                             const UA_DataSource& source, void* context);
  UA_StatusCode add_unit(const VariableSpec& spec);

  UA_Server* server_;
  HistoryAccess history_;
  std::set<std::string> folders_;  ///< With the namespace index in front.
};

}  // namespace wl::opcua
