// Reading history over the wire: pages, continuation points, refusals.
#include "opcua/history_service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <open62541/client.h>

#include "opcua/free_port.hpp"
#include "opcua/recorder.hpp"
#include "opcua/scanning_line.hpp"
#include "opcua/ua_client.hpp"

namespace wl::opcua {
namespace {

constexpr std::uint64_t total = 12'000;

Timestamp at(std::uint64_t number) {
  return from_unix_ms(1'763'820'000'000 + static_cast<std::int64_t>(number));
}

/// Serves `Line.Count`, which had the values 1 to `total`, one a millisecond.
struct Remembering {
  Remembering() : server(ScanningLine::options_at(port)) {
    VariableSpec spec;
    spec.node_id = "Line.Count";
    spec.browse_path = {"Line", "Count"};
    spec.type = DataType::uint32;
    const auto count = server.add_variable(spec);
    EXPECT_TRUE(server.start());
    for (std::uint64_t i = 1; i <= total; ++i) {
      server.post({{*count, {i, quality::good, at(i)}}});
    }
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (server.stats().updates_applied < total && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(Milliseconds{5});
    }
  }
  std::uint16_t port = free_port();
  Server server;
};

/// One HistoryRead request of one node over a connection of its own.
class Reader {
 public:
  explicit Reader(std::uint16_t port) : client_(Milliseconds{3'000}) {
    const std::string url = "opc.tcp://127.0.0.1:" + std::to_string(port);
    EXPECT_EQ(UA_Client_connect(client_.raw(), url.c_str()), 0u);
    UA_ReadRawModifiedDetails_init(&details_);
    details_.startTime = to_ua_time(at(1));
    details_.endTime = to_ua_time(at(total + 1));
    UA_HistoryReadValueId_init(&wanted_);
    node_ = std::move(*parse_node_id("ns=2;s=Line.Count"));
    wanted_.nodeId = *node_;
  }

  UA_StatusCode ask() {
    UA_HistoryReadRequest request;
    UA_HistoryReadRequest_init(&request);
    UA_ExtensionObject_setValueNoDelete(&request.historyReadDetails, &details_,
                                        &UA_TYPES[UA_TYPES_READRAWMODIFIEDDETAILS]);
    request.timestampsToReturn = timestamps_;
    request.nodesToRead = &wanted_;
    request.nodesToReadSize = 1;
    response_ = {};
    *response_ = UA_Client_Service_historyRead(client_.raw(), request);
    const UA_StatusCode status = response_->responseHeader.serviceResult;
    return status != UA_STATUSCODE_GOOD ? status : response_->results[0].statusCode;
  }
  const UA_ByteString& continuation() const { return response_->results[0].continuationPoint; }
  /// Numbers of this answer, added to `all`.
  void collect(std::vector<std::uint64_t>& all) const {
    const auto& data =
        *static_cast<UA_HistoryData*>(response_->results[0].historyData.content.decoded.data);
    for (std::size_t i = 0; i < data.dataValuesSize; ++i) {
      all.push_back(std::get<std::uint64_t>(from_ua(data.dataValues[i], {}).value));
    }
  }
  /// All pages, following the continuation points.
  std::vector<std::uint64_t> read_all() {
    std::vector<std::uint64_t> all;
    UaByteString place;
    do {
      wanted_.continuationPoint = *place;
      EXPECT_EQ(ask(), 0u);
      collect(all);
      UaByteString next;
      UA_ByteString_copy(&continuation(), next.get());
      place = std::move(next);
      ++pages_;
    } while (place->length > 0 && pages_ < 100);
    return all;
  }

  UaClient client_;
  UA_ReadRawModifiedDetails details_;
  UA_HistoryReadValueId wanted_;
  UA_TimestampsToReturn timestamps_ = UA_TIMESTAMPSTORETURN_BOTH;
  UaNodeId node_;
  UaOwned<UA_HistoryReadResponse, UA_TYPES_HISTORYREADRESPONSE> response_;
  int pages_ = 0;
};

TEST(HistoryService, all_values_come_in_pages_of_the_servers_size) {
  const Remembering line;
  Reader reader(line.port);

  EXPECT_EQ(reader.read_all(), all_numbers(1, total));
  EXPECT_EQ(reader.pages_, 3);
}

TEST(HistoryService, the_client_may_ask_for_smaller_pages) {
  const Remembering line;
  Reader reader(line.port);
  reader.details_.numValuesPerNode = 1'000;

  EXPECT_EQ(reader.read_all(), all_numbers(1, total));
  EXPECT_EQ(reader.pages_, 12);
}

TEST(HistoryService, a_bound_that_it_does_not_have_is_said_to_be_missing) {
  const Remembering line;
  Reader reader(line.port);
  reader.details_.endTime = to_ua_time(at(3));
  reader.details_.startTime = to_ua_time(from_unix_ms(1'000));
  reader.details_.returnBounds = true;

  ASSERT_EQ(reader.ask(), 0u);

  const auto& data =
      *static_cast<UA_HistoryData*>(reader.response_->results[0].historyData.content.decoded.data);
  ASSERT_EQ(data.dataValuesSize, 4u);
  EXPECT_EQ(data.dataValues[0].status, UA_STATUSCODE_BADBOUNDNOTFOUND);
  EXPECT_EQ(data.dataValues[3].sourceTimestamp, to_ua_time(at(3)));
}

TEST(HistoryService, a_continuation_point_of_somebody_else_is_refused) {
  const Remembering line;
  Reader reader(line.port);
  reader.wanted_.continuationPoint = ua_view("nonsense");
  EXPECT_EQ(reader.ask(), UA_STATUSCODE_BADCONTINUATIONPOINTINVALID);

  reader.wanted_.continuationPoint = ua_view("24 bytes of pure nonsens");
  EXPECT_EQ(reader.ask(), UA_STATUSCODE_BADCONTINUATIONPOINTINVALID);
}

TEST(HistoryService, what_it_cannot_do_is_refused_by_name) {
  const Remembering line;
  Reader reader(line.port);
  reader.details_.startTime = 0;
  EXPECT_EQ(reader.ask(), UA_STATUSCODE_BADHISTORYOPERATIONUNSUPPORTED);

  reader.timestamps_ = UA_TIMESTAMPSTORETURN_SERVER;
  EXPECT_EQ(reader.ask(), UA_STATUSCODE_BADTIMESTAMPNOTSUPPORTED);
}

TEST(HistoryService, a_node_without_history_is_refused) {
  const Remembering line;
  Reader reader(line.port);
  reader.wanted_.nodeId = UA_NODEID_NUMERIC(0, UA_NS0ID_SERVER);

  EXPECT_EQ(reader.ask(), UA_STATUSCODE_BADHISTORYOPERATIONUNSUPPORTED);
}

}  // namespace
}  // namespace wl::opcua
