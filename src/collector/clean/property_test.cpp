#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>
#include <random>

#include "collector/held_values.hpp"
#include "collector/ledger/ledger.hpp"
#include "collector/test_plant.hpp"

namespace wl::collector {
namespace {

using enum CleaningReason;

constexpr double most_rate = 5;
constexpr std::int64_t hour = 3'600'000;

Plant judged_plant() {
  Plant plant = test_plant();
  plant.points[power.value].max_rate = most_rate;
  return plant;
}

/// One value on the wire.
struct Arrived {
  DataValue value;
  Timestamp received{};
};

// ---- the oracle: the rules again, on whole lists instead of a memory of fixed size

/// What is expected of one point's live stream. Slow and plain.
class Oracle {
 public:
  explicit Oracle(const PointSpec& spec) : spec_(spec) {}

  std::optional<Sample> live(const Arrived& now) {
    const double before = samples_.empty() ? 0 : samples_.back().value;
    double number = before;
    Quality quality = worth(now.value, number);
    if (is_old_news(now, number, quality)) return std::nullopt;
    const auto [at, edited] = date(now, quality);
    quality = after_rate(now, number, quality, at);
    if (edited && quality == quality::good) quality = quality::good_edited;
    accepted_.push_back(now);
    samples_.push_back({power, number, quality, at});
    newest_receipt_ = now.received;
    return samples_.back();
  }

