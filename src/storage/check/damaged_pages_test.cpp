// A SQLite file in which a page is overwritten, one page after the other.
#include "storage/check/check.hpp"
#include "storage/sqlite/testing/file_history.hpp"

namespace wl::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t page = 4096;

/// What the operations said of a file in which one page is overwritten, the pages in turn.
struct Damage {
  int pages = 0;
  int noticed = 0;      ///< By an operation.
  int found = 0;        ///< By the check.
  std::string unclear;  ///< A message without file or next step.
};

class DamagedPages : public FileHistory {
 protected:
  /// Every third page from the second on.
  Damage damage_each_page() {
    {
      const auto store = open();
      fill(*store, 1, 40);
      keep_up(*store);
      EXPECT_TRUE(store->checkpoint());
    }
    const std::string whole = content();
    Damage damage;
    for (std::size_t at_page = 1; at_page < whole.size() / page; at_page += 3) {
      fs::remove(path() + "-wal");
      fs::remove(path() + "-shm");
      std::string torn = whole;
      torn.replace(at_page * page, 200, std::string(200, '\xA5'));
      put_file(torn);
      ++damage.pages;
      use(damage);
    }
    return damage;
  }

 private:
  void use(Damage& damage) {
    const auto checked = check_database(options_, plant_, CheckDepth::full, {});
    if (!checked || !checked->sound()) ++damage.found;
    if (!checked) note(checked.error(), damage);
    auto store = open_collector_store(options_, plant_);
    if (!store) {
      ++damage.noticed;
      return note(store.error(), damage);
    }
    const auto said = errors_of(**store);
    if (!said.empty()) ++damage.noticed;
    for (const Error& error : said) note(error, damage);
  }

  static std::vector<Error> errors_of(CollectorStore& store) {
    std::vector<Error> errors;
    const auto keep = [&](const auto& result) {
      if (!result) errors.push_back(result.error());
    };
    const std::vector<PointId> points = {PointId{0}, PointId{1}, PointId{2}};
    keep(store.latest());
    keep(store.read_raw({.points = points, .from = at(0), .to = at(8 * hour_ms)}));
    keep(store.statistics(
        {.points = points, .from = at(0), .to = at(8 * hour_ms), .interval = Interval::minute}));
    keep(store.write_batch(batch(41)));
    keep(store.upkeep(at(1000 * hour_ms), {}));
    keep(store.checkpoint());
    return errors;
  }

  void note(const Error& error, Damage& damage) const {
    const auto has = [&](std::string_view text) {
      return error.what.find(text) != std::string::npos;
    };
    const bool clear = error.code == Errc::corrupt && has(path()) && has("wattline restore");
    if (!clear && damage.unclear.empty()) damage.unclear = error.what;
  }
};

TEST_F(DamagedPages,
       a_damaged_page_is_told_with_the_file_and_the_next_step_and_found_by_the_check) {
  const Damage damage = damage_each_page();

  EXPECT_GT(damage.pages, 8);
  EXPECT_GT(damage.noticed, damage.pages / 3);
  EXPECT_GE(damage.found, damage.pages * 9 / 10);  // A free page may hold anything.
  EXPECT_EQ(damage.unclear, "");
}

}  // namespace
}  // namespace wl::storage
