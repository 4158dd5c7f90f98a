// What a name means, and what was probably meant.
#include <fmt/format.h>

#include "base/nearest.hpp"
#include "plc/lang/check/checker.hpp"
#include "plc/lang/lex/text_case.hpp"

namespace wl::plc::lang {

std::string Checker::suggestion(std::string_view word,
                                const std::vector<std::string_view>& known) const {
  // A huge application has many names; the search is O(names × length²) per mistake.
  constexpr std::size_t most_candidates = 5000;
  const std::size_t count = std::min(known.size(), most_candidates);
  const auto best = nearest(word, std::span(known.data(), count));
  return best ? fmt::format("did you mean {}?", *best) : std::string();
}

std::vector<std::string_view> Checker::visible_names() const {
  std::vector<std::string_view> names;
  if (current_ != nullptr) {
    for (const auto& [key, variable] : current_->locals) names.push_back(variable->name);
  }
  for (const auto& [key, variables] : global_names_) names.push_back(variables.front()->name);
  for (const auto& [key, entry] : pou_names_) names.push_back(entry.decl->name.text);
  for (const auto& [key, values] : enum_names_) {
    for (const EnumValue& value : values.front().first->values) {
      if (fold_case(value.name) == key) names.push_back(value.name);
    }
  }
  for (const GlobalList& list : program_.globals) names.push_back(list.name);
  for (const auto& [key, entry] : type_names_) names.push_back(entry.decl->name.text);
  return names;
}

void Checker::report_unknown(const ast::Name& name) {
  const auto qualified = qualified_globals_.find(fold_case(name.text));
  if (qualified != qualified_globals_.end()) {
    const std::string full =
        fmt::format("{}.{}", qualified->second.first, qualified->second.second->name);
    sink_.report(Code::qualified_name_needed, name.span,
                 fmt::format("{} is used only with the name of its list", name.text),
                 fmt::format("write {}", full));
    return;
  }
  sink_.report(Code::unknown_name, name.span, fmt::format("{} is not declared", name.text),
               suggestion(name.text, visible_names()));
}

Meaning Checker::meaning_of_enum_value(const ast::Name& name, const std::string& key,
                                       const Type* hint) {
  const auto& candidates = enum_names_.at(key);
  for (const auto& [type, value] : candidates) {
    if (type == hint || candidates.size() == 1) return {.enumeration = type, .ordinal = value};
  }
  sink_.report(Code::ambiguous_name, name.span,
               fmt::format("{} is a value of {} and of {}", name.text, candidates[0].first->name,
                           candidates[1].first->name),
               fmt::format("write {}.{}", candidates[0].first->name, name.text));
  return {.reported = true};
}

Meaning Checker::find(const ast::Name& name, const Type* hint) {
  const std::string key = fold_case(name.text);
  if (current_ != nullptr) {
    const auto local = current_->locals.find(key);
    if (local != current_->locals.end()) return {.variable = local->second};
    if (current_->externals.contains(key) && !global_names_.contains(key)) {
      return {.reported = true};
    }
  }
  if (const auto global = global_names_.find(key); global != global_names_.end()) {
    if (global->second.size() == 1) return {.variable = global->second.front()};
    sink_
        .report(Code::ambiguous_name, name.span,
                fmt::format("{} is declared in several global lists", name.text),
                "write the name of the list before it: GVL_Name.variable")
        .notes.push_back({global->second[1]->span, "one of them is here"});
    return {.reported = true};
  }
  if (enum_names_.contains(key)) return meaning_of_enum_value(name, key, hint);
  if (const auto pou = pou_names_.find(key); pou != pou_names_.end()) return {.pou = &pou->second};
  if (const auto list = list_names_.find(key); list != list_names_.end()) {
    return {.list = &list->second};
  }
  if (const auto type = type_names_.find(key); type != type_names_.end()) {
    return {.type = &type->second};
  }
  return {};
}

}  // namespace wl::plc::lang
