// Statements and bodies.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "plc/lang/check/checker.hpp"

namespace wl::plc::lang {

void Checker::check_body(PouEntry& entry) {
  current_ = &entry;
  loops_ = 0;
  entry.pou->body = check_block(entry.decl->body);
  current_ = nullptr;
}

Block Checker::check_block(const ast::Block& block) {
  Block out;
  for (const ast::Stmt& stmt : block) check_statement(stmt, out);
  return out;
}

void Checker::check_statement(const ast::Stmt& stmt, Block& into) {
  const Span span = stmt.span;
  const auto* node = &stmt.node;
  if (const auto* assign = std::get_if<ast::AssignStmt>(node)) {
    check_assign(*assign, span, into);
  } else if (const auto* call = std::get_if<ast::CallStmt>(node)) {
    call_statement(*call->call, into);
  } else if (const auto* branch = std::get_if<ast::IfStmt>(node)) {
    into.push_back({.span = span, .node = check_if(*branch)});
  } else if (const auto* choice = std::get_if<ast::CaseStmt>(node)) {
    into.push_back({.span = span, .node = check_case(*choice)});
  } else if (const auto* counted = std::get_if<ast::ForStmt>(node)) {
    into.push_back({.span = span, .node = check_for(*counted)});
  } else if (const auto* loop = std::get_if<ast::WhileStmt>(node)) {
    While checked{.condition = condition(loop->condition), .body = {}};
    ++loops_;
    checked.body = check_block(loop->body);
    --loops_;
    into.push_back({.span = span, .node = std::move(checked)});
  } else if (const auto* repeat = std::get_if<ast::RepeatStmt>(node)) {
    Repeat checked;
    ++loops_;
    checked.body = check_block(repeat->body);
    --loops_;
    if (repeat->until) checked.until = condition(repeat->until);
    into.push_back({.span = span, .node = std::move(checked)});
  } else if (std::holds_alternative<ast::ReturnStmt>(*node)) {
    into.push_back({.span = span, .node = Return{}});
  } else {
    const bool leaves = std::holds_alternative<ast::ExitStmt>(*node);
    if (loops_ == 0) {
      sink_.report(Code::exit_outside_loop, span,
                   fmt::format("{} stands outside of a loop", leaves ? "EXIT" : "CONTINUE"),
                   "RETURN leaves the POU");
    }
    Stmt checked{.span = span, .node = Continue{}};
    if (leaves) checked.node = Exit{};
    into.push_back(std::move(checked));
  }
}

void Checker::check_assign(const ast::AssignStmt& node, Span span, Block& into) {
  Operand target = place(*node.target, Access::write);
  const bool bad = is_poison(target);
  Operand value = check(*node.value, bad ? nullptr : target.expr->type);
  if (bad || is_poison(value)) return;
  const Type* type = target.expr->type;
  if (value.nominal == nullptr) {
    sink_.report(Code::no_value, node.value->span, "this FUNCTION returns nothing");
    return;
  }
  if (type->kind == TypeKind::function_block) {
    sink_.report(Code::not_supported_yet, span, "copying function blocks is not supported yet",
                 "copy the inputs and outputs that you need");
    return;
  }
  ExprPtr converted = coerce(std::move(value), type);
  into.push_back({.span = span,
                  .node = Assign{.target = std::move(target.expr), .value = std::move(converted)}});
}

ExprPtr Checker::condition(const ast::ExprPtr& expr) {
  const Type* boolean = types_.of(TypeKind::boolean);
  if (!expr) return make_literal({std::int64_t{0}}, boolean, {});
  Operand operand = check(*expr, boolean);
  if (is_poison(operand)) return std::move(operand.expr);
  if (operand.nominal != boolean) {
    const std::string name = operand.nominal ? operand.nominal->name : std::string("nothing");
    sink_.report(Code::condition_not_bool, expr->span,
                 fmt::format("a condition is BOOL, this is {}", name), "compare it: value <> 0");
  }
  return std::move(operand.expr);
}

If Checker::check_if(const ast::IfStmt& node) {
  If checked;
  for (const ast::IfBranch& branch : node.branches) {
    ExprPtr test = condition(branch.condition);
    checked.branches.push_back({.condition = std::move(test), .body = check_block(branch.body)});
  }
  checked.otherwise = check_block(node.otherwise);
  return checked;
}

std::optional<CaseRange> Checker::case_range(const ast::CaseLabel& label, const Type* type) {
  const auto bound = [&](const ast::Expr& expr) -> std::optional<std::int64_t> {
    Operand operand = check(expr, type);
    if (is_poison(operand)) return std::nullopt;
    const std::size_t before = sink_.size();
    ExprPtr value = coerce(std::move(operand), type);
    if (sink_.size() != before) return std::nullopt;
    if (const auto* literal = std::get_if<Literal>(&value->node)) return literal->value.integer();
    sink_.report(Code::not_constant, expr.span, "a CASE label must be constant");
    return std::nullopt;
  };
  const auto low = bound(*label.low);
  const auto high = label.high ? bound(*label.high) : low;
  if (!low || !high) return std::nullopt;
  if (*low > *high) {
    sink_.report(Code::bad_array_bounds, label.low->span,
                 fmt::format("the range {}..{} is empty", *low, *high),
                 "write the smaller value first");
    return std::nullopt;
  }
  return CaseRange{.low = *low, .high = *high};
}

Case Checker::check_case(const ast::CaseStmt& node) {
  Case checked;
  Operand selector = check(*node.selector);
  bool bad = is_poison(selector);
  checked.selector = settle(std::move(selector));
  const Type* type = checked.selector->type;
  const TypeKind kind = type->kind;
  const bool choosable = is_integer(kind) || is_bit_string(kind) || kind == TypeKind::enumeration;
  if (!bad && !choosable) {
    sink_.report(
        Code::type_mismatch, node.selector->span,
        fmt::format("CASE chooses by an integer or an enumeration, not by {}", type->name));
    bad = true;
  }
  struct Seen {
    CaseRange range;
    Span span;
  };
  std::map<std::int64_t, Seen> seen;  // by high end; disjoint, so a lookup finds any overlap
  for (const ast::CaseBranch& branch : node.branches) {
    CaseBranch out;
    for (const ast::CaseLabel& label : branch.labels) {
      const auto range = bad ? std::nullopt : case_range(label, type);
      if (!range) continue;
      const auto other = seen.lower_bound(range->low);
      if (other != seen.end() && other->second.range.low <= range->high) {
        sink_
            .report(Code::overlapping_case_label, label.low->span,
                    "this label is covered already; the branch is never taken for it")
            .notes.push_back({other->second.span, "covered here"});
        continue;
      }
      seen[range->high] = {.range = *range, .span = label.low->span};
      out.labels.push_back(*range);
    }
    out.body = check_block(branch.body);
    checked.branches.push_back(std::move(out));
  }
  checked.otherwise = check_block(node.otherwise);
  if (!bad) warn_of_missing_values(checked, node.has_else, node.selector->span);
  return checked;
}

/// A state machine without an ELSE stands still in a state that somebody added later.
void Checker::warn_of_missing_values(const Case& checked, bool has_else, Span span) {
  const Type* type = checked.selector->type;
  if (has_else || type->kind != TypeKind::enumeration) return;
  std::string missing;
  for (const EnumValue& known : type->values) {
    const auto covers = [&](const CaseRange& r) {
      return r.low <= known.value && known.value <= r.high;
    };
    const bool taken = std::ranges::any_of(checked.branches, [&](const CaseBranch& branch) {
      return std::ranges::any_of(branch.labels, covers);
    });
    if (!taken) missing += (missing.empty() ? "" : ", ") + known.name;
  }
  if (missing.empty()) return;
  sink_.warn(Code::case_without_value, span,
             fmt::format("this CASE has no branch for {} of {}, and no ELSE", missing, type->name),
             "add the branch, or ELSE; for nothing to do");
}

/// `FOR i := 10 TO 1 DO`: the BY -1 was forgotten.
void Checker::warn_of_empty_loop(const For& checked, Span span) {
  const auto number = [](const ExprPtr& expr) -> std::optional<std::int64_t> {
    const auto* literal = expr ? std::get_if<Literal>(&expr->node) : nullptr;
    const auto* value = literal ? std::get_if<std::int64_t>(&literal->value.data) : nullptr;
    return value ? std::optional(*value) : std::nullopt;
  };
  const auto from = number(checked.from);
  const auto to = number(checked.to);
  const auto by = checked.by ? number(checked.by) : std::optional<std::int64_t>(1);
  if (!from || !to || !by || *by == 0 || checked.control->type->kind == TypeKind::ulint) return;
  const bool never = *by > 0 ? *from > *to : *from < *to;
  if (!never) return;
  sink_.warn(Code::loop_never_runs, span,
             fmt::format("this loop never runs: {} TO {} BY {}", *from, *to, *by),
             *by > 0 ? "write BY -1 to count down" : "write BY 1 to count up");
}

For Checker::check_for(const ast::ForStmt& node) {
  For checked;
  Operand control = place(*node.control, Access::write);
  const bool bad = is_poison(control);
  const Type* type = bad ? types_.of(TypeKind::lint) : control.expr->type;
  const bool bit = std::holds_alternative<BitRef>(control.expr->node);
  if (!bad && (!is_integer(type->kind) || bit)) {
    sink_.report(Code::type_mismatch, node.control->span,
                 fmt::format("a FOR loop counts in an integer, not in {}", type->name));
    type = types_.of(TypeKind::lint);
  }
  checked.control = std::move(control.expr);
  const auto bound = [&](const ast::ExprPtr& expr) -> ExprPtr {
    if (!expr) return nullptr;
    Operand operand = check(*expr, type);
    return bad ? std::move(operand.expr) : coerce(std::move(operand), type);
  };
  checked.from = bound(node.from);
  checked.to = bound(node.to);
  checked.by = bound(node.by);
  const auto* step = checked.by ? std::get_if<Literal>(&checked.by->node) : nullptr;
  const auto* number = step ? std::get_if<std::int64_t>(&step->value.data) : nullptr;
  if (number != nullptr && *number == 0 && !bad) {
    sink_.report(Code::zero_step, node.by->span, "a loop with BY 0 never ends");
  }
  if (!bad) warn_of_empty_loop(checked, node.control->span);
  ++loops_;
  checked.body = check_block(node.body);
  --loops_;
  return checked;
}

}  // namespace wl::plc::lang
