#include "plc/codegen/native_program.hpp"

#include <fmt/format.h>

#include <cstring>

#include "base/check.hpp"
#include "plc/codegen/native_program_impl.hpp"

namespace wl::plc {
namespace {

/// False when a fault ended the run. No object with a destructor may live in this frame: longjmp
/// would skip it.
bool run_to_end(jit::ProgramEntry entry, support::RunContext& run, std::byte* state) noexcept {
  if (setjmp(run.exit) != 0) return false;
  entry(&run, state);
  return true;
}

jit::ProgramEntry find_entry(const jit::MachineCode& code, const std::string& program) {
  for (const jit::MachineCode::Program& known : code.programs())
    if (known.name == program) return known.entry;
  return nullptr;
}

}  // namespace

std::string ScanFault::text() const {
  const std::string where = fmt::format("{} ({}:{})", pou, file, line);
  switch (kind) {
    case Kind::array_bounds:
      return fmt::format("{}: index {} is outside {}..{}", where, value, low, high);
    case Kind::division_by_zero:
      return fmt::format("{}: division by zero", where);
    case Kind::watchdog:
      return fmt::format("{}: the watchdog ended this loop; the scan took too long", where);
    default:
      return fmt::format("{}: reference to nothing", where);
  }
}

NativeProgram::NativeProgram(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
NativeProgram::~NativeProgram() = default;

std::size_t NativeProgram::state_size() const {
  return impl_->image.size();
}
std::span<const Symbol> NativeProgram::symbols() const {
  return impl_->symbols;
}
std::span<const TaskSpec> NativeProgram::tasks() const {
  return impl_->tasks;
}

void NativeProgram::initialize(std::byte* state) const {
  std::memcpy(state, impl_->image.data(), impl_->image.size());
}

std::optional<ScanFault> NativeProgram::run(const std::string& program, std::byte* state,
                                            std::chrono::nanoseconds now,
                                            ScanControl& control) const {
  const jit::ProgramEntry entry = find_entry(*impl_->code, program);
  WL_CHECK(entry != nullptr);
  support::RunContext context;
  context.now_ns = now.count();
  context.now_ms = static_cast<std::uint32_t>(now.count() / 1'000'000);
  context.abort = &control.abort;
  if (run_to_end(entry, context, state)) return std::nullopt;
  const emit::FaultSite& site = impl_->code->sites().at(context.fault_site);
  return ScanFault{.kind = site.kind,
                   .pou = site.pou,
                   .file = site.file,
                   .line = site.line,
                   .value = context.fault_value,
                   .low = site.low,
                   .high = site.high};
}

}  // namespace wl::plc
