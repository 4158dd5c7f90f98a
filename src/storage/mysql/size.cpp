// database_bytes() of a server.
#include "base/quantity.hpp"
#include "storage/mysql/mysql.hpp"
#include "storage/mysql/pool.hpp"
#include "storage/mysql/schema.hpp"

namespace wl::storage::mysql {

Result<std::uint64_t> database_bytes(const DatabaseOptions& options) {
  try {
    std::vector<TextRow> rows;
    pool_of(options)->on_connection([&](Connection& connection) {
      rows = connection.rows(
          "SELECT CAST(COALESCE(SUM(data_length + index_length), 0) AS SIGNED) "
          "FROM information_schema.tables WHERE table_schema = DATABASE()");
    });
    const auto bytes =
        parse_integer(rows.at(0).at(0).value_or("0"), 0, std::numeric_limits<std::int64_t>::max());
    if (!bytes) return std::unexpected(bytes.error());
    return static_cast<std::uint64_t>(*bytes);
  } catch (const DatabaseError& refusal) {
    return std::unexpected(refusal.error());
  }
}

}  // namespace wl::storage::mysql
