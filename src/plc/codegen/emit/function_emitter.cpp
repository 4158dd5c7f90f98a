#include "plc/codegen/emit/function_emitter.hpp"

#include <algorithm>

#include "plc/codegen/emit/scalars.hpp"

namespace wl::plc::emit {

using lang::PouKind;
using lang::Variable;
using lang::VariableClass;

FunctionEmitter::FunctionEmitter(ModuleEmitter& module, const lang::Pou& pou,
                                 llvm::Function& function)
    : module_(module), pou_(pou), function_(function), builder_(module.context()) {}

std::uint64_t FunctionEmitter::emit() {
  // Allocas stand in a block of their own, so that a temporary asked for late still is one.
  llvm::BasicBlock* frame = new_block("frame");
  llvm::BasicBlock* begin = new_block("begin");
  exit_ = new_block("exit");
  builder_.SetInsertPoint(begin);
  emit_prologue();
  block(pou_.body);
  builder_.CreateBr(exit_);
  builder_.SetInsertPoint(exit_);
  emit_epilogue();
  builder_.SetInsertPoint(frame);
  builder_.CreateBr(begin);
  aliases_.attach(module_.alias_domain());
  return frame_size_;
}

void FunctionEmitter::emit_prologue() {
  llvm::Argument* argument = function_.arg_begin();
  run_ = argument++;
  state_ = argument++;
  if (pou_.kind == PouKind::function_block) instance_ = argument++;
  if (pou_.kind == PouKind::program) instance_ = offset(state_, module_.layout().of_program(pou_));
  if (pou_.return_type != nullptr && !is_scalar(*pou_.return_type)) result_ = argument++;
  if (pou_.kind != PouKind::function) bind_instance();

  for (const auto& variable : pou_.variables) {
    const bool own = pou_.kind == PouKind::function;
    const VariableClass storage = variable->storage;
    const bool passed =
        storage == VariableClass::in_out ||
        (own && (storage == VariableClass::input || storage == VariableClass::output));
    if (passed) {
      bind_parameter(*variable, *argument++);
    } else if (own || storage == VariableClass::temp) {
      bind_frame_variable(*variable);
    }
  }
}

void FunctionEmitter::bind_instance() {
  const layout::TypeLayout& layout = module_.layout().of_instance(pou_);
  for (std::size_t i = 0; i < pou_.variables.size(); ++i)
    if (layout.offsets[i] != layout::absent)
      addresses_[pou_.variables[i].get()] = offset(instance_, layout.offsets[i]);
}

void FunctionEmitter::bind_parameter(const Variable& variable, llvm::Argument& argument) {
  if (variable.storage != VariableClass::input) {
    addresses_[&variable] = &argument;
    if (variable.storage == VariableClass::output) initialize(variable, &argument);
    return;
  }
  const auto& layout = module_.layout().of_type(*variable.type);
  llvm::Value* copy = frame_bytes(layout.size, layout.alignment);
  addresses_[&variable] = copy;
  store({copy, variable.type, {}}, &argument);
}

void FunctionEmitter::bind_frame_variable(const Variable& variable) {
  const bool is_result = variable.storage == VariableClass::return_value;
  const auto& layout = module_.layout().of_type(*variable.type);
  llvm::Value* memory = is_result ? result_ : nullptr;
  if (memory == nullptr) memory = frame_bytes(layout.size, layout.alignment);
  if (is_result) result_ = memory;
  addresses_[&variable] = memory;
  initialize(variable, memory);
}

void FunctionEmitter::initialize(const Variable& variable, llvm::Value* address) {
  const lang::Type& type = *variable.type;
  if (is_scalar(type)) {
    store_scalar(builder_, scalar_constant(module_.context(), type, variable.initial), address);
    return;
  }
  std::vector<std::byte> image(size_of(type));
  module_.layout().write_initial(type, variable.initial, image);
  const llvm::Align alignment(module_.layout().of_type(type).alignment);
  const bool zero = std::ranges::all_of(image, [](std::byte b) { return b == std::byte{}; });
  if (zero) {
    builder_.CreateMemSet(address, builder_.getInt8(0), image.size(), alignment);
    return;
  }
  const std::string_view bytes(reinterpret_cast<const char*>(image.data()), image.size());
  builder_.CreateMemCpy(address, alignment, module_.constant_bytes(bytes), alignment, image.size());
}

void FunctionEmitter::emit_epilogue() {
  if (pou_.return_type == nullptr || !is_scalar(*pou_.return_type)) {
    builder_.CreateRetVoid();
    return;
  }
  llvm::Value* loaded = load_scalar(builder_, *pou_.return_type, result_);
  builder_.CreateRet(from_memory(builder_, *pou_.return_type, loaded));
}

llvm::AllocaInst* FunctionEmitter::frame_bytes(std::uint64_t size, std::uint32_t alignment) {
  const Builder::InsertPointGuard guard(builder_);
  builder_.SetInsertPoint(&function_.getEntryBlock());
  auto* memory = builder_.CreateAlloca(
      llvm::ArrayType::get(builder_.getInt8Ty(), std::max<std::uint64_t>(size, 1)));
  memory->setAlignment(llvm::Align(alignment));
  frame_size_ += size;
  return memory;
}

llvm::Value* FunctionEmitter::temporary(std::uint64_t size) {
  llvm::Value* memory = nullptr;
  if (const auto spare = spare_.find(size); spare != spare_.end()) {
    memory = spare->second;
    spare_.erase(spare);
  } else {
    memory = frame_bytes(size, 8);
  }
  in_use_.push_back({memory, size});
  return memory;
}

llvm::Value* FunctionEmitter::temporary(const lang::Type& type) {
  return temporary(size_of(type));
}

void FunctionEmitter::release_temporaries(std::size_t keep) {
  for (; in_use_.size() > keep; in_use_.pop_back())
    spare_.emplace(in_use_.back().size, in_use_.back().memory);
}

llvm::BasicBlock* FunctionEmitter::new_block(const char* name) {
  return llvm::BasicBlock::Create(module_.context(), name, &function_);
}

llvm::Value* FunctionEmitter::offset(llvm::Value* base, std::uint64_t bytes) {
  return bytes == 0 ? base : builder_.CreateConstInBoundsGEP1_64(builder_.getInt8Ty(), base, bytes);
}

FaultSite FunctionEmitter::site(ScanFault::Kind kind, lang::Span span) const {
  FaultSite site;
  site.kind = kind;
  site.pou = pou_.name;
  site.file = module_.file_name(span.file);
  site.line = static_cast<int>(span.line);
  return site;
}

void FunctionEmitter::raise(FaultSite site, llvm::Value* value) {
  llvm::Value* number = builder_.getInt32(module_.add_site(std::move(site)));
  builder_.CreateCall(module_.raise_fault(), {run_, number, value})->setDoesNotReturn();
  builder_.CreateUnreachable();
}

void FunctionEmitter::check(llvm::Value* ok, FaultSite site, llvm::Value* value) {
  llvm::BasicBlock* bad = new_block("fault");
  llvm::BasicBlock* good = new_block("checked");
  llvm::MDNode* likely = llvm::MDBuilder(module_.context()).createBranchWeights(1U << 20, 1);
  builder_.CreateCondBr(ok, good, bad, likely);
  builder_.SetInsertPoint(bad);
  raise(std::move(site), value);
  builder_.SetInsertPoint(good);
}

}  // namespace wl::plc::emit
