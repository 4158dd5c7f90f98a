// The numbered schema steps of the MariaDB backend, embedded from schema/mysql/.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "storage/migration.hpp"

namespace wl::storage {

std::span<const Migration> mysql_migrations();

namespace mysql {

/// The statements of a step: each ends with a semicolon at the end of a line. Lines that are a
/// comment are left out.
std::vector<std::string> statements_of(std::string_view sql);

}  // namespace mysql
}  // namespace wl::storage
