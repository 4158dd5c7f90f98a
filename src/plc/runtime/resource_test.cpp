#include "plc/runtime/resource.hpp"

#include <limits>
#include <memory>

#include "plc/runtime/fake_program.hpp"
#include "plc/runtime/symbol_value.hpp"

namespace wl::plc {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// A program that counts its scans and copies an input to an output.
struct CountingLine {
  FakeProgram program;
  std::size_t count = program.add_udint("PLC_PRG.udiScanCount");
  std::size_t setpoint = program.add("PLC_PRG.rSetpoint", IecType::real, 4);
  std::size_t output = program.add("PLC_PRG.bMotor", IecType::boolean, 1);
  bool fault_next = false;

  CountingLine() {
    program.symbol(output).location = "%QX0.0";
    program.add_task("Main", 100ms, 1, [this](auto) -> std::optional<ScanFault> {
      program.set(count, program.get<std::uint32_t>(count) + 1);
      program.set(output, std::uint8_t{1});
      if (fault_next) return some_fault();
      return std::nullopt;
    });
  }
  std::unique_ptr<Resource> resource() { return Resource::create(program).value(); }
};

std::vector<std::uint32_t> changed(const ScanResult& result) {
  return {result.changed.begin(), result.changed.end()};
}

Value seen(const Resource& resource, std::size_t symbol) {
  return read_symbol(resource.image(), resource.symbols()[symbol]);
}

/// Writes 0, 1, 2 … and returns how many were accepted.
std::size_t write_until_refused(Resource& resource, std::size_t symbol) {
  std::size_t accepted = 0;
  while (resource.write(symbol, Value{static_cast<double>(accepted)}).is_good()) ++accepted;
  return accepted;
}

TEST(Resource, the_first_scan_reports_every_published_variable) {
  CountingLine line;
  line.program.symbol(line.setpoint).published = false;
  const auto resource = line.resource();

  EXPECT_THAT(changed(resource->scan(0ms)), ElementsAre(line.count, line.output));
}

TEST(Resource, later_scans_report_only_what_changed) {
  CountingLine line;
  const auto resource = line.resource();
  resource->scan(0ms);

  EXPECT_THAT(changed(resource->scan(100ms)), ElementsAre(line.count));
}

TEST(Resource, a_scan_before_the_deadline_runs_nothing) {
  CountingLine line;
  const auto resource = line.resource();
  resource->scan(0ms);

  const ScanResult early = resource->scan(99ms);

  EXPECT_FALSE(early.ran);
  EXPECT_THAT(changed(early), IsEmpty());
}

TEST(Resource, a_task_that_missed_deadlines_runs_once_and_stays_on_its_grid) {
  CountingLine line;
  const auto resource = line.resource();
  resource->scan(0ms);

  resource->scan(3050ms);
  resource->scan(3099ms);
  EXPECT_EQ(seen(*resource, line.count), Value{std::uint64_t{2}});
  resource->scan(3100ms);

  EXPECT_EQ(seen(*resource, line.count), Value{std::uint64_t{3}});
}

TEST(Resource, urgent_tasks_run_first_and_each_at_its_own_interval) {
  FakeProgram program;
  std::string order;
  const auto note = [&](char letter) {
    return [&order, letter](auto) -> std::optional<ScanFault> {
      order += letter;
      return std::nullopt;
    };
  };
  program.add_task("Slow", 30ms, 5, note('s'));
  program.add_task("Fast", 20ms, 0, note('f'));
  const auto resource = Resource::create(program).value();

  resource->scan(0ms);
  resource->scan(10ms);
  resource->scan(20ms);
  resource->scan(30ms);

  EXPECT_EQ(order, "fsfs");
  EXPECT_EQ(resource->tick(), 10ms);
}

TEST(Resource, a_slow_task_does_not_make_the_heartbeat_slow) {
  FakeProgram program;
  program.add_task("Hourly", 1h, 1, [](auto) { return std::nullopt; });

  EXPECT_EQ(Resource::create(program).value()->tick(), 1s);
}

TEST(Resource, the_program_sees_the_time_that_was_passed_in) {
  FakeProgram program;
  std::chrono::nanoseconds told{};
  program.add_task("Main", 100ms, 1, [&](auto now) -> std::optional<ScanFault> {
    told = now;
    return std::nullopt;
  });

  Resource::create(program).value()->scan(77s);

  EXPECT_EQ(told, 77s);
}

TEST(Resource, a_write_is_applied_at_the_start_of_the_next_scan) {
  CountingLine line;
  const auto resource = line.resource();
  resource->scan(0ms);

  EXPECT_EQ(resource->write(line.setpoint, Value{1.5}), quality::good);
  EXPECT_EQ(seen(*resource, line.setpoint), Value{0.0});
  resource->scan(100ms);

  EXPECT_EQ(seen(*resource, line.setpoint), Value{1.5});
}

TEST(Resource, the_last_of_two_writes_in_a_scan_counts) {
  CountingLine line;
  const auto resource = line.resource();
  resource->write(line.setpoint, Value{1.5});
  resource->write(line.setpoint, Value{2.5});

  resource->scan(0ms);

  EXPECT_EQ(seen(*resource, line.setpoint), Value{2.5});
}

TEST(Resource, constants_and_hidden_variables_are_not_writable) {
  CountingLine line;
  line.program.symbol(line.setpoint).constant = true;
  line.program.symbol(line.count).published = false;
  const auto resource = line.resource();

  EXPECT_EQ(resource->write(line.setpoint, Value{1.5}), refusal::not_writable);
  EXPECT_EQ(resource->write(line.count, Value{std::uint64_t{0}}), refusal::not_writable);
}

TEST(Resource, a_full_write_queue_refuses_and_drains_with_the_next_scan) {
  CountingLine line;
  const auto resource = line.resource();
  const std::size_t accepted = write_until_refused(*resource, line.setpoint);

  EXPECT_EQ(accepted, Resource::write_queue_capacity);
  EXPECT_EQ(resource->write(line.setpoint, Value{9.0}), refusal::too_many_operations);
  resource->scan(0ms);
  EXPECT_EQ(seen(*resource, line.setpoint), Value{double(accepted - 1)});
  EXPECT_EQ(resource->write(line.setpoint, Value{9.0}), quality::good);
}

TEST(Resource, a_fault_zeroes_the_outputs_and_keeps_the_last_whole_scan_visible) {
  CountingLine line;
  const auto resource = line.resource();
  resource->scan(0ms);
  line.fault_next = true;

  const ScanResult result = resource->scan(100ms);

  EXPECT_THAT(changed(result), ElementsAre(line.count, line.setpoint, line.output));
  EXPECT_FALSE(result.ran);
  EXPECT_TRUE(resource->faulted());
  EXPECT_EQ(resource->fault()->line, 12);
  EXPECT_EQ(seen(*resource, line.output), Value{false});
  EXPECT_EQ(read_symbol(resource->state(), resource->symbols()[line.output]), Value{false});
  EXPECT_EQ(seen(*resource, line.count), Value{std::uint64_t{1}});
}

TEST(Resource, after_a_fault_nothing_runs_and_nothing_can_be_written) {
  CountingLine line;
  const auto resource = line.resource();
  line.fault_next = true;
  resource->write(line.output, Value{true});
  resource->scan(0ms);
  line.fault_next = false;

  EXPECT_EQ(resource->write(line.output, Value{true}), quality::bad_device_failure);
  EXPECT_THAT(changed(resource->scan(100ms)), IsEmpty());
  EXPECT_EQ(seen(*resource, line.output), Value{false});
}

TEST(Resource, a_fault_stops_the_tasks_behind_it_in_the_same_scan) {
  CountingLine line;
  bool second_ran = false;
  line.program.add_task("Second", 100ms, 9, [&](auto) -> std::optional<ScanFault> {
    second_ran = true;
    return std::nullopt;
  });
  const auto resource = line.resource();
  line.fault_next = true;

  resource->scan(0ms);

  EXPECT_FALSE(second_ran);
}

TEST(Resource, an_abort_of_an_earlier_scan_does_not_reach_the_next) {
  CountingLine line;
  const auto resource = line.resource();
  resource->control().abort = 1;

  resource->scan(0ms);

  EXPECT_EQ(resource->control().abort, 0u);
}

TEST(Resource, a_string_is_unchanged_when_only_the_bytes_behind_its_end_differ) {
  FakeProgram program;
  const auto status = program.add("PLC_PRG.sStatus", IecType::string, 16);
  std::string text = "long text";
  program.add_task("Main", 100ms, 1, [&](auto) -> std::optional<ScanFault> {
    program.set_text(status, text);
    program.set_text(status, "ok");
    return std::nullopt;
  });
  const auto resource = Resource::create(program).value();
  resource->scan(0ms);
  text = "other text";

  EXPECT_THAT(changed(resource->scan(100ms)), IsEmpty());
}

TEST(Resource, a_negative_zero_is_a_change_and_a_steady_nan_is_not) {
  FakeProgram program;
  const auto real = program.add("PLC_PRG.r", IecType::real, 4);
  float next = 0.0F;
  program.add_task("Main", 100ms, 1, [&](auto) -> std::optional<ScanFault> {
    program.set(real, next);
    return std::nullopt;
  });
  const auto resource = Resource::create(program).value();
  resource->scan(0ms);

  next = -0.0F;
  EXPECT_THAT(changed(resource->scan(100ms)), ElementsAre(real));
  next = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(changed(resource->scan(200ms)), ElementsAre(real));
  EXPECT_THAT(changed(resource->scan(300ms)), IsEmpty());
}

TEST(Resource, a_program_without_a_task_is_refused_with_the_next_step) {
  const FakeProgram program;
  EXPECT_THAT(Resource::create(program).error().what, ::testing::HasSubstr("CONFIGURATION"));
}

TEST(Resource, a_task_without_an_interval_is_refused_by_name) {
  FakeProgram program;
  program.add_task("Main", 0ms, 1, [](auto) { return std::nullopt; });
  EXPECT_EQ(Resource::create(program).error().what, "task Main: INTERVAL must be at least 100 us");
}

}  // namespace
}  // namespace wl::plc
