#include "storage/historian/stored_bytes.hpp"

#include <fmt/format.h>

namespace wl::storage {

void throw_damage(const Error& error, const StoredAt& place) {
  const char* const next =
      error.code == Errc::corrupt
          ? ". Stop Wattline, keep a copy of the database and restore a backup "
            "with `wattline restore`"
          : "";
  throw DatabaseError({error.code, fmt::format("{} of row {}, {}: {}{}", place.what, place.row,
                                               to_iso8601(place.start), error.what, next)});
}

}  // namespace wl::storage
