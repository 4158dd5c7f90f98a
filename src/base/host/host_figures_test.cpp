#include "base/host/host_figures.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/host/process_figures.hpp"

namespace wl {
namespace {

TEST(HostFigures, of_the_processors_time_idle_and_waiting_for_disks_is_not_busy) {
  const auto before = parse_cpu_ticks("cpu  100 0 50 800 50 0 0 0 0 0\ncpu0 1 2\n");
  const auto now = parse_cpu_ticks("cpu  130 0 60 850 60 0 0 0 0 0\n");

  ASSERT_TRUE(before && now);
  EXPECT_EQ(before->busy, 150u);
  EXPECT_EQ(before->total, 1000u);
  EXPECT_EQ(busy_percent(*before, *now), 40.0);
}

TEST(HostFigures, two_looks_at_one_moment_say_nothing) {
  const CpuTicks ticks{10, 100};

  EXPECT_EQ(busy_percent(ticks, ticks), std::nullopt);
  EXPECT_EQ(busy_percent(ticks, {0, 0}), std::nullopt) << "counters that fell";
}

TEST(HostFigures, text_that_is_something_else_is_no_figure) {
  EXPECT_FALSE(parse_cpu_ticks("cpu  1 2 3\nintr 5 6 7 8 9"));
  EXPECT_FALSE(parse_cpu_ticks(""));
  EXPECT_FALSE(parse_memory("MemTotal: 12 kB\n"));
}

TEST(HostFigures, memory_is_what_programs_can_still_have) {
  const auto memory = parse_memory("MemTotal:  2048 kB\nMemFree: 1 kB\nMemAvailable: 1024 kB\n");

  ASSERT_TRUE(memory);
  EXPECT_EQ(memory->total_bytes, 2048u * 1024);
  EXPECT_EQ(memory->available_bytes, 1024u * 1024);
}

TEST(HostFigures, this_machine_has_processors_memory_and_a_disk) {
  EXPECT_GT(cpu_ticks().value().total, 0u);
  EXPECT_GT(memory_room().value().total_bytes, 0u);
  const DiskRoom disk = disk_room("/tmp").value();
  EXPECT_LE(disk.free_bytes, disk.total_bytes);
  EXPECT_FALSE(disk_room("/no/such/folder"));
}

TEST(ProcessFigures, this_process_uses_time_and_memory_and_another_does_not_exist) {
  const auto mine = process_figures(::getpid());

  ASSERT_TRUE(mine);
  EXPECT_GE(mine->cpu_seconds, 0);
  EXPECT_GT(mine->memory_mb.value_or(0), 0);
  EXPECT_FALSE(process_figures(0));
}

}  // namespace
}  // namespace wl
