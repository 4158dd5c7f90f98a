// Tries a server step by step and says at the first one that fails what to do.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "model/value.hpp"
#include "opcua/security.hpp"

namespace wl::opcua {

struct CheckStep {
  std::string name;  ///< `name look-up`, `TCP`, `endpoints`, `certificate`, `session`, …
  bool ok = false;
  std::string detail;     ///< What was found, or what is wrong.
  std::string next_step;  ///< What a person does now; of a failed step.
};

struct NodeCheck {
  std::string node_id;
  bool readable = false;
  DataValue value;
  std::string type;    ///< `Float`; empty without a value.
  std::string reason;  ///< Why it is not readable.
};

struct ConnectionCheck {
  std::vector<CheckStep> steps;  ///< Up to the first that failed.
  std::vector<NodeCheck> nodes;  ///< When all steps are ok: in the order that was asked for.

  bool ok() const;
};

/// Waits at most `timeout` in each step. Stores a certificate that is not trusted in rejected/.
ConnectionCheck check_connection(const std::string& endpoint_url,
                                 const std::vector<std::string>& node_ids,
                                 const ClientSecurity& security, Milliseconds timeout);

}  // namespace wl::opcua
