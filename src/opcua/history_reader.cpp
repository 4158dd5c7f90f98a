#include "opcua/history_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.hpp"

namespace wl::opcua {
namespace {

constexpr std::size_t items_per_request = 100;
constexpr UA_UInt32 values_per_item = 1'000;
constexpr std::size_t max_values = 2'000'000;
constexpr std::chrono::minutes patience{2};
constexpr std::chrono::seconds on_the_way{5};
/// A source whose clock is ahead dates its values later than now.
constexpr std::chrono::hours ahead{24};

bool is_unsupported(UA_StatusCode status) {
  return status == UA_STATUSCODE_BADNOTSUPPORTED || status == UA_STATUSCODE_BADSERVICEUNSUPPORTED ||
         status == UA_STATUSCODE_BADHISTORYOPERATIONUNSUPPORTED ||
         status == UA_STATUSCODE_BADHISTORYOPERATIONINVALID ||
         status == UA_STATUSCODE_BADNOTREADABLE;
}

std::string for_people(UA_StatusCode status) {
  return is_unsupported(status) ? "the server keeps no history"
                                : fmt::format("HistoryRead: {}", status_name(status));
}

/// The message's own memory is used, nothing is copied.
struct Details {
  Details(Timestamp from, Timestamp to) {
    UA_ReadRawModifiedDetails_init(&raw);
    raw.startTime = to_ua_time(from);
    raw.endTime = to_ua_time(to);
    raw.numValuesPerNode = values_per_item;
    raw.returnBounds = true;
    UA_ExtensionObject_setValueNoDelete(&wrapped, &raw, &UA_TYPES[UA_TYPES_READRAWMODIFIEDDETAILS]);
  }
  UA_ReadRawModifiedDetails raw;
  UA_ExtensionObject wrapped;
};

}  // namespace

void HistoryReader::start(const HistoryRange& range, const std::vector<std::uint32_t>& skipped,
                          SteadyTime now) {
  WL_CHECK(!busy_);
  range_ = range;
  busy_ = true;
  deadline_ = now + patience;
  values_ = 0;
  doubtful_ = 0;
  doubt_.clear();
  tasks_.clear();
  for (std::uint32_t item = 0; item < node_ids_.size(); ++item) {
    if (std::ranges::binary_search(skipped, item)) continue;
    Task task;
    task.item = item;
    tasks_.push_back(std::move(task));
  }
}

void HistoryReader::run(UaClient& client, SteadyTime now) {
  if (!busy_ || asked_) return;
  if (!tasks_.empty() && (now >= deadline_ || values_ >= max_values)) {
    for (const Task& task : tasks_) {
      doubt(task.item, now >= deadline_ ? "reading took more than two minutes"
                                        : "there are more values than are read at once");
    }
    tasks_.clear();
  }
  if (tasks_.empty()) return finish();
  send(client);
}

void HistoryReader::send(UaClient& client) {
  const std::size_t count = std::min(items_per_request, tasks_.size());
  asked_tasks_.clear();
  std::vector<UaNodeId> nodes;
  std::vector<UA_HistoryReadValueId> wanted(count);
  for (UA_HistoryReadValueId& each : wanted) {
    Task task = std::move(tasks_.front());
    tasks_.pop_front();
    auto node = parse_node_id(node_ids_[task.item]);
    nodes.push_back(node ? std::move(*node) : UaNodeId{});
    UA_HistoryReadValueId_init(&each);
    each.nodeId = *nodes.back();
    each.continuationPoint = *task.continuation;  // Lives in asked_tasks_.
    asked_tasks_.push_back(std::move(task));
  }
  Details details(range_.from - range_.lag - on_the_way, range_.to + ahead);
  UA_HistoryReadRequest request;
  UA_HistoryReadRequest_init(&request);
  request.historyReadDetails = details.wrapped;
  request.timestampsToReturn = UA_TIMESTAMPSTORETURN_SOURCE;
  request.nodesToRead = wanted.data();
  request.nodesToReadSize = wanted.size();
  const UA_StatusCode status = client.call(
      &request, UA_TYPES[UA_TYPES_HISTORYREADREQUEST], UA_TYPES[UA_TYPES_HISTORYREADRESPONSE],
      [this](const void* raw) { on_response(*static_cast<const UA_HistoryReadResponse*>(raw)); });
  asked_ = status == UA_STATUSCODE_GOOD;
  if (!asked_) {
    for (const Task& task : asked_tasks_) doubt(task.item, status_name(status));
  }
}

void HistoryReader::on_response(const UA_HistoryReadResponse& response) {
  asked_ = false;
  const UA_StatusCode status = response.responseHeader.serviceResult;
  const bool is_whole = response.resultsSize == asked_tasks_.size();
  if (status != UA_STATUSCODE_GOOD || !is_whole) {
    for (const Task& task : asked_tasks_) doubt(task.item, for_people(status));
    asked_tasks_.clear();
    if (is_unsupported(status)) {
      for (const Task& task : tasks_) doubt(task.item, for_people(status));
      tasks_.clear();
    }
    return;
  }
  HistoryFill part{range_.from, range_.to, {}, HistoryFill::State::more, {}};
  for (std::size_t i = 0; i < asked_tasks_.size(); ++i) {
    on_result(std::move(asked_tasks_[i]), response.results[i], part);
  }
  asked_tasks_.clear();
  if (!part.changes.empty()) fills_.push_back(std::move(part));
}

void HistoryReader::on_result(Task task, const UA_HistoryReadResult& result, HistoryFill& part) {
  if (Quality{result.statusCode}.is_bad()) return doubt(task.item, for_people(result.statusCode));
  const UA_ExtensionObject& object = result.historyData;
  const bool is_data = object.encoding >= UA_EXTENSIONOBJECT_DECODED &&
                       object.content.decoded.type == &UA_TYPES[UA_TYPES_HISTORYDATA];
  if (!is_data) return doubt(task.item, "HistoryRead brought no values");
  const auto& data = *static_cast<const UA_HistoryData*>(object.content.decoded.data);
  take_values(task, data, part);
  if (result.continuationPoint.length == 0) {
    if (task.is_first && data.dataValuesSize == 0) {
      doubt(task.item, "the server's history has no value of that time");
    }
    return;
  }
  Task rest;  // Perhaps for ever, with a broken server: `patience` ends it.
  rest.item = task.item;
  rest.is_first = task.is_first && data.dataValuesSize == 0;
  if (UA_ByteString_copy(&result.continuationPoint, rest.continuation.get()) !=
      UA_STATUSCODE_GOOD) {
    return doubt(task.item, "no memory");
  }
  tasks_.push_back(std::move(rest));
}

void HistoryReader::take_values(const Task& task, const UA_HistoryData& data, HistoryFill& part) {
  std::optional<Timestamp> first;
  for (std::size_t i = 0; i < data.dataValuesSize; ++i) {
    const UA_DataValue& raw = data.dataValues[i];
    if (raw.hasStatus && raw.status == UA_STATUSCODE_BADBOUNDNOTFOUND) continue;
    ItemChange change{task.item, from_ua(raw, range_.to), false};
    if (!first) first = change.value.source_time;
    part.changes.push_back(std::move(change));
  }
  values_ += data.dataValuesSize;
  if (!task.is_first || data.dataValuesSize == 0) return;
  if (first && *first <= range_.from - range_.lag) return;
  doubt(task.item, first ? fmt::format("the server's history begins at {}", to_iso8601(*first))
                         : "the server's history has no value of that time");
}

void HistoryReader::doubt(std::uint32_t item, const std::string& why) {
  if (doubtful_++ == 0) doubt_ = fmt::format("{}: {}", node_ids_[item], why);
}

void HistoryReader::finish() {
  busy_ = false;
  HistoryFill last{range_.from, range_.to, {}, HistoryFill::State::whole, {}};
  if (doubtful_ > 0) {
    last.state = HistoryFill::State::not_whole;
    last.reason = doubtful_ == 1 ? doubt_ : fmt::format("{} and {} more", doubt_, doubtful_ - 1);
  }
  fills_.push_back(std::move(last));
}

}  // namespace wl::opcua
