#include "storage/mysql/server_tests/test_server.hpp"

#include <fmt/format.h>

#include "storage/mysql/connection.hpp"

namespace wl::storage::mysql {
namespace {

std::unique_ptr<MariadbServer> server;  // Ended by main() below.

DatabaseOptions next_database() {
  static int number = 0;
  return options_of(shared_server().create_database(fmt::format("scratch_{}", ++number)));
}

}  // namespace

MariadbServer& shared_server() {
  if (!server) server = std::make_unique<MariadbServer>();
  return *server;
}

ScratchSchema::ScratchSchema(Content content) : options_(next_database()) {
  if (content == Content::empty) return;
  const auto report = prepare_schema(options_);
  if (!report) throw DatabaseError(report.error());
}

ScratchSchema::~ScratchSchema() {
  EXPECT_NO_THROW(shared_server().sql("DROP DATABASE " + name()));
}

void ScratchSchema::sql(const std::string& statement) const {
  const MysqlOptions& mysql = *options_.mysql;
  Connection({"127.0.0.1", mysql.port}, mysql, {}).command(statement);
}

std::string ScratchSchema::ask(const std::string& query) const {
  const MysqlOptions& mysql = *options_.mysql;
  const auto rows = Connection({"127.0.0.1", mysql.port}, mysql, {}).rows(query);
  return rows.empty() ? "" : rows[0].at(0).value_or("NULL");
}

}  // namespace wl::storage::mysql

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  const int failed = RUN_ALL_TESTS();
  wl::storage::mysql::server.reset();
  return failed;
}
