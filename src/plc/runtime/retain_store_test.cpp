#include "plc/runtime/retain_store.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "base/durable_file.hpp"

namespace wl::plc {
namespace {

using namespace std::chrono_literals;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Kind = RestoreOutcome::Kind;

Symbol counter(std::string path, std::uint32_t offset) {
  Symbol symbol;
  symbol.path = std::move(path);
  symbol.type = IecType::udint;
  symbol.offset = offset;
  symbol.size = 4;
  symbol.retain = true;
  return symbol;
}

class RetainStoreTest : public ::testing::Test {
 protected:
  RetainStoreTest() {
    std::string name = "/tmp/wl-retain-XXXXXX";
    directory_ = ::mkdtemp(name.data());
  }
  ~RetainStoreTest() override { std::filesystem::remove_all(directory_); }

  using State = std::array<std::byte, 8>;
  static State state_of(std::uint32_t first, std::uint32_t second) {
    State state;
    std::memcpy(state.data(), &first, 4);
    std::memcpy(state.data() + 4, &second, 4);
    return state;
  }
  std::unique_ptr<RetainStore> open() { return RetainStore::open(directory_, symbols_).value(); }
  /// Saves 1 … `last` in both counters, then ends without close(), as kill -9 does.
  void run_until(std::uint32_t last) {
    const auto store = open();
    auto state = state_of(0, 0);
    store->restore(state);
    for (std::uint32_t i = 1; i <= last; ++i) store->save(state_of(i, i), 100ms * i);
  }
  RestoreOutcome restart() {
    const auto store = open();
    return store->restore(state_);
  }
  std::filesystem::path file(int index) const {
    return directory_ / ("retain-" + std::to_string(index) + ".img");
  }
  static void damage(const std::filesystem::path& path, std::size_t offset) {
    auto bytes = read_file(path).value();
    bytes[offset] = static_cast<char>(bytes[offset] ^ 0x40);
    ASSERT_TRUE(write_file(path, bytes, Durability::visible));
  }

