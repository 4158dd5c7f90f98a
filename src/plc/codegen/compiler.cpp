#include "plc/codegen/compiler.hpp"

#include <fmt/format.h>

#include "plc/codegen/jit/machine_code.hpp"
#include "plc/codegen/layout/symbol_table.hpp"
#include "plc/codegen/native_program_impl.hpp"

namespace wl::plc {
namespace {

/// The runtime calls programs without arguments, so a reference would point nowhere.
Result<void> check_entry(const lang::Pou& program) {
  for (const auto& variable : program.variables)
    if (variable->storage == lang::VariableClass::in_out)
      return fail(Errc::invalid_argument,
                  fmt::format("{} runs in a task, so its VAR_IN_OUT '{}' refers to nothing; make "
                              "it VAR_INPUT or a global variable",
                              program.name, variable->name));
  return {};
}

Result<std::vector<TaskSpec>> list_tasks(const lang::CheckedProgram& program) {
  std::vector<TaskSpec> tasks;
  for (const lang::Task& task : program.tasks) {
    TaskSpec spec{task.name, task.interval, task.priority, {}};
    for (const lang::ProgramInstance& instance : task.programs) {
      if (Result<void> callable = check_entry(*instance.program); !callable)
        return std::unexpected(callable.error());
      spec.programs.push_back(instance.program->name);
    }
    tasks.push_back(std::move(spec));
  }
  return tasks;
}

}  // namespace

Result<std::unique_ptr<NativeProgram>> Compiler::compile(const lang::CheckedProgram& program,
                                                         const CompileOptions& options) {
  auto impl = std::make_unique<NativeProgram::Impl>();
  Result<std::vector<TaskSpec>> tasks = list_tasks(program);
  if (!tasks) return std::unexpected(tasks.error());
  Result<layout::StateLayout> layout = layout::StateLayout::of(program);
  if (!layout) return std::unexpected(layout.error());
  Result<std::vector<Symbol>> symbols = layout::list_symbols(program, *layout);
  if (!symbols) return std::unexpected(symbols.error());
  auto code = jit::MachineCode::build(program, *layout, options.optimization);
  if (!code) return std::unexpected(code.error());

  impl->tasks = std::move(*tasks);
  impl->symbols = std::move(*symbols);
  impl->image = layout->initial_image(program);
  impl->code = std::move(*code);
  return std::unique_ptr<NativeProgram>(new NativeProgram(std::move(impl)));
}

}  // namespace wl::plc
