// A compiled PLC application: native code and the map of its state. No LLVM type is visible here.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace wl::plc {

/// Elementary types of IEC 61131-3 as they lie in the state.
enum class IecType : std::uint8_t {
  boolean,
  sint,
  usint,
  byte_,
  int_,
  uint_,
  word,
  dint,
  udint,
  dword,
  lint,
  ulint,
  lword,
  real,
  lreal,
  time,
  ltime,
  string,
  enumeration,  // time: 32-bit ms; ltime: 64-bit ns; enum: INT
};

/// Arrays with more elements than this are listed only when they are RETAIN.
inline constexpr std::uint64_t max_listed_elements = 4096;
/// An application with more symbols is refused.
inline constexpr std::size_t max_symbols = 1U << 20;

/// One elementary variable in the state block. Serves watch, retain, force, OPC UA.
/// Not listed: VAR_IN_OUT, VAR_TEMP and the variables of functions, which are not in the state.
struct Symbol {
  std::string path;  ///< `PLC_PRG.fbConveyor.rSpeed`, in the spelling of the declaration.
  IecType type = IecType::boolean;
  std::uint32_t offset = 0;  ///< Byte offset in the state block.
  /// Bytes; for string: capacity + 1 (NUL-terminated). Who writes a string from outside keeps the
  /// last byte 0; who writes a BOOL writes 0 or 1.
  std::uint32_t size = 0;
  bool retain = false;
  bool constant = false;
  bool published = false;  ///< Direct variable of a PROGRAM or GVL: shown by OPC UA.
  std::string location;    ///< `%QX0.0` or empty.
  std::string comment;     ///< The `//` comment behind the declaration, for people.
};

/// TASK of the CONFIGURATION with the programs that run WITH it, in order.
struct TaskSpec {
  std::string name;
  std::chrono::nanoseconds interval{};
  int priority = 0;
  std::vector<std::string> programs;
};

/// Why a scan did not finish.
struct ScanFault {
  enum class Kind { array_bounds, division_by_zero, watchdog, null_reference };
  Kind kind;
  std::string pou;   ///< `FB_StationControl`
  std::string file;  ///< `FB_StationControl.st`
  int line = 0;
  std::int64_t value = 0;  ///< array_bounds: the bad index; unused otherwise, as are the bounds:
  std::int64_t low = 0;
  std::int64_t high = 0;
  std::string text() const;  ///< `FB_X (FB_X.st:12): index 40 is outside 0..31`
};

/// Shared by the scan thread and a watchdog thread: set to make the running scan end with
/// Kind::watchdog at its next loop back edge.
struct ScanControl {
  std::uint32_t abort = 0;  ///< Accessed by std::atomic_ref and by the generated code.
};

/// Immutable after compilation; owns the machine code. Different state blocks may run in different
/// threads; one block belongs to one thread at a time.
class NativeProgram {
 public:
  ~NativeProgram();
  NativeProgram(const NativeProgram&) = delete;

  std::size_t state_size() const;
  std::span<const Symbol> symbols() const;
  std::span<const TaskSpec> tasks() const;

  /// Writes all initial values. `state` has state_size() bytes, aligned to 16.
  void initialize(std::byte* state) const;

  /// Runs one program (a name from TaskSpec::programs) once. `now` is the scan time since an
  /// arbitrary epoch, monotonic: what TIME(), LTIME() and the timers see, constant in a scan.
  /// `program` must be one of TaskSpec::programs or another PROGRAM of the application (checked).
  /// Allocates nothing but the names in a fault; on a fault the state stays as it was when it
  /// struck.
  std::optional<ScanFault> run(const std::string& program, std::byte* state,
                               std::chrono::nanoseconds now, ScanControl& control) const;

 private:
  friend class Compiler;
  class Impl;
  explicit NativeProgram(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace wl::plc
