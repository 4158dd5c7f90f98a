#include "plc/codegen/layout/symbol_table.hpp"

#include <fmt/format.h>

namespace wl::plc::layout {
namespace {

using lang::Pou;
using lang::Type;
using lang::TypeKind;
using lang::Variable;

static_assert(static_cast<int>(IecType::boolean) == static_cast<int>(TypeKind::boolean) &&
                  static_cast<int>(IecType::lword) == static_cast<int>(TypeKind::lword) &&
                  static_cast<int>(IecType::enumeration) == static_cast<int>(TypeKind::enumeration),
              "elementary types have the same numbers in both lists");

/// What the parts of a variable inherit from it.
struct Place {
  std::string path;
  std::uint64_t offset = 0;
  bool retain = false;
  bool constant = false;
};

/// `[1,2]` of a row-major element number.
std::string subscript(const Type& array, std::uint64_t number) {
  std::string text;
  for (std::size_t i = array.dimensions.size(); i-- > 0;) {
    const lang::Dimension& dimension = array.dimensions[i];
    const auto index = dimension.low + static_cast<std::int64_t>(number % dimension.count());
    number /= dimension.count();
    text = fmt::format("{}{}{}", index, text.empty() ? "" : ",", text);
  }
  return fmt::format("[{}]", text);
}

class Lister {
 public:
  explicit Lister(StateLayout& layout) : layout_(layout) {}

  void add_direct(const std::string& owner, std::uint64_t offset, const Variable& variable) {
    const Place place{fmt::format("{}.{}", owner, variable.name), offset, variable.retain,
                      variable.constant};
    const std::size_t first = symbols_.size();
    add(*variable.type, place, variable.comment);
    if (!lang::is_elementary(variable.type->kind) || symbols_.size() == first) return;
    symbols_[first].published = true;
    symbols_[first].location = variable.location;
  }

  void add_members(const Pou& pou, const Place& instance) {
    const TypeLayout& layout = layout_.of_instance(pou);
    for (std::size_t i = 0; i < pou.variables.size(); ++i) {
      const Variable& variable = *pou.variables[i];
      if (layout.offsets[i] == absent) continue;
      add(*variable.type,
          {fmt::format("{}.{}", instance.path, variable.name), instance.offset + layout.offsets[i],
           instance.retain || variable.retain, instance.constant || variable.constant},
          variable.comment);
    }
  }

  bool overflowed() const { return overflowed_; }
  std::vector<Symbol> take() && { return std::move(symbols_); }

 private:
  void add(const Type& type, const Place& place, const std::string& comment) {
    if (overflowed_) return;
    if (lang::is_elementary(type.kind)) return add_elementary(type, place, comment);
    if (type.kind == TypeKind::function_block) return add_members(*type.pou, place);
    if (type.kind == TypeKind::structure) return add_fields(type, place);
    add_elements(type, place);
  }

  void add_elementary(const Type& type, const Place& place, const std::string& comment) {
    if (symbols_.size() == max_symbols) {
      overflowed_ = true;
      return;
    }
    Symbol symbol;
    symbol.path = place.path;
    symbol.type = static_cast<IecType>(type.kind);
    symbol.offset = static_cast<std::uint32_t>(place.offset);
    symbol.size = elementary_size(type);
    symbol.retain = place.retain;
    symbol.constant = place.constant;
    symbol.comment = comment;
    symbols_.push_back(std::move(symbol));
  }

  void add_fields(const Type& type, const Place& place) {
    const TypeLayout& layout = layout_.of_type(type);
    for (std::size_t i = 0; i < type.fields.size(); ++i)
      add(*type.fields[i].type,
          {fmt::format("{}.{}", place.path, type.fields[i].name), place.offset + layout.offsets[i],
           place.retain, place.constant},
          type.fields[i].comment);
  }

  void add_elements(const Type& type, const Place& place) {
    const std::uint64_t size = layout_.of_type(*type.element).size;
    const std::uint64_t count = layout_.of_type(type).size / std::max<std::uint64_t>(size, 1);
    if (count > max_listed_elements && !place.retain) return;
    for (std::uint64_t i = 0; i < count && !overflowed_; ++i)
      add(*type.element,
          {place.path + subscript(type, i), place.offset + i * size, place.retain, place.constant},
          "");
  }

  StateLayout& layout_;
  std::vector<Symbol> symbols_;
  bool overflowed_ = false;
};

void add_program(const Pou& pou, StateLayout& layout, Lister& lister) {
  const std::uint64_t base = layout.of_program(pou);
  const TypeLayout& instance = layout.of_instance(pou);
  for (std::size_t i = 0; i < pou.variables.size(); ++i)
    if (instance.offsets[i] != absent)
      lister.add_direct(pou.name, base + instance.offsets[i], *pou.variables[i]);
}

}  // namespace

Result<std::vector<Symbol>> list_symbols(const lang::CheckedProgram& program, StateLayout& layout) {
  Lister lister(layout);
  for (const lang::GlobalList& list : program.globals)
    for (const auto& variable : list.variables)
      lister.add_direct(list.name, layout.of_global(*variable), *variable);
  for (const auto& pou : program.pous)
    if (pou->kind == lang::PouKind::program) add_program(*pou, layout, lister);
  if (lister.overflowed())
    return fail(Errc::invalid_argument,
                fmt::format("the application has more than {} elementary variables; make the "
                            "largest arrays smaller or let the large ones be not RETAIN",
                            max_symbols));
  return std::move(lister).take();
}

}  // namespace wl::plc::layout
