// What one run of a program shares with the machine code, and the way out at a fault.
#pragma once

#include <csetjmp>
#include <cstddef>
#include <cstdint>

namespace wl::plc::support {

/// Passed as first argument to every generated function. The first three fields are read by machine
/// code at the offsets below and never change during a run; the others belong to raise_fault.
struct RunContext {
  std::int64_t now_ns = 0;               ///< The scan time.
  const std::uint32_t* abort = nullptr;  ///< ScanControl::abort.
  std::uint32_t now_ms = 0;              ///< now_ns in milliseconds, modulo 2^32.
  std::uint32_t fault_site = 0;          ///< Index in the table of fault sites.
  std::int64_t fault_value = 0;          ///< The bad index.
  std::jmp_buf exit;
};
inline constexpr std::uint64_t now_offset = 0;
inline constexpr std::uint64_t abort_offset = 8;
inline constexpr std::uint64_t now_ms_offset = 16;
static_assert(offsetof(RunContext, now_ns) == now_offset);
static_assert(offsetof(RunContext, now_ms) == now_ms_offset);
static_assert(offsetof(RunContext, abort) == abort_offset);

/// Ends the run by longjmp. Between setjmp and here there are only frames of machine code and of
/// this function, none of which owns anything: nothing leaks.
[[noreturn]] void raise_fault(RunContext* context, std::uint32_t site, std::int64_t value) noexcept;

}  // namespace wl::plc::support
