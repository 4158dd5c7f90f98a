// Calls of functions, function blocks and programs.
#include <fmt/format.h>

#include <algorithm>

#include "plc/lang/check/checker.hpp"
#include "plc/lang/lex/text_case.hpp"

namespace wl::plc::lang {
namespace {

bool is_parameter(VariableClass storage) {
  return storage == VariableClass::input || storage == VariableClass::output ||
         storage == VariableClass::in_out;
}

bool already_bound(const CallArguments& arguments, std::uint32_t variable) {
  const auto same = [variable](const auto& bound) { return bound.variable == variable; };
  return std::ranges::any_of(arguments.inputs, same) ||
         std::ranges::any_of(arguments.references, same) ||
         std::ranges::any_of(arguments.outputs, same);
}

}  // namespace

void Checker::use(const Pou* pou, Span span) {
  if (current_ != nullptr) current_->uses.emplace(pou, span);
}

Operand Checker::check_call(const ast::CallNode& node, Span span, const Type* hint) {
  const auto* name = std::get_if<ast::NameNode>(&node.callee->node);
  if (name == nullptr) {
    Operand callee = check(*node.callee);
    if (!is_poison(callee)) {
      sink_.report(
          callee.expr->type->kind == TypeKind::function_block ? Code::no_value : Code::not_callable,
          node.callee->span, "only a FUNCTION can be called inside an expression",
          "call the block in its own statement, then read its outputs");
    }
    return poison(span);
  }
  const std::string key = fold_case(name->name.text);
  if (const auto pou = pou_names_.find(key); pou != pou_names_.end()) {
    if (pou->second.pou->kind == PouKind::function) return call_function(pou->second, node, span);
    const bool block = pou->second.pou->kind == PouKind::function_block;
    sink_.report(block ? Code::instance_needed : Code::no_value, name->name.span,
                 fmt::format("{} is a {} and has no value", name->name.text,
                             block ? "FUNCTION_BLOCK" : "PROGRAM"),
                 block ? "declare an instance, call it in its own statement, read its outputs"
                       : "call it in its own statement");
    return poison(span);
  }
  const bool local = current_ != nullptr && current_->locals.contains(key);
  if (!local) {
    if (std::optional<Operand> result = check_builtin(name->name, node, span, hint)) {
      return std::move(*result);
    }
  }
  Operand callee = check_name(*name, node.callee->span, nullptr);
  if (is_poison(callee)) return poison(span);
  const bool instance = callee.expr->type->kind == TypeKind::function_block;
  sink_.report(instance ? Code::no_value : Code::not_callable, name->name.span,
               instance ? fmt::format("the call of {} has no value", name->name.text)
                        : fmt::format("{} is a {} and cannot be called", name->name.text,
                                      callee.nominal->name),
               instance ? "call it in its own statement, then read its outputs" : "");
  return poison(span);
}

Operand Checker::call_function(PouEntry& entry, const ast::CallNode& node, Span span) {
  use(entry.pou, span);
  auto expr = std::make_unique<Expr>();
  expr->type = entry.pou->return_type;
  expr->span = span;
  expr->node = FunctionCall{.function = entry.pou, .arguments = bind(*entry.pou, node, span)};
  if (expr->type == types_.error()) return poison(span);
  const Type* nominal = expr->type;
  return {std::move(expr), nominal};
}

const Variable* Checker::parameter_of(const Pou& pou, const ast::Argument& argument,
                                      std::size_t position) {
  std::vector<std::string_view> known;
  std::size_t seen = 0;
  for (const std::unique_ptr<Variable>& variable : pou.variables) {
    if (!is_parameter(variable->storage)) continue;
    if (argument.form == ast::ArgumentForm::positional) {
      if (seen++ == position) return variable.get();
      continue;
    }
    if (same_word(variable->name, argument.name.text)) return variable.get();
    known.push_back(variable->name);
  }
  if (argument.form == ast::ArgumentForm::positional) {
    sink_.report(Code::wrong_argument_count, argument.span,
                 fmt::format("{} takes {} arguments", pou.name, seen));
  } else {
    const bool output = argument.form == ast::ArgumentForm::output;
    sink_.report(
        Code::unknown_parameter, argument.name.span,
        fmt::format("{} has no {} {}", pou.name, output ? "output" : "input", argument.name.text),
        suggestion(argument.name.text, known));
  }
  return nullptr;
}

void Checker::bind_argument(const Pou& pou, const ast::Argument& argument, const Variable& variable,
                            CallArguments& into) {
  if (already_bound(into, variable.index)) {
    sink_.report(Code::duplicate_argument, argument.span,
                 fmt::format("{} is given twice", variable.name));
    return;
  }
  const bool arrow = argument.form == ast::ArgumentForm::output;
  const bool output = variable.storage == VariableClass::output;
  if (argument.form != ast::ArgumentForm::positional && arrow != output) {
    sink_.report(
        Code::unknown_parameter, argument.span,
        fmt::format("{} is {} of {}", variable.name, output ? "an output" : "an input", pou.name),
        output ? fmt::format("write {} => target", variable.name)
               : fmt::format("write {} := value", variable.name));
    return;
  }
  if (!argument.value || variable.type == types_.error()) {
    if (argument.value) check(*argument.value);
    if (variable.storage == VariableClass::in_out) {
      into.references.push_back({.variable = variable.index, .place = nullptr});
    }
    return;
  }
  if (variable.storage == VariableClass::input) {
    ExprPtr value = coerce(check(*argument.value, variable.type), variable.type);
    into.inputs.push_back({.variable = variable.index, .value = std::move(value)});
    return;
  }
  Operand target = place(*argument.value, Access::write);
  const bool bad = is_poison(target);
  if (variable.storage == VariableClass::in_out) {
    const bool bit = std::holds_alternative<BitRef>(target.expr->node);
    if (!bad && (target.expr->type != variable.type || bit)) {
      sink_.report(Code::type_mismatch, argument.value->span,
                   fmt::format("VAR_IN_OUT {} needs a variable of exactly {}, this is {}",
                               variable.name, variable.type->name, target.expr->type->name));
    }
    into.references.push_back({.variable = variable.index, .place = std::move(target.expr)});
    return;
  }
  if (bad) return;
  auto result = std::make_unique<Expr>();
  result->type = variable.type;
  result->span = argument.span;
  result->node = CalledOutput{variable.index};
  const Type* type = target.expr->type;
  ExprPtr value = is_elementary(variable.type->kind) || type != variable.type
                      ? coerce({std::move(result), variable.type}, type)
                      : std::move(result);
  into.outputs.push_back(
      {.variable = variable.index, .target = std::move(target.expr), .value = std::move(value)});
}

CallArguments Checker::bind(const Pou& pou, const ast::CallNode& node, Span span) {
  CallArguments arguments;
  std::size_t position = 0;
  for (const ast::Argument& argument : node.arguments) {
    const Variable* variable = parameter_of(pou, argument, position++);
    if (variable != nullptr) {
      bind_argument(pou, argument, *variable, arguments);
    } else if (argument.value) {
      check(*argument.value);
    }
  }
  complete(pou, span, arguments);
  return arguments;
}

/// Every VAR_IN_OUT must be there; the inputs of a function get their defaults.
void Checker::complete(const Pou& pou, Span span, CallArguments& arguments) {
  const bool function = pou.kind == PouKind::function;
  for (const std::unique_ptr<Variable>& variable : pou.variables) {
    if (already_bound(arguments, variable->index) || variable->type == types_.error()) continue;
    if (variable->storage == VariableClass::in_out) {
      sink_.report(Code::missing_in_out, span,
                   fmt::format("{} needs its VAR_IN_OUT {}", pou.name, variable->name),
                   fmt::format("add {} := variable", variable->name));
    } else if (function && variable->storage == VariableClass::input) {
      const Type* type = variable->type;
      const Value& initial = initial_of(*variable);
      if (!is_elementary(type->kind) || initial.is_default()) {
        sink_.report(Code::missing_argument, span,
                     fmt::format("{} needs the input {}", pou.name, variable->name),
                     fmt::format("add {} := value", variable->name));
      } else {
        arguments.inputs.push_back(
            {.variable = variable->index, .value = make_literal(initial, type, span)});
      }
    }
  }
  std::ranges::sort(arguments.references, {}, &ReferencePass::variable);
  if (function) std::ranges::sort(arguments.inputs, {}, &InputCopy::variable);
}

void Checker::call_statement(const ast::Expr& expr, Block& into) {
  const auto& node = std::get<ast::CallNode>(expr.node);
  const auto* name = std::get_if<ast::NameNode>(&node.callee->node);
  const std::string key = name != nullptr ? fold_case(name->name.text) : std::string();
  const bool local = current_ != nullptr && current_->locals.contains(key);
  const auto pou = pou_names_.find(key);
  const bool named_pou = name != nullptr && pou != pou_names_.end();
  if (named_pou && !(local && pou->second.pou->kind != PouKind::function)) {
    const Pou& called = *pou->second.pou;
    if (called.kind == PouKind::function) {
      Operand call = call_function(pou->second, node, expr.span);
      if (!is_poison(call)) {
        into.push_back({.span = expr.span, .node = Evaluate{std::move(call.expr)}});
      }
      return;
    }
    if (called.kind == PouKind::program) {
      use(&called, expr.span);
      into.push_back(
          {.span = expr.span,
           .node = InstanceCall{
               .pou = &called, .instance = nullptr, .arguments = bind(called, node, expr.span)}});
      return;
    }
    sink_.report(
        Code::instance_needed, name->name.span,
        fmt::format("{} is a FUNCTION_BLOCK; only its instances are called", name->name.text),
        fmt::format("declare one: fb{0} : {0};", name->name.text));
    return;
  }
  if (name != nullptr && !local && !global_names_.contains(key)) {
    if (std::optional<Operand> call = check_builtin(name->name, node, expr.span, nullptr)) {
      const bool runs = !is_poison(*call) && std::holds_alternative<BuiltinCall>(call->expr->node);
      if (runs) into.push_back({.span = expr.span, .node = Evaluate{std::move(call->expr)}});
      return;
    }
  }
  Operand instance = check(*node.callee);
  if (is_poison(instance)) return;
  if (instance.expr->type->kind != TypeKind::function_block) {
    sink_.report(Code::not_callable, node.callee->span,
                 fmt::format("this is a {} and cannot be called", instance.nominal->name));
    return;
  }
  const Pou* called = instance.expr->type->pou;
  use(called, expr.span);
  CallArguments arguments = bind(*called, node, expr.span);
  into.push_back({.span = expr.span,
                  .node = InstanceCall{.pou = called,
                                       .instance = std::move(instance.expr),
                                       .arguments = std::move(arguments)}});
}

}  // namespace wl::plc::lang
