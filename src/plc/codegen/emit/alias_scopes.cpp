#include "plc/codegen/emit/alias_scopes.hpp"

namespace wl::plc::emit {
namespace {

using lang::Variable;

/// More would make the lists of a large function quadratic; the rest stays conservative.
constexpr std::size_t max_scopes = 32;

bool by_reference(const Variable& variable) {
  return variable.storage == lang::VariableClass::in_out;
}

}  // namespace

void AliasScopes::note(llvm::Instruction* instruction, const Access& access, Group group) {
  if (group != Group::none) noted_.push_back({instruction, access, group});
}

void AliasScopes::attach(llvm::MDNode* domain) {
  attach_group(Group::instance, domain);
  attach_group(Group::global, domain);
}

void AliasScopes::attach_group(Group group, llvm::MDNode* domain) {
  Scopes scopes;
  for (const Noted& noted : noted_) {
    const bool roams = noted.access.computed || by_reference(*noted.access.root);
    if (noted.group != group || !roams || scopes.size() == max_scopes) continue;
    llvm::MDNode*& scope = scopes[noted.access.root];
    if (scope == nullptr)
      scope = llvm::MDBuilder(domain->getContext()).createAnonymousAliasScope(domain);
  }
  if (scopes.empty()) return;

  std::map<const Variable*, llvm::MDNode*> others;
  for (const Noted& noted : noted_) {
    if (noted.group != group) continue;
    const Variable* root = noted.access.root;
    llvm::LLVMContext& context = domain->getContext();
    if (const auto own = scopes.find(root); own != scopes.end())
      noted.instruction->setMetadata(llvm::LLVMContext::MD_alias_scope,
                                     llvm::MDNode::get(context, {own->second}));
    llvm::MDNode*& rest = others[root];
    if (rest == nullptr) {
      std::vector<llvm::Metadata*> list;
      for (const auto& [variable, scope] : scopes) {
        // Two references may name the same place.
        if (variable == root || (by_reference(*variable) && by_reference(*root))) continue;
        list.push_back(scope);
      }
      rest = llvm::MDNode::get(context, list);
    }
    if (rest->getNumOperands() > 0)
      noted.instruction->setMetadata(llvm::LLVMContext::MD_noalias, rest);
  }
}

}  // namespace wl::plc::emit
