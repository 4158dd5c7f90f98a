// The doors of this backend; the rest of the folder is its own business.
#pragma once

#include <memory>

#include "storage/store.hpp"
#include "storage/tables.hpp"

namespace wl::storage {
class AccountSql;  // accounts/account_sql.hpp
}

namespace wl::storage::mysql {

/// All of these need `options.mysql`. They use `options.pool`, or make one of their own.

/// Brings the schema up to date; idempotent, also after a kill in the middle. One process at a
/// time: another one waits up to a minute. `conflict` for a newer schema or for tables of another
/// program, which are left as they are; `not_found` when the database itself is missing, with the
/// SQL that makes it. A dry run only reads.
Result<MigrationReport> prepare_schema(const DatabaseOptions& options,
                                       MigrationMode mode = MigrationMode::apply);

/// Throws DatabaseError; `not_found` when the database was not initialised, `conflict` when its
/// schema is not the one this program knows.
std::unique_ptr<Tables> open_tables(const DatabaseOptions& options);

Result<std::unique_ptr<AccountSql>> open_accounts(const DatabaseOptions& options);

/// Of tables and indexes, as the server estimates it.
Result<std::uint64_t> database_bytes(const DatabaseOptions& options);

}  // namespace wl::storage::mysql
