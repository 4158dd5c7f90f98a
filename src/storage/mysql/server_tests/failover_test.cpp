// Two live servers in the host list: which one gets the batches.
#include "storage/mysql/connection.hpp"
#include "storage/mysql/server_tests/batches.hpp"
#include "storage/mysql/server_tests/test_server.hpp"

namespace wl::storage::mysql {
namespace {

using testing::HasSubstr;

/// The shared server stands first in the list. Both have the schema, but nothing is copied from one
/// to the other, so that rows tell where they were written.
class MariadbFailover : public testing::Test {
 protected:
  MariadbFailover() {
    options_ = schema_.options();
    options_.mysql->hosts = {place(shared_server()), place(second_)};
    const auto report = prepare_schema(options_of(second_.create_database(schema_.name())));
    EXPECT_TRUE(report) << report.error().what;
  }

  static std::string place(const MariadbServer& server) {
    return "127.0.0.1:" + std::to_string(server.port());
  }
  std::string parts_in(const MariadbServer& server) const {
    return server.ask("SELECT COUNT(*) FROM " + schema_.name() + ".hot_parts");
  }

  const ScratchSchema schema_;
  MariadbServer second_;
  DatabaseOptions options_;
};

TEST_F(MariadbFailover, the_second_server_takes_over_when_the_first_dies) {
  const auto tables = open_tables(options_);
  ASSERT_TRUE(write_batch(*tables, 1));
  EXPECT_EQ(parts_in(second_), "0");

  shared_server().kill();
  EXPECT_EQ(failure_of(*tables, 2), "");
  EXPECT_EQ(parts_in(second_), "1");

  second_.kill();
  const std::string message = failure_of(*tables, 3);
  shared_server().start();
  EXPECT_THAT(message, HasSubstr("none of the 2 hosts of DB_HOST serves: "));
  EXPECT_THAT(message, HasSubstr(place(shared_server())));
  EXPECT_THAT(message, HasSubstr(place(second_)));

  EXPECT_EQ(failure_of(*tables, 3), "");
  EXPECT_EQ(parts_in(shared_server()), "2");
}

TEST_F(MariadbFailover, a_primary_that_is_demoted_is_left_at_once) {
  const auto tables = open_tables(options_);
  ASSERT_TRUE(write_batch(*tables, 1));
  Connection administrator({"127.0.0.1", shared_server().port()}, shared_server().administrator(),
                           {});

  administrator.command("SET GLOBAL read_only = 1");
  const std::string message = failure_of(*tables, 2);
  administrator.command("SET GLOBAL read_only = 0");

  EXPECT_EQ(message, "");
  EXPECT_EQ(parts_in(second_), "1");
}

TEST_F(MariadbFailover, a_lone_server_that_becomes_read_only_is_named_and_used_again_later) {
  options_.mysql->hosts = {place(shared_server())};
  const auto tables = open_tables(options_);
  ASSERT_TRUE(write_batch(*tables, 1));
  Connection administrator({"127.0.0.1", shared_server().port()}, shared_server().administrator(),
                           {});

  administrator.command("SET GLOBAL read_only = 1");
  const std::string message = failure_of(*tables, 2);
  administrator.command("SET GLOBAL read_only = 0");

  EXPECT_THAT(message, HasSubstr("the database server " + place(shared_server()) +
                                 " is read-only. Name the primary server in DB_HOST"));
  EXPECT_TRUE(write_batch(*tables, 2));
}

}  // namespace
}  // namespace wl::storage::mysql
