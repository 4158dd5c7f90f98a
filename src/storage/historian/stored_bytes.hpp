// From bytes of a row that do not decode to the error that ends the call.
#pragma once

#include <cstdint>
#include <type_traits>
#include <utility>

#include "storage/tables.hpp"

namespace wl::storage {

/// Whose bytes they are.
enum class Owner { point, device, segment };

/// Where bytes lie. Cheap: it becomes a text only when they are damaged.
struct StoredAt {
  const char* what;  ///< "chunk", "rollup block" …
  Owner owner = Owner::point;
  std::uint32_t row = 0;  ///< Of its point or device, or the segment's number.
  Timestamp start{};
};

/// Bytes of one row do not decode; all other rows can be read. described() makes a text of it.
class DamagedBytes : public DatabaseError {
 public:
  DamagedBytes(const Error& error, const StoredAt& place);
  const StoredAt& place() const { return place_; }
  const Error& cause() const { return cause_; }

 private:
  StoredAt place_;
  Error cause_;
};

[[noreturn]] void throw_damage(const Error& error, const StoredAt& place);

/// The error for a person: of damaged bytes with file or host, point or device, hour and next step.
/// Reads the key from `tables`, so no transaction of the failed call may be open.
Error described(const DatabaseError& error, Tables& tables) noexcept;

/// The value; a failing codec ends the whole call as DatabaseError, as a failing statement does.
template <class T>
T or_throw(Result<T> result, const StoredAt& place) {
  if (!result) throw_damage(result.error(), place);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

}  // namespace wl::storage
