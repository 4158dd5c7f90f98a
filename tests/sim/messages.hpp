// What goes over the simulated wire: the services of OPC UA that the Subscriber uses.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "opcua/history_ring.hpp"
#include "opcua/publish_loop.hpp"
#include "opcua/subscriber.hpp"

namespace wl::sim {

using Changes = std::shared_ptr<const std::vector<opcua::ItemChange>>;

/// StatusCodes as IEC 62541-6 annex A names them.
inline constexpr std::uint32_t bad_message_not_available = 0x807B0000;

struct ConnectRequest {
  std::optional<std::uint64_t> session;  ///< To be taken back; nothing: a new one.
};
struct PublishRequest {
  std::uint64_t order = 0;
  std::vector<std::uint32_t> acknowledgements;
};
struct RepublishRequest {
  std::uint32_t sequence = 0;
};
struct HistoryRequest {
  std::uint32_t item = 0;
  opcua::HistoryQuery query;
  std::optional<std::uint64_t> next;
};

struct ConnectAnswer {
  std::optional<std::uint64_t> session;  ///< Nothing: that session is not known any more.
  std::uint32_t subscription = 0;
};
struct PublishAnswer {
  opcua::PublishResponse summary;
  Changes changes;
};
struct RepublishAnswer {
  std::uint32_t sequence = 0;
  std::uint32_t status = 0;
  Changes changes;
};
struct HistoryAnswer {
  std::uint32_t item = 0;
  std::optional<opcua::HistoryPage> page;  ///< Nothing: the continuation point is void.
};
struct ConnectionClosed {};

/// Of one connection; what belongs to an older one is not heard.
struct Message {
  std::uint64_t connection = 0;
  std::variant<ConnectRequest, PublishRequest, RepublishRequest, HistoryRequest, ConnectAnswer,
               PublishAnswer, RepublishAnswer, HistoryAnswer, ConnectionClosed>
      body;
};

}  // namespace wl::sim
