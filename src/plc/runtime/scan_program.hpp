// What the runtime asks of a compiled application: enough to scan it, nothing about how it was
// made.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "plc/codegen/native_program.hpp"

namespace wl::plc {

/// A scannable application. NativeScanProgram is the real one; the tests write theirs by hand, so
/// that tasks, retain and faults are tested without a compiler. Immutable; one thread runs it.
class ScanProgram {
 public:
  virtual ~ScanProgram() = default;

  virtual std::size_t state_size() const = 0;
  virtual std::span<const Symbol> symbols() const = 0;
  virtual std::span<const TaskSpec> tasks() const = 0;

  /// Writes all initial values into `state` (state_size() bytes, aligned to 16).
  virtual void initialize(std::byte* state) const = 0;

  /// See NativeProgram::run: allocates nothing, never throws, `now` is constant in a scan.
  virtual std::optional<ScanFault> run(const std::string& program, std::byte* state,
                                       std::chrono::nanoseconds now,
                                       ScanControl& control) const = 0;
};

/// Native code as a ScanProgram. Keeps a reference: `program` must live longer.
class NativeScanProgram final : public ScanProgram {
 public:
  explicit NativeScanProgram(const NativeProgram& program) : program_(program) {}

  std::size_t state_size() const override { return program_.state_size(); }
  std::span<const Symbol> symbols() const override { return program_.symbols(); }
  std::span<const TaskSpec> tasks() const override { return program_.tasks(); }
  void initialize(std::byte* state) const override { program_.initialize(state); }
  std::optional<ScanFault> run(const std::string& program, std::byte* state,
                               std::chrono::nanoseconds now, ScanControl& control) const override {
    return program_.run(program, state, now, control);
  }

 private:
  const NativeProgram& program_;
};

}  // namespace wl::plc
