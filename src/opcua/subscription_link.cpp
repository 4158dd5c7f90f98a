#include "opcua/subscription_link.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.hpp"
#include "opcua/open62541_value.hpp"

namespace wl::opcua {
namespace {

/// The server proves its life at least this often, so that "link lost" comes within 3 s.
constexpr double keep_alive_ms = 1'000;
constexpr double silence_in_keep_alives = 2.5;
/// The server forgets the subscription after this time without a Publish request.
constexpr double subscription_lifetime_ms = 30'000;
/// One request an item costs 1.8 s for 10,000 items; in batches it is 0.1 s.
constexpr std::size_t items_per_request = 5'000;
/// Publish responses come when there is something to tell: nothing to do with the time-out.
constexpr UA_UInt32 publish_timeout_ms = 60'000;
/// IEC 62541-4, 7.39: info type DataValue (0x400) and the Overflow bit (0x80).
constexpr std::uint32_t overflow_bits = 0x480;

template <class T>
const T& as(const void* response) {
  return *static_cast<const T*>(response);
}

UA_MonitoredItemCreateRequest item_request(const UA_NodeId& node, std::size_t handle,
                                           std::uint32_t queue_size) {
  UA_MonitoredItemCreateRequest item;
  UA_MonitoredItemCreateRequest_init(&item);
  item.itemToMonitor.nodeId = node;
  item.itemToMonitor.attributeId = UA_ATTRIBUTEID_VALUE;
  item.monitoringMode = UA_MONITORINGMODE_REPORTING;
  item.requestedParameters.clientHandle = static_cast<UA_UInt32>(handle);
  item.requestedParameters.samplingInterval = 0;  // Each change, not each sample.
  item.requestedParameters.queueSize = queue_size;
  item.requestedParameters.discardOldest = true;
  return item;
}

std::string for_people(UA_StatusCode status) {
  const bool is_closed =
      status == UA_STATUSCODE_BADCONNECTIONCLOSED || status == UA_STATUSCODE_BADSECURECHANNELCLOSED;
  return is_closed ? "the server closed the connection" : status_name(status);
}

/// What a write's status means for the caller when the connection broke under it.
Quality write_quality(UA_StatusCode status) {
  const bool is_link = status == UA_STATUSCODE_BADSHUTDOWN ||
                       status == UA_STATUSCODE_BADCONNECTIONCLOSED ||
                       status == UA_STATUSCODE_BADSECURECHANNELCLOSED;
  return is_link ? quality::bad_no_communication : Quality{status};
}

}  // namespace

SubscriptionLink::SubscriptionLink(const SubscriberOptions& options, PublishLoop& publish_loop)
    : options_(options), publish_loop_(publish_loop), client_(options.timeout) {}

void SubscriptionLink::connect(SteadyTime now) {
  deadline_ = now + options_.timeout;
  const UA_StatusCode status = client_.connect(options_.endpoint_url);
  if (status != UA_STATUSCODE_GOOD) fail_with(status_name(status));
}

void SubscriptionLink::run(Milliseconds wait, SteadyTime now) {
  if (step_ == Step::broken) return;
  if (step_ == Step::live) publish();
  const UA_StatusCode status = client_.run(wait);
  if (status != UA_STATUSCODE_GOOD) return fail_with(for_people(status));
  if (step_ != Step::broken) advance(now);
}

void SubscriptionLink::advance(SteadyTime now) {
  if (step_ == Step::live) {
    if (!client_.is_active()) return fail_with("the server closed the session");
    if (publish_loop_.is_silent(now)) fail_with("no sign of life from the server");
    return;
  }
  if (step_ == Step::connecting && client_.is_active()) return create_subscription();
  if (now >= deadline_) {
    fail_with(step_ == Step::connecting ? "no answer to the connection"
                                        : "no answer to the subscription");
  }
}

void SubscriptionLink::create_subscription() {
  const double interval = static_cast<double>(options_.publishing_interval.count());
  const double keep_alives = std::max(1.0, keep_alive_ms / interval);
  UA_CreateSubscriptionRequest request;
  UA_CreateSubscriptionRequest_init(&request);
  request.requestedPublishingInterval = interval;
  request.requestedMaxKeepAliveCount = static_cast<UA_UInt32>(keep_alives);
  request.requestedLifetimeCount =
      static_cast<UA_UInt32>(std::max(3 * keep_alives, subscription_lifetime_ms / interval));
  request.maxNotificationsPerPublish = 0;  // The server's own limit.
  request.publishingEnabled = true;
  step_ = Step::creating_subscription;
  const UA_StatusCode status = client_.call(
      &request, UA_TYPES[UA_TYPES_CREATESUBSCRIPTIONREQUEST],
      UA_TYPES[UA_TYPES_CREATESUBSCRIPTIONRESPONSE],
      [this](const void* response) { on_created(as<UA_CreateSubscriptionResponse>(response)); });
  if (status != UA_STATUSCODE_GOOD) fail_with(status_name(status));
}

void SubscriptionLink::on_created(const UA_CreateSubscriptionResponse& response) {
  if (step_ == Step::broken) return;
  const UA_StatusCode status = response.responseHeader.serviceResult;
  if (status != UA_STATUSCODE_GOOD) {
    return fail_with(fmt::format("CreateSubscription: {}", status_name(status)));
  }
  const double keep_alive =
      response.revisedPublishingInterval * std::max(response.revisedMaxKeepAliveCount, 1u);
  const Milliseconds silence{static_cast<std::int64_t>(
      std::clamp(keep_alive * silence_in_keep_alives, 500.0, 3'600'000.0))};
  publish_loop_.begin(response.subscriptionId, silence, std::chrono::steady_clock::now());
  step_ = Step::creating_items;
  create_items();
}

void SubscriptionLink::create_items() {
  const std::size_t first = items_requested_;
  const std::size_t count = std::min(items_per_request, options_.node_ids.size() - first);
  if (count == 0) {
    client_.take_cause();  // What was said while connecting explains no later loss.
    step_ = Step::live;
    return;
  }
  std::vector<UaNodeId> nodes;
  std::vector<UA_MonitoredItemCreateRequest> items;
  for (std::size_t i = first; i < first + count; ++i) {
    auto node = parse_node_id(options_.node_ids[i]);
    nodes.push_back(node ? std::move(*node) : UaNodeId{});  // The server refuses the null NodeId.
    items.push_back(item_request(*nodes.back(), i, options_.queue_size));
  }
  UA_CreateMonitoredItemsRequest request;
  UA_CreateMonitoredItemsRequest_init(&request);
  request.subscriptionId = publish_loop_.subscription_id();
  request.timestampsToReturn = UA_TIMESTAMPSTORETURN_BOTH;
  request.itemsToCreate = items.data();
  request.itemsToCreateSize = items.size();
  items_requested_ += count;
  const UA_StatusCode status = client_.call(
      &request, UA_TYPES[UA_TYPES_CREATEMONITOREDITEMSREQUEST],
      UA_TYPES[UA_TYPES_CREATEMONITOREDITEMSRESPONSE], [this, first](const void* response) {
        on_items(first, as<UA_CreateMonitoredItemsResponse>(response));
      });
  if (status != UA_STATUSCODE_GOOD) fail_with(status_name(status));
}

void SubscriptionLink::on_items(std::size_t first,
                                const UA_CreateMonitoredItemsResponse& response) {
  if (step_ == Step::broken) return;
  const UA_StatusCode status = response.responseHeader.serviceResult;
  if (status != UA_STATUSCODE_GOOD || response.resultsSize != items_requested_ - first) {
    return fail_with(fmt::format("CreateMonitoredItems: {}", status_name(status)));
  }
  for (std::size_t i = 0; i < response.resultsSize; ++i) {
    const Quality refusal{response.results[i].statusCode};
    if (refusal.is_good()) continue;
    refused_.push_back({static_cast<std::uint32_t>(first + i), {{}, refusal, wall_now()}, false});
  }
  create_items();
}

void SubscriptionLink::publish() {
  while (auto acknowledge = publish_loop_.next_request()) {
    std::vector<UA_SubscriptionAcknowledgement> acknowledgements;
    for (const std::uint32_t sequence : *acknowledge) {
      acknowledgements.push_back({publish_loop_.subscription_id(), sequence});
    }
    UA_PublishRequest request;
    UA_PublishRequest_init(&request);
    request.requestHeader.timeoutHint = publish_timeout_ms;
    request.subscriptionAcknowledgements = acknowledgements.data();
    request.subscriptionAcknowledgementsSize = acknowledgements.size();
    const UA_StatusCode status = client_.call(
        &request, UA_TYPES[UA_TYPES_PUBLISHREQUEST], UA_TYPES[UA_TYPES_PUBLISHRESPONSE],
        [this](const void* response) { on_publish(as<UA_PublishResponse>(response)); });
    if (status != UA_STATUSCODE_GOOD) return fail_with(status_name(status));
  }
}

void SubscriptionLink::on_publish(const UA_PublishResponse& response) {
  if (step_ != Step::live) return;
  PublishResponse summary;
  summary.status = response.responseHeader.serviceResult;
  summary.subscription_id = response.subscriptionId;
  summary.sequence = response.notificationMessage.sequenceNumber;
  summary.has_data = response.notificationMessage.notificationDataSize > 0;
  const std::uint32_t expected = publish_loop_.next_sequence();
  const auto verdict = publish_loop_.on_response(summary, std::chrono::steady_clock::now());
  if (verdict == PublishVerdict::ignored) return;
  if (verdict == PublishVerdict::broken && summary.status != UA_STATUSCODE_GOOD) {
    return fail_with(for_people(summary.status));
  }
  alive_ = true;
  if (summary.has_data) decode(response);
  if (verdict != PublishVerdict::data && verdict != PublishVerdict::keep_alive) {
    fail_with(fmt::format("notification {} is missing, got {}", expected, summary.sequence));
  }
}

void SubscriptionLink::decode(const UA_PublishResponse& response) {
  const UA_NotificationMessage& message = response.notificationMessage;
  Notification notification;
  notification.token = publish_loop_.token(message.sequenceNumber);
  notification.received_at = wall_now();
  for (std::size_t i = 0; i < message.notificationDataSize; ++i) {
    const UA_ExtensionObject& data = message.notificationData[i];
    if (data.encoding < UA_EXTENSIONOBJECT_DECODED) continue;
    const UA_DataType* type = data.content.decoded.type;
    if (type == &UA_TYPES[UA_TYPES_DATACHANGENOTIFICATION]) {
      decode_changes(as<UA_DataChangeNotification>(data.content.decoded.data), notification);
    } else if (type == &UA_TYPES[UA_TYPES_STATUSCHANGENOTIFICATION]) {
      const auto& change = as<UA_StatusChangeNotification>(data.content.decoded.data);
      fail_with(fmt::format("the subscription ended: {}", status_name(change.status)));
    }
  }
  notifications_.push_back(std::move(notification));
}

void SubscriptionLink::decode_changes(const UA_DataChangeNotification& changes,
                                      Notification& into) {
  into.changes.reserve(into.changes.size() + changes.monitoredItemsSize);
  for (std::size_t i = 0; i < changes.monitoredItemsSize; ++i) {
    const UA_MonitoredItemNotification& item = changes.monitoredItems[i];
    if (item.clientHandle >= options_.node_ids.size()) continue;  // Not ours: a broken server.
    ItemChange change{item.clientHandle, from_ua(item.value, into.received_at), false};
    const std::uint32_t status = change.value.quality.status_code;
    change.overflow = (status & overflow_bits) == overflow_bits;
    // The overflow tells about the queue, not about the value: equal values stay equal.
    if (change.overflow) change.value.quality.status_code = status & ~overflow_bits;
    into.changes.push_back(std::move(change));
  }
}

void SubscriptionLink::write(std::uint32_t item, const Value& value, DataType type,
                             WriteResult done) {
  const auto node = parse_node_id(options_.node_ids[item]);
  const UaDataValue wish = to_ua({value, quality::good, {}}, type);
  if (!node || !wish->hasValue) return done(Quality{UA_STATUSCODE_BADTYPEMISMATCH});
  UA_WriteValue target;
  UA_WriteValue_init(&target);
  target.nodeId = **node;
  target.attributeId = UA_ATTRIBUTEID_VALUE;
  target.value.hasValue = true;  // Many servers refuse a status or a time.
  target.value.value = wish->value;
  UA_WriteRequest request;
  UA_WriteRequest_init(&request);
  request.nodesToWrite = &target;
  request.nodesToWriteSize = 1;
  const auto answer = [done](const void* raw) {
    const auto& response = as<UA_WriteResponse>(raw);
    UA_StatusCode status = response.responseHeader.serviceResult;
    if (status == UA_STATUSCODE_GOOD && response.resultsSize == 1) status = response.results[0];
    try {
      done(write_quality(status));
    } catch (const std::exception& error) {
      spdlog::error("opcua client: result of a write: {}", error.what());
    }
  };
  const UA_StatusCode status = client_.call(&request, UA_TYPES[UA_TYPES_WRITEREQUEST],
                                            UA_TYPES[UA_TYPES_WRITERESPONSE], answer);
  if (status != UA_STATUSCODE_GOOD) done(write_quality(status));
}

void SubscriptionLink::close() {
  if (step_ == Step::live) client_.disconnect();
}

void SubscriptionLink::fail_with(std::string reason) {
  if (step_ == Step::broken) return;
  step_ = Step::broken;
  const std::string cause = client_.take_cause();
  reason_ = cause.empty() ? std::move(reason) : fmt::format("{} ({})", reason, cause);
}

}  // namespace wl::opcua
