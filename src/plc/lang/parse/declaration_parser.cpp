// POUs, VAR blocks and configurations.
#include <fmt/format.h>

#include "plc/lang/lex/text_case.hpp"
#include "plc/lang/parse/parser_impl.hpp"

namespace wl::plc::lang {

void Parser::top_level() {
  switch (current().kind) {
    case Tok::semicolon:
      return advance();
    case Tok::kw_FUNCTION:
      return pou(PouKind::function);
    case Tok::kw_FUNCTION_BLOCK:
      return pou(PouKind::function_block);
    case Tok::kw_PROGRAM:
      return pou(PouKind::program);
    case Tok::kw_TYPE:
      return type_block();
    case Tok::kw_VAR_GLOBAL:
      return unit_.globals.push_back(var_block());
    case Tok::kw_CONFIGURATION:
      return configuration();
    case Tok::kw_VAR_CONFIG:
    case Tok::kw_VAR_ACCESS:
      return unsupported_block(Tok::kw_END_VAR, "VAR_CONFIG and VAR_ACCESS are");
    case Tok::kw_INTERFACE:
      return unsupported_block(Tok::kw_END_INTERFACE, "interfaces are");
    case Tok::kw_METHOD:
      return unsupported_block(Tok::kw_END_METHOD, "methods are");
    case Tok::kw_PROPERTY:
      return unsupported_block(Tok::kw_END_PROPERTY, "properties are");
    case Tok::kw_ACTION:
      return unsupported_block(Tok::kw_END_ACTION, "actions are");
    default:
      unknown_top_level();
  }
}

void Parser::unknown_top_level() {
  if (ends_block(current().kind)) {
    stray();
  } else {
    syntax_error("FUNCTION_BLOCK, FUNCTION, PROGRAM, TYPE, VAR_GLOBAL or CONFIGURATION");
  }
  while (!starts_unit(current().kind)) advance();
}

void Parser::unsupported_block(Tok closer, std::string_view what) {
  unsupported(current().span, what);
  skip_behind(closer);
}

void Parser::pou(PouKind kind) {
  ast::PouDecl pou;
  pou.kind = kind;
  pou.attributes = take_attributes();
  const Token& opener = current();
  const Tok closer = kind == PouKind::function         ? Tok::kw_END_FUNCTION
                     : kind == PouKind::function_block ? Tok::kw_END_FUNCTION_BLOCK
                                                       : Tok::kw_END_PROGRAM;
  open_.push_back({.opener = opener.kind, .closer = closer, .span = opener.span});
  advance();
  while (at(Tok::kw_ABSTRACT) ||
         ((at_word("FINAL") || at_word("PUBLIC") || at_word("INTERNAL") || at_word("PRIVATE")) &&
          ahead().kind == Tok::identifier)) {
    advance();
  }
  pou.name = declared_name(fmt::format("the name of a {}", describe(opener.kind)));
  resume();
  extends_clause();
  if (accept(Tok::colon)) pou.return_type = type_spec();
  accept(Tok::semicolon);
  resume();
  pou_blocks(pou);
  blocks_of_pou_ = &pou.blocks;
  pou.body = block();
  blocks_of_pou_ = nullptr;
  resume();
  close();
  pou.end = previous().span;
  accept(Tok::semicolon);
  open_.clear();
  misused_.clear();
  if (!pou.name.text.empty()) unit_.pous.push_back(std::move(pou));
}

void Parser::extends_clause() {
  if (!at(Tok::kw_EXTENDS) && !at(Tok::kw_IMPLEMENTS)) return;
  unsupported(current().span, "EXTENDS and IMPLEMENTS are");
  while (at(Tok::kw_EXTENDS) || at(Tok::kw_IMPLEMENTS) || at(Tok::identifier) || at(Tok::comma) ||
         at(Tok::dot)) {
    advance();
  }
  resume();
}

void Parser::pou_blocks(ast::PouDecl& pou) {
  while (true) {
    switch (current().kind) {
      case Tok::kw_VAR:
      case Tok::kw_VAR_INPUT:
      case Tok::kw_VAR_OUTPUT:
      case Tok::kw_VAR_IN_OUT:
      case Tok::kw_VAR_TEMP:
      case Tok::kw_VAR_EXTERNAL:
      case Tok::kw_VAR_STAT:
        pou.blocks.push_back(var_block());
        break;
      case Tok::kw_VAR_INST:
      case Tok::kw_VAR_ACCESS:
      case Tok::kw_VAR_CONFIG:
        unsupported_block(Tok::kw_END_VAR, "VAR_INST, VAR_ACCESS and VAR_CONFIG are");
        resume();
        break;
      default:
        return;
    }
  }
}

void Parser::var_flags(ast::VarBlock& block) {
  while (true) {
    if (accept(Tok::kw_CONSTANT)) {
      block.constant = true;
    } else if (accept(Tok::kw_RETAIN)) {
      block.retain = true;
    } else if (accept(Tok::kw_PERSISTENT)) {
      block.persistent = true;
      block.retain = true;
    } else if (!accept(Tok::kw_NON_RETAIN)) {
      return;
    }
  }
}

/// False where END_VAR must be missing: a statement or the next block begins.
bool Parser::declaration_goes_on() const {
  if (at(Tok::kw_END_VAR) || ends_block(current().kind)) return false;
  const Tok next = ahead().kind;
  switch (current().kind) {
    case Tok::kw_VAR:
    case Tok::kw_VAR_INPUT:
    case Tok::kw_VAR_OUTPUT:
    case Tok::kw_VAR_IN_OUT:
    case Tok::kw_VAR_TEMP:
    case Tok::kw_VAR_EXTERNAL:
    case Tok::kw_VAR_STAT:
      return false;
    case Tok::identifier:
      return next != Tok::assign && next != Tok::left_paren && next != Tok::dot &&
             next != Tok::left_bracket;
    case Tok::kw_IF:
    case Tok::kw_CASE:
    case Tok::kw_FOR:
    case Tok::kw_WHILE:
    case Tok::kw_REPEAT:
      return next == Tok::colon || next == Tok::comma;
    default:
      return true;
  }
}

ast::VarBlock Parser::var_block() {
  ast::VarBlock block;
  block.attributes = take_attributes();
  block.span = current().span;
  const Tok opener = current().kind;
  switch (opener) {
    case Tok::kw_VAR_INPUT:
      block.storage = VariableClass::input;
      break;
    case Tok::kw_VAR_OUTPUT:
      block.storage = VariableClass::output;
      break;
    case Tok::kw_VAR_IN_OUT:
      block.storage = VariableClass::in_out;
      break;
    case Tok::kw_VAR_TEMP:
      block.storage = VariableClass::temp;
      break;
    case Tok::kw_VAR_GLOBAL:
      block.storage = VariableClass::global;
      break;
    default:
      block.external = opener == Tok::kw_VAR_EXTERNAL;
      block.static_storage = opener == Tok::kw_VAR_STAT;
  }
  advance();
  var_flags(block);
  while (declaration_goes_on()) {
    if (accept(Tok::semicolon)) continue;
    const std::size_t start = at_;
    block.variables.push_back(var_decl());
    if (panic_) skip_statement();
    resume();
    if (at_ == start) advance();
  }
  if (!accept(Tok::kw_END_VAR)) {
    report_missing({.opener = opener, .closer = Tok::kw_END_VAR, .span = block.span});
  }
  accept(Tok::semicolon);
  return block;
}

void Parser::var_names(ast::VarDecl& decl) {
  do {
    ast::Name name = declared_name("the name of a variable");
    if (!name.text.empty()) decl.names.push_back(name);
  } while (!panic_ && accept(Tok::comma));
}

ast::VarDecl Parser::var_decl() {
  ast::VarDecl decl;
  decl.attributes = take_attributes();
  var_names(decl);
  if (!panic_ && accept(Tok::kw_AT)) {
    decl.location = fold_case(current().text);
    expect(Tok::location, "like %QX0.0 behind AT");
  }
  if (!panic_) expect(Tok::colon, "between name and type");
  if (!panic_) decl.type = at(Tok::identifier) ? named_spec(&decl) : type_spec();
  if (!panic_ && accept(Tok::assign)) decl.initial = initializer();
  if (panic_) return decl;
  if (at(Tok::equal)) {
    error(Code::equals_for_assignment, current().span, "an initial value stands behind ':='",
          "write ':='");
    return decl;
  }
  expect_semicolon();
  decl.comment = comment_behind();
  return decl;
}

void Parser::configuration() {
  ast::Configuration result;
  const Span start = current().span;
  open_.push_back(
      {.opener = Tok::kw_CONFIGURATION, .closer = Tok::kw_END_CONFIGURATION, .span = start});
  advance();
  result.name = expect_name("the name of the configuration");
  resume();
  while (!at(Tok::kw_END_CONFIGURATION) && !at(Tok::end)) {
    if (starts_unit(current().kind) && !at(Tok::kw_PROGRAM) && !at(Tok::kw_VAR_GLOBAL)) break;
    const std::size_t item = at_;
    configuration_item(result);
    if (panic_) skip_statement();
    resume();
    if (at_ == item) advance();
  }
  close();
  accept(Tok::semicolon);
  open_.clear();
  unit_.configurations.push_back(std::move(result));
}

void Parser::configuration_item(ast::Configuration& into) {
  if (accept(Tok::semicolon) || accept(Tok::kw_END_RESOURCE)) return;
  if (at(Tok::kw_VAR_GLOBAL)) {
    unit_.globals.push_back(var_block());
  } else if (accept_word("RESOURCE")) {
    expect_name("the name of the resource");
    if (accept_word("ON")) expect_name("the kind of the resource");
  } else if (at_word("TASK")) {
    into.tasks.push_back(task());
  } else if (at(Tok::kw_PROGRAM)) {
    into.programs.push_back(program_instance());
  } else {
    syntax_error("RESOURCE, TASK, PROGRAM or END_CONFIGURATION");
  }
}

ast::TaskDecl Parser::task() {
  ast::TaskDecl task;
  task.span = current().span;
  advance();
  task.name = expect_name("the name of the task");
  if (!panic_) expect(Tok::left_paren, "behind the name of the task");
  while (!panic_ && !at(Tok::right_paren)) {
    const Token& key = current();
    expect_name("INTERVAL or PRIORITY");
    if (!panic_) expect(Tok::assign, "behind the name");
    if (panic_) break;
    ast::ExprPtr value = expression();
    if (same_word(key.text, "INTERVAL")) {
      task.interval = std::move(value);
    } else if (same_word(key.text, "PRIORITY")) {
      task.priority = std::move(value);
    } else {
      error(Code::bad_task, key.span, fmt::format("a task has no setting {}", key.text),
            "supported are INTERVAL and PRIORITY");
    }
    if (!accept(Tok::comma)) break;
  }
  if (!panic_) expect(Tok::right_paren, "behind the settings of the task");
  if (!panic_) expect_semicolon();
  return task;
}

ast::ProgramDecl Parser::program_instance() {
  ast::ProgramDecl program;
  advance();
  program.name = expect_name("the name of the program instance");
  if (!panic_ && accept_word("WITH")) program.task = expect_name("the name of a task");
  if (!panic_) expect(Tok::colon, "before the name of the PROGRAM");
  if (!panic_) program.program = expect_name("the name of a PROGRAM");
  if (!panic_ && at(Tok::left_paren)) unsupported(current().span, "arguments of a program are");
  if (!panic_) expect_semicolon();
  return program;
}

}  // namespace wl::plc::lang
