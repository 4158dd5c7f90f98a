// Commands over real sockets to a real OPC UA server, and backups.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "opcua/free_port.hpp"
#include "web/command/line_commander.hpp"
#include "web/testing/controller.hpp"
#include "web/testing/running_server.hpp"

namespace wl::web {
namespace {

using namespace std::chrono_literals;
using namespace wl::web::testing;
using ::testing::AllOf;
using ::testing::HasSubstr;

ServerSetup with_line(const std::vector<std::string>& urls) {
  ServerSetup setup;
  setup.line_urls = urls;
  return setup;
}

class CommandApiTest : public ::testing::Test {
 protected:
  Answer send(const std::string& body, const std::string& device = "conveyor") {
    return request(server_.port(), "POST /api/devices/" + device + "/commands",
                   admin_.all() + "Accept-Language: en\r\n", body);
  }
  /// The newest entry of the audit log, once there are so many.
  AuditEntry audited(std::size_t count) {
    const auto until = std::chrono::steady_clock::now() + 10s;
    while (server_.audit().entries().size() < count && std::chrono::steady_clock::now() < until)
      std::this_thread::yield();
    return server_.audit().entries().at(count - 1);
  }

  Controller line_;
  RunningServer server_{with_line({line_.url()})};
  SignedInClient admin_ = sign_in(server_.port());
};

TEST_F(CommandApiTest, an_edge_is_answered_when_the_state_has_followed) {
  const Answer answer = send(R"({"command":"start"})");

  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_THAT(answer.body,
              HasSubstr(R"("command":"start","confirmed":true,"confirmed_by":"state")"));
  EXPECT_THAT(answer.body,
              HasSubstr(R"("state_before":"standby","state_after":"running","tag":"C.D.G.Start")"));
}

TEST_F(CommandApiTest, intent_and_outcome_are_in_the_audit_log) {
  send(R"({"command":"set_speed","value":2.5})");

  const AuditEntry outcome = audited(2);
  const AuditEntry intent = server_.audit().entries().front();
  EXPECT_EQ(intent.actor, "admin");
  EXPECT_EQ(intent.remote_address, "127.0.0.1");
  EXPECT_EQ(intent.action, "command.set_speed");
  EXPECT_EQ(intent.subject, "conveyor");
  EXPECT_EQ(intent.after, R"({"outcome":"ordered","value":2.5})");
  EXPECT_EQ(outcome.before, R"({"value":1.5,"state":"standby"})");
  EXPECT_EQ(outcome.after, R"({"outcome":"confirmed","by":"value","value":2.5,"state":"standby"})");
}

TEST_F(CommandApiTest, an_edge_without_effect_is_told_as_taken_with_the_state_that_stayed) {
  line_.ignore_start();

  const Answer answer = send(R"({"command":"start"})");

  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.text("confirmed_by"), "cleared");
  EXPECT_EQ(answer.text("message"), "the controller took start; the state is standby");
}

TEST_F(CommandApiTest, without_a_record_of_the_intent_nothing_is_written) {
  server_.audit().set_failing(true);

  const Answer answer = send(R"({"command":"start"})");

  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.text("error"), "audit_unavailable");
  EXPECT_EQ(line_.writes(), 0);
}

TEST_F(CommandApiTest, an_emergency_stop_is_written_all_the_same_and_so_is_its_release_not) {
  server_.audit().set_failing(true);

  const Answer stop = send(R"({"command":"emergency_stop"})");
  const Answer release = send(R"({"command":"release_emergency_stop"})");

  EXPECT_EQ(stop.status, 200) << stop.body;
  EXPECT_THAT(stop.body, HasSubstr(R"("value_before":false,"value_after":true)"));
  EXPECT_EQ(release.status, 503);
  EXPECT_EQ(line_.writes(), 1);
}

TEST_F(CommandApiTest, an_emergency_stop_is_recorded_as_soon_as_the_log_takes_it) {
  server_.audit().set_failing(true);
  send(R"({"command":"emergency_stop"})");
  server_.tick();
  server_.audit().set_failing(false);

  server_.tick();
  server_.tick();

  const auto entries = server_.audit().entries();
  ASSERT_EQ(entries.size(), 2u) << "each once";
  EXPECT_EQ(entries[0].after, R"({"outcome":"ordered"})");
  EXPECT_THAT(entries[1].after, HasSubstr(R"("outcome":"confirmed")"));
}

TEST_F(CommandApiTest, a_quality_that_is_not_good_refuses_all_but_the_emergency_stop) {
  line_.show(quality::uncertain_last_usable);

  const Answer start = send(R"({"command":"start"})");
  const Answer stop = send(R"({"command":"emergency_stop"})");

  EXPECT_EQ(start.status, 409);
  EXPECT_EQ(start.text("error"), "line_not_ready");
  EXPECT_THAT(start.text("message"), HasSubstr("UncertainLastUsableValue"));
  EXPECT_EQ(stop.status, 200) << stop.body;
}

