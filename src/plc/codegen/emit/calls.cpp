#include "plc/codegen/emit/function_emitter.hpp"
#include "plc/codegen/emit/scalars.hpp"

namespace wl::plc::emit {

using lang::Variable;
using lang::VariableClass;

llvm::Value* FunctionEmitter::call_function(const lang::FunctionCall& call) {
  const lang::Pou& pou = *call.function;
  std::map<std::uint32_t, llvm::Value*> passed;
  for (const lang::InputCopy& input : call.arguments.inputs)
    passed[input.variable] = value(*input.value);
  for (const lang::ReferencePass& reference : call.arguments.references)
    passed[reference.variable] = place(*reference.place).address;

  std::map<std::uint32_t, Place> outputs;
  for (std::uint32_t i = 0; i < pou.variables.size(); ++i) {
    const Variable& variable = *pou.variables[i];
    if (variable.storage != VariableClass::output) continue;
    outputs[i] = {temporary(*variable.type), variable.type, {}};
    passed[i] = outputs[i].address;
  }

  std::vector<llvm::Value*> arguments{run_, state_};
  const bool in_memory = pou.return_type != nullptr && !is_scalar(*pou.return_type);
  if (in_memory) arguments.push_back(temporary(*pou.return_type));
  for (const auto& [index, argument] : passed) arguments.push_back(argument);
  llvm::Value* result = builder_.CreateCall(module_.function_of(pou), arguments);

  std::swap(called_outputs_, outputs);
  copy_outputs(call.arguments);
  std::swap(called_outputs_, outputs);
  return in_memory ? arguments[2] : result;
}

void FunctionEmitter::call_instance(const lang::InstanceCall& call) {
  const lang::Pou& pou = *call.pou;
  llvm::Value* const instance = call.instance ? place(*call.instance).address
                                              : offset(state_, module_.layout().of_program(pou));
  const layout::TypeLayout& layout = module_.layout().of_instance(pou);
  const auto member = [&](std::uint32_t index) {
    return Place{offset(instance, layout.offsets[index]), pou.variables[index]->type, {}};
  };
  for (const lang::InputCopy& input : call.arguments.inputs) {
    llvm::Value* passed = value(*input.value);
    store(member(input.variable), passed);
  }

  std::vector<llvm::Value*> arguments{run_, state_};
  if (call.instance) arguments.push_back(instance);
  for (const lang::ReferencePass& reference : call.arguments.references)
    arguments.push_back(place(*reference.place).address);
  builder_.CreateCall(module_.function_of(pou), arguments);

  std::map<std::uint32_t, Place> outputs;
  for (const lang::OutputCopy& output : call.arguments.outputs)
    outputs[output.variable] = member(output.variable);
  std::swap(called_outputs_, outputs);
  copy_outputs(call.arguments);
  std::swap(called_outputs_, outputs);
}

void FunctionEmitter::copy_outputs(const lang::CallArguments& arguments) {
  for (const lang::OutputCopy& output : arguments.outputs) {
    llvm::Value* copied = value(*output.value);
    assign(*output.target, copied);
  }
}

llvm::Value* FunctionEmitter::called_output(const lang::CalledOutput& output) {
  return load(called_outputs_.at(output.variable));
}

}  // namespace wl::plc::emit
