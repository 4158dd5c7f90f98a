// The third step: names, types, constants. Methods are spread over the files of this folder.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "plc/lang/check/checked_program.hpp"
#include "plc/lang/check/type_table.hpp"
#include "plc/lang/diagnostics/sink.hpp"
#include "plc/lang/parse/ast.hpp"
#include "plc/lang/source/source_set.hpp"

namespace wl::plc::lang {

enum class Progress : std::uint8_t { waiting, running, done };

struct TypeEntry {
  const ast::TypeDecl* decl = nullptr;
  const Type* type = nullptr;
  Progress progress = Progress::waiting;
  bool qualified_only = false;
};

struct PouEntry {
  const ast::PouDecl* decl = nullptr;
  Pou* pou = nullptr;
  Type* instance_type = nullptr;
  std::map<std::string, Variable*> locals;  ///< By folded name.
  std::map<std::string, Span> externals;
  std::map<const Pou*, Span> uses;  ///< Calls and instances: where the first one stands.
};

struct ListEntry {
  std::map<std::string, Variable*> variables;
};

/// A variable's initial value, worked out when first asked for.
struct PendingInitial {
  const ast::VarDecl* decl = nullptr;
  PouEntry* scope = nullptr;  ///< Null: global.
  Progress progress = Progress::waiting;
};

/// The initial value of the fields of one declaration (`a, b : TON := (PT := T#1s)`). It waits
/// until the variables of all function blocks are known.
struct PendingFields {
  Type* structure = nullptr;
  std::size_t first = 0;  ///< Index in Type::fields.
  std::size_t count = 0;
  const ast::Expr* initial = nullptr;
  PouEntry* scope = nullptr;
};

/// A checked expression and the type that the user thinks it has: `iA * iB` is computed in DINT
/// but counts as INT when it is assigned.
struct Operand {
  ExprPtr expr;
  const Type* nominal = nullptr;
};

/// What a bare name means.
struct Meaning {
  Variable* variable = nullptr;
  const Type* enumeration = nullptr;
  std::int64_t ordinal = 0;
  PouEntry* pou = nullptr;
  ListEntry* list = nullptr;
  TypeEntry* type = nullptr;
  bool reported = false;
};

/// One call of a function of the language, while its arguments are checked.
struct BuiltinUse {
  Builtin function;
  std::string_view name;
  std::string_view pattern;
  Span span;
  const Type* hint;
};

enum class Access : std::uint8_t { read, write };

/// Checks all files of an application. One use: construct, run().
class Checker {
 public:
  Checker(const SourceSet& sources, const std::vector<ast::Unit>& units, DiagnosticSink& sink)
      : sources_(sources), units_(units), sink_(sink) {}

  CheckedProgram run();

 private:
  // declaration_check.cpp
  void declare_all();
  void declare_type(const ast::TypeDecl& decl);
  void declare_pou(const ast::PouDecl& decl, bool standard);
  bool claim(const ast::Name& name, std::string_view what);
  void declare_globals(const ast::Unit& unit);
  void declare_variables(PouEntry& entry);
  void declare_block(PouEntry& entry, const ast::VarBlock& block);
  void check_block_of_function(const ast::VarBlock& block);
  std::unique_ptr<Variable> make_variable(const ast::VarDecl& decl, const ast::Name& name,
                                          const ast::VarBlock& block);
  const Type* type_of(Variable& variable);
  void declare_external(PouEntry& entry, const ast::VarDecl& decl);
  void finish_initials();

  // type_check.cpp
  const Type* resolve(const ast::TypeSpec* spec);
  const Type* resolve_name(const ast::Name& name);
  const Type* resolve_entry(TypeEntry& entry);
  const Type* resolve_array(const ast::ArraySpec& spec, Span span);
  const Type* resolve_string(const ast::StringSpec& spec);
  Type* resolve_enum(const ast::EnumSpec& spec, std::string name, bool qualified_only);
  void resolve_struct(const ast::StructSpec& spec, Type* into);
  std::optional<std::int64_t> constant_integer(const ast::ExprPtr& expr, std::string_view what);
  void check_sizes();
  std::uint64_t size_of(const Type* type, Span where);

  // initial_value.cpp
  const Value& initial_of(Variable& variable);
  Value initial_value(const ast::Expr& expr, const Type* type);
  Value array_value(const ast::ArrayNode& node, const Type* type);
  Value fields_value(const ast::FieldsNode& node, const Type* type);
  const ast::Expr* written_initial(const ast::VarDecl& decl);
  const ast::Expr* alias_initial(const ast::TypeSpec* spec);
  void refuse_alias_initial(const ast::TypeSpec* spec, std::string_view where);
  void finish_fields();

  // name_lookup.cpp
  Meaning find(const ast::Name& name, const Type* hint = nullptr);
  void report_unknown(const ast::Name& name);
  Meaning meaning_of_enum_value(const ast::Name& name, const std::string& key, const Type* hint);
  std::string suggestion(std::string_view word, const std::vector<std::string_view>& known) const;
  std::vector<std::string_view> visible_names() const;

