// Statements, and the advice for the mistakes that everybody makes in them.
#include <fmt/format.h>

#include "plc/lang/lex/text_case.hpp"
#include "plc/lang/parse/parser_impl.hpp"

namespace wl::plc::lang {

/// `ENDIF` or `END IF`, where END_IF is meant.
bool Parser::at_foreign_end() const {
  if (open_.empty() || !at(Tok::identifier)) return false;
  const Tok opener = open_.back().opener;
  if (at_word("END")) return ahead().kind == opener;
  return at_word(fmt::format("END{}", describe(opener)));
}

/// `ELSEIF`, where ELSIF is meant.
bool Parser::at_foreign_elsif() const {
  return at_word("ELSEIF") && ahead().kind != Tok::assign && !open_.empty() &&
         open_.back().opener == Tok::kw_IF;
}

bool Parser::block_ends(bool in_case) {
  while (true) {
    const Tok kind = current().kind;
    if ((in_case && at_case_label()) || at_foreign_end() || at_foreign_elsif()) return true;
    if (!ends_block(kind)) return false;
    if (starts_unit(kind) || ends_pou(kind) || wanted_by_open(kind)) return true;
    const bool inside_statement = open_.size() > 1;
    const bool end_word = kind != Tok::kw_ELSE && kind != Tok::kw_ELSIF && kind != Tok::kw_UNTIL;
    if (inside_statement && end_word) return true;  // close() takes it as the wrong end word
    stray();
  }
}

ast::Block Parser::block(bool in_case) {
  ast::Block statements;
  while (!block_ends(in_case)) {
    const std::size_t start = at_;
    statement(statements);
    if (panic_) {
      skip_statement();
      resume();
    }
    if (at_ == start) advance();
  }
  return statements;
}

void Parser::statement(ast::Block& into) {
  if (depth_ >= max_depth) return too_deep(current().span);
  ++depth_;
  const Span span = current().span;
  switch (current().kind) {
    case Tok::semicolon:
      advance();
      break;
    case Tok::kw_IF:
      if_statement(into, false);
      break;
    case Tok::kw_CASE:
      case_statement(into);
      break;
    case Tok::kw_FOR:
      for_statement(into);
      break;
    case Tok::kw_WHILE:
      while_statement(into);
      break;
    case Tok::kw_REPEAT:
      repeat_statement(into);
      break;
    case Tok::kw_EXIT:
      advance();
      into.push_back({.span = span, .node = ast::ExitStmt{}});
      expect_semicolon();
      break;
    case Tok::kw_CONTINUE:
      advance();
      into.push_back({.span = span, .node = ast::ContinueStmt{}});
      expect_semicolon();
      break;
    case Tok::kw_RETURN:
      advance();
      into.push_back({.span = span, .node = ast::ReturnStmt{}});
      expect_semicolon();
      break;
    case Tok::kw_VAR:
    case Tok::kw_VAR_INPUT:
    case Tok::kw_VAR_OUTPUT:
    case Tok::kw_VAR_IN_OUT:
    case Tok::kw_VAR_TEMP:
      late_var_block();
      break;
    default:
      simple_statement(into);
  }
  --depth_;
}

/// Declarations behind the first statement: reported, but declared, so that their uses are right.
void Parser::late_var_block() {
  sink_.report(Code::block_not_allowed_here, current().span,
               "declarations stand before the first statement",
               "move this VAR … END_VAR up, below the name of the POU");
  ast::VarBlock late = var_block();
  if (blocks_of_pou_ != nullptr) blocks_of_pou_->push_back(std::move(late));
}

/// The value behind `:=`, up to the semicolon.
ast::ExprPtr Parser::assigned_value() {
  ast::ExprPtr value = expression();
  if (!panic_ && at(Tok::assign)) {
    unsupported(current().span, "several assignments in one statement (a := b := c) are");
  }
  expect_semicolon();
  return value;
}

void Parser::simple_statement(ast::Block& into) {
  const Span start = current().span;
  ast::ExprPtr target = postfix();
  if (panic_) return;
  const bool split_assign = at(Tok::colon) && ahead().kind == Tok::equal;
  const bool set_or_reset = (at_word("S") || at_word("R") || at_word("REF")) &&
                            ahead().kind == Tok::equal && ahead().span.begin == current().span.end;
  if (set_or_reset) return unsupported(current().span, "S=, R= and REF= are");
  if (at(Tok::equal) || split_assign) {
    error(Code::equals_for_assignment, current().span,
          split_assign ? "':=' is written without a blank" : "'=' compares; an assignment is ':='",
          "write ':='");
    resume();
    if (split_assign) advance();
  } else if (!at(Tok::assign)) {
    return call_statement(into, std::move(target));
  }
  advance();
  ast::ExprPtr value = assigned_value();
  into.push_back({.span = join(start, value->span),
                  .node = ast::AssignStmt{.target = std::move(target), .value = std::move(value)}});
}

void Parser::call_statement(ast::Block& into, ast::ExprPtr target) {
  const Span span = target->span;
  if (std::holds_alternative<ast::ErrorNode>(target->node)) return;  // already reported
  if (std::holds_alternative<ast::CallNode>(target->node)) {
    into.push_back({.span = span, .node = ast::CallStmt{.call = std::move(target)}});
    return expect_semicolon();
  }
  const bool lonely = at(Tok::semicolon) || is_keyword(current().kind) || at(Tok::end) ||
                      current().span.line > previous().span.line;
  if (!lonely) return syntax_error("':=' or '('");
  error(Code::statement_without_effect, span, "this statement does nothing",
        "assign with ':=', or call with '()'");
}

void Parser::if_statement(ast::Block& into, bool from_else_if) {
  const Span start = current().span;
  open_.push_back({.opener = Tok::kw_IF, .closer = Tok::kw_END_IF, .span = start});
  ast::IfStmt node;
  do {
    if (at_foreign_elsif()) {
      sink_.report(Code::else_if, current().span,
                   fmt::format("{} is not a word of Structured Text", current().text),
                   "write ELSIF");
    }
    advance();
    ast::IfBranch branch;
    branch.condition = condition();
    if (panic_ || !expect(Tok::kw_THEN, "behind the condition")) recover_head(Tok::kw_THEN);
    branch.body = block();
    node.branches.push_back(std::move(branch));
  } while (at(Tok::kw_ELSIF) || at_foreign_elsif());
  bool has_else_if = false;
  if (at(Tok::kw_ELSE)) else_part(node, has_else_if);
  const bool quiet = has_else_if || from_else_if;
  const bool closed = close(quiet);
  if (!closed && has_else_if && !from_else_if && !panic_) {
    sink_
        .report(Code::else_if, else_if_span_, "ELSE IF opens a second IF, which has no END_IF",
                "write ELSIF (one word), or add another END_IF")
        .notes.push_back({start, "the first IF opened here"});
  }
  if (closed) accept(Tok::semicolon);
  into.push_back({.span = start, .node = std::move(node)});
}

void Parser::else_part(ast::IfStmt& statement, bool& has_else_if) {
  const Span span = current().span;
  advance();
  if (!at(Tok::kw_IF) || current().span.line != span.line) {
    statement.otherwise = block();
    return;
  }
  has_else_if = true;
  const Span both = join(span, current().span);
  if_statement(statement.otherwise, true);
  ast::Block rest = block();
  for (ast::Stmt& more : rest) statement.otherwise.push_back(std::move(more));
  else_if_span_ = both;
}

bool Parser::at_case_label() const {
  const Tok kind = current().kind;
  if (kind == Tok::integer || kind == Tok::boolean) return true;
  if (kind == Tok::minus && ahead().kind == Tok::integer) return true;
  if (kind != Tok::identifier) return false;
  std::size_t n = 1;
  while ((ahead(n).kind == Tok::dot || ahead(n).kind == Tok::hash) &&
         ahead(n + 1).kind == Tok::identifier) {
    n += 2;
  }
  const Tok behind = ahead(n).kind;
  if (behind == Tok::colon) return ahead(n + 1).kind != Tok::equal;
  return behind == Tok::comma || behind == Tok::dot_dot;
}

std::vector<ast::CaseLabel> Parser::case_labels() {
  std::vector<ast::CaseLabel> labels;
  do {
    ast::CaseLabel label{.low = expression(), .high = nullptr};
    if (!panic_ && accept(Tok::dot_dot)) label.high = expression();
    labels.push_back(std::move(label));
  } while (!panic_ && accept(Tok::comma));
  if (panic_ || !expect(Tok::colon, "behind the label")) recover_head(Tok::colon);
  return labels;
}

void Parser::case_statement(ast::Block& into) {
  const Span start = current().span;
  open_.push_back({.opener = Tok::kw_CASE, .closer = Tok::kw_END_CASE, .span = start});
  advance();
  ast::CaseStmt node;
  node.selector = condition();
  if (panic_ || !expect(Tok::kw_OF, "behind the selector")) recover_head(Tok::kw_OF);
  while (!ends_block(current().kind)) {
    if (!at_case_label()) {
      syntax_error("a label (5:, 1..3:, E_X.RUN:) or ELSE");
      skip_statement();
      resume();
      block(true);
      continue;
    }
    ast::CaseBranch branch;
    branch.labels = case_labels();
    branch.body = block(true);
    node.branches.push_back(std::move(branch));
  }
  if (accept(Tok::kw_ELSE)) {
    accept(Tok::colon);
    node.has_else = true;
    node.otherwise = block();
  }
  if (close()) accept(Tok::semicolon);
  into.push_back({.span = start, .node = std::move(node)});
}

void Parser::for_statement(ast::Block& into) {
  const Span start = current().span;
  open_.push_back({.opener = Tok::kw_FOR, .closer = Tok::kw_END_FOR, .span = start});
  advance();
  ast::ForStmt node;
  node.control = postfix();
  if (!panic_ && at(Tok::equal)) {
    error(Code::equals_for_assignment, current().span, "'=' compares; an assignment is ':='",
          "write ':='");
    resume();
    advance();
  } else if (!panic_) {
    expect(Tok::assign, "behind the loop variable");
  }
  if (!panic_) node.from = expression();
  if (!panic_ && expect(Tok::kw_TO, "behind the first value")) node.to = expression();
  if (!panic_ && accept(Tok::kw_BY)) node.by = expression();
  const bool broken = panic_;
  if (panic_ || !expect(Tok::kw_DO, "behind the range of the loop")) recover_head(Tok::kw_DO);
  if (broken) node.to = nullptr;
  node.body = block();
  if (close()) accept(Tok::semicolon);
  into.push_back({.span = start, .node = std::move(node)});
}

void Parser::while_statement(ast::Block& into) {
  const Span start = current().span;
  open_.push_back({.opener = Tok::kw_WHILE, .closer = Tok::kw_END_WHILE, .span = start});
  advance();
  ast::WhileStmt node;
  node.condition = condition();
  if (panic_ || !expect(Tok::kw_DO, "behind the condition")) recover_head(Tok::kw_DO);
  node.body = block();
  if (close()) accept(Tok::semicolon);
  into.push_back({.span = start, .node = std::move(node)});
}

void Parser::repeat_statement(ast::Block& into) {
  const Span start = current().span;
  open_.push_back({.opener = Tok::kw_REPEAT, .closer = Tok::kw_UNTIL, .span = start});
  advance();
  ast::RepeatStmt node;
  node.body = block();
  open_.back().closer = Tok::kw_END_REPEAT;
  if (at(Tok::kw_UNTIL)) {
    advance();
    node.until = condition();
    accept(Tok::semicolon);
    if (panic_) skip_statement();
  } else if (at(Tok::kw_END_REPEAT)) {
    syntax_error("UNTIL with a condition");
  }
  resume();
  if (close()) accept(Tok::semicolon);
  into.push_back({.span = start, .node = std::move(node)});
}

}  // namespace wl::plc::lang
