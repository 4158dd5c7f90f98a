// What the server asks the application.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "web/http/message.hpp"
#include "web/live/live_hub.hpp"

namespace wl::web {

/// The answer to a WebSocket handshake: a refusal, or under what the client is let in.
struct LiveVerdict {
  std::optional<Response> refusal;
  LiveAdmission session;
};

/// All calls on the loop's thread. Implementations must not block.
class Service {
 public:
  virtual ~Service() = default;
  virtual void handle(Request request, Reply reply) = 0;
  virtual void admit_live(Request request, std::move_only_function<void(LiveVerdict)> answer) = 0;
  virtual void join_live(std::shared_ptr<PushClient> client) = 0;
  virtual void leave_live(const std::shared_ptr<PushClient>& client) = 0;
  /// For the refusals that the server itself makes (too large, malformed).
  virtual Response refuse(int status, const Request& request) = 0;
};

}  // namespace wl::web