  // expression_check.cpp
  Operand check(const ast::Expr& expr, const Type* hint = nullptr);
  Operand check_literal(const ast::LiteralNode& node, Span span, const Type* hint);
  Operand check_name(const ast::NameNode& node, Span span, const Type* hint);
  Operand variable_operand(Variable& variable, Span span);
  Operand check_member(const ast::MemberNode& node, Span span, const Type* hint);
  Operand member_of_value(Operand base, const ast::Name& member, Span span);
  std::optional<Operand> qualified(const ast::MemberNode& node, Span span);
  Operand enum_value(const Type* type, const ast::Name& name, Span span);
  Operand check_index(const ast::IndexNode& node, Span span);
  Operand check_bit(const ast::BitNode& node, Span span);
  Operand check_unary(const ast::UnaryNode& node, Span span, const Type* hint);
  Operand check_negate(Operand operand, Span span);
  Operand place(const ast::Expr& expr, Access access);
  bool writable(const ast::Expr& expr, const Expr& checked);
  const Variable* root_of(const Expr& expr) const;

  // operator_check.cpp
  Operand check_binary(const ast::BinaryNode& node, Span span, const Type* hint);
  Operand arithmetic(const ast::BinaryNode& node, Operand left, Operand right, Span span);
  Operand time_arithmetic(const ast::BinaryNode& node, Operand left, Operand right, Span span);
  Operand power(Operand left, Operand right, Span span, const Type* hint);
  Operand logical(const ast::BinaryNode& node, Operand left, Operand right, Span span);
  Operand comparison(const ast::BinaryNode& node, Operand left, Operand right, Span span);
  Operand bad_operands(const ast::BinaryNode& node, const Operand& left, const Operand& right);
  Operand fold_binary(BinaryOp op, Operand result, Span span);

  // conversion.cpp
  const Type* common(const Operand& a, const Operand& b) const;
  const Type* common_type(const Type* a, const Type* b) const;
  const Type* machine(const Type* nominal) const;
  bool widens(const Type* from, const Type* to) const;
  /// Makes the operand exactly of the type `to`, or reports why not.
  ExprPtr coerce(Operand operand, const Type* to);
  ExprPtr coerce_literal(Operand operand, const Type* to);
  ExprPtr convert(ExprPtr expr, const Type* to);
  ExprPtr settle(Operand operand, const Type* hint = nullptr);
  const Type* settled_type(const Operand& operand, const Type* hint) const;
  void report_conversion(const Operand& operand, const Type* to);
  Operand poison(Span span) const;
  ExprPtr make_literal(Value value, const Type* type, Span span) const;
  bool is_poison(const Operand& operand) const { return operand.nominal == types_.error(); }

  // call_check.cpp
  Operand check_call(const ast::CallNode& node, Span span, const Type* hint);
  Operand call_function(PouEntry& entry, const ast::CallNode& node, Span span);
  void call_statement(const ast::Expr& expr, Block& into);
  CallArguments bind(const Pou& pou, const ast::CallNode& node, Span span);
  void bind_argument(const Pou& pou, const ast::Argument& argument, const Variable& variable,
                     CallArguments& into);
  const Variable* parameter_of(const Pou& pou, const ast::Argument& argument, std::size_t position);
  void complete(const Pou& pou, Span span, CallArguments& arguments);
  void use(const Pou* pou, Span span);

  // builtin_check.cpp
  std::optional<Operand> check_builtin(const ast::Name& name, const ast::CallNode& node, Span span,
                                       const Type* hint);
  std::optional<Operand> check_conversion(const ast::Name& name, const ast::CallNode& node,
                                          Span span);
  const Type* conversion_type(std::string_view word);
  Operand unary_builtin(const BuiltinUse& use, Operand operand, bool integers_too);
  Operand joined_builtin(const BuiltinUse& use, std::vector<Operand> operands,
                         std::size_t selectors);
  Operand shift_builtin(const BuiltinUse& use, std::vector<Operand> operands);
  Operand text_builtin(const BuiltinUse& use, std::vector<Operand> operands);

  // statement_check.cpp
  Block check_block(const ast::Block& block);
  void check_statement(const ast::Stmt& stmt, Block& into);
  void check_assign(const ast::AssignStmt& node, Span span, Block& into);
  If check_if(const ast::IfStmt& node);
  Case check_case(const ast::CaseStmt& node);
  void warn_of_missing_values(const Case& checked, bool has_else, Span span);
  void warn_of_empty_loop(const For& checked, Span span);
  std::optional<CaseRange> case_range(const ast::CaseLabel& label, const Type* type);
  For check_for(const ast::ForStmt& node);
  ExprPtr condition(const ast::ExprPtr& expr);
  void check_body(PouEntry& entry);

  // configuration_check.cpp
  void check_tasks();
  void check_configuration(const ast::Configuration& configuration);
  Task check_task(const ast::TaskDecl& decl);
  void default_task();
  void order_pous();

  const SourceSet& sources_;
  const std::vector<ast::Unit>& units_;
  DiagnosticSink& sink_;
  CheckedProgram program_;
  TypeTable types_;
  std::map<std::string, TypeEntry> type_names_;
  std::map<std::string, PouEntry> pou_names_;
  std::map<std::string, ListEntry> list_names_;
  std::map<std::string, std::vector<Variable*>> global_names_;
  std::map<std::string, std::pair<std::string, Variable*>> qualified_globals_;
  std::map<std::string, std::vector<std::pair<const Type*, std::int64_t>>> enum_names_;
  std::map<std::string, Span> claimed_;
  std::unordered_map<const Variable*, PendingInitial> initials_;
  std::vector<PendingFields> pending_fields_;
  std::map<const Type*, std::uint64_t> sizes_;
  std::set<const Type*> measuring_;
  PouEntry* current_ = nullptr;
  int loops_ = 0;
};

}  // namespace wl::plc::lang
