// TYPE blocks and the types of variables.
#include <fmt/format.h>

#include "plc/lang/lex/text_case.hpp"
#include "plc/lang/parse/parser_impl.hpp"

namespace wl::plc::lang {
namespace {

template <class Node>
ast::TypeSpecPtr spec(Span span, Node node) {
  auto made = std::make_unique<ast::TypeSpec>();
  made->span = span;
  made->node = std::move(node);
  return made;
}

}  // namespace

void Parser::type_block() {
  const Span start = current().span;
  open_.push_back({.opener = Tok::kw_TYPE, .closer = Tok::kw_END_TYPE, .span = start});
  const std::vector<Attribute> attributes = take_attributes();
  advance();
  while (!at(Tok::kw_END_TYPE) && !starts_unit(current().kind)) {
    if (accept(Tok::semicolon)) continue;
    const std::size_t item = at_;
    ast::TypeDecl decl = type_decl();
    decl.attributes.insert(decl.attributes.begin(), attributes.begin(), attributes.end());
    if (!decl.name.text.empty()) unit_.types.push_back(std::move(decl));
    if (panic_) {
      while (!at(Tok::semicolon) && !at(Tok::kw_END_TYPE) && !at(Tok::kw_END_STRUCT) &&
             !starts_unit(current().kind)) {
        advance();
      }
      accept(Tok::kw_END_STRUCT);
    }
    resume();
    if (at_ == item) advance();
  }
  close();
  accept(Tok::semicolon);
  open_.clear();
}

ast::TypeDecl Parser::type_decl() {
  ast::TypeDecl decl;
  decl.attributes = take_attributes();
  decl.name = declared_name("the name of a type");
  if (!panic_ && at(Tok::kw_EXTENDS)) unsupported(current().span, "EXTENDS is");
  if (!panic_) expect(Tok::colon, "behind the name of the type");
  if (!panic_) decl.type = type_spec();
  if (!panic_ && accept(Tok::assign)) decl.initial = initializer();
  const bool structure = decl.type && std::holds_alternative<ast::StructSpec>(decl.type->node);
  if (!panic_ && !(structure && !at(Tok::semicolon))) expect_semicolon();
  return decl;
}

ast::TypeSpecPtr Parser::type_spec() {
  const Span span = current().span;
  if (depth_ >= max_depth) {
    too_deep(span);
    return spec(span, ast::ErrorNode{});
  }
  ++depth_;
  ast::TypeSpecPtr result;
  switch (current().kind) {
    case Tok::kw_ARRAY:
      result = array_spec();
      break;
    case Tok::kw_STRUCT:
      result = struct_spec();
      break;
    case Tok::left_paren:
      result = enum_spec();
      break;
    case Tok::kw_UNION:
    case Tok::kw_POINTER:
    case Tok::kw_REFERENCE:
      result = unsupported_spec();
      break;
    default:
      result = named_spec(nullptr);
  }
  --depth_;
  return result;
}

ast::TypeSpecPtr Parser::unsupported_spec() {
  const Token& token = current();
  if (token.kind == Tok::kw_UNION) {
    unsupported(token.span, "UNION is");
    skip_behind(Tok::kw_END_UNION);
  } else {
    unsupported(token.span, token.kind == Tok::kw_POINTER ? "POINTER is" : "REFERENCE is");
    advance();
    accept(Tok::kw_TO);
    type_spec();
    while (!at(Tok::semicolon) && !ends_block(current().kind) && !at(Tok::kw_END_VAR)) advance();
  }
  resume();
  return spec(token.span, ast::ErrorNode{});
}

/// A name, `STRING[n]`, or a function block with initial values: `TON(PT := T#1s)`.
ast::TypeSpecPtr Parser::named_spec(ast::VarDecl* decl) {
  const Token& token = current();
  if (at_word("STRING")) return string_spec();
  ast::Name name = expect_name("a type");
  while (!panic_ && at(Tok::dot) && ahead().kind == Tok::identifier) {  // Library.Type
    advance();
    name = expect_name("a type");
  }
  if (!panic_ && at(Tok::left_paren)) {
    const bool fields = ahead().kind == Tok::identifier && ahead(2).kind == Tok::assign;
    if (fields && decl != nullptr) {
      decl->initial = fields_initializer();
    } else {
      unsupported(current().span, "subranges are");
    }
  }
  return spec(token.span, ast::NamedSpec{name});
}

ast::TypeSpecPtr Parser::string_spec() {
  const Span span = current().span;
  advance();
  ast::StringSpec node;
  if (at(Tok::left_bracket) || at(Tok::left_paren)) {
    const Tok closer = at(Tok::left_bracket) ? Tok::right_bracket : Tok::right_paren;
    advance();
    node.capacity = expression();
    if (!panic_) expect(closer, "behind the length of the string");
  }
  return spec(span, std::move(node));
}

ast::TypeSpecPtr Parser::array_spec() {
  const Span span = current().span;
  advance();
  ast::ArraySpec node;
  expect(Tok::left_bracket, "behind ARRAY");
  do {
    if (at(Tok::star)) unsupported(current().span, "arrays of variable length (ARRAY[*]) are");
    if (panic_) break;
    ast::DimensionSpec dimension;
    dimension.low = expression();
    if (!panic_ && expect(Tok::dot_dot, "between the bounds")) dimension.high = expression();
    if (!panic_) node.dimensions.push_back(std::move(dimension));
  } while (!panic_ && accept(Tok::comma));
  if (!panic_) expect(Tok::right_bracket, "behind the bounds");
  if (!panic_) expect(Tok::kw_OF, "before the type of the elements");
  if (panic_) return spec(span, ast::ErrorNode{});
  node.element = type_spec();
  const Span whole = join(span, node.element->span);  // before node is moved from
  return spec(whole, std::move(node));
}

ast::TypeSpecPtr Parser::enum_spec() {
  const Span span = current().span;
  advance();
  ast::EnumSpec node;
  while (!panic_ && !at(Tok::right_paren)) {
    ast::EnumItem item;
    item.name = declared_name("the name of an enumeration value");
    if (!panic_ && accept(Tok::assign)) item.value = expression();
    if (!item.name.text.empty()) node.items.push_back(std::move(item));
    if (!accept(Tok::comma)) break;
  }
  if (!panic_) expect(Tok::right_paren, "behind the values of the enumeration");
  if (!panic_ && at(Tok::identifier)) {
    if (!at_word("INT")) unsupported(current().span, "enumerations of another type than INT are");
    advance();
    resume();
  }
  return spec(span, std::move(node));
}

ast::TypeSpecPtr Parser::struct_spec() {
  const Span span = current().span;
  advance();
  ast::StructSpec node;
  while (!at(Tok::kw_END_STRUCT) && !ends_block(current().kind)) {
    if (accept(Tok::semicolon)) continue;
    const std::size_t start = at_;
    node.fields.push_back(var_decl());
    if (panic_) skip_statement();
    resume();
    if (at_ == start) advance();
  }
  if (!accept(Tok::kw_END_STRUCT)) {
    report_missing({.opener = Tok::kw_STRUCT, .closer = Tok::kw_END_STRUCT, .span = span});
  }
  return spec(span, std::move(node));
}

}  // namespace wl::plc::lang
