// A server that stops, dies, hangs, is somebody else's, or is cut off at the worst moment.
#include <atomic>
#include <chrono>
#include <thread>

#include "storage/account_store.hpp"
#include "storage/mysql/pool.hpp"
#include "storage/mysql/server_tests/batches.hpp"
#include "storage/mysql/server_tests/test_server.hpp"
#include "storage/mysql/testing/tcp_proxy.hpp"

namespace wl::storage::mysql {
namespace {

using testing::HasSubstr;

/// Writes from `first` on until the server fails. The last batch that was acknowledged.
std::uint64_t write_until_it_fails(Tables& tables, std::uint64_t first, std::atomic<int>& written) {
  for (std::uint64_t seq = first; seq < first + 1'000'000; ++seq) {
    if (!failure_of(tables, seq).empty()) return seq - 1;
    ++written;
  }
  return 0;
}

void wait_for(const std::atomic<int>& written, int count) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (written < count && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
}

DatabaseOptions through(DatabaseOptions options, const TcpProxy& proxy) {
  options.mysql->port = proxy.port();
  return options;
}

std::string why_not_opened(const DatabaseOptions& options) {
  const auto accounts = storage::open_account_store(options);
  return accounts ? "opened" : accounts.error().what;
}

struct Refusal {
  std::string what;
  std::chrono::steady_clock::duration took{};
};

Refusal refusal_of(ConnectionPool& pool) {
  const auto began = std::chrono::steady_clock::now();
  try {
    pool.borrow();
    return {.what = "none", .took = {}};
  } catch (const DatabaseError& error) {
    return {.what = error.what(), .took = std::chrono::steady_clock::now() - began};
  }
}

bool serves_within(ConnectionPool& pool, std::chrono::seconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (refusal_of(pool).what != "none") {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

std::string hot_parts(const ScratchSchema& schema) {
  return schema.ask("SELECT COUNT(*) FROM hot_parts");
}

TEST(MariadbFaults, a_commit_whose_answer_was_lost_is_stored_once) {
  const ScratchSchema schema;
  TcpProxy proxy(shared_server().port());
  const auto tables = open_tables(through(schema.options(), proxy));

  proxy.set(Network::cut_after_commit);
  EXPECT_THAT(failure_of(*tables, 1), HasSubstr("writing the batch again tells whether"));
  EXPECT_EQ(proxy.cuts(), 1);

  EXPECT_FALSE(write_batch(*tables, 1));
  EXPECT_EQ(hot_parts(schema), "1");
}

TEST(MariadbFaults, a_commit_that_never_arrived_is_made_by_the_repetition) {
  const ScratchSchema schema;
  TcpProxy proxy(shared_server().port());
  const auto tables = open_tables(through(schema.options(), proxy));

  proxy.set(Network::cut_before_commit);
  EXPECT_THAT(failure_of(*tables, 1), HasSubstr("127.0.0.1:" + std::to_string(proxy.port())));

  EXPECT_TRUE(write_batch(*tables, 1));
  EXPECT_EQ(hot_parts(schema), "1");
}

TEST(MariadbFaults, a_silent_network_ends_with_the_time_out_in_the_message) {
  const ScratchSchema schema;
  TcpProxy proxy(shared_server().port());
  DatabaseOptions options = through(schema.options(), proxy);
  options.mysql->timeout = std::chrono::seconds{1};
  const auto tables = open_tables(options);

  proxy.set(Network::silent);

  EXPECT_THAT(failure_of(*tables, 1), HasSubstr("did not answer within 1 s"));
}

TEST(MariadbFaults, a_restart_between_two_batches_is_not_noticed) {
  const ScratchSchema schema;
  const auto tables = open_tables(schema.options());
  ASSERT_TRUE(write_batch(*tables, 1));

  shared_server().stop();
  shared_server().start();

  EXPECT_TRUE(write_batch(*tables, 2));
  EXPECT_EQ(hot_parts(schema), "2");
}

TEST(MariadbFaults, a_server_that_is_down_is_named_with_the_next_step) {
  const ScratchSchema schema;
  const auto tables = open_tables(schema.options());
  shared_server().stop();

  const std::string message = failure_of(*tables, 1);
  shared_server().start();

  EXPECT_THAT(message, HasSubstr("no database server answers at 127.0.0.1:"));
  EXPECT_THAT(message, HasSubstr("DB_HOST and DB_PORT"));
  EXPECT_TRUE(write_batch(*tables, 1));
}

TEST(MariadbFaults, every_acknowledged_batch_is_there_once_after_a_kill) {
  const ScratchSchema schema;
  const auto tables = open_tables(schema.options());
  std::atomic<int> written = 0;
  std::uint64_t acknowledged = 0;
  std::thread writer([&] { acknowledged = write_until_it_fails(*tables, 1, written); });

  wait_for(written, 50);
  shared_server().kill();
  writer.join();
  shared_server().start();

  EXPECT_GE(acknowledged, 50u);
  EXPECT_GE(tables->last_seq("spool"), acknowledged);
  EXPECT_LE(tables->last_seq("spool"), acknowledged + 1);  // The one in doubt.
  write_batch(*tables, acknowledged + 1);
  EXPECT_EQ(hot_parts(schema), std::to_string(acknowledged + 1));
  EXPECT_EQ(schema.ask("SELECT COUNT(DISTINCT batch) FROM hot_parts"),
            std::to_string(acknowledged + 1));
}

TEST(MariadbFaults, the_next_host_serves_when_the_first_one_is_dead) {
  const ScratchSchema schema;
  DatabaseOptions options = schema.options();
  const std::string dead = "127.0.0.1:" + std::to_string(free_port());
  options.mysql->hosts = {dead, "127.0.0.1"};

  const auto tables = open_tables(options);

  EXPECT_TRUE(write_batch(*tables, 1));
  options.mysql->hosts = {dead, dead};
  EXPECT_THAT(why_not_opened(options), HasSubstr("none of the 2 hosts of DB_HOST serves: "));
}

TEST(MariadbFaults, a_read_only_server_is_passed_over) {
  const ScratchSchema schema;
  Connection administrator({"127.0.0.1", shared_server().port()}, shared_server().administrator(),
                           {});
  administrator.command("SET GLOBAL read_only = 1");

  const std::string message = why_not_opened(schema.options());
  administrator.command("SET GLOBAL read_only = 0");

  EXPECT_THAT(message, HasSubstr("is read-only. Name the primary server in DB_HOST"));
}

TEST(MariadbFaults, a_wrong_password_names_the_keys_to_look_at) {
  const ScratchSchema schema;
  DatabaseOptions options = schema.options();
  options.mysql->password = "wrong";

  EXPECT_THAT(why_not_opened(options), HasSubstr("check DB_USER and DB_PASSWORD in .env"));
}

TEST(MariadbFaults, the_defaults_of_the_server_do_not_matter) {
  shared_server().stop();
  shared_server().set_flags({"--character-set-server=latin1", "--default-time-zone=+05:00",
                             "--sql-mode=", "--autocommit=0",
                             "--transaction-isolation=READ-COMMITTED",
                             "--init-connect=SET NAMES latin1"});
  shared_server().start();
  std::string cause;
  {
    const ScratchSchema schema;
    const auto tables = open_tables(schema.options());
    ASSERT_TRUE(write_batch(*tables, 1));
    tables->begin(Access::write);
    tables->put_link(
        {from_unix_ms(0), from_unix_ms(1), false, "\xe9\x93\xbe\xe8\xb7\xaf\xe2\x9a\xa1"});
    tables->commit();
    cause = schema.ask("SELECT CONCAT(@@time_zone, @@autocommit, HEX(cause)) FROM link_intervals");
  }
  shared_server().stop();
  shared_server().set_flags({});
  shared_server().start();

  EXPECT_EQ(cause, "+00:00ONE993BEE8B7AFE29AA1");
}

TEST(MariadbFaults, two_writers_follow_each_other) {
  const ScratchSchema schema;
  DatabaseOptions options = schema.options();
  options.busy_timeout = std::chrono::seconds{1};
  const auto first = open_tables(options);
  const auto second = open_tables(options);
  first->begin(Access::write);

  EXPECT_THAT(failure_of(*second, 1), HasSubstr("another program holds a lock too long"));
  first->rollback();

  EXPECT_TRUE(write_batch(*second, 1));
  EXPECT_FALSE(write_batch(*first, 1));
}

TEST(MariadbPool, refuses_with_the_figures_when_all_are_busy) {
  const ScratchSchema schema;
  MysqlOptions options = *schema.options().mysql;
  options.pool_size = 1;
  options.max_overflow = 1;
  options.timeout = std::chrono::milliseconds{200};
  const auto pool = make_connection_pool(options, std::chrono::seconds{5}).value();
  auto one = std::make_unique<ConnectionPool::Lease>(pool->borrow());
  const ConnectionPool::Lease two = pool->borrow();

  EXPECT_THROW(pool->borrow(), DatabaseError);
  EXPECT_EQ(pool_figures(*pool).in_use, 2u);
  one.reset();
  EXPECT_NO_THROW(pool->borrow());
  EXPECT_EQ(pool_figures(*pool).in_use, 1u);
}

TEST(MariadbPool, a_silent_host_costs_one_caller_its_time_out_not_each) {
  const ScratchSchema schema;
  TcpProxy proxy(shared_server().port());
  MysqlOptions options = *through(schema.options(), proxy).mysql;
  options.timeout = std::chrono::seconds{1};
  const auto pool = make_connection_pool(options, std::chrono::seconds{5}).value();
  proxy.set(Network::silent);

  EXPECT_GE(refusal_of(*pool).took, std::chrono::milliseconds{900});
  const Refusal next = refusal_of(*pool);
  EXPECT_LT(next.took, std::chrono::milliseconds{100});
  EXPECT_THAT(next.what, HasSubstr("127.0.0.1:" + std::to_string(proxy.port())));

  proxy.set(Network::whole);
  EXPECT_TRUE(serves_within(*pool, std::chrono::seconds{10}));
}

TEST(MariadbPool, replaces_a_connection_that_is_too_old) {
  const ScratchSchema schema;
  MysqlOptions options = *schema.options().mysql;
  const auto id = [](const std::shared_ptr<ConnectionPool>& pool) {
    return pool->borrow()->rows("SELECT CONNECTION_ID()").at(0).at(0);
  };
  const auto keeping = make_connection_pool(options, std::chrono::seconds{5}).value();
  options.recycle = Milliseconds{0};
  const auto renewing = make_connection_pool(options, std::chrono::seconds{5}).value();

  EXPECT_EQ(id(keeping), id(keeping));
  EXPECT_NE(id(renewing), id(renewing));
}

TEST(MariadbPartitions, days_are_split_off_ahead_and_dropped_whole) {
  const ScratchSchema schema;
  const auto tables = open_tables(schema.options());
  const Timestamp day{std::chrono::days{19'000}};
  const std::vector<ChunkRow> chunks = {{PointRow{1}, day, "a"},
                                        {PointRow{1}, day + std::chrono::hours{24}, "b"},
                                        {PointRow{1}, day + std::chrono::hours{49}, "c"}};
  tables->begin(Access::write);
  tables->put_chunks(chunks);
  tables->commit();

  tables->begin(Access::write);  // Splits the days that the transaction before has noted.
  const std::size_t dropped = tables->drop_chunks(day + std::chrono::hours{48}, 100);
  EXPECT_EQ(tables->oldest_chunk_hour(Timestamp::min()), day);
  tables->commit();

  EXPECT_EQ(dropped, 2u);
  EXPECT_EQ(tables->oldest_chunk_hour(Timestamp::min()), day + std::chrono::hours{49});
  EXPECT_EQ(schema.ask("SELECT GROUP_CONCAT(partition_name ORDER BY partition_ordinal_position) "
                       "FROM information_schema.PARTITIONS WHERE table_schema = DATABASE() "
                       "AND table_name = 'chunks'"),
            "to_19003,to_19004,rest");
}

TEST(MariadbPartitions, a_day_that_was_emptied_slice_by_slice_goes_when_there_is_time) {
  const ScratchSchema schema;
  const auto tables = open_tables(schema.options());
  const Timestamp day{std::chrono::days{19'000}};
  const Timestamp last = day + std::chrono::hours{23};
  tables->begin(Access::write);
  tables->put_chunks(std::vector<ChunkRow>{{PointRow{1}, last, "a"}, {PointRow{2}, last, "b"}});
  tables->commit();
  const auto drop = [&](PointRow point) {
    tables->begin(Access::write);  // Splits the days that the transaction before has noted.
    tables->drop_chunks_of_hour(last, {&point, 1});
    tables->commit();
    tables->give_back_space();
    return schema.ask(
        "SELECT COUNT(*) FROM information_schema.PARTITIONS WHERE table_schema = "
        "DATABASE() AND table_name = 'chunks' AND partition_name = 'to_19001'");
  };

  EXPECT_EQ(drop(PointRow{1}), "1");
  EXPECT_EQ(tables->oldest_chunk_hour(Timestamp::min()), last);
  EXPECT_EQ(drop(PointRow{2}), "0");
}

}  // namespace
}  // namespace wl::storage::mysql
