// A whole application without an error: what code generation starts from.
//
// Read-only and self-contained: every pointer in it points into the same CheckedProgram, which is
// moved but never copied. No node refers to source text but by Span.
//
// Code generation may rely on:
//  - every name is resolved, every expression typed, every implicit conversion is a Convert
//  - constant expressions are folded: array bounds, case labels, initial values are Values
//  - POUs stand callee first; no POU calls or contains itself, directly or not
//  - depth of expressions and of nested statements is at most 256
// It decides on: memory layout, representation of strings and enumerations, how in_out is passed.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "plc/lang/check/statement.hpp"
#include "plc/lang/check/type.hpp"

namespace wl::plc::lang {

enum class VariableClass : std::uint8_t {
  local,         ///< VAR. Function: new in each call. Block, program: kept.
  input,         ///< VAR_INPUT.
  output,        ///< VAR_OUTPUT. Function: starts each call at its initial value.
  in_out,        ///< VAR_IN_OUT: a reference, valid during the call; takes no place in an instance.
  temp,          ///< VAR_TEMP: starts each call at its initial value; takes no place.
  return_value,  ///< The variable with the function's own name; starts at its type's default.
  global,        ///< VAR_GLOBAL.
};

/// `{attribute 'symbol' := 'readwrite'}` before a declaration. Kept, without a meaning here.
struct Attribute {
  std::string name;
  std::string value;
};

struct Variable {
  std::string name;  ///< In the spelling of the declaration.
  const Type* type = nullptr;
  VariableClass storage = VariableClass::local;
  bool constant = false;
  bool retain = false;  ///< RETAIN or PERSISTENT.
  bool persistent = false;
  Value initial;         ///< Default value: take the default of `type`.
  std::string location;  ///< `%QX0.0` in capitals, or empty.
  std::string comment;   ///< Text of the `//` or `(* *)` comment behind the declaration.
  std::vector<Attribute> attributes;
  Span span;                   ///< Of the name.
  const Pou* owner = nullptr;  ///< Null: global.
  std::uint32_t index = 0;     ///< In Pou::variables or GlobalList::variables.
};

enum class PouKind : std::uint8_t { function, function_block, program };

struct Pou {
  PouKind kind = PouKind::function;
  std::string name;
  /// In declaration order, whatever their class. A function with a return type has its
  /// return_value first. Addresses are stable.
  std::vector<std::unique_ptr<Variable>> variables;
  const Type* return_type = nullptr;    ///< Function only; null: returns nothing.
  const Type* instance_type = nullptr;  ///< Kind function_block; for a program as well.
  Block body;
  Span span;              ///< Of the name in the declaration.
  Span end;               ///< Of END_FUNCTION, END_FUNCTION_BLOCK, END_PROGRAM.
  bool standard = false;  ///< From the embedded standard library (TON, CTU …).
  std::vector<Attribute> attributes;
};

/// The VAR_GLOBAL blocks of one file. The list is called as the file, without `.st`.
struct GlobalList {
  std::string name;
  std::vector<std::unique_ptr<Variable>> variables;
  bool qualified_only = false;
};

/// `PROGRAM main WITH MainTask : PLC_PRG`. A program has one instance; no program stands twice.
struct ProgramInstance {
  std::string name;
  const Pou* program = nullptr;
};

struct Task {
  std::string name;
  std::chrono::nanoseconds interval{};    ///< 100 µs … 1 h.
  int priority = 0;                       ///< 0 is the highest.
  std::vector<ProgramInstance> programs;  ///< In the order in which they run.
};

/// The application. Initial values: globals in order of `globals`, then programs.
struct CheckedProgram {
  std::vector<std::string> files;  ///< By FileId: name relative to the folder, `FB_X.st`.
  std::vector<std::unique_ptr<Type>> types;
  std::vector<GlobalList> globals;
  std::vector<std::unique_ptr<Pou>> pous;
  std::vector<Task> tasks;  ///< Not empty when there is a program.

  CheckedProgram() = default;
  CheckedProgram(CheckedProgram&&) = default;
  CheckedProgram& operator=(CheckedProgram&&) = default;
};

}  // namespace wl::plc::lang
