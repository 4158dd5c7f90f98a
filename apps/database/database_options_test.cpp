#include "apps/database/database_options.hpp"

namespace wl {
namespace {

using testing::ElementsAre;

Settings mysql_settings() {
  Settings settings;
  settings.db_type = DatabaseKind::mysql;
  settings.db_host = "db1, db2:3307";
  settings.db_password = "secret";
  settings.db_pool_size = 4;
  settings.db_max_overflow = 3;
  settings.db_pool_recycle = std::chrono::minutes{5};
  return settings;
}

TEST(DatabaseOptions, a_file_has_neither_server_nor_pool) {
  Settings settings;
  settings.db_sqlite_path = "/srv/wattline/data/wattline.db";

  const auto options = database_options(settings);

  EXPECT_EQ(options.sqlite_path, "/srv/wattline/data/wattline.db");
  EXPECT_FALSE(options.mysql);
  EXPECT_FALSE(options.pool);
  EXPECT_EQ(database_place(settings), "/srv/wattline/data/wattline.db");
}

TEST(DatabaseOptions, a_server_gets_every_key) {
  const auto options = database_options(mysql_settings());

  ASSERT_TRUE(options.mysql);
  EXPECT_THAT(options.mysql->hosts, ElementsAre("db1:3306", "db2:3307"));
  EXPECT_EQ(options.mysql->user, "energy_user");
  EXPECT_EQ(options.mysql->password, "secret");
  EXPECT_EQ(options.mysql->database, "energy_management");
  EXPECT_EQ(options.mysql->pool_size, 4);
  EXPECT_EQ(options.mysql->max_overflow, 3);
  EXPECT_EQ(options.mysql->recycle, std::chrono::minutes{5});
  EXPECT_EQ(database_place(mysql_settings()), "energy_management at db1:3306, db2:3307");
}

TEST(DatabaseOptions, the_stores_of_a_process_share_a_pool_that_is_not_connected_yet) {
  const auto options = database_options(mysql_settings());
  const storage::DatabaseOptions copy = options;

  EXPECT_EQ(copy.pool, options.pool);
  EXPECT_EQ(storage::pool_figures(*copy.pool).in_use, 0u);
  EXPECT_EQ(storage::pool_figures(*copy.pool).limit, 7u);
}

TEST(DatabaseOptions, the_zone_is_that_of_the_plant_until_tz_names_another) {
  Plant plant;
  plant.time_zone = "Asia/Shanghai";
  Settings settings;

  EXPECT_EQ(database_options(settings, plant).time_zone, "Asia/Shanghai");
  settings.time_zone = "Europe/Berlin";
  EXPECT_EQ(database_options(settings, plant).time_zone, "Europe/Berlin");
}

}  // namespace
}  // namespace wl
