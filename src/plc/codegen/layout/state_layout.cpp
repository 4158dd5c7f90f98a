#include "plc/codegen/layout/state_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace wl::plc::layout {
namespace {

using lang::Pou;
using lang::Type;
using lang::TypeKind;
using lang::Value;
using lang::Variable;
using lang::VariableClass;

/// Sizes stop growing here, so that products of legal array bounds cannot wrap.
constexpr std::uint64_t size_ceiling = 1ULL << 40;

std::uint64_t align_up(std::uint64_t offset, std::uint64_t alignment) {
  return (offset + alignment - 1) / alignment * alignment;
}

/// Adds members one behind the other.
class Packer {
 public:
  explicit Packer(TypeLayout& out) : out_(out) {}

  std::uint64_t add(const TypeLayout& member) {
    const std::uint64_t offset = align_up(end_, member.alignment);
    end_ = std::min(offset + member.size, size_ceiling);
    out_.alignment = std::max(out_.alignment, member.alignment);
    out_.size = align_up(end_, out_.alignment);
    return offset;
  }

 private:
  TypeLayout& out_;
  std::uint64_t end_ = 0;
};

std::uint64_t element_count(const Type& array) {
  std::uint64_t count = 1;
  for (const lang::Dimension& dimension : array.dimensions) count *= dimension.count();
  return count;
}

template <class Number>
void store(std::span<std::byte> out, Number value) {
  std::memcpy(out.data(), &value, sizeof value);
}

void write_scalar(const Type& type, const Value& initial, std::span<std::byte> out) {
  switch (type.kind) {
    case TypeKind::real:
      return store(out, static_cast<float>(initial.real()));
    case TypeKind::lreal:
      return store(out, initial.real());
    case TypeKind::string:
      std::memcpy(out.data(), initial.text().data(),
                  std::min<std::size_t>(initial.text().size(), type.capacity));
      return;
    default:  // Little endian: the low bytes come first.
      const std::int64_t bits = initial.integer();
      std::memcpy(out.data(), &bits, elementary_size(type));
  }
}

const Value& part(const Value& whole, std::size_t index, const Value& otherwise) {
  if (whole.is_default() || index >= whole.elements().size()) return otherwise;
  const Value& own = whole.elements()[index];
  return own.is_default() ? otherwise : own;
}

}  // namespace

bool lies_in_instance(const Variable& variable) {
  return variable.storage != VariableClass::in_out && variable.storage != VariableClass::temp;
}

std::uint32_t elementary_size(const Type& type) {
  if (type.kind == TypeKind::string) return type.capacity + 1;
  return std::max(1U, lang::bit_width(type.kind) / 8);
}

Result<StateLayout> StateLayout::of(const lang::CheckedProgram& program) {
  StateLayout layout;
  TypeLayout state;
  Packer packer(state);
  std::vector<std::pair<const Variable*, std::uint64_t>> globals;
  std::vector<std::pair<const Pou*, std::uint64_t>> programs;
  for (const lang::GlobalList& list : program.globals)
    for (const auto& variable : list.variables)
      globals.emplace_back(variable.get(), packer.add(layout.of_type(*variable->type)));
  for (const auto& pou : program.pous)
    if (pou->kind == lang::PouKind::program)
      programs.emplace_back(pou.get(), packer.add(layout.of_instance(*pou)));

  if (state.size > max_state_bytes)
    return fail(Errc::invalid_argument,
                fmt::format("the variables of this application need more than {} MiB; make the "
                            "largest arrays smaller",
                            max_state_bytes >> 20));
  layout.state_size_ = static_cast<std::uint32_t>(align_up(std::max(state.size, 1UL), 16));
  for (const auto& [variable, offset] : globals)
    layout.globals_.emplace(variable, static_cast<std::uint32_t>(offset));
  for (const auto& [pou, offset] : programs)
    layout.programs_.emplace(pou, static_cast<std::uint32_t>(offset));
  return layout;
}

