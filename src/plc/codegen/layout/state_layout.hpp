// Where every variable of an application lies, and what it is worth at the start.
//
// State block: the globals, list by list, then one instance for each program. Plain typed data at
// natural alignment, without flag bytes: BOOL 1 byte (0 or 1), STRING[n] n + 1 bytes ending with
// NUL, enumerations 2 bytes, arrays row-major, structures and instances in declaration order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "plc/lang/check/checked_program.hpp"

namespace wl::plc::layout {

/// Upper limit of the state block. Above it the application is refused.
inline constexpr std::uint64_t max_state_bytes = 64ULL << 20;

/// Bytes of one type, and the places of its parts.
struct TypeLayout {
  std::uint64_t size = 0;  ///< A multiple of `alignment`; saturates far above max_state_bytes.
  std::uint32_t alignment = 1;
  /// structure: per field; function_block and program: per Pou::variables, `absent` for
  /// those that take no place in an instance.
  std::vector<std::uint64_t> offsets;
};
inline constexpr std::uint64_t absent = ~0ULL;

/// True for variables that lie in the instance of their function block or program.
bool lies_in_instance(const lang::Variable& variable);

/// Immutable after `of`, except that layouts of types are computed when first asked for (one
/// thread). The CheckedProgram must outlive it.
class StateLayout {
 public:
  /// `invalid_argument` above max_state_bytes.
  static Result<StateLayout> of(const lang::CheckedProgram& program);

  std::uint32_t state_size() const { return state_size_; }

  const TypeLayout& of_type(const lang::Type& type);
  /// The instance data of a function block or a program.
  const TypeLayout& of_instance(const lang::Pou& pou);

  /// From the begin of the state block.
  std::uint32_t of_global(const lang::Variable& variable) const { return globals_.at(&variable); }
  std::uint32_t of_program(const lang::Pou& program) const { return programs_.at(&program); }

  /// The whole state block with all initial values.
  std::vector<std::byte> initial_image(const lang::CheckedProgram& program);
  /// Writes the initial value of one variable of `type` at the begin of `out`, which is zero.
  void write_initial(const lang::Type& type, const lang::Value& initial, std::span<std::byte> out);

 private:
  TypeLayout measure(const lang::Type& type);
  TypeLayout measure_instance(const lang::Pou& pou);
  void write_instance(const lang::Pou& pou, const lang::Value& initial, std::span<std::byte> out);
  void write_array(const lang::Type& type, const lang::Value& initial, std::span<std::byte> out);
  void write_structure(const lang::Type& type, const lang::Value& initial,
                       std::span<std::byte> out);

  std::uint32_t state_size_ = 0;
  std::unordered_map<const lang::Type*, TypeLayout> types_;
  std::unordered_map<const lang::Pou*, TypeLayout> instances_;
  std::unordered_map<const lang::Variable*, std::uint32_t> globals_;
  std::unordered_map<const lang::Pou*, std::uint32_t> programs_;
};

/// Bytes of an elementary type, also its alignment unless it is a string.
std::uint32_t elementary_size(const lang::Type& type);

}  // namespace wl::plc::layout
