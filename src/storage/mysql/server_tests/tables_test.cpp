// What every engine must do, on MariaDB.
#include "storage/historian/testing/historian_suite.hpp"
#include "storage/mysql/server_tests/test_server.hpp"
#include "storage/testing/tables_contract.hpp"

namespace wl::storage {
namespace {

class MariadbEngine : public TestEngine {
 public:
  std::unique_ptr<Tables> open() override { return mysql::open_tables(schema_.options()); }

 private:
  mysql::ScratchSchema schema_;
};

std::unique_ptr<TestEngine> make_engine() {
  return std::make_unique<MariadbEngine>();
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(Mariadb, TablesContract, testing::Values(make_engine));
INSTANTIATE_TEST_SUITE_P(Mariadb, HistorianSuite, testing::Values(make_engine));

}  // namespace wl::storage
