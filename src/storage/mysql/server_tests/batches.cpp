#include "storage/mysql/server_tests/batches.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace wl::storage::mysql {

bool write_batch(Tables& tables, std::uint64_t seq) {
  tables.begin(Access::write);
  const auto id = tables.claim_batch("spool", seq, 1);
  if (!id) {
    tables.rollback();
    return false;
  }
  tables.put_hot(std::vector<HotPart>{{0, from_unix_ms(0), *id, "part"}});
  tables.commit();
  return true;
}

std::string failure_of(Tables& tables, std::uint64_t seq) {
  try {
    write_batch(tables, seq);
    return "";
  } catch (const DatabaseError& error) {
    EXPECT_EQ(error.error().code, Errc::unavailable) << error.what();
    tables.rollback();
    return error.what();
  }
}

}  // namespace wl::storage::mysql
