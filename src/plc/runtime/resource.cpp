#include "plc/runtime/resource.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <numeric>

#include "base/check.hpp"
#include "plc/runtime/symbol_value.hpp"

namespace wl::plc {
namespace {

using std::chrono::nanoseconds;

constexpr std::align_val_t block_alignment{16};
constexpr nanoseconds shortest_interval = std::chrono::microseconds(100);
constexpr nanoseconds longest_tick = std::chrono::seconds(1);

std::size_t largest_symbol(std::span<const Symbol> symbols) {
  std::size_t largest = 8;
  for (const Symbol& symbol : symbols) largest = std::max<std::size_t>(largest, symbol.size);
  return largest;
}

/// Bytes behind the NUL of a STRING are left over from longer texts: they are no change.
bool differs(const Symbol& symbol, const std::byte* a, const std::byte* b) {
  if (symbol.type == IecType::string) {
    return std::strncmp(reinterpret_cast<const char*>(a) + symbol.offset,
                        reinterpret_cast<const char*>(b) + symbol.offset, symbol.size) != 0;
  }
  return std::memcmp(a + symbol.offset, b + symbol.offset, symbol.size) != 0;
}

nanoseconds common_tick(std::span<const TaskSpec> tasks) {
  std::int64_t divisor = 0;
  for (const TaskSpec& task : tasks) divisor = std::gcd(divisor, task.interval.count());
  // The scan counter is the process's proof of life; it must move more often than it is read.
  const std::int64_t parts = (divisor + longest_tick.count() - 1) / longest_tick.count();
  return nanoseconds(divisor / std::max<std::int64_t>(parts, 1));
}

Result<void> check_program(const ScanProgram& program) {
  if (program.tasks().empty()) {
    return fail(Errc::invalid_argument,
                "the program has no task, so nothing would run: add a CONFIGURATION with "
                "TASK Main(INTERVAL := T#100ms, PRIORITY := 1) and PROGRAM … WITH Main");
  }
  for (const TaskSpec& task : program.tasks()) {
    if (task.interval < shortest_interval) {
      return fail(Errc::invalid_argument,
                  fmt::format("task {}: INTERVAL must be at least 100 us", task.name));
    }
  }
  for (const Symbol& symbol : program.symbols()) {
    WL_CHECK(std::size_t{symbol.offset} + symbol.size <= program.state_size());
  }
  return {};
}

}  // namespace

void Resource::AlignedDelete::operator()(std::byte* block) const {
  ::operator delete[](block, block_alignment);
}

Resource::Block Resource::make_block(std::size_t size) {
  const std::size_t bytes = std::max<std::size_t>(size, 16);
  auto* block = static_cast<std::byte*>(::operator new[](bytes, block_alignment));
  std::memset(block, 0, bytes);
  return Block(block);
}

Result<std::unique_ptr<Resource>> Resource::create(const ScanProgram& program) {
  if (auto checked = check_program(program); !checked) return std::unexpected(checked.error());
  return std::unique_ptr<Resource>(new Resource(program));
}

Resource::Resource(const ScanProgram& program)
    : program_(program),
      state_size_(program.state_size()),
      state_(make_block(state_size_)),
      image_(make_block(state_size_)),
      writes_(write_queue_capacity, largest_symbol(program.symbols())),
      tick_(common_tick(program.tasks())) {
  const auto symbols = program.symbols();
  for (std::uint32_t i = 0; i < symbols.size(); ++i) {
    if (symbols[i].published) published_.push_back(i);
  }
  changed_.reserve(published_.size());
  encoded_.resize(largest_symbol(symbols));
  for (const TaskSpec& spec : program.tasks()) tasks_.push_back({&spec, {}});
  std::stable_sort(tasks_.begin(), tasks_.end(), [](const Task& a, const Task& b) {
    return a.spec->priority < b.spec->priority;
  });
  program_.initialize(state_.get());
  std::memcpy(image_.get(), state_.get(), state_size_);
}

ScanResult Resource::scan(nanoseconds now) {
  changed_.clear();
  apply_writes();
  if (fault_) return {};
  if (first_scan_) {
    for (Task& task : tasks_) task.next_due = now;
  }
  bool ran = false;
  if (auto fault = run_due_tasks(now, ran)) {
    enter_fault(std::move(*fault));
    return {changed_, false};
  }
  collect_changes();
  return {changed_, ran};
}

void Resource::apply_writes() {
  writes_.drain([&](std::uint32_t index, std::span<const std::byte> bytes) {
    // In FAULT the outputs stay safe, whatever a client sent a moment before it struck.
    if (!fault_) std::memcpy(state_.get() + symbols()[index].offset, bytes.data(), bytes.size());
  });
}

std::optional<ScanFault> Resource::run_due_tasks(nanoseconds now, bool& ran) {
  std::atomic_ref(control_.abort).store(0, std::memory_order_relaxed);
  for (Task& task : tasks_) {
    if (now < task.next_due) continue;
    const nanoseconds interval = task.spec->interval;
    task.next_due += interval * ((now - task.next_due) / interval + 1);
    ran = true;
    for (const std::string& program : task.spec->programs) {
      if (auto fault = program_.run(program, state_.get(), now, control_)) return fault;
    }
  }
  return std::nullopt;
}

void Resource::enter_fault(ScanFault fault) {
  for (const Symbol& symbol : symbols()) {
    if (!symbol.location.starts_with("%Q")) continue;
    std::memset(state_.get() + symbol.offset, 0, symbol.size);
    std::memset(image_.get() + symbol.offset, 0, symbol.size);
  }
  changed_.assign(published_.begin(), published_.end());
  fault_ = std::move(fault);
  faulted_.store(true, std::memory_order_release);
}

void Resource::collect_changes() {
  for (const std::uint32_t index : published_) {
    const Symbol& symbol = symbols()[index];
    if (!first_scan_ && !differs(symbol, state_.get(), image_.get())) continue;
    std::memcpy(image_.get() + symbol.offset, state_.get() + symbol.offset, symbol.size);
    changed_.push_back(index);
  }
  first_scan_ = false;
}

Quality Resource::write(std::size_t symbol, const Value& value) {
  if (faulted()) return quality::bad_device_failure;
  const Symbol& target = symbols()[symbol];
  if (target.constant || !target.published) return refusal::not_writable;
  const auto bytes = std::span(encoded_).first(target.size);
  if (const Quality result = encode_symbol(target, value, bytes); !result.is_good()) return result;
  return writes_.push(static_cast<std::uint32_t>(symbol), bytes) ? quality::good
                                                                 : refusal::too_many_operations;
}

}  // namespace wl::plc
