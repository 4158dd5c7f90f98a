// RESOURCE of IEC 61131-3: the state of one application and the tasks that change it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "model/value.hpp"
#include "plc/runtime/scan_program.hpp"
#include "plc/runtime/write_queue.hpp"

namespace wl::plc {

/// What one scan did. `changed` is valid until the next scan.
struct ScanResult {
  /// Published variables whose bytes differ from the scan before, as indexes into symbols(),
  /// ascending. All of them after the first scan and after the scan that struck a fault.
  std::span<const std::uint32_t> changed;
  bool ran = false;  ///< A task was due, and it finished.
};

/// Owns the state block and the tasks. Pure in time: the caller passes `now`, so a virtual clock
/// runs hours in seconds. scan() allocates nothing, logs nothing and takes no lock.
///
/// A fault of any task stops all of them: they share variables, and half a program must not go on
/// driving outputs. Then the program no longer runs, `%Q` variables are zero (safe state), all
/// other published variables keep the value of the last complete scan, and faulted() is true
/// until the process starts again.
///
/// The scan thread owns everything but write() (one thread, the OPC UA server's), faulted() (any)
/// and control() (the watchdog's).
class Resource {
 public:
  /// Writes that may wait for the next scan.
  static constexpr std::size_t write_queue_capacity = 256;

  /// Fails when there is no task, an interval under 100 µs, or a symbol outside the state. Keeps a
  /// reference to `program`. The state holds the initial values afterwards.
  static Result<std::unique_ptr<Resource>> create(const ScanProgram& program);

  /// Runs the tasks that are due at `now` (never earlier than before), urgent ones first (priority
  /// 0 is the most urgent). A task that missed deadlines runs once.
  ScanResult scan(std::chrono::nanoseconds now);

  /// Queues a write for the start of the next scan. Good accepts; otherwise the reason, as for
  /// encode_symbol, or not_writable (constant, not published), too_many_operations (queue full),
  /// bad_device_failure (in FAULT).
  Quality write(std::size_t symbol, const Value& value);

  /// The state block; retain data is restored into it before the first scan.
  std::span<std::byte> state() { return {state_.get(), state_size_}; }
  /// What clients may see: the state after the last complete scan.
  std::span<const std::byte> image() const { return {image_.get(), state_size_}; }
  std::span<const Symbol> symbols() const { return program_.symbols(); }
  /// Indexes of the published symbols.
  std::span<const std::uint32_t> published() const { return published_; }

  bool faulted() const { return faulted_.load(std::memory_order_acquire); }
  /// Scan thread, or any thread once faulted() is true: it does not change any more.
  const std::optional<ScanFault>& fault() const { return fault_; }

  ScanControl& control() { return control_; }

  /// How often scan() must be called so that every task meets its deadlines: the greatest common
  /// divisor of the intervals, at most 1 s.
  std::chrono::nanoseconds tick() const { return tick_; }

 private:
  struct Task {
    const TaskSpec* spec;
    std::chrono::nanoseconds next_due{};
  };
  struct AlignedDelete {
    void operator()(std::byte* block) const;
  };
  using Block = std::unique_ptr<std::byte[], AlignedDelete>;

  explicit Resource(const ScanProgram& program);
  static Block make_block(std::size_t size);

  void apply_writes();
  std::optional<ScanFault> run_due_tasks(std::chrono::nanoseconds now, bool& ran);
  void enter_fault(ScanFault fault);
  void collect_changes();

  const ScanProgram& program_;
  const std::size_t state_size_;
  Block state_;
  Block image_;
  std::vector<Task> tasks_;
  std::vector<std::uint32_t> published_;
  std::vector<std::uint32_t> changed_;
  WriteQueue writes_;
  std::vector<std::byte> encoded_;  ///< Of the writing thread.
  ScanControl control_;
  std::chrono::nanoseconds tick_{};
  std::optional<ScanFault> fault_;
  std::atomic<bool> faulted_ = false;
  bool first_scan_ = true;
};

}  // namespace wl::plc
