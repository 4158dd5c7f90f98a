#include "plc/runtime/scan_cycle.hpp"

#include <cstring>
#include <filesystem>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "base/durable_file.hpp"

#include "plc/runtime/fake_program.hpp"
#include "plc/runtime/retain_store.hpp"
#include "plc/runtime/virtual_run.hpp"

namespace wl::plc {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Counts scans in a retained variable; faults at the scan `fault_at`.
struct RetainedCounter {
  FakeProgram program;
  std::size_t count = program.add_retained("PLC_PRG.udiCount", IecType::udint, 4);
  std::size_t limit = program.add_udint("PLC_PRG.udiLimit");
  std::uint32_t fault_at = 0;

  RetainedCounter() {
    program.add_task("Main", 100ms, 1, [this](auto) -> std::optional<ScanFault> {
      program.set(count, program.get<std::uint32_t>(count) + 1);
      if (program.get<std::uint32_t>(count) == fault_at) return some_fault();
      return std::nullopt;
    });
  }
};

class ScanCycleTest : public ::testing::Test {
 protected:
  ScanCycleTest() {
    std::string name = "/tmp/wl-cycle-XXXXXX";
    directory_ = ::mkdtemp(name.data());
  }
  ~ScanCycleTest() override { std::filesystem::remove_all(directory_); }

  /// What a restart would restore if the process died now: read from the files alone.
  std::uint32_t stored_count() const {
    std::uint32_t count = 0;
    std::uint64_t newest = 0;
    for (int i = 0; i < 4; ++i) {
      const auto bytes = read_file(directory_ / ("retain-" + std::to_string(i) + ".img")).value();
      const auto image = parse_retain(std::as_bytes(std::span(bytes)));
      if (!image || image->sequence < newest) continue;
      newest = image->sequence;
      std::memcpy(&count, image->values[0].value.data(), 4);
    }
    return count;
  }

  std::filesystem::path directory_;
  RetainedCounter line_;
  std::unique_ptr<Resource> resource_ = Resource::create(line_.program).value();
};

TEST_F(ScanCycleTest, a_published_value_is_already_safe_against_kill_9) {
  const auto store = RetainStore::open(directory_, line_.program.symbols()).value();
  store->restore(resource_->state());
  std::vector<std::uint32_t> stored;
  ScanCycle cycle(*resource_, store.get(),
                  [&](const ScanReport&) { stored.push_back(stored_count()); });

  cycle.run(0ms, from_unix_ms(0));
  cycle.run(100ms, from_unix_ms(100));
  cycle.run(200ms, from_unix_ms(200));

  EXPECT_THAT(stored, ElementsAre(1, 2, 3));
}

TEST_F(ScanCycleTest, the_scan_that_a_fault_cut_short_is_not_retained) {
  const auto store = RetainStore::open(directory_, line_.program.symbols()).value();
  store->restore(resource_->state());
  line_.fault_at = 3;
  std::vector<bool> faulted;
  ScanCycle cycle(*resource_, store.get(),
                  [&](const ScanReport& report) { faulted.push_back(report.faulted); });

  cycle.run(0ms, from_unix_ms(0));
  cycle.run(100ms, from_unix_ms(100));
  cycle.run(200ms, from_unix_ms(200));
  cycle.run(300ms, from_unix_ms(300));

  EXPECT_THAT(faulted, ElementsAre(false, false, true, true));
  EXPECT_EQ(stored_count(), 2u);
}

TEST_F(ScanCycleTest, after_a_scan_that_could_not_be_published_all_variables_follow) {
  std::vector<std::size_t> changes;
  bool fails = false;
  ScanCycle cycle(*resource_, nullptr, [&](const ScanReport& report) {
    if (std::exchange(fails, false)) throw std::bad_alloc();
    changes.push_back(report.changed.size());
  });
  cycle.run(0ms, from_unix_ms(0));

  fails = true;
  cycle.run(100ms, from_unix_ms(100));
  cycle.run(200ms, from_unix_ms(200));
  cycle.run(300ms, from_unix_ms(300));

  EXPECT_THAT(changes, ElementsAre(2, 2, 1));
}

TEST_F(ScanCycleTest, a_scan_that_throws_does_not_stay_marked_as_running) {
  line_.program.add_task("Broken", 100ms, 2,
                         [](auto) -> std::optional<ScanFault> { throw std::bad_alloc(); });
  const auto resource = Resource::create(line_.program).value();
  ScanCycle cycle(*resource, nullptr, [](const ScanReport&) {});

  EXPECT_THROW(cycle.run(0ms, from_unix_ms(0)), std::bad_alloc);

  EXPECT_EQ(cycle.mark().value() % 2, 0u);
}

TEST_F(ScanCycleTest, values_carry_the_time_of_their_scan) {
  std::vector<std::int64_t> times;
  ScanCycle cycle(*resource_, nullptr,
                  [&](const ScanReport& report) { times.push_back(to_unix_ms(report.time)); });

  run_virtual(*resource_, cycle, {.duration = 300ms, .start = from_unix_ms(1000), .writes = {}});

  EXPECT_THAT(times, ElementsAre(1000, 1100, 1200));
}

TEST_F(ScanCycleTest, eight_virtual_hours_are_288000_scans) {
  std::uint64_t ran = 0;
  ScanCycle cycle(*resource_, nullptr,
                  [&](const ScanReport& report) { ran += report.ran ? 1 : 0; });

  const auto outcome = run_virtual(*resource_, cycle, {.duration = 8h, .start = {}, .writes = {}});

  EXPECT_EQ(outcome.scans, 288'000u);
  EXPECT_EQ(ran, 288'000u);
  EXPECT_EQ(outcome.reached, 8h);
}

TEST_F(ScanCycleTest, a_virtual_run_ends_at_a_fault) {
  line_.fault_at = 5;
  ScanCycle cycle(*resource_, nullptr, [](const ScanReport&) {});

  const auto outcome = run_virtual(*resource_, cycle, {.duration = 1h, .start = {}, .writes = {}});

  EXPECT_EQ(outcome.scans, 5u);
  EXPECT_EQ(outcome.reached, 500ms);
}

TEST_F(ScanCycleTest, virtual_writes_arrive_at_their_time_and_refusals_are_named) {
  std::vector<std::size_t> changes;
  ScanCycle cycle(*resource_, nullptr,
                  [&](const ScanReport& report) { changes.push_back(report.changed.size()); });
  VirtualRun run{.duration = 400ms, .start = {}, .writes = {}};
  run.writes.push_back({200ms, line_.limit, Value{std::uint64_t{5}}});
  run.writes.push_back({100ms, line_.limit, Value{std::string("text")}});

  const auto outcome = run_virtual(*resource_, cycle, std::move(run));

  EXPECT_THAT(changes, ElementsAre(2, 1, 2, 1));
  EXPECT_THAT(outcome.refused, ElementsAre(HasSubstr("PLC_PRG.udiLimit: refused")));
}

}  // namespace
}  // namespace wl::plc
