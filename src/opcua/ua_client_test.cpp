#include "opcua/ua_client.hpp"

#include <gtest/gtest.h>
#include <open62541/types_generated.h>

#include <chrono>
#include <new>

#include "opcua/free_port.hpp"
#include "opcua/server.hpp"

namespace wl::opcua {
namespace {

using Clock = std::chrono::steady_clock;

/// Runs the client until `done` holds or its status is not Good; at most five seconds.
template <class Done>
UA_StatusCode run_until(UaClient& client, Done done) {
  const auto until = Clock::now() + std::chrono::seconds(5);
  UA_StatusCode status = UA_STATUSCODE_GOOD;
  while (status == UA_STATUSCODE_GOOD && !done() && Clock::now() < until) {
    status = client.run(Milliseconds{10});
  }
  return status;
}

TEST(UaClient, a_response_that_nobody_could_take_ends_the_connection) {
  ServerOptions options;
  options.port = free_port();
  options.application_uri = "urn:localhost:Wattline:Test";
  Server server(options);
  ASSERT_TRUE(server.start());
  UaClient client(Milliseconds{3'000});
  ASSERT_EQ(client.connect("opc.tcp://127.0.0.1:" + std::to_string(options.port)), 0u);
  ASSERT_EQ(run_until(client, [&] { return client.is_active(); }), 0u);
  UA_ReadRequest request;
  UA_ReadRequest_init(&request);

  const auto sent =
      client.call(&request, UA_TYPES[UA_TYPES_READREQUEST], UA_TYPES[UA_TYPES_READRESPONSE],
                  [](const void*) { throw std::bad_alloc(); });

  ASSERT_EQ(sent, 0u);
  EXPECT_EQ(run_until(client, [] { return false; }), UA_STATUSCODE_BADINTERNALERROR);
}

}  // namespace
}  // namespace wl::opcua
