// Tells LLVM which memory accesses of one function cannot meet.
//
// An array element at a computed index is, to LLVM, anywhere behind the base address, so a store
// to it would force every variable of the instance back to memory. Bounds are checked before each
// access; hence an access stays inside its variable, and that is what the metadata says.
#pragma once

#include <map>
#include <vector>

#include "plc/codegen/emit/llvm.hpp"
#include "plc/lang/check/checked_program.hpp"

namespace wl::plc::emit {

/// One scalar load or store of a named variable.
struct Access {
  const lang::Variable* root = nullptr;  ///< The variable that the place is part of.
  bool computed = false;                 ///< The address depends on an index at run time.
};

/// Collects the accesses of one function; `attach` adds the metadata when all are known.
class AliasScopes {
 public:
  /// Variables of different groups may overlap; those of one group never do. A reference belongs
  /// to the instance group when SeparateReferences says so.
  enum class Group { none, instance, global };

  void note(llvm::Instruction* instruction, const Access& access, Group group);
  void attach(llvm::MDNode* domain);

 private:
  struct Noted {
    llvm::Instruction* instruction;
    Access access;
    Group group;
  };
  /// Scopes of variables that some access reaches at a computed address or by reference.
  using Scopes = std::map<const lang::Variable*, llvm::MDNode*>;

  void attach_group(Group group, llvm::MDNode* domain);

  std::vector<Noted> noted_;
};

}  // namespace wl::plc::emit
