// Visits a checked tree, for questions that must be answered before code is emitted.
#pragma once

#include <variant>

#include "plc/lang/check/checked_program.hpp"

namespace wl::plc::emit {

/// What a visit calls. Override what you need.
class Visitor {
 public:
  virtual ~Visitor() = default;
  virtual void on_statement(const lang::Stmt&) {}
  virtual void on_expression(const lang::Expr&) {}
};

/// Every statement and expression of the block at any depth, in source order, parents first.
void walk(const lang::Block& block, Visitor& visitor);

/// The variable that a place is a part of; null when it is a part of a call's result.
const lang::Variable* root_variable(const lang::Expr& place);

}  // namespace wl::plc::emit