  std::filesystem::path directory_;
  std::vector<Symbol> symbols_{counter("PLC_PRG.udiCount", 0), counter("PLC_PRG.udiBoot", 4)};
  State state_ = state_of(99, 99);
};

TEST_F(RetainStoreTest, the_first_start_keeps_the_initial_values) {
  EXPECT_EQ(restart().kind, Kind::fresh);
  EXPECT_EQ(state_, state_of(99, 99));
}

TEST_F(RetainStoreTest, without_a_clean_stop_the_last_save_comes_back) {
  run_until(10);

  EXPECT_EQ(restart().kind, Kind::restored);
  EXPECT_EQ(state_, state_of(10, 10));
}

TEST_F(RetainStoreTest, a_torn_last_write_gives_the_save_before) {
  run_until(10);  // Files 0 to 3 in turn: the 10th is in file 1, the 9th in file 0.
  damage(file(1), 40);

  const RestoreOutcome outcome = restart();

  EXPECT_EQ(outcome.kind, Kind::restored);
  EXPECT_EQ(state_, state_of(9, 9));
  EXPECT_THAT(outcome.problems, ElementsAre(HasSubstr("retain-1.img: the checksum")));
}

TEST_F(RetainStoreTest, sequences_go_on_after_a_restart) {
  run_until(3);
  {
    const auto store = open();
    store->restore(state_);
    store->save(state_of(4, 4), 0s);
  }

  restart();

  EXPECT_EQ(state_, state_of(4, 4));
}

TEST_F(RetainStoreTest, an_unchanged_state_writes_nothing) {
  const auto store = open();
  store->restore(state_);
  store->save(state_of(1, 1), 0s);
  const auto before = read_file(file(1)).value();

  store->save(state_of(1, 1), 100ms);

  EXPECT_EQ(read_file(file(1)).value(), before);
}

TEST_F(RetainStoreTest, close_brings_the_last_values_to_the_disk) {
  {
    const auto store = open();
    store->restore(state_);
    store->save(state_of(5, 6), 0s);
    EXPECT_TRUE(store->close());
    EXPECT_EQ(store->trouble(), "");
  }
  restart();
  EXPECT_EQ(state_, state_of(5, 6));
}

TEST_F(RetainStoreTest, a_changed_program_keeps_its_counters_and_a_copy_of_the_rest) {
  run_until(10);
  symbols_ = {counter("PLC_PRG.udiNew", 0), counter("PLC_PRG.udiCount", 4)};

  const RestoreOutcome outcome = restart();

  EXPECT_EQ(outcome.kind, Kind::migrated);
  EXPECT_EQ(state_, state_of(99, 10));
  EXPECT_THAT(outcome.report.kept, ElementsAre("PLC_PRG.udiCount"));
  EXPECT_THAT(outcome.report.dropped, ElementsAre("PLC_PRG.udiBoot"));
  EXPECT_THAT(outcome.report.added, ElementsAre("PLC_PRG.udiNew"));
  EXPECT_TRUE(std::filesystem::exists(directory_ / "before-program-change.img"));
}

TEST_F(RetainStoreTest, when_every_file_is_damaged_they_are_moved_aside_and_named) {
  run_until(2);
  damage(file(0), 40);
  damage(file(1), 40);

  const RestoreOutcome outcome = restart();

  EXPECT_EQ(outcome.kind, Kind::lost);
  EXPECT_EQ(state_, state_of(99, 99));
  EXPECT_TRUE(std::filesystem::exists(file(0).string() + ".corrupt"));
  EXPECT_TRUE(std::filesystem::exists(file(1).string() + ".corrupt"));
  EXPECT_FALSE(std::filesystem::exists(file(2).string() + ".corrupt"));
  EXPECT_THAT(outcome.problems, SizeIs(4));
  EXPECT_THAT(outcome.problems, Each(HasSubstr("retain-")));
}

TEST_F(RetainStoreTest, damage_never_replaces_what_was_moved_aside_before) {
  run_until(1);
  damage(file(0), 40);
  restart();
  run_until(1);
  damage(file(0), 40);
  restart();

  EXPECT_TRUE(std::filesystem::exists(file(0).string() + ".corrupt-2"));
}

TEST_F(RetainStoreTest, after_the_loss_new_values_are_kept_again) {
  run_until(1);
  damage(file(0), 40);
  run_until(3);

  EXPECT_EQ(restart().kind, Kind::restored);
  EXPECT_EQ(state_, state_of(3, 3));
}

TEST_F(RetainStoreTest, a_second_process_is_told_who_has_the_data) {
  const auto first = open();

  const auto second = RetainStore::open(directory_, symbols_);

  EXPECT_EQ(second.error().code, Errc::conflict);
  EXPECT_THAT(second.error().what, HasSubstr("pid " + std::to_string(::getpid())));
}

TEST_F(RetainStoreTest, a_folder_that_cannot_be_made_is_named) {
  const auto blocked = directory_ / "file" / "retain";
  ASSERT_TRUE(write_file(directory_ / "file", "", Durability::visible));

  const auto store = RetainStore::open(blocked, symbols_);

  EXPECT_THAT(store.error().what, HasSubstr(blocked.string()));
}

/// Cuts the file of the newest image at every byte and counts restarts that give anything else
/// than the newest or the image before.
std::size_t wrong_restarts(const std::filesystem::path& newest, std::span<const Symbol> symbols) {
  const auto whole = read_file(newest).value();
  std::size_t wrong = 0;
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    EXPECT_TRUE(write_file(newest, whole.substr(0, length), Durability::visible));
    std::array<std::byte, 8> state{};
    RetainStore::open(newest.parent_path(), symbols).value()->restore(state);
    std::uint32_t count = 0;
    std::memcpy(&count, state.data(), 4);
    wrong += count == (length == whole.size() ? 6u : 5u) ? 0 : 1;
  }
  return wrong;
}

TEST_F(RetainStoreTest, a_file_cut_at_any_byte_gives_old_or_new) {
  run_until(6);
  EXPECT_EQ(wrong_restarts(file(1), symbols_), 0u);
}

}  // namespace
}  // namespace wl::plc
