#include "opcua/subscription_link.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ranges>

#include "base/log.hpp"
#include "opcua/open62541_value.hpp"

namespace wl::opcua {
namespace {

/// The server proves its life at least this often, so that "link lost" comes within 3 s.
constexpr double keep_alive_ms = 1'000;
constexpr double silence_in_keep_alives = 2.5;
/// The server forgets the subscription after this time without a Publish request.
constexpr double subscription_lifetime_ms = 90'000;
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

/// The connection broke; session and subscription may live on at the server.
bool is_link_loss(UA_StatusCode status) {
  constexpr std::array all{UA_STATUSCODE_BADSHUTDOWN,
                           UA_STATUSCODE_BADCONNECTIONCLOSED,
                           UA_STATUSCODE_BADSECURECHANNELCLOSED,
                           UA_STATUSCODE_BADCONNECTIONREJECTED,
                           UA_STATUSCODE_BADNOTCONNECTED,
                           UA_STATUSCODE_BADSERVERNOTCONNECTED,
                           UA_STATUSCODE_BADTIMEOUT,
                           UA_STATUSCODE_BADINTERNALERROR};
  return std::ranges::find(all, status) != all.end();
}

/// What a write's status means for the caller when the connection broke under it.
Quality write_quality(UA_StatusCode status) {
  const bool is_link = status == UA_STATUSCODE_BADSHUTDOWN ||
                       status == UA_STATUSCODE_BADCONNECTIONCLOSED ||
                       status == UA_STATUSCODE_BADSECURECHANNELCLOSED;
  return is_link ? quality::bad_no_communication : Quality{status};
}

}  // namespace

SubscriptionLink::SubscriptionLink(const SubscriberOptions& options, std::string endpoint_url,
                                   SubscriptionMemory& memory)
    : options_(options),
      endpoint_url_(std::move(endpoint_url)),
      memory_(memory),
      publish_loop_(memory.publish_loop),
      resuming_(memory.session && memory.endpoint_url == endpoint_url_),
      history_(options.node_ids),
      client_(options.timeout, options.security) {}

void SubscriptionLink::connect(SteadyTime now) {
  deadline_ = now + options_.timeout;
  const UA_StatusCode status = resuming_ ? client_.connect(endpoint_url_, memory_.session->clone())
                                         : client_.connect(endpoint_url_);
  if (status != UA_STATUSCODE_GOOD) fail_with(status_name(status));
}

void SubscriptionLink::run(Milliseconds wait, SteadyTime now) {
  if (step_ == Step::broken) return;
  if (is_up()) republish();
  if (step_ == Step::live) {
    publish();
    history_.run(client_, now);
  }
  const UA_StatusCode status = client_.run(wait);
  if (status != UA_STATUSCODE_GOOD) {
    if (resuming_ && step_ == Step::connecting && !is_link_loss(status)) forget_session();
    return fail_with(for_people(status));
  }
  if (step_ != Step::broken) advance(now);
}

void SubscriptionLink::advance(SteadyTime now) {
  if (is_up()) {
    if (!client_.is_active()) return fail_with("the server closed the session");
    if (publish_loop_.is_silent(now)) fail_with("no sign of life from the server");
    return;
  }
  if (step_ == Step::connecting && client_.is_active()) return on_session();
  if (now >= deadline_) {
    fail_with(step_ == Step::connecting ? "no answer to the connection"
                                        : "no answer to the subscription");
  }
}

void SubscriptionLink::on_session() {
  if (!resuming_) return create_subscription();
  memory_.session = client_.ticket();
  publish_loop_.resume(std::chrono::steady_clock::now());
  client_.take_cause();
  step_ = Step::republishing;
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
  memory_.session.reset();  // The publish loop forgets its subscription.
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
  memory_.refused.clear();
  step_ = Step::creating_items;
  create_items();
}

void SubscriptionLink::create_items() {
  const std::size_t first = items_requested_;
  const std::size_t count = std::min(items_per_request, options_.node_ids.size() - first);
  if (count == 0) return become_live();
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
    memory_.refused.push_back(
        {static_cast<std::uint32_t>(first + i), {{}, refusal, wall_now()}, false});
  }
  create_items();
}

void SubscriptionLink::become_live() {
  client_.take_cause();  // What was said while connecting explains no later loss.
  memory_.session = client_.ticket();
  memory_.endpoint_url = endpoint_url_;
  step_ = Step::live;
}

