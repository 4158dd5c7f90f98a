// Reads what a server remembers of our items: HistoryRead of raw values, in parts.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "opcua/publish_loop.hpp"
#include "opcua/subscriber.hpp"
#include "opcua/ua_client.hpp"

namespace wl::opcua {

struct HistoryRange {
  Timestamp from{};  ///< What HistoryFill tells, on our clock.
  Timestamp to{};
  Milliseconds lag{};  ///< So far may the clock of a source be behind ours.
};

/// One reading at a time, one request at a time: 100 items and at most 1,000 values of each, then
/// the rest by continuation points. It ends as `not_whole` after two minutes or 2,000,000 values.
///
/// Reading begins five seconds early, for values that were on their way. An item is whole when its
/// first value is not newer than the beginning of the range: the request asks for bounding values
/// (IEC 62541-11, 6.4.3), so a server that remembers far enough gives one.
///
/// Lives in one connection; one thread.
class HistoryReader {
 public:
  /// `node_ids` outlives it.
  explicit HistoryReader(const std::vector<std::string>& node_ids) : node_ids_(node_ids) {}

  /// Precondition: !is_busy(). Without `skipped`, ascending.
  void start(const HistoryRange& range, const std::vector<std::uint32_t>& skipped, SteadyTime now);
  /// Sends the next request when it is time.
  void run(UaClient& client, SteadyTime now);

  bool is_busy() const { return busy_; }
  std::deque<HistoryFill> take_fills() { return std::exchange(fills_, {}); }

 private:
  struct Task {
    std::uint32_t item = 0;
    bool is_first = true;
    UaByteString continuation;
  };

  void send(UaClient& client);
  void on_response(const UA_HistoryReadResponse& response);
  void on_result(Task task, const UA_HistoryReadResult& result, HistoryFill& part);
  void take_values(const Task& task, const UA_HistoryData& data, HistoryFill& part);
  void doubt(std::uint32_t item, const std::string& why);
  void finish();

  const std::vector<std::string>& node_ids_;
  HistoryRange range_;
  bool busy_ = false;
  bool asked_ = false;
  SteadyTime deadline_{};
  std::size_t values_ = 0;
  std::deque<Task> tasks_;
  std::vector<Task> asked_tasks_;
  std::size_t doubtful_ = 0;  ///< Items of which values may be missing.
  std::string doubt_;         ///< About the first of them.
  std::deque<HistoryFill> fills_;
};

}  // namespace wl::opcua
