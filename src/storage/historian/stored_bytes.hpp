// From bytes of a row that do not decode to the error that ends the call.
#pragma once

#include <cstdint>
#include <type_traits>
#include <utility>

#include "storage/tables.hpp"

namespace wl::storage {

/// Where bytes lie. Cheap: it becomes a text only when they are damaged.
struct StoredAt {
  const char* what;       ///< "chunk", "rollup block" …
  std::uint32_t row = 0;  ///< Of its point or device.
  Timestamp start{};
};

/// The error of a codec, with the place in front and the next step behind.
[[noreturn]] void throw_damage(const Error& error, const StoredAt& place);

/// The value; a failing codec ends the whole call as DatabaseError, as a failing statement does.
template <class T>
T or_throw(Result<T> result, const StoredAt& place) {
  if (!result) throw_damage(result.error(), place);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

}  // namespace wl::storage
