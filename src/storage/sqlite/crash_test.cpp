// The rows of the historian through power losses, errors and full disks at every call.
#include "storage/sqlite/testing/crash_rig.hpp"

namespace wl::storage {
namespace {

constexpr int all_steps = 30;
constexpr int most_calls_between_losses = 200;

Timestamp hour(int number) {
  return Timestamp{std::chrono::hours{number}};
}

std::string body(int step, int size) {
  return std::string(static_cast<std::size_t>(size), static_cast<char>('a' + step % 26));
}

/// What step `number` changes, in a transaction that somebody else begins and commits.
void change(Tables& tables, int number) {
  const auto id = tables.claim_batch("spool", static_cast<std::uint64_t>(number), 10);
  ASSERT_TRUE(id) << number;
  const int now = number / 10;
  const std::vector<HotPart> parts = {{0, hour(now), *id, body(number, number * 37 % 3000)},
                                      {1, hour(now), *id, body(number, 300)}};
  tables.put_hot(parts);
  const PointRow point{static_cast<std::uint32_t>(1 + number % 7)};
  const std::vector<OpenRow> open = {{point, body(number, 150)}};
  tables.put_open(open);
  const std::vector<BlockRow> blocks = {
      {Tier::minute, point, hour(now), body(number, number % 10 * 80)}};
  tables.put_blocks(blocks);
  const std::vector<LatestRow> latest = {{point, hour(now), double(number), 0}};
  tables.put_latest(latest);
  if (number % 10 == 5 && now > 0) {
    tables.drop_hot({.segment = 0, .hour = hour(now - 1)});
    const std::vector<ChunkRow> chunks = {{PointRow{1}, hour(now - 1), body(number, 9000)},
                                          {PointRow{2}, hour(now - 1), body(number, 700)}};
    tables.put_chunks(chunks);
  }
  if (number % 10 == 8) tables.drop_chunks(hour(now - 2), 1);
  tables.put_fact("step", std::to_string(number));
}

/// One long text of every row.
std::string content(Tables& tables) {
  std::string text = tables.fact("step").value_or("0") + "\n";
  for (std::uint32_t segment = 0; segment < 2; ++segment) {
    for (const HotPart& part : tables.hot(segment, hour(0), hour(99))) {
      text += fmt::format("{} {} {} {}\n", segment, to_unix_ms(part.hour), part.batch, part.body);
    }
  }
  for (const OpenRow& row : tables.open_all()) text += row.body + "\n";
  for (const LatestRow& row : tables.latest()) text += fmt::format("{}\n", row.value);
  for (std::uint32_t number = 1; number <= 7; ++number) {
    for (const auto& row : tables.chunks(PointRow{number}, hour(0), hour(99), 99)) text += row.body;
    for (const auto& row : tables.blocks(Tier::minute, PointRow{number}, hour(0), hour(99))) {
      text += row.body;
    }
  }
  return text;
}

/// The content after each step, from a run without a fault.
const std::vector<std::string>& reference() {
  static const std::vector<std::string> texts = [] {
    CrashRig rig(0);
    const auto tables = rig.open();
    std::vector<std::string> found = {content(*tables)};
    for (int number = 1; number <= all_steps; ++number) {
      tables->begin(Access::write);
      change(*tables, number);
      tables->commit();
      found.push_back(content(*tables));
    }
    return found;
  }();
  return texts;
}

/// What stands there after a power loss must be what was acknowledged, or one step more.
int check_recovered(Tables& tables, int acknowledged) {
  const int found = std::stoi(tables.fact("step").value_or("0"));
  EXPECT_GE(found, acknowledged) << "an acknowledged step is lost";
  EXPECT_LE(found, acknowledged + 1);
  EXPECT_EQ(tables.last_seq("spool"), static_cast<std::uint64_t>(found));
  EXPECT_EQ(content(tables), reference()[static_cast<std::size_t>(found)]);
  EXPECT_THAT(tables.integrity(), testing::IsEmpty());
  return found;
}

/// Opens, compares and does steps until the last one, or until a call fails. `done` counts what was
/// acknowledged.
void open_and_work(CrashRig& rig, int& done) {
  try {
    const auto tables = rig.open();
    done = check_recovered(*tables, done);
    while (done < all_steps) {
      tables->begin(Access::write);
      change(*tables, done + 1);
      tables->commit();
      ++done;
      if (done % 11 == 0) tables->checkpoint();  // One that fails loses no step.
    }
  } catch (const DatabaseError&) {
  } catch (const SQLite::Exception&) {
  }
}

/// Power losses at random calls until all steps are done. Returns how many there were.
int survive(std::uint64_t seed) {
  CrashRig rig(seed);
  std::mt19937_64 random(seed);
  int done = 0;
  for (int losses = 0; losses < 20 && !testing::Test::HasFailure(); ++losses) {
    rig.disk.cut_power_at(1 + random() % most_calls_between_losses);
    open_and_work(rig, done);
    if (rig.disk.powered()) {
      EXPECT_EQ(done, all_steps);
      return losses;
    }
    rig.disk.power_on();
  }
  return 20;
}

int survive_seeds(std::uint64_t first, std::uint64_t last) {
  int losses = 0;
  for (std::uint64_t seed = first; seed <= last && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    losses += survive(seed);
  }
  return losses;
}

/// Steps that were committed and are gone after one power loss, with the commits not synced.
int steps_lost_without_sync(std::uint64_t seed) {
  CrashRig rig(seed);
  auto database = rig.connect();
  database->exec("PRAGMA synchronous = NORMAL");
  auto tables =
      sqlite_tables_on(std::move(database), CrashRig::path, Checkpoints::by_this_connection);
  for (int number = 1; number <= 5; ++number) {
    tables->begin(Access::write);
    change(*tables, number);
    tables->commit();
  }
  rig.disk.cut_power_at(1);
  tables.reset();
  rig.disk.power_on();
  return 5 - std::stoi(rig.open()->fact("step").value_or("0"));
}

int steps_lost_without_sync(std::uint64_t first, std::uint64_t last) {
  int lost = 0;
  for (std::uint64_t seed = first; seed <= last; ++seed) lost += steps_lost_without_sync(seed);
  return lost;
}

/// A step; true when it is done, also when an earlier try did it although its commit failed.
bool try_step(Tables& tables, int number, std::string& message) {
  try {
    tables.begin(Access::write);
    if (tables.last_seq("spool") < static_cast<std::uint64_t>(number)) change(tables, number);
    tables.commit();
    return true;
  } catch (const DatabaseError& error) {
    tables.rollback();
    message = error.what();
    return false;
  }
}

void try_checkpoint(Tables& tables, std::string& message) {
  try {
    tables.checkpoint();
  } catch (const DatabaseError& error) {
    message = error.what();
  }
}

std::unique_ptr<Tables> try_open(CrashRig& rig, std::string& message) {
  try {
    return rig.open();
  } catch (const DatabaseError& error) {
    message = error.what();
  } catch (const SQLite::Exception& error) {
    message = explain(error, CrashRig::path, "open").what;
  }
  return nullptr;
}

struct FaultCase {
  CrashDisk::Fault fault;
  CrashDisk::Lasts lasts;
  std::string words;  ///< In the message.
};

/// All steps with the `n`-th call failed; each that fails is tried again on the same connection.
/// Then the power goes: nothing may be missing. False when there are less than `n` calls.
bool survive_fault(const FaultCase& fault, std::uint64_t n) {
  CrashRig rig(n);
  std::string message;
  rig.disk.fault_at(fault.fault, n, fault.lasts);
  auto tables = try_open(rig, message);
  rig.disk.heal_if_faulted();
  if (!tables) tables = rig.open();
  for (int number = 1; number <= all_steps; ++number) {
    if (!try_step(*tables, number, message)) {
      rig.disk.heal_if_faulted();
      EXPECT_TRUE(try_step(*tables, number, message)) << number << ": " << message;
    }
    if (number % 11 == 0) try_checkpoint(*tables, message);
    rig.disk.heal_if_faulted();
  }
  EXPECT_EQ(content(*tables), reference().back());
  const bool faulted = rig.disk.faulted();
  if (!message.empty()) {
    EXPECT_THAT(message, testing::HasSubstr(CrashRig::path));
    EXPECT_THAT(message, testing::HasSubstr(fault.words));
  }
  rig.disk.cut_power_at(1);
  tables.reset();
  rig.disk.power_on();
  check_recovered(*rig.open(), all_steps);
  return faulted;
}

/// Every call in turn. Returns how many there are.
std::uint64_t survive_faults(const FaultCase& fault) {
  std::uint64_t n = 1;
  for (; n < 5000 && !testing::Test::HasFailure(); ++n) {
    SCOPED_TRACE(fmt::format("call {}", n));
    if (!survive_fault(fault, n)) break;
  }
  return n - 1;
}

TEST(CrashTables, every_acknowledged_step_outlives_power_losses_at_random_calls) {
  EXPECT_GT(survive_seeds(1, 400), 400);
}

TEST(CrashTables, the_disk_does_lose_what_was_not_synced) {
  EXPECT_GT(steps_lost_without_sync(1, 20), 10);
}

TEST(CrashTables, an_error_at_any_call_loses_nothing_and_the_next_try_works) {
  EXPECT_GT(survive_faults({CrashDisk::Fault::io_error, CrashDisk::Lasts::once, "Check"}), 300u);
}

TEST(CrashTables, a_full_disk_at_any_write_loses_nothing_and_work_goes_on_when_there_is_space) {
  const FaultCase full{CrashDisk::Fault::full, CrashDisk::Lasts::until_healed, "disk is full"};
  EXPECT_GT(survive_faults(full), 100u);
}

}  // namespace
}  // namespace wl::storage