TEST_F(CommandApiTest, a_link_that_is_down_behind_the_gateway_refuses_every_command_with_why) {
  line_.answer_with(quality::bad_no_communication);

  const Answer stop = send(R"({"command":"emergency_stop"})");

  EXPECT_EQ(stop.status, 409);
  EXPECT_THAT(stop.text("message"), HasSubstr("C.D.G.Halt: BadNoCommunication"));
  EXPECT_THAT(audited(2).after, HasSubstr(R"({"outcome":"refused","reason":")"));
}

TEST_F(CommandApiTest, a_command_that_makes_no_sense_reaches_neither_log_nor_line) {
  const auto message = [this](const std::string& body) {
    const Answer answer = send(body);
    EXPECT_EQ(answer.status, 400) << body;
    return answer.text("message");
  };

  EXPECT_THAT(message("[]"), HasSubstr("the body should be"));
  EXPECT_THAT(message(R"({"command":"start","force":true})"), HasSubstr("the body should be"));
  EXPECT_THAT(message(R"({"command":7})"), HasSubstr("command: should be one of start, "));
  EXPECT_THAT(message(R"({"command":"fly"})"), HasSubstr("command: should be one of start, "));
  EXPECT_THAT(message(R"({"command":"start","value":1})"), HasSubstr("value: start takes none"));
  for (const std::string value :
       {"", R"(,"value":5.1)", R"(,"value":-1)", R"(,"value":"2")", R"(,"value":null)"})
    EXPECT_THAT(message(R"({"command":"set_speed")" + value + "}"), HasSubstr("0 – 5 m/s"));
  EXPECT_EQ(send("{}", "robot").status, 404);
  EXPECT_EQ(line_.writes(), 0);
  EXPECT_TRUE(server_.audit().entries().empty());
}

TEST_F(CommandApiTest, the_commands_of_a_device_are_told_with_their_ranges) {
  const Answer answer =
      request(server_.port(), "GET /api/devices/conveyor/commands", admin_.cookie);

  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body,
              HasSubstr(R"({"command":"set_speed","takes_value":true,"low":0,"high":5,)"
                        R"("unit":"m/s","tag":"C.D.G.Speed"}],"total":4)"));
}

TEST_F(CommandApiTest,
       while_one_is_under_way_another_waits_for_nothing_but_an_emergency_stop_goes) {
  line_.ignore_start();  // Its proof takes as long as it may.
  auto first = std::async(std::launch::async, [this] { return send(R"({"command":"start"})"); });
  audited(1);

  const Answer second = send(R"({"command":"set_speed","value":1})");
  const Answer stop = send(R"({"command":"emergency_stop"})");

  EXPECT_EQ(second.status, 409);
  EXPECT_EQ(second.text("error"), "command_under_way");
  EXPECT_EQ(stop.status, 200) << stop.body;
  EXPECT_EQ(first.wait_for(0s), std::future_status::timeout) << "the start still waits";
  EXPECT_EQ(first.get().status, 200);
  EXPECT_EQ(send(R"({"command":"set_speed","value":1})").status, 200);
}

TEST(Commander, goes_to_the_next_of_redundant_servers_and_tells_when_there_is_none) {
  Controller line;
  const std::string nobody = "opc.tcp://127.0.0.1:" + std::to_string(opcua::free_port());
  LineCommander two({{nobody, line.url()}, {}, 1000ms});
  LineCommander none({{nobody}, {}, 1000ms});
  opcua::ConfirmedWrite write;
  write.node_id = "ns=2;s=C.D.G.Halt";
  write.state_node_id = "ns=2;s=C.D.G.S";
  write.value = true;

  EXPECT_EQ(two.carry_out(write).value().proven, opcua::WriteReport::Proven::by_value);
  EXPECT_EQ(none.carry_out(write).error().code, Errc::unavailable);
  write.write_until = std::chrono::steady_clock::now();
  EXPECT_THAT(two.carry_out(write).error().what, HasSubstr("too long"));
}

class BackupApiTest : public ::testing::Test {
 protected:
  Answer post() {
    return request(server_.port(), "POST /api/backup", admin_.all() + "Accept-Language: en\r\n");
  }
  std::string list() { return request(server_.port(), "GET /api/backups", admin_.cookie).body; }

  RunningServer server_;
  SignedInClient admin_ = sign_in(server_.port());
};

TEST_F(BackupApiTest, a_backup_is_started_watched_and_listed_when_it_is_done) {
  EXPECT_THAT(list(), HasSubstr(R"("backups":[],"total":0,"run":null)"));

  const Answer started = post();
  const std::string running = list();
  const Answer second = post();
  server_.backups().finish("wattline-20260101-120000.tar.zst");
  const std::string done = list();

  EXPECT_EQ(started.status, 202) << started.body;
  EXPECT_THAT(started.body, HasSubstr(R"("backup":{"state":"running","started_by":"admin")"));
  EXPECT_THAT(running, HasSubstr(R"("step":"copying the database")"));
  EXPECT_EQ(second.status, 409);
  EXPECT_EQ(second.text("error"), "backup_under_way");
  EXPECT_THAT(done, AllOf(HasSubstr(R"({"name":"wattline-20260101-120000.tar.zst",)"
                                    R"("size_bytes":12345,)"),
                          HasSubstr(R"("state":"finished")")));
  EXPECT_EQ(post().status, 202) << "the next one";
}

TEST_F(BackupApiTest, start_and_end_are_in_the_audit_log_with_the_reason_of_a_failure) {
  post();
  server_.backups().fail_with("error: no room on the disk");

  server_.tick();
  const auto until = std::chrono::steady_clock::now() + 10s;
  while (server_.audit().entries().size() < 2 && std::chrono::steady_clock::now() < until)
    std::this_thread::yield();

  const auto entries = server_.audit().entries();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].action, "backup.start");
  EXPECT_EQ(entries[1].action, "backup.failed");
  EXPECT_EQ(entries[1].actor, "admin");
  EXPECT_EQ(entries[1].after, "error: no room on the disk");
}

}  // namespace
}  // namespace wl::web