 private:
  Quality worth(const DataValue& value, double& number) const {
    if (value.quality.is_bad()) return value.quality;
    if (std::holds_alternative<std::string>(value.value)) return Quality{0x80740000};
    const double given = *to_number(value.value);
    if (std::isnan(given) || std::isinf(given)) return Quality{0x803C0000};
    number = given;
    if (value.quality.is_uncertain()) return value.quality;
    if (std::holds_alternative<std::int64_t>(value.value) &&
        std::get<std::int64_t>(value.value) > 9'007'199'254'740'992)
      return Quality{0x420F0000};
    if (given < spec_.low || given > spec_.high) return Quality{0x40940000};
    return value.quality;
  }

  static Quality plain(Quality quality) {
    return quality == quality::good_edited ? quality::good : quality;
  }

  static bool same_on_the_wire(const DataValue& a, const DataValue& b) {
    if (a.source_time != b.source_time || a.quality != b.quality) return false;
    const auto key = [](const DataValue& value) {
      const auto number = value.quality.is_bad() ? std::nullopt : to_number(value.value);
      return number && std::isfinite(*number) ? *number : 0.0;
    };
    return key(a) == key(b);
  }

  bool is_old_news(const Arrived& now, double number, Quality quality) const {
    if (accepted_.empty()) return false;
    const DataValue& newest = accepted_.back().value;
    if (same_on_the_wire(now.value, newest)) return true;
    const Sample& held = samples_.back();
    const bool same_quality = plain(held.quality) == quality;
    if (same_quality && held.value == number && now.value.source_time <= held.source_time)
      return true;
    if (!same_quality || now.value.source_time >= newest.source_time) return false;
    return now.value.source_time != Timestamp{} &&
           std::ranges::any_of(accepted_, [&](const Arrived& known) {
             return same_on_the_wire(known.value, now.value);
           });
  }

  std::pair<Timestamp, bool> date(const Arrived& now, Quality quality) const {
    const Timestamp source = now.value.source_time;
    const bool first = samples_.empty();
    const bool went_back = !first && now.received < newest_receipt_;
    const Timestamp held = first ? Timestamp{} : samples_.back().source_time;
    const Timestamp receipt =
        went_back ? now.received : std::max<Timestamp>(now.received, held + Milliseconds{1});
    if (source == Timestamp{}) return {receipt, false};
    if (source - now.received > Milliseconds{10'000}) return {receipt, true};
    const bool not_after = source <= held && !went_back;
    if (not_after && plain(samples_.back().quality) != quality) return {receipt, false};
    const auto age = now.received - source;
    const auto age_before = newest_receipt_ - source;
    if (first && age > std::chrono::days{366}) return {receipt, true};
    if (!first && age > std::chrono::days{1} && age_before > std::chrono::days{1})
      return {receipt, true};
    if (not_after) return {receipt, source != held};
    return {source, false};
  }

  Quality after_rate(const Arrived& now, double number, Quality quality, Timestamp at) {
    const bool usable = quality.is_good();
    static_cast<void>(now);
    if (!usable) return quality;
    const double seconds = trusted_ ? double((at - trusted_->first).count()) / 1000 : 0;
    if (trusted_ && seconds > 0 && std::abs(number - trusted_->second) > most_rate * seconds)
      return Quality{0x40930000};
    trusted_ = {at, number};
    return quality;
  }

  const PointSpec& spec_;
  std::vector<Arrived> accepted_;
  std::vector<Sample> samples_;
  Timestamp newest_receipt_{};
  std::optional<std::pair<Timestamp, double>> trusted_;
};

// ---- streams: what lines, PLCs and clocks do, mixed by a seed

class Stream {
 public:
  explicit Stream(std::uint32_t seed) : random_(seed) {}

  Arrived next() {
    receipt_ += pick(3) == 0 ? 0 : pick(3000);
    if (pick(200) == 0) receipt_ -= pick(2) * hour;
    const bool repeats = !past_.empty() && pick(6) == 0;
    if (repeats) {
      const std::size_t back = 1 + pick(std::min<std::size_t>(40, past_.size()));
      return {past_[past_.size() - back], at(receipt_)};
    }
    past_.push_back({number(), quality(), source()});
    return {past_.back(), at(receipt_)};
  }

 private:
  std::size_t pick(std::size_t below) { return random_() % below; }

  Value number() {
    switch (pick(16)) {
      case 0:
        return std::numeric_limits<double>::quiet_NaN();
      case 1:
        return -std::numeric_limits<double>::infinity();
      case 2:
        return std::string("garbage\0\xff", 9);
      case 3:
        return std::numeric_limits<std::int64_t>::max();
      case 4:
        return std::bit_cast<double>(std::uint64_t{random_()} << 32 | random_());
      case 5:
        return pick(2) == 0;
      case 6:
        return 100.0 + double(pick(3)) - 1;
      default:
        return double(pick(8)) * 5;
    }
  }

  Quality quality() {
    switch (pick(12)) {
      case 0:
        return quality::bad_no_communication;
      case 1:
        return quality::uncertain_last_usable;
      case 2:
        return Quality{static_cast<std::uint32_t>(random_())};
      default:
        return quality::good;
    }
  }

  Timestamp source() {
    switch (pick(16)) {
      case 0:
        return Timestamp{};
      case 1:
        return from_unix_ms(static_cast<std::int64_t>(pick(100'000)));
      case 2:
        return at(receipt_ + hour);
      case 3:
        return at(receipt_ - hour);
      case 4:
        return at(receipt_ - 50 * hour);
      case 5:
        return at(receipt_ - static_cast<std::int64_t>(pick(20'000)));
      case 6:
        return at(receipt_ + static_cast<std::int64_t>(pick(20'000)));
      default:
        return at(receipt_ - static_cast<std::int64_t>(pick(50)));
    }
  }

  std::mt19937 random_;
  std::int64_t receipt_ = 10 * hour;
  std::vector<DataValue> past_;
};

std::string words(const std::optional<Sample>& sample) {
  if (!sample) return "no news";
  return fmt::format("{} 0x{:08X} {}", sample->value, sample->quality.status_code,
                     to_unix_ms(sample->source_time));
}

/// The first difference between the cleaner and the oracle; empty when there is none.
std::string first_difference(std::uint32_t seed, int length) {
  const Plant plant = judged_plant();
  HeldValues held(plant);
  Oracle oracle(plant.points[power.value]);
  Stream stream(seed);
  for (int i = 0; i < length; ++i) {
    const Arrived now = stream.next();
    const std::string got = words(held.accept(power, now.value, now.received));
    const std::string wanted = words(oracle.live(now));
    if (got != wanted) return fmt::format("seed {} value {}: {} not {}", seed, i, got, wanted);
  }
  return "";
}

/// What must hold for every stream, whatever the rules are.
std::string broken_promise(std::uint32_t seed, int length) {
  const Plant plant = judged_plant();
  HeldValues held(plant);
  Stream stream(seed);
  std::uint64_t unstored = 0;
  Timestamp received{};
  for (int i = 0; i < length; ++i) {
    const Arrived now = stream.next();
    const LiveValue before = held.of(power);
    const auto sample = held.accept(power, now.value, now.received);
    const bool went_back = now.received < received;
    if (!sample) {
      ++unstored;
      if (!(held.of(power) == before)) return "no news changed the held value";
      continue;
    }
    received = now.received;
    const auto number = now.value.quality.is_bad() ? std::nullopt : to_number(now.value.value);
    const double kept = number && std::isfinite(*number) ? *number : before.value;
    if (!(sample->value == kept)) return "a number was made up";
    const bool in_range = sample->value >= 0 && sample->value <= 100;
    if (sample->quality.is_good() && !in_range) return "good out of range";
    if (!went_back && sample->source_time <= before.source_time) return "time did not rise";
    const Timestamp most =
        std::max<Timestamp>(now.received, before.source_time) + Milliseconds{10'000};
    if (sample->source_time > most) return "dated in the future";
    if (!(held.of(power) == LiveValue{sample->value, sample->quality, sample->source_time}))
      return "the newest sample is not held";
  }
  const auto& counts = held.counts();
  return counts.of(power, repeated) == unstored ? "" : "a value vanished uncounted";
}

std::string first_of(std::string (*check)(std::uint32_t, int), std::uint32_t seeds) {
  std::string found;
  for (std::uint32_t seed = 1; seed <= seeds && found.empty(); ++seed) found = check(seed, 2000);
  return found;
}

std::vector<std::string> samples_of(std::uint32_t seed) {
  const Plant plant = judged_plant();
  HeldValues held(plant);
  Stream stream(seed);
  std::vector<std::string> all;
  for (int i = 0; i < 2000; ++i) {
    const Arrived now = stream.next();
    all.push_back(words(held.accept(power, now.value, now.received)));
  }
  all.push_back(to_json(plant, held.counts()));
  return all;
}

TEST(CleanerProperty, random_streams_are_cleaned_as_the_plain_rules_say) {
  EXPECT_EQ(first_of(first_difference, 100), "");
}

TEST(CleanerProperty, no_stream_loses_or_invents_a_number) {
  EXPECT_EQ(first_of(broken_promise, 100), "");
}

TEST(CleanerProperty, the_same_stream_gives_the_same_samples_and_counts) {
  EXPECT_EQ(samples_of(7), samples_of(7));
  EXPECT_NE(samples_of(7), samples_of(8));
}

// ---- what the ledger gets to see

/// A meter that is reset after ten minutes, at 1 kW, a reading a second; as cleaned samples.
std::vector<Sample> readings_over_a_reset(Milliseconds clock_error) {
  const Plant plant = test_plant();
  HeldValues held(plant);
  std::vector<Sample> samples;
  for (std::int64_t s = 0; s < 1200; ++s) {
    const double kwh = (s < 600 ? 5000.0 + double(s) / 3600 : double(s - 600) / 3600);
    const DataValue value{kwh, quality::good, at(s * 1000) + clock_error};
    if (const auto sample = held.accept(energy, value, at(s * 1000 + 20)))
      samples.push_back(*sample);
  }
  return samples;
}

LedgerEntries ledger_of(const std::vector<Sample>& samples) {
  ledger::Ledger ledger(ledger::meters_of(test_plant()), {}, {});
  return ledger.on_batch(samples, std::vector{alive(-1000, 1'300'000)}, at(1'300'000));
}

std::vector<MeterEventKind> kinds_of(const LedgerEntries& entries) {
  std::vector<MeterEventKind> kinds;
  for (const MeterEvent& event : entries.events) kinds.push_back(event.kind);
  return kinds;
}

TEST(CleanerAndLedger, a_counter_fall_reaches_the_ledger_as_a_reset) {
  const auto samples = readings_over_a_reset({});

  EXPECT_EQ(samples.size(), 1200u);
  EXPECT_THAT(kinds_of(ledger_of(samples)), testing::Contains(MeterEventKind::reset));
}

TEST(CleanerAndLedger, so_does_one_of_a_meter_whose_clock_is_wrong) {
  const auto samples = readings_over_a_reset(std::chrono::days{-20'000});

  EXPECT_EQ(samples.size(), 1200u);
  EXPECT_THAT(kinds_of(ledger_of(samples)), testing::Contains(MeterEventKind::reset));
}

}  // namespace
}  // namespace wl::collector
