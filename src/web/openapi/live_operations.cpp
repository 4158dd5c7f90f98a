#include "web/openapi/operations.hpp"

namespace wl::web::openapi {

std::vector<Operation> live_operations() {
  return {
      {.method = "GET",
       .pattern = "/ws/live",
       .id = "live",
       .tag = "live",
       .summary = "Values and alarms as they change (WebSocket)",
       .description =
           "A WebSocket handshake (RFC 6455) with the session's cookie and this server's own "
           "`Origin`. Every message is one JSON object in a text frame.\n\n"
           "First a whole state:\n\n"
           "`{\"type\":\"snapshot\",\"ts\":\"…Z\",\"values\":{\"conveyor.power_kw\":"
           "{\"v\":0.95,\"q\":\"good\",\"t\":\"…Z\"}},\"link\":{\"up\":true,…},"
           "\"alarms\":[…],\"alarm_counts\":{…}}`\n\n"
           "then what changed since, at least once a second while the collector lives:\n\n"
           "- `values`: `values` by point key. `v` is null when `q` is `bad`; `t` is the time of "
           "the source.\n"
           "- `alarm`: `alarms` that changed, each as it is now with the `event` that made it so; "
           "state `normal` means that it is over; and `alarm_counts`.\n"
           "- `link`: the collector's subscription went up or down, with the reason.\n\n"
           "A snapshot may come again; what it does not name is gone. A client that reads slowly "
           "gets fewer, merged messages, never an old one. The server pings; it closes with code "
           "1008 and the reason when the session ends. Members may be added: ignore those that you "
           "do not know. Without the handshake the address answers 404.",
       .success = 101,
       .problems = {404},
       .media_type = ""}};
}

}  // namespace wl::web::openapi
