// The tree as written: names are not resolved, nothing has a type. Lives only during a
// compilation; all texts point into the SourceSet.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "plc/lang/check/checked_program.hpp"
#include "plc/lang/lex/literal.hpp"
#include "plc/lang/source/span.hpp"

namespace wl::plc::lang::ast {

struct Name {
  std::string_view text;
  Span span;
};

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

struct LiteralNode {
  Tok kind = Tok::integer;
  LiteralText value;
};

struct NameNode {
  Name name;
};

struct MemberNode {
  ExprPtr base;
  Name member;
};

struct BitNode {
  ExprPtr base;
  std::uint64_t bit = 0;
};

struct IndexNode {
  ExprPtr base;
  std::vector<ExprPtr> indices;
};

enum class ArgumentForm : std::uint8_t { positional, input, output };

/// `x`, `IN := x`, `Q => x`. `value` is null for `Q =>`.
struct Argument {
  ArgumentForm form = ArgumentForm::positional;
  Name name;
  ExprPtr value;
  Span span;
};

struct CallNode {
  ExprPtr callee;
  std::vector<Argument> arguments;
};

struct UnaryNode {
  UnaryOp op;
  ExprPtr operand;
};

enum class Operator : std::uint8_t {
  add,
  sub,
  mul,
  div,
  mod,
  power,
  and_,
  or_,
  xor_,
  and_then,
  or_else,
  equal,
  unequal,
  less,
  less_equal,
  greater,
  greater_equal
};

struct BinaryNode {
  Operator op;
  Span op_span;
  ExprPtr left;
  ExprPtr right;
};

/// `[1, 2, 3(0)]`: `repeat` is null but for `3(0)`, where it is 3 and the value is 0.
struct ArrayElement {
  ExprPtr repeat;
  ExprPtr value;
};

struct ArrayNode {
  std::vector<ArrayElement> elements;
};

/// `(a := 1, b := 2)` as an initial value.
struct FieldsNode {
  std::vector<Argument> fields;
};

/// Something that was reported: checks quietly.
struct ErrorNode {};

struct Expr {
  Span span;
  std::uint16_t height = 1;  ///< Of the tree below; bounded by max_depth.
  std::variant<ErrorNode, LiteralNode, NameNode, MemberNode, BitNode, IndexNode, CallNode,
               UnaryNode, BinaryNode, ArrayNode, FieldsNode>
      node;
};

struct Stmt;
using Block = std::vector<Stmt>;

struct AssignStmt {
  ExprPtr target;
  ExprPtr value;
};

struct CallStmt {
  ExprPtr call;  ///< CallNode.
};

struct IfBranch {
  ExprPtr condition;
  Block body;
};

struct IfStmt {
  std::vector<IfBranch> branches;
  Block otherwise;
};

/// `high` is null for a single label.
struct CaseLabel {
  ExprPtr low;
  ExprPtr high;
};

struct CaseBranch {
  std::vector<CaseLabel> labels;
  Block body;
};

struct CaseStmt {
  ExprPtr selector;
  std::vector<CaseBranch> branches;
  Block otherwise;
  bool has_else = false;  ///< An ELSE without statements says: nothing to do.
};

struct ForStmt {
  ExprPtr control;
  ExprPtr from;
  ExprPtr to;
  ExprPtr by;
  Block body;
};

struct WhileStmt {
  ExprPtr condition;
  Block body;
};

struct RepeatStmt {
  Block body;
  ExprPtr until;
};

struct ExitStmt {};
struct ContinueStmt {};
struct ReturnStmt {};

struct Stmt {
  Span span;
  std::variant<AssignStmt, CallStmt, IfStmt, CaseStmt, ForStmt, WhileStmt, RepeatStmt, ExitStmt,
               ContinueStmt, ReturnStmt>
      node;
};

struct TypeSpec;
using TypeSpecPtr = std::unique_ptr<TypeSpec>;

struct NamedSpec {
  Name name;
};

/// `STRING`, `STRING[20]`, `STRING(20)`.
struct StringSpec {
  ExprPtr capacity;
};

struct DimensionSpec {
  ExprPtr low;
  ExprPtr high;
};

struct ArraySpec {
  std::vector<DimensionSpec> dimensions;
  TypeSpecPtr element;
};

struct EnumItem {
  Name name;
  ExprPtr value;
};

struct EnumSpec {
  std::vector<EnumItem> items;
};

struct VarDecl;

struct StructSpec {
  std::vector<VarDecl> fields;
};

struct TypeSpec {
  Span span;
  std::variant<ErrorNode, NamedSpec, StringSpec, ArraySpec, EnumSpec, StructSpec> node;
};

/// `a, b AT %QX0.0 : INT := 5; // comment`
struct VarDecl {
  std::vector<Name> names;
  std::string location;
  TypeSpecPtr type;
  ExprPtr initial;
  std::string_view comment;
  std::vector<Attribute> attributes;
};

/// One VAR … END_VAR.
struct VarBlock {
  VariableClass storage = VariableClass::local;
  bool external = false;
  bool static_storage = false;  ///< VAR_STAT: as VAR, but in a FUNCTION it would have to be kept.
  bool constant = false;
  bool retain = false;
  bool persistent = false;
  std::vector<VarDecl> variables;
  std::vector<Attribute> attributes;
  Span span;
};

struct TypeDecl {
  Name name;
  TypeSpecPtr type;
  ExprPtr initial;
  std::vector<Attribute> attributes;
};

struct PouDecl {
  PouKind kind = PouKind::function;
  Name name;
  TypeSpecPtr return_type;
  std::vector<VarBlock> blocks;
  Block body;
  std::vector<Attribute> attributes;
  Span end;
};

struct TaskDecl {
  Name name;
  ExprPtr interval;
  ExprPtr priority;
  Span span;
};

struct ProgramDecl {
  Name name;
  Name task;  ///< Empty: without WITH.
  Name program;
};

struct Configuration {
  Name name;
  std::vector<TaskDecl> tasks;
  std::vector<ProgramDecl> programs;
};

/// One file.
struct Unit {
  FileId file = 0;
  std::vector<TypeDecl> types;
  std::vector<PouDecl> pous;
  std::vector<VarBlock> globals;
  std::vector<Configuration> configurations;
};

}  // namespace wl::plc::lang::ast
