#include "plc/codegen/emit/module_emitter.hpp"

#include <fmt/format.h>

#include "plc/codegen/emit/function_emitter.hpp"
#include "plc/codegen/emit/scalars.hpp"
#include "plc/codegen/emit/walk.hpp"

namespace wl::plc::emit {
namespace {

using lang::Pou;
using lang::PouKind;
using lang::VariableClass;

/// Does this body loop, and whom does it call?
class LoopFinder : public Visitor {
 public:
  void on_statement(const lang::Stmt& statement) override {
    loops |= std::holds_alternative<lang::For>(statement.node) ||
             std::holds_alternative<lang::While>(statement.node) ||
             std::holds_alternative<lang::Repeat>(statement.node);
    if (const auto* call = std::get_if<lang::InstanceCall>(&statement.node))
      callees.push_back(call->pou);
  }
  void on_expression(const lang::Expr& expression) override {
    if (const auto* call = std::get_if<lang::FunctionCall>(&expression.node))
      callees.push_back(call->function);
  }

  bool loops = false;
  std::vector<const Pou*> callees;
};

/// Variables of programs that another POU names.
class ForeignNames : public Visitor {
 public:
  explicit ForeignNames(std::unordered_set<const lang::Variable*>& out) : out_(out) {}
  void on_expression(const lang::Expr& expression) override {
    const auto* name = std::get_if<lang::VariableRef>(&expression.node);
    if (name != nullptr && name->variable->owner != pou) out_.insert(name->variable);
  }

  const Pou* pou = nullptr;