void SubscriptionLink::publish() {
  while (const auto order = publish_loop_.next_request()) {
    std::vector<UA_SubscriptionAcknowledgement> acknowledgements;
    for (const std::uint32_t sequence : order->acknowledgements) {
      acknowledgements.push_back({publish_loop_.subscription_id(), sequence});
    }
    UA_PublishRequest request;
    UA_PublishRequest_init(&request);
    request.requestHeader.timeoutHint = publish_timeout_ms;
    request.subscriptionAcknowledgements = acknowledgements.data();
    request.subscriptionAcknowledgementsSize = acknowledgements.size();
    const UA_StatusCode status = client_.call(
        &request, UA_TYPES[UA_TYPES_PUBLISHREQUEST], UA_TYPES[UA_TYPES_PUBLISHRESPONSE],
        [this, id = order->id](const void* raw) { on_publish(id, as<UA_PublishResponse>(raw)); });
    if (status != UA_STATUSCODE_GOOD) return fail_with(status_name(status));
  }
}

void SubscriptionLink::on_publish(std::uint64_t order_id, const UA_PublishResponse& response) {
  if (step_ != Step::live) return;
  PublishResponse summary;
  summary.order_id = order_id;
  summary.status = response.responseHeader.serviceResult;
  summary.subscription_id = response.subscriptionId;
  summary.sequence = response.notificationMessage.sequenceNumber;
  summary.has_data = response.notificationMessage.notificationDataSize > 0;
  summary.more = response.moreNotifications;
  const std::uint32_t expected = publish_loop_.next_sequence();
  const auto verdict = publish_loop_.on_response(summary, std::chrono::steady_clock::now());
  if (verdict == PublishVerdict::ignored) return;
  if (verdict == PublishVerdict::broken) {
    if (!is_link_loss(summary.status)) memory_.session.reset();
    return fail_with(summary.status != UA_STATUSCODE_GOOD
                         ? for_people(summary.status)
                         : fmt::format("the server sent notification {} where {} was expected",
                                       summary.sequence, expected));
  }
  alive_ = true;
  if (verdict == PublishVerdict::data) deliver(decode(response.notificationMessage));
  if (verdict == PublishVerdict::held) {
    held_[summary.sequence] = decode(response.notificationMessage);
  }
}

void SubscriptionLink::republish() {
  const auto sequence = publish_loop_.next_republish();
  if (!sequence) return;
  UA_RepublishRequest request;
  UA_RepublishRequest_init(&request);
  request.subscriptionId = publish_loop_.subscription_id();
  request.retransmitSequenceNumber = *sequence;
  const UA_StatusCode status = client_.call(&request, UA_TYPES[UA_TYPES_REPUBLISHREQUEST],
                                            UA_TYPES[UA_TYPES_REPUBLISHRESPONSE],
                                            [this, number = *sequence](const void* raw) {
                                              on_republish(number, as<UA_RepublishResponse>(raw));
                                            });
  if (status != UA_STATUSCODE_GOOD) fail_with(status_name(status));
}

void SubscriptionLink::on_republish(std::uint32_t sequence, const UA_RepublishResponse& response) {
  if (!is_up()) return;
  const UA_StatusCode status = response.responseHeader.serviceResult;
  const auto now = std::chrono::steady_clock::now();
  switch (publish_loop_.on_republish(sequence, status, now)) {
    case RepublishVerdict::broken:
      if (!is_link_loss(status)) forget_session();
      return fail_with(fmt::format("Republish: {}", for_people(status)));
    case RepublishVerdict::data:
      if (response.notificationMessage.sequenceNumber != sequence) {
        memory_.session.reset();
        return fail_with(fmt::format("Republish of {} brought {}", sequence,
                                     response.notificationMessage.sequenceNumber));
      }
      return deliver(decode(response.notificationMessage));
    case RepublishVerdict::lost:
      return deliver({});
    case RepublishVerdict::current:
      if (step_ == Step::republishing) step_ = Step::live;
      return;
  }
}

/// Also what waited for it.
void SubscriptionLink::deliver(Notification notification) {
  if (!notification.changes.empty() || notification.token != 0) {
    notifications_.push_back(std::move(notification));
  }
  while (const auto sequence = publish_loop_.take_ready()) {
    notifications_.push_back(std::move(held_[*sequence]));
    held_.erase(*sequence);
  }
}

Notification SubscriptionLink::decode(const UA_NotificationMessage& message) {
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
      memory_.session.reset();
      fail_with(fmt::format("the subscription ended: {}", status_name(change.status)));
    }
  }
  return notification;
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

void SubscriptionLink::read_history(const HistoryRange& range) {
  std::vector<std::uint32_t> refused;
  for (const ItemChange& each : memory_.refused) refused.push_back(each.item);
  history_.start(range, refused, std::chrono::steady_clock::now());
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
  if (!is_up()) return;
  memory_.session.reset();
  client_.disconnect();
}

void SubscriptionLink::forget_session() {
  memory_.session.reset();
  session_forgotten_ = true;
}

void SubscriptionLink::fail_with(std::string reason) {
  if (step_ == Step::broken) return;
  step_ = Step::broken;
  const std::string cause = client_.take_cause();
  reason_ = cause.empty() ? std::move(reason) : fmt::format("{} ({})", reason, cause);
}

}  // namespace wl::opcua
