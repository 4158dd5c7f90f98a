#include "plc/codegen/emit/separate_references.hpp"

#include "plc/codegen/emit/walk.hpp"

namespace wl::plc::emit {
namespace {

using lang::Variable;
using lang::VariableClass;

/// `instance(parameter := place)`, reduced to the variables in which both lie.
struct Pass {
  const Variable* parameter = nullptr;
  const Variable* instance = nullptr;
  const Variable* place = nullptr;
};

class PassCollector : public Visitor {
 public:
  void on_statement(const lang::Stmt& statement) override {
    const auto* call = std::get_if<lang::InstanceCall>(&statement.node);
    if (call == nullptr) return;
    const Variable* instance = call->instance ? root_variable(*call->instance) : nullptr;
    for (const lang::ReferencePass& reference : call->arguments.references)
      passes.push_back({call->pou->variables[reference.variable].get(), instance,
                        root_variable(*reference.place)});
  }

  std::vector<Pass> passes;
};

bool is_in_out(const Variable& variable) {
  return variable.storage == VariableClass::in_out;
}

/// Part of no other variable: all but references and the data of a function block, which may
/// itself lie in the other variable.
bool stands_alone(const Variable& variable) {
  if (is_in_out(variable)) return false;
  return variable.owner == nullptr || variable.owner->kind != lang::PouKind::function_block ||
         variable.storage == VariableClass::temp;
}

bool overlaps(const Pass& pass, const std::unordered_set<const Variable*>& overlapping) {
  const Variable* instance = pass.instance;
  const Variable* place = pass.place;
  if (instance == nullptr || place == nullptr || instance == place) return true;
  if (stands_alone(*instance) && stands_alone(*place)) return false;
  if (instance->owner != place->owner) return true;
  if (is_in_out(*instance) && is_in_out(*place)) return true;
  if (is_in_out(*place)) return overlapping.contains(place);
  if (is_in_out(*instance)) return overlapping.contains(instance);
  return false;
}

}  // namespace

SeparateReferences::SeparateReferences(const lang::CheckedProgram& program) {
  PassCollector collector;
  for (const auto& pou : program.pous) walk(pou->body, collector);
  // An overlap found may make another one: repeat until nothing changes. Each round adds at least
  // one variable, so it ends.
  for (bool changed = true; changed;) {
    changed = false;
    for (const Pass& pass : collector.passes)
      if (overlaps(pass, overlapping_)) changed |= overlapping_.insert(pass.parameter).second;
  }
}

}  // namespace wl::plc::emit
