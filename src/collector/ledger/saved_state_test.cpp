#include <gtest/gtest.h>

#include <random>

#include "base/durable_file.hpp"
#include "collector/ledger/saved_state.hpp"
#include "collector/ledger/test_ledger.hpp"

namespace wl::collector::ledger {
namespace {

LedgerState some_state() {
  OneMeter press(counter_of_12_kw(), {.late_readings = 2});
  press.feed({reads(0, 100), reads(3, 100.1), reads(10, 3), reads(20, 3.1)}, {lives(0, 8)});
  return press.ledger.state();
}

/// some_state() as the first format had it, before events had revisions.
constexpr std::string_view in_format_1 =
    "574c454c0100000001000000050000007072657373000120256eae9c010000010120256eae9c0100"
    "00a067f7050000000001000000000000000000000000000100000000666bae9c010000a086010000"
    "00000020bf0200000002000000c08d74ae9c010000c0c62d00000000000180b57dae9c010000604d"
    "2f0000000000010200000000666bae9c010000a086010000000000005307000101a02179ae9c0100"
    "000000000000000000000000000100010000000000000000c08d74ae9c010000a067f70500000000"
    "c0c62d00000000000100000000666bae9c01000000b972ae9c0100000e15782c";

/// The same state as the second format had it.
constexpr std::string_view in_format_2 =
    "574c454c020000000105e001e401ca01e601e6010001c094f1e695670101c094f1e69567c09ebb5f"
    "01000000018098dbe69567c09a0cc0fc1500000280eec8ceabce01809bee02ffafb6cdabce01c09a"
    "0c028098dbe69567c09a0c80cc3a0101c086c9e795670000010001000080b7a4e79567c09ebb5f80"
    "9bee02010100018098dbe6956780e495e79567085ae3aa";

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2)
    bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  return bytes;
}

LedgerState without_revisions(LedgerState state) {
  for (MeterBook& book : state.meters) {
    book.revision = 0;
    for (LedgerEvent& event : book.told) event.revision = 0;
  }
  return state;
}

/// A machine at about 5 kW, read each second for `seconds`.
OneMeter read_each_second(int seconds) {
  OneMeter press;
  std::vector<Sample> samples;
  for (int i = 0; i < seconds; ++i)
    samples.push_back(reads(i / 60.0, 100 + 0.001389 * i + 0.000001 * (i * 7 % 90)));
  press.feed(samples, {lives(0, seconds / 60.0)});
  return press;
}

int damaged_copies_that_pass(const std::string& bytes) {
  int passed = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string flipped = bytes;
    flipped[i] = static_cast<char>(flipped[i] ^ 0x10);
    passed += restore(flipped).has_value();
    passed += restore(bytes.substr(0, i)).has_value();
  }
  return passed;
}

TEST(LedgerSavedState, comes_back_as_it_was) {
  const LedgerState state = some_state();

  EXPECT_EQ(*restore(save(state)), state);
  EXPECT_FALSE(state.meters[0].told.empty());
  EXPECT_FALSE(state.meters[0].settled.held.empty() && state.meters[0].window.empty());
}

TEST(LedgerSavedState, every_flipped_bit_and_every_cut_is_found) {
  EXPECT_EQ(damaged_copies_that_pass(save(some_state())), 0);
}

TEST(LedgerSavedState, the_first_format_is_still_read) {
  EXPECT_EQ(*restore(from_hex(in_format_1)), without_revisions(some_state()));
}

TEST(LedgerSavedState, the_second_format_is_still_read) {
  EXPECT_EQ(*restore(from_hex(in_format_2)), some_state());
}

/// A counter in Wh, with pauses and unusable readings, as `seed` wants.
LedgerState any_window(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  LedgerState state = some_state();
  std::vector<Reading>& window = state.meters[0].window;
  window.clear();
  Reading reading{from_unix_ms(1'700'000'000'000), 5'000'000, true};
  for (std::uint64_t i = random() % 50; i > 0; --i) {
    const bool regular = random() % 8 > 0;
    reading.at += Milliseconds{regular ? 1000 : 1 + static_cast<std::int64_t>(random() % 9999)};
    reading.value += static_cast<std::int64_t>(random() % 3) * (seed % 2 == 0 ? 1000 : 1);
    reading.usable = random() % 10 > 0;
    window.push_back(reading);
  }
  return state;
}

std::vector<std::uint64_t> windows_that_differ(std::uint64_t runs) {
  std::vector<std::uint64_t> differ;
  for (std::uint64_t seed = 1; seed <= runs; ++seed)
    if (restore(save(any_window(seed))).value() != any_window(seed)) differ.push_back(seed);
  return differ;
}

TEST(LedgerSavedState, windows_of_any_pace_come_back) {
  EXPECT_TRUE(windows_that_differ(300).empty());
}

TEST(LedgerSavedState, a_reading_takes_no_more_than_3_bytes) {
  const OneMeter press = read_each_second(700);

  EXPECT_EQ(press.ledger.books()[0].window.size(), 600u);
  EXPECT_LE(save(press.ledger).size(), 600u * 3);
  EXPECT_EQ(*restore(save(press.ledger)), press.ledger.state());
}

TEST(LedgerSavedState, a_newer_format_is_refused_and_named) {
  std::string newer = save(LedgerState{});
  newer.resize(newer.size() - 4);
  newer[4] = 9;
  const std::uint32_t crc = crc32c(std::as_bytes(std::span(newer.data(), newer.size())));
  newer.append(reinterpret_cast<const char*>(&crc), sizeof crc);

  EXPECT_EQ(restore(newer).error().code, Errc::conflict);
}

TEST(LedgerSavedState, damage_is_named) {
  EXPECT_EQ(restore("").error().code, Errc::corrupt);
  EXPECT_EQ(restore("WLEL\1\0\0\0garbage").error().code, Errc::corrupt);
}

TEST(LedgerSavedState, a_meter_with_another_source_starts_anew) {
  const Ledger ledger({power_up_to_12_kw()}, {}, some_state());

  EXPECT_FALSE(ledger.state().meters[0].settled.mark.has_value());
}

}  // namespace
}  // namespace wl::collector::ledger
