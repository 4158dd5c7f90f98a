#include "plc/codegen/emit/function_emitter.hpp"
#include "plc/codegen/emit/scalars.hpp"

namespace wl::plc::emit {

using lang::Expr;
using lang::PouKind;
using lang::Type;
using lang::TypeKind;
using lang::Variable;
using lang::VariableClass;

Place FunctionEmitter::place(const Expr& expression) {
  if (const auto* variable = std::get_if<lang::VariableRef>(&expression.node))
    return variable_place(*variable->variable);
  if (const auto* field = std::get_if<lang::FieldRef>(&expression.node))
    return field_place(*field, *expression.type);
  if (const auto* index = std::get_if<lang::IndexRef>(&expression.node))
    return index_place(*index, *expression.type);
  // A call that returns an aggregate: its value is its address.
  return {value(expression), expression.type, {}};
}

Place FunctionEmitter::variable_place(const Variable& variable) {
  const Access access{&variable, false};
  if (const auto known = addresses_.find(&variable); known != addresses_.end())
    return {known->second, variable.type, access};
  layout::StateLayout& layout = module_.layout();
  if (variable.owner == nullptr)
    return {offset(state_, layout.of_global(variable)), variable.type, access};
  // A variable of another program.
  const std::uint64_t inside = layout.of_instance(*variable.owner).offsets[variable.index];
  return {offset(state_, layout.of_program(*variable.owner) + inside), variable.type, access};
}

Place FunctionEmitter::field_place(const lang::FieldRef& field, const Type& type) {
  const Place base = place(*field.base);
  const layout::TypeLayout& layout = module_.layout().of_type(*base.type);
  return {offset(base.address, layout.offsets[field.index]), &type, base.access};
}

Place FunctionEmitter::index_place(const lang::IndexRef& index, const Type& type) {
  Place at = place(*index.base);
  const std::vector<lang::Dimension>& dimensions = at.type->dimensions;
  llvm::Value* number = builder_.getInt64(0);
  for (std::size_t i = 0; i < dimensions.size(); ++i) {
    const lang::Dimension& bounds = dimensions[i];
    const Expr& written = *index.indices[i];
    llvm::Value* low = builder_.getInt64(static_cast<std::uint64_t>(bounds.low));
    llvm::Value* own = value(written);
    llvm::Value* from_low = builder_.CreateSub(own, low);
    if (!std::holds_alternative<lang::Literal>(written.node)) {
      FaultSite where = site(ScanFault::Kind::array_bounds, written.span);
      where.low = bounds.low;
      where.high = bounds.high;
      check(builder_.CreateICmpULT(from_low, builder_.getInt64(bounds.count())), std::move(where),
            own);
      at.access.computed = true;
    }
    number = builder_.CreateAdd(
        builder_.CreateMul(number, builder_.getInt64(bounds.count()), "", true, true), from_low, "",
        true, true);
  }
  number = builder_.CreateMul(number, builder_.getInt64(size_of(type)), "", true, true);
  at.address = builder_.CreateInBoundsGEP(builder_.getInt8Ty(), at.address, {number});
  at.type = &type;
  return at;
}

void FunctionEmitter::note(llvm::Instruction* instruction, const Place& at) {
  const Variable* root = at.access.root;
  if (root == nullptr) return;
  using Group = AliasScopes::Group;
  Group group = Group::none;
  if (root->owner == nullptr) {
    group = Group::global;
  } else if (root->owner == &pou_ && pou_.kind != PouKind::function) {
    const bool inside = layout::lies_in_instance(*root);
    const bool separate =
        root->storage == VariableClass::in_out && module_.references().contains(*root);
    if (inside || separate) group = Group::instance;
  }
  aliases_.note(instruction, at.access, group);
}

llvm::Value* FunctionEmitter::load(const Place& from) {
  if (!is_scalar(*from.type)) return from.address;
  llvm::Instruction* loaded = load_scalar(builder_, *from.type, from.address);
  note(loaded, from);
  return from_memory(builder_, *from.type, loaded);
}

void FunctionEmitter::store(const Place& to, llvm::Value* value) {
  if (is_scalar(*to.type)) {
    note(store_scalar(builder_, value, to.address), to);
  } else if (to.type->kind == TypeKind::string) {
    call_runtime("string_assign", builder_.getVoidTy(),
                 {to.address, builder_.getInt32(to.type->capacity), value});
  } else {
    const llvm::Align alignment(module_.layout().of_type(*to.type).alignment);
    builder_.CreateMemMove(to.address, alignment, value, alignment, size_of(*to.type));
  }
}

void FunctionEmitter::assign(const Expr& target, llvm::Value* value) {
  if (const auto* bit = std::get_if<lang::BitRef>(&target.node)) return assign_bit(*bit, value);
  store(place(target), value);
}

void FunctionEmitter::assign_bit(const lang::BitRef& target, llvm::Value* value) {
  const Place whole = place(*target.base);
  llvm::Value* old = load(whole);
  llvm::Type* const type = old->getType();
  llvm::Value* mask = llvm::ConstantInt::get(type, 1ULL << target.bit);
  llvm::Value* cleared = builder_.CreateAnd(old, builder_.CreateNot(mask));
  llvm::Value* wanted = builder_.CreateShl(builder_.CreateZExt(value, type), target.bit);
  store(whole, builder_.CreateOr(cleared, wanted));
}

}  // namespace wl::plc::emit
