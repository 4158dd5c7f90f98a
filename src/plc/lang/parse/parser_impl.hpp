// The recursive-descent parser behind parse(); its methods are spread over three files by subject.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "plc/lang/parse/parser.hpp"

namespace wl::plc::lang {

/// One file. Panic mode: after a report everything is quiet until resume() — called where parsing
/// found firm ground again — so that one mistake makes one diagnostic.
class Parser {
 public:
  Parser(const Tokens& tokens, FileId file, DiagnosticSink& sink)
      : tokens_(tokens), file_(file), sink_(sink) {}

  ast::Unit run();

  /// Something that waits for its end word, innermost last.
  struct Open {
    Tok opener;
    Tok closer;
    Span span;
  };

 private:
  // parser.cpp: words, errors, recovery.
  const Token& current() const { return tokens_.words[at_]; }
  const Token& ahead(std::size_t n = 1) const;
  const Token& previous() const { return tokens_.words[at_ == 0 ? 0 : at_ - 1]; }
  bool at(Tok kind) const { return current().kind == kind; }
  bool at_word(std::string_view word) const;
  void advance();
  bool accept(Tok kind);
  bool accept_word(std::string_view word);
  /// Takes the word or reports `expected X`; true when taken.
  bool expect(Tok kind, std::string_view purpose);
  void error(Code code, Span span, std::string message, std::string hint = {});
  void unsupported(Span span, std::string_view what);
  void syntax_error(std::string_view wanted);
  /// What to write instead of the word here, which another language would allow; often empty.
  std::string advice() const;
  void resume() { panic_ = fatal_; }
  void too_deep(Span span);
  /// Skips to `;` (taken) or to something that starts or ends a statement.
  void skip_statement();
  /// Skips behind the next `kind`, but not beyond the end of the file.
  void skip_behind(Tok kind);
  /// After a broken head (`IF …`): goes on behind `kind` if it comes before the statement ends.
  void recover_head(Tok kind);
  void expect_semicolon();
  bool starts_unit(Tok kind) const;
  bool ends_block(Tok kind) const;
  bool ends_pou(Tok kind) const;
  bool wanted_by_open(Tok kind) const;
  /// Takes the end word of the innermost open construct and closes it, or reports it missing.
  bool close(bool quiet_when_missing = false);
  void report_missing(const Open& open);
  void stray();
  std::vector<Attribute> take_attributes();
  std::string_view comment_behind() const;
  ast::Name expect_name(std::string_view what);
  ast::Name declared_name(std::string_view what);
  bool at_name() const;

  // expression_parser.cpp
  ast::ExprPtr expression();
  ast::ExprPtr binary(int lowest);
  ast::ExprPtr unary();
  ast::ExprPtr unary_operand();
  ast::ExprPtr postfix();
  ast::ExprPtr primary();
  ast::ExprPtr literal();
  ast::ExprPtr member_of(ast::ExprPtr base);
  ast::ExprPtr index_of(ast::ExprPtr base);
  ast::ExprPtr call_of(ast::ExprPtr callee);
  ast::Argument argument();
  ast::ExprPtr initializer();
  ast::ExprPtr array_initializer();
  ast::ExprPtr fields_initializer();
  ast::ExprPtr condition();
  template <class Node>
  ast::ExprPtr make(Span span, Node node, std::uint16_t below = 0);

  // statement_parser.cpp
  ast::Block block(bool in_case = false);
  bool block_ends(bool in_case);
  bool at_foreign_end() const;
  bool at_foreign_elsif() const;
  void take_foreign_end(const Open& open);
  void statement(ast::Block& into);
  void simple_statement(ast::Block& into);
  void call_statement(ast::Block& into, ast::ExprPtr target);
  void late_var_block();
  ast::ExprPtr assigned_value();
  void if_statement(ast::Block& into, bool from_else_if);
  void else_part(ast::IfStmt& statement, bool& has_else_if);
  void case_statement(ast::Block& into);
  bool at_case_label() const;
  std::vector<ast::CaseLabel> case_labels();
  void for_statement(ast::Block& into);
  void while_statement(ast::Block& into);
  void repeat_statement(ast::Block& into);

  // declaration_parser.cpp
  void top_level();
  void unknown_top_level();
  void pou(PouKind kind);
  void pou_blocks(ast::PouDecl& pou);
  void extends_clause();
  void unsupported_block(Tok closer, std::string_view what);
  ast::VarBlock var_block();
  void var_flags(ast::VarBlock& block);
  bool declaration_goes_on() const;
  ast::VarDecl var_decl();
  void var_names(ast::VarDecl& decl);
  void type_block();
  ast::TypeDecl type_decl();
  ast::TypeSpecPtr type_spec();
  ast::TypeSpecPtr named_spec(ast::VarDecl* decl);
  ast::TypeSpecPtr array_spec();
  ast::TypeSpecPtr string_spec();
  ast::TypeSpecPtr enum_spec();
  ast::TypeSpecPtr struct_spec();
  ast::TypeSpecPtr unsupported_spec();
  void configuration();
  void configuration_item(ast::Configuration& into);
  ast::TaskDecl task();
  ast::ProgramDecl program_instance();

  const Tokens& tokens_;
  FileId file_;
  DiagnosticSink& sink_;
  ast::Unit unit_;
  std::vector<Open> open_;
  std::set<Tok> misused_;  ///< Reserved words that a declaration used as names (reported there).
  std::size_t at_ = 0;
  std::size_t pragma_at_ = 0;
  std::vector<ast::VarBlock>* blocks_of_pou_ = nullptr;  ///< Of the POU whose body is parsed.
  Span else_if_span_{};
  int depth_ = 0;
  bool panic_ = false;
  bool fatal_ = false;
};

}  // namespace wl::plc::lang
