#include "plc/codegen/emit/walk.hpp"

namespace wl::plc::emit {
namespace {

using namespace lang;  // The node types of the tree; nothing else in this file has such names.

class Walker {
 public:
  explicit Walker(Visitor& visitor) : visitor_(visitor) {}

  void block(const Block& statements) {
    for (const Stmt& statement : statements) {
      visitor_.on_statement(statement);
      std::visit(*this, statement.node);
    }
  }

  void operator()(const Assign& node) { both(node.target, node.value); }
  void operator()(const InstanceCall& node) {
    expression(node.instance);
    arguments(node.arguments);
  }
  void operator()(const Evaluate& node) { expression(node.call); }
  void operator()(const If& node) {
    for (const IfBranch& branch : node.branches) {
      expression(branch.condition);
      block(branch.body);
    }
    block(node.otherwise);
  }
  void operator()(const Case& node) {
    expression(node.selector);
    for (const CaseBranch& branch : node.branches) block(branch.body);
    block(node.otherwise);
  }
  void operator()(const For& node) {
    both(node.control, node.from);
    both(node.to, node.by);
    block(node.body);
  }
  void operator()(const While& node) {
    expression(node.condition);
    block(node.body);
  }
  void operator()(const Repeat& node) {
    block(node.body);
    expression(node.until);
  }
  void operator()(const Exit&) {}
  void operator()(const Continue&) {}
  void operator()(const Return&) {}

  void operator()(const Literal&) {}
  void operator()(const VariableRef&) {}
  void operator()(const CalledOutput&) {}
  void operator()(const FieldRef& node) { expression(node.base); }
  void operator()(const IndexRef& node) {
    expression(node.base);
    for (const ExprPtr& index : node.indices) expression(index);
  }
  void operator()(const BitRef& node) { expression(node.base); }
  void operator()(const Convert& node) { expression(node.operand); }
  void operator()(const Unary& node) { expression(node.operand); }
  void operator()(const Binary& node) { both(node.left, node.right); }
  void operator()(const BuiltinCall& node) {
    for (const ExprPtr& argument : node.arguments) expression(argument);
  }
  void operator()(const FunctionCall& node) { arguments(node.arguments); }

 private:
  void expression(const ExprPtr& node) {
    if (!node) return;
    visitor_.on_expression(*node);
    std::visit(*this, node->node);
  }
  void both(const ExprPtr& first, const ExprPtr& second) {
    expression(first);
    expression(second);
  }
  void arguments(const CallArguments& passed) {
    for (const InputCopy& input : passed.inputs) expression(input.value);
    for (const ReferencePass& reference : passed.references) expression(reference.place);
    for (const OutputCopy& output : passed.outputs) both(output.target, output.value);
  }

  Visitor& visitor_;
};

}  // namespace

void walk(const Block& block, Visitor& visitor) {
  Walker(visitor).block(block);
}

const Variable* root_variable(const Expr& place) {
  if (const auto* variable = std::get_if<VariableRef>(&place.node)) return variable->variable;
  if (const auto* field = std::get_if<FieldRef>(&place.node)) return root_variable(*field->base);
  if (const auto* index = std::get_if<IndexRef>(&place.node)) return root_variable(*index->base);
  if (const auto* bit = std::get_if<BitRef>(&place.node)) return root_variable(*bit->base);
  return nullptr;
}

}  // namespace wl::plc::emit
