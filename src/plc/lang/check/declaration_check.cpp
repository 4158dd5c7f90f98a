// Collects what the files declare, before any body is looked at.
#include <fmt/format.h>

#include <utility>

#include "plc/lang/check/checker.hpp"
#include "plc/lang/lex/text_case.hpp"

namespace wl::plc::lang {
namespace {

bool has_attribute(const std::vector<Attribute>& attributes, std::string_view name) {
  for (const Attribute& attribute : attributes) {
    if (same_word(attribute.name, name)) return true;
  }
  return false;
}

}  // namespace

CheckedProgram Checker::run() {
  for (const SourceFile& file : sources_.files()) program_.files.push_back(file.name);
  declare_all();
  for (const ast::Unit& unit : units_) declare_globals(unit);
  for (auto& [key, entry] : type_names_) resolve_entry(entry);
  for (GlobalList& list : program_.globals) {
    for (std::unique_ptr<Variable>& variable : list.variables) type_of(*variable);
  }
  for (auto& [key, entry] : pou_names_) declare_variables(entry);
  finish_fields();
  check_sizes();
  finish_initials();
  for (const ast::Unit& unit : units_) {
    for (const ast::PouDecl& decl : unit.pous) {
      const auto found = pou_names_.find(fold_case(decl.name.text));
      if (found != pou_names_.end() && found->second.decl == &decl) check_body(found->second);
    }
  }
  check_tasks();
  order_pous();
  program_.types = types_.take();
  return std::move(program_);
}

bool Checker::claim(const ast::Name& name, std::string_view what) {
  const auto [it, fresh] = claimed_.emplace(fold_case(name.text), name.span);
  if (fresh) return true;
  Diagnostic& d = sink_.report(Code::duplicate_name, name.span,
                               fmt::format("{} {} exists already", what, name.text));
  const bool standard = sources_.file(it->second.file).standard;
  d.notes.push_back({standard ? Span{} : it->second,
                     standard ? "it belongs to the standard library" : "first declared here"});
  return false;
}

void Checker::declare_all() {
  // The standard library first: a user's TON is then the duplicate.
  for (const bool standard : {true, false}) {
    for (const ast::Unit& unit : units_) {
      if (sources_.file(unit.file).standard != standard) continue;
      for (const ast::TypeDecl& decl : unit.types) declare_type(decl);
      for (const ast::PouDecl& decl : unit.pous) declare_pou(decl, standard);
    }
  }
}

void Checker::declare_type(const ast::TypeDecl& decl) {
  if (!claim(decl.name, "the name")) return;
  type_names_[fold_case(decl.name.text)] = {
      .decl = &decl, .qualified_only = has_attribute(decl.attributes, "qualified_only")};
}

void Checker::declare_pou(const ast::PouDecl& decl, bool standard) {
  if (!claim(decl.name, "the name")) return;
  auto pou = std::make_unique<Pou>();
  pou->kind = decl.kind;
  pou->name = std::string(decl.name.text);
  pou->span = decl.name.span;
  pou->end = decl.end;
  pou->standard = standard;
  pou->attributes = decl.attributes;
  PouEntry& entry = pou_names_[fold_case(decl.name.text)];
  entry.decl = &decl;
  entry.pou = pou.get();
  if (decl.kind != PouKind::function) {
    entry.instance_type = types_.make(TypeKind::function_block, pou->name);
    entry.instance_type->pou = pou.get();
    pou->instance_type = entry.instance_type;
  }
  program_.pous.push_back(std::move(pou));
}

std::unique_ptr<Variable> Checker::make_variable(const ast::VarDecl& decl, const ast::Name& name,
                                                 const ast::VarBlock& block) {
  auto variable = std::make_unique<Variable>();
  variable->name = std::string(name.text);
  variable->span = name.span;
  variable->storage = block.storage;
  variable->constant = block.constant;
  variable->retain = block.retain;
  variable->persistent = block.persistent;
  variable->location = decl.location;
  variable->comment = std::string(decl.comment);
  variable->attributes = block.attributes;
  variable->attributes.insert(variable->attributes.end(), decl.attributes.begin(),
                              decl.attributes.end());
  return variable;
}

void Checker::declare_globals(const ast::Unit& unit) {
  if (unit.globals.empty()) return;
  GlobalList list;
  list.name = sources_.file(unit.file).stem();
  ListEntry& entry = list_names_[fold_case(list.name)];
  for (const ast::VarBlock& block : unit.globals) {
    const bool qualified_only = has_attribute(block.attributes, "qualified_only");
    list.qualified_only = list.qualified_only || qualified_only;
    for (const ast::VarDecl& decl : block.variables) {
      for (const ast::Name& name : decl.names) {
        std::unique_ptr<Variable> variable = make_variable(decl, name, block);
        variable->index = static_cast<std::uint32_t>(list.variables.size());
        const std::string key = fold_case(name.text);
        const auto [it, fresh] = entry.variables.emplace(key, variable.get());
        if (!fresh) {
          sink_
              .report(Code::duplicate_name, name.span,
                      fmt::format("the variable {} exists already in this list", name.text))
              .notes.push_back({it->second->span, "first declared here"});
          continue;
        }
        if (qualified_only) {
          qualified_globals_[key] = {list.name, variable.get()};
        } else {
          global_names_[key].push_back(variable.get());
        }
        initials_[variable.get()] = {.decl = &decl};
        list.variables.push_back(std::move(variable));
      }
    }
  }
  program_.globals.push_back(std::move(list));
}

void Checker::declare_variables(PouEntry& entry) {
  current_ = &entry;
  Pou& pou = *entry.pou;
  if (entry.decl->return_type) {
    pou.return_type = resolve(entry.decl->return_type.get());
    if (pou.kind != PouKind::function) {
      sink_.report(Code::syntax_error, entry.decl->return_type->span,
                   "only a FUNCTION has a return type", "use VAR_OUTPUT");
    } else {
      auto result = std::make_unique<Variable>();
      result->name = pou.name;
      result->type = pou.return_type;
      result->storage = VariableClass::return_value;
      result->span = pou.span;
      result->owner = &pou;
      refuse_alias_initial(entry.decl->return_type.get(), "the result of a FUNCTION does");
      entry.locals[fold_case(pou.name)] = result.get();
      initials_[result.get()] = {.scope = &entry};
      pou.variables.push_back(std::move(result));
    }
  }
  for (const ast::VarBlock& block : entry.decl->blocks) {
    if (pou.kind == PouKind::function) check_block_of_function(block);
    declare_block(entry, block);
  }
  current_ = nullptr;
}

/// A function has no memory; losing a value without a word would be worse than refusing it.
void Checker::check_block_of_function(const ast::VarBlock& block) {
  if (!block.static_storage && !block.retain) return;
  const std::string_view word = block.static_storage ? "VAR_STAT" : "RETAIN";
  sink_.report(Code::block_not_allowed_here, block.span,
               fmt::format("{} cannot keep a value in a FUNCTION", word),
               "a function forgets everything after the call; use a FUNCTION_BLOCK");
}

void Checker::declare_block(PouEntry& entry, const ast::VarBlock& block) {
  for (const ast::VarDecl& decl : block.variables) {
    if (block.external) {
      declare_external(entry, decl);
      continue;
    }
    const Type* type = resolve(decl.type.get());
    for (const ast::Name& name : decl.names) {
      std::unique_ptr<Variable> variable = make_variable(decl, name, block);
      variable->type = type;
      variable->owner = entry.pou;
      variable->index = static_cast<std::uint32_t>(entry.pou->variables.size());
      const auto [it, fresh] = entry.locals.emplace(fold_case(name.text), variable.get());
      if (!fresh) {
        sink_
            .report(Code::duplicate_name, name.span,
                    fmt::format("the variable {} exists already in {}", name.text, entry.pou->name))
            .notes.push_back({it->second->span, "first declared here"});
        continue;
      }
      const Type* inner = type;
      while (inner->kind == TypeKind::array) inner = inner->element;
      if (inner->kind == TypeKind::function_block) {
        entry.uses.emplace(inner->pou, name.span);
        if (entry.pou->kind == PouKind::function && block.storage != VariableClass::in_out) {
          sink_.report(Code::instance_needed, name.span,
                       fmt::format("a FUNCTION cannot keep the function block {}", name.text),
                       "a function forgets everything after the call; use a FUNCTION_BLOCK");
        }
      }
      initials_[variable.get()] = {.decl = &decl, .scope = &entry};
      entry.pou->variables.push_back(std::move(variable));
    }
  }
}

void Checker::declare_external(PouEntry& entry, const ast::VarDecl& decl) {
  for (const ast::Name& name : decl.names) {
    const std::string key = fold_case(name.text);
    entry.externals.emplace(key, name.span);
    if (!global_names_.contains(key)) report_unknown(name);
  }
}

/// Globals get their type when somebody asks: a bound in one list may be a constant of another.
const Type* Checker::type_of(Variable& variable) {
  if (variable.type == nullptr) {
    variable.type = types_.error();  // for a constant whose type needs the constant itself
    PouEntry* const around = std::exchange(current_, nullptr);
    variable.type = resolve(initials_.at(&variable).decl->type.get());
    current_ = around;
  }
  return variable.type;
}

void Checker::finish_initials() {
  for (GlobalList& list : program_.globals) {
    for (std::unique_ptr<Variable>& variable : list.variables) initial_of(*variable);
  }
  for (std::unique_ptr<Pou>& pou : program_.pous) {
    for (std::unique_ptr<Variable>& variable : pou->variables) initial_of(*variable);
  }
}

}  // namespace wl::plc::lang