const TypeLayout& StateLayout::of_type(const Type& type) {
  if (type.kind == TypeKind::function_block) return of_instance(*type.pou);
  const auto found = types_.find(&type);
  if (found != types_.end()) return found->second;
  TypeLayout layout = measure(type);  // Before emplace: it may add other types.
  return types_.emplace(&type, std::move(layout)).first->second;
}

const TypeLayout& StateLayout::of_instance(const Pou& pou) {
  const auto found = instances_.find(&pou);
  if (found != instances_.end()) return found->second;
  TypeLayout layout = measure_instance(pou);
  return instances_.emplace(&pou, std::move(layout)).first->second;
}

TypeLayout StateLayout::measure(const Type& type) {
  TypeLayout layout;
  if (type.kind == TypeKind::structure) {
    Packer packer(layout);
    for (const lang::Field& field : type.fields)
      layout.offsets.push_back(packer.add(of_type(*field.type)));
  } else if (type.kind == TypeKind::array) {
    const TypeLayout& element = of_type(*type.element);
    layout.alignment = element.alignment;
    const std::uint64_t count = element_count(type);
    const bool fits = element.size <= size_ceiling / std::max<std::uint64_t>(count, 1);
    layout.size = fits ? element.size * count : size_ceiling;
  } else {
    layout.size = elementary_size(type);
    layout.alignment = type.kind == TypeKind::string ? 1 : elementary_size(type);
  }
  return layout;
}

TypeLayout StateLayout::measure_instance(const Pou& pou) {
  TypeLayout layout;
  Packer packer(layout);
  for (const auto& variable : pou.variables)
    layout.offsets.push_back(lies_in_instance(*variable) ? packer.add(of_type(*variable->type))
                                                         : absent);
  return layout;
}

std::vector<std::byte> StateLayout::initial_image(const lang::CheckedProgram& program) {
  std::vector<std::byte> image(state_size_);
  const std::span<std::byte> all = image;
  for (const lang::GlobalList& list : program.globals)
    for (const auto& variable : list.variables)
      write_initial(*variable->type, variable->initial, all.subspan(of_global(*variable)));
  for (const auto& pou : program.pous)
    if (pou->kind == lang::PouKind::program)
      write_instance(*pou, Value{}, all.subspan(of_program(*pou)));
  return image;
}

void StateLayout::write_initial(const Type& type, const Value& initial, std::span<std::byte> out) {
  switch (type.kind) {
    case TypeKind::structure:
      return write_structure(type, initial, out);
    case TypeKind::array:
      return write_array(type, initial, out);
    case TypeKind::function_block:
      return write_instance(*type.pou, initial, out);
    case TypeKind::enumeration:
      return store(out, static_cast<std::int16_t>(initial.is_default() ? type.initial_ordinal
                                                                       : initial.integer()));
    default:
      if (!initial.is_default()) write_scalar(type, initial, out);
  }
}

void StateLayout::write_structure(const Type& type, const Value& initial,
                                  std::span<std::byte> out) {
  const TypeLayout& layout = of_type(type);
  for (std::size_t i = 0; i < type.fields.size(); ++i)
    write_initial(*type.fields[i].type, part(initial, i, type.fields[i].initial),
                  out.subspan(layout.offsets[i]));
}

void StateLayout::write_array(const Type& type, const Value& initial, std::span<std::byte> out) {
  const std::uint64_t size = of_type(*type.element).size;
  const std::uint64_t count = element_count(type);
  const Value none;
  for (std::uint64_t i = 0; i < count; ++i)
    write_initial(*type.element, part(initial, i, none), out.subspan(i * size));
}

void StateLayout::write_instance(const Pou& pou, const Value& initial, std::span<std::byte> out) {
  const TypeLayout& layout = of_instance(pou);
  for (std::size_t i = 0; i < pou.variables.size(); ++i) {
    const Variable& variable = *pou.variables[i];
    if (layout.offsets[i] != absent)
      write_initial(*variable.type, part(initial, i, variable.initial),
                    out.subspan(layout.offsets[i]));
  }
}

}  // namespace wl::plc::layout
