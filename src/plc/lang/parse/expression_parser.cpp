// Expressions, calls and initial values. Precedence of IEC 61131-3 table 71.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "plc/lang/lex/text_case.hpp"
#include "plc/lang/parse/parser_impl.hpp"

namespace wl::plc::lang {
namespace {

struct OperatorRow {
  Tok token;
  int precedence;
  ast::Operator op;
};

constexpr int lowest_precedence = 1;

constexpr OperatorRow operators[] = {
    {Tok::kw_OR, 1, ast::Operator::or_},
    {Tok::kw_OR_ELSE, 1, ast::Operator::or_else},
    {Tok::kw_XOR, 2, ast::Operator::xor_},
    {Tok::kw_AND, 3, ast::Operator::and_},
    {Tok::kw_AND_THEN, 3, ast::Operator::and_then},
    {Tok::ampersand, 3, ast::Operator::and_},
    {Tok::equal, 4, ast::Operator::equal},
    {Tok::unequal, 4, ast::Operator::unequal},
    {Tok::less, 5, ast::Operator::less},
    {Tok::less_equal, 5, ast::Operator::less_equal},
    {Tok::greater, 5, ast::Operator::greater},
    {Tok::greater_equal, 5, ast::Operator::greater_equal},
    {Tok::plus, 6, ast::Operator::add},
    {Tok::minus, 6, ast::Operator::sub},
    {Tok::star, 7, ast::Operator::mul},
    {Tok::slash, 7, ast::Operator::div},
    {Tok::kw_MOD, 7, ast::Operator::mod},
    {Tok::power, 8, ast::Operator::power},
};

const OperatorRow* operator_of(Tok token) {
  const auto* const row = std::ranges::find(operators, token, &OperatorRow::token);
  return row == std::end(operators) ? nullptr : row;
}

std::uint16_t height_of(const ast::ExprPtr& expr) {
  return expr ? expr->height : std::uint16_t{0};
}

}  // namespace

template <class Node>
ast::ExprPtr Parser::make(Span span, Node node, std::uint16_t below) {
  if (below >= max_depth) {
    too_deep(span);
    return make(span, ast::ErrorNode{});
  }
  auto expr = std::make_unique<ast::Expr>();
  expr->span = span;
  expr->height = static_cast<std::uint16_t>(below + 1);
  expr->node = std::move(node);
  return expr;
}

ast::ExprPtr Parser::expression() {
  if (depth_ >= max_depth) {
    too_deep(current().span);
    return make(current().span, ast::ErrorNode{});
  }
  ++depth_;
  ast::ExprPtr result = binary(lowest_precedence);
  --depth_;
  return result;
}

ast::ExprPtr Parser::binary(int lowest) {
  ast::ExprPtr left = unary();
  while (!panic_) {
    const OperatorRow* row = operator_of(current().kind);
    if (row == nullptr || row->precedence < lowest) break;
    const Span op_span = current().span;
    advance();
    ast::ExprPtr right = binary(row->precedence + 1);
    const Span span = join(left->span, right->span);
    const std::uint16_t below = std::max(left->height, right->height);
    left = make(
        span,
        ast::BinaryNode{
            .op = row->op, .op_span = op_span, .left = std::move(left), .right = std::move(right)},
        below);
  }
  return left;
}

ast::ExprPtr Parser::unary() {
  const Span start = current().span;
  if (accept(Tok::plus)) return unary_operand();
  std::optional<UnaryOp> op;
  if (accept(Tok::minus)) {
    op = UnaryOp::negate;
  } else if (!misused_.contains(Tok::kw_NOT) && accept(Tok::kw_NOT)) {
    op = UnaryOp::not_;
  }
  if (!op) return postfix();
  ast::ExprPtr operand = unary_operand();
  const Span span = join(start, operand->span);
  const std::uint16_t below = operand->height;
  return make(span, ast::UnaryNode{.op = *op, .operand = std::move(operand)}, below);
}

/// `- - - x` recurses without an expression between, so it counts its depth itself.
ast::ExprPtr Parser::unary_operand() {
  if (depth_ >= max_depth) {
    too_deep(current().span);
    return make(current().span, ast::ErrorNode{});
  }
  ++depth_;
  ast::ExprPtr operand = unary();
  --depth_;
  return operand;
}

ast::ExprPtr Parser::postfix() {
  ast::ExprPtr expr = primary();
  while (!panic_) {
    if (at(Tok::dot)) {
      expr = member_of(std::move(expr));
    } else if (at(Tok::hash)) {  // E_State#RUN, the form of the standard
      expr = member_of(std::move(expr));
    } else if (at(Tok::left_bracket)) {
      expr = index_of(std::move(expr));
    } else if (at(Tok::left_paren) && !std::holds_alternative<ast::LiteralNode>(expr->node)) {
      expr = call_of(std::move(expr));
    } else if (at(Tok::caret)) {
      unsupported(current().span, "pointers and '^' are");
    } else {
      break;
    }
  }
  return expr;
}

ast::ExprPtr Parser::member_of(ast::ExprPtr base) {
  advance();
  const Token& token = current();
  const Span span = join(base->span, token.span);
  const std::uint16_t below = base->height;
  if (token.kind == Tok::integer) {
    const std::uint64_t bit = read_literal(token, sink_).integer;
    advance();
    return make(span, ast::BitNode{.base = std::move(base), .bit = bit}, below);
  }
  if (token.kind != Tok::identifier && !is_keyword(token.kind)) {
    syntax_error("a name or a bit number behind '.'");
    return base;
  }
  advance();
  return make(
      span,
      ast::MemberNode{.base = std::move(base), .member = {.text = token.text, .span = token.span}},
      below);
}

ast::ExprPtr Parser::index_of(ast::ExprPtr base) {
  advance();
  ast::IndexNode node;
  std::uint16_t below = base->height;
  do {
    node.indices.push_back(expression());
    below = std::max(below, height_of(node.indices.back()));
  } while (!panic_ && accept(Tok::comma));
  const Span span = join(base->span, current().span);
  expect(Tok::right_bracket, "behind the index");
  node.base = std::move(base);
  return make(span, std::move(node), below);
}

ast::ExprPtr Parser::call_of(ast::ExprPtr callee) {
  advance();
  ast::CallNode node;
  std::uint16_t below = callee->height;
  while (!panic_ && !at(Tok::right_paren)) {
    node.arguments.push_back(argument());
    below = std::max(below, height_of(node.arguments.back().value));
    if (!accept(Tok::comma)) break;
  }
  const Span span = join(callee->span, current().span);
  if (!panic_) expect(Tok::right_paren, "behind the arguments");
  node.callee = std::move(callee);
  return make(span, std::move(node), below);
}

ast::Argument Parser::argument() {
  ast::Argument argument;
  argument.span = current().span;
  const Tok next = ahead().kind;
  const bool named = (at(Tok::identifier) || is_keyword(current().kind)) &&
                     (next == Tok::assign || next == Tok::output_arrow);
  if (!named) {
    argument.value = expression();
    argument.span = argument.value->span;
    return argument;
  }
  argument.name = {.text = current().text, .span = current().span};
  argument.form = next == Tok::assign ? ast::ArgumentForm::input : ast::ArgumentForm::output;
  advance();
  advance();
  const bool empty = at(Tok::comma) || at(Tok::right_paren);
  if (empty) return argument;
  argument.value = argument.form == ast::ArgumentForm::input ? initializer() : expression();
  argument.span = join(argument.span, argument.value->span);
  return argument;
}

ast::ExprPtr Parser::primary() {
  const Token& token = current();
  switch (token.kind) {
    case Tok::integer:
    case Tok::real:
    case Tok::boolean:
    case Tok::duration:
    case Tok::string:
      return literal();
    case Tok::foreign:
      advance();
      return make(token.span, ast::ErrorNode{});
    case Tok::left_paren: {
      advance();
      ast::ExprPtr inner = expression();
      if (!panic_) expect(Tok::right_paren, "that closes '('");
      inner->span = join(token.span, previous().span);
      return inner;
    }
    case Tok::location:
      unsupported(token.span, "direct addresses in expressions are");
      return make(token.span, ast::ErrorNode{});
    default:
      break;
  }
  if (at_name()) {
    advance();
    return make(token.span, ast::NameNode{{.text = token.text, .span = token.span}});
  }
  const bool reserved =
      is_keyword(token.kind) && !ends_block(token.kind) && operator_of(token.kind) == nullptr;
  if (reserved && (ahead().kind == Tok::dot || ahead().kind == Tok::assign)) {
    expect_name("a name");
  } else {
    syntax_error("an expression");
  }
  return make(token.span, ast::ErrorNode{});
}

ast::ExprPtr Parser::literal() {
  const Token& token = current();
  advance();
  return make(token.span,
              ast::LiteralNode{.kind = token.kind, .value = read_literal(token, sink_)});
}

/// A condition, in which `:=` is the likeliest mistake of all.
ast::ExprPtr Parser::condition() {
  ast::ExprPtr expr = expression();
  if (panic_ || !at(Tok::assign)) return expr;
  error(Code::assignment_for_equals, current().span, "':=' assigns; a comparison is written '='",
        "write '=' here");
  resume();
  advance();
  expression();
  return make(expr->span, ast::ErrorNode{});
}

ast::ExprPtr Parser::initializer() {
  if (depth_ >= max_depth) return expression();  // reports it
  ++depth_;
  ast::ExprPtr result;
  if (at(Tok::left_bracket)) {
    result = array_initializer();
  } else if (at(Tok::left_paren) && ahead().kind == Tok::identifier &&
             ahead(2).kind == Tok::assign) {
    result = fields_initializer();
  } else {
    result = expression();
  }
  --depth_;
  return result;
}

ast::ExprPtr Parser::array_initializer() {
  const Span start = current().span;
  advance();
  ast::ArrayNode node;
  std::uint16_t below = 0;
  while (!panic_ && !at(Tok::right_bracket)) {
    ast::ArrayElement element{.repeat = nullptr, .value = initializer()};
    if (!panic_ && accept(Tok::left_paren)) {
      element.repeat = std::move(element.value);
      if (!at(Tok::right_paren)) element.value = initializer();
      if (at(Tok::comma)) unsupported(current().span, "several values in one repetition are");
      if (!panic_) expect(Tok::right_paren, "behind the repeated value");
    }
    below = std::max({below, height_of(element.value), height_of(element.repeat)});
    node.elements.push_back(std::move(element));
    if (!accept(Tok::comma)) break;
  }
  const Span span = join(start, current().span);
  if (!panic_) expect(Tok::right_bracket, "behind the values of the array");
  return make(span, std::move(node), below);
}

ast::ExprPtr Parser::fields_initializer() {
  const Span start = current().span;
  advance();
  ast::FieldsNode node;
  std::uint16_t below = 0;
  while (!panic_ && !at(Tok::right_paren)) {
    node.fields.push_back(argument());
    below = std::max(below, height_of(node.fields.back().value));
    if (!accept(Tok::comma)) break;
  }
  const Span span = join(start, current().span);
  if (!panic_) expect(Tok::right_paren, "behind the values of the structure");
  return make(span, std::move(node), below);
}

}  // namespace wl::plc::lang