 private:
  std::unordered_set<const lang::Variable*>& out_;
};

}  // namespace

std::string program_symbol(const std::string& program) {
  return "program." + program;
}

ModuleEmitter::ModuleEmitter(llvm::Module& module, const lang::CheckedProgram& program,
                             layout::StateLayout& layout)
    : module_(module), program_(program), layout_(layout), references_(program) {
  ForeignNames names(named_elsewhere_);
  for (const auto& pou : program.pous) {
    names.pou = pou.get();
    walk(pou->body, names);
  }
}

Result<std::vector<FaultSite>> ModuleEmitter::emit() {
  std::vector<const Pou*> programs;
  for (const auto& pou : program_.pous) {
    if (pou->kind != PouKind::program) continue;
    programs.push_back(pou.get());
    function_of(*pou)->setLinkage(llvm::Function::ExternalLinkage);
  }
  while (!queue_.empty()) {
    const Pou* pou = queue_.back();
    queue_.pop_back();
    FunctionEmitter body(*this, *pou, *functions_.at(pou));
    frames_[pou] = body.emit();
  }
  if (Result<void> stack = check_stack(); !stack) return std::unexpected(stack.error());
  return std::move(sites_);
}

Result<void> ModuleEmitter::check_stack() {
  for (const auto& pou : program_.pous) {
    if (pou->kind != PouKind::program || stack_of(*pou) <= max_stack_bytes) continue;
    return fail(Errc::invalid_argument,
                fmt::format("{}: the functions that it calls keep {} KiB of local variables, more "
                            "than {} KiB; move large arrays into a FUNCTION_BLOCK or a GVL",
                            pou->name, stack_of(*pou) >> 10, max_stack_bytes >> 10));
  }
  return {};
}

std::uint64_t ModuleEmitter::stack_of(const Pou& pou) {
  if (const auto found = stacks_.find(&pou); found != stacks_.end()) return found->second;
  LoopFinder finder;
  walk(pou.body, finder);
  std::uint64_t deepest = 0;
  for (const Pou* callee : finder.callees) deepest = std::max(deepest, stack_of(*callee));
  return stacks_[&pou] = frames_[&pou] + deepest;
}

bool ModuleEmitter::has_loops(const Pou& pou) {
  if (const auto found = loops_.find(&pou); found != loops_.end()) return found->second;
  LoopFinder finder;
  walk(pou.body, finder);
  bool loops = finder.loops;
  for (const Pou* callee : finder.callees) loops = loops || has_loops(*callee);
  return loops_[&pou] = loops;
}

llvm::FunctionType* ModuleEmitter::signature_of(const Pou& pou) {
  llvm::Type* const pointer = llvm::PointerType::getUnqual(context());
  llvm::Type* result = llvm::Type::getVoidTy(context());
  std::vector<llvm::Type*> parameters{pointer, pointer};
  if (pou.kind == PouKind::function_block) parameters.push_back(pointer);
  if (pou.return_type != nullptr) {
    if (is_scalar(*pou.return_type)) {
      result = scalar_type(context(), *pou.return_type);
    } else {
      parameters.push_back(pointer);
    }
  }
  for (const auto& variable : pou.variables) {
    const bool in_out = variable->storage == VariableClass::in_out;
    const bool own = pou.kind == PouKind::function && (variable->storage == VariableClass::input ||
                                                       variable->storage == VariableClass::output);
    if (!in_out && !own) continue;
    const bool by_value = variable->storage == VariableClass::input && is_scalar(*variable->type);
    parameters.push_back(by_value ? scalar_type(context(), *variable->type) : pointer);
  }
  return llvm::FunctionType::get(result, parameters, false);
}

llvm::Function* ModuleEmitter::function_of(const Pou& pou) {
  if (const auto found = functions_.find(&pou); found != functions_.end()) return found->second;
  const bool is_program = pou.kind == PouKind::program;
  llvm::Function* function =
      llvm::Function::Create(signature_of(pou), llvm::Function::InternalLinkage,
                             is_program ? program_symbol(pou.name) : "pou." + pou.name, module_);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  function->addParamAttr(0, llvm::Attribute::NoAlias);
  function->addParamAttr(0, llvm::Attribute::NonNull);
  function->addDereferenceableParamAttr(1, layout_.state_size());
  if (pou.kind == PouKind::function_block && layout_.of_instance(pou).size > 0)
    function->addDereferenceableParamAttr(2, layout_.of_instance(pou).size);
  functions_.emplace(&pou, function);
  queue_.push_back(&pou);
  return function;
}

llvm::Function* ModuleEmitter::runtime(std::string_view name, llvm::Type* result,
                                       llvm::ArrayRef<llvm::Type*> parameters) {
  llvm::FunctionCallee callee =
      module_.getOrInsertFunction(llvm::StringRef(name.data(), name.size()),
                                  llvm::FunctionType::get(result, parameters, false));
  auto* function = llvm::cast<llvm::Function>(callee.getCallee());
  function->addFnAttr(llvm::Attribute::NoUnwind);
  function->addFnAttr(llvm::Attribute::WillReturn);
  // The x86-64 calling convention of C leaves the upper bits of narrow arguments open; ours are
  // at least 32 bits wide but for BOOL.
  for (unsigned i = 0; i < parameters.size(); ++i)
    if (parameters[i]->isIntegerTy(1)) function->addParamAttr(i, llvm::Attribute::ZExt);
  if (result->isIntegerTy(1)) function->addRetAttr(llvm::Attribute::ZExt);
  return function;
}

llvm::Function* ModuleEmitter::raise_fault() {
  if (llvm::Function* known = module_.getFunction("raise_fault")) return known;
  llvm::Type* const pointer = llvm::PointerType::getUnqual(context());
  auto* type = llvm::FunctionType::get(
      llvm::Type::getVoidTy(context()),
      {pointer, llvm::Type::getInt32Ty(context()), llvm::Type::getInt64Ty(context())}, false);
  llvm::Function* function =
      llvm::Function::Create(type, llvm::Function::ExternalLinkage, "raise_fault", module_);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  function->addFnAttr(llvm::Attribute::NoReturn);
  function->addFnAttr(llvm::Attribute::Cold);
  return function;
}

std::uint32_t ModuleEmitter::add_site(FaultSite site) {
  sites_.push_back(std::move(site));
  return static_cast<std::uint32_t>(sites_.size() - 1);
}

llvm::Constant* ModuleEmitter::constant_bytes(std::string_view bytes) {
  if (const auto found = bytes_.find(bytes); found != bytes_.end()) return found->second;
  llvm::Constant* data = llvm::ConstantDataArray::getString(
      context(), llvm::StringRef(bytes.data(), bytes.size()), false);
  auto* global = new llvm::GlobalVariable(module_, data->getType(), true,
                                          llvm::GlobalValue::PrivateLinkage, data, "bytes");
  global->setAlignment(llvm::Align(8));
  bytes_.emplace(bytes, global);
  return global;
}

llvm::MDNode* ModuleEmitter::alias_domain() {
  return llvm::MDBuilder(context()).createAnonymousAliasScopeDomain("pou");
}

}  // namespace wl::plc::emit
