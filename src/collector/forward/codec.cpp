#include "collector/forward/codec.hpp"

#include <bit>
#include <cstring>
#include <optional>

#include "collector/forward/alarm_codec.hpp"
#include "collector/forward/varint.hpp"
#include "storage/chunk/decimal_grid.hpp"

namespace wl::collector {
namespace {

using storage::chunk::Grid;

static_assert(std::endian::native == std::endian::little, "the format is copied byte by byte");

constexpr std::uint8_t version = 1;

// Flags of a sample. Bits 0 to 3: decimals 0 to 9, or whole_double.
constexpr std::uint8_t decimals_mask = 0x0F;
constexpr std::uint8_t whole_double = 0x0F;
constexpr std::uint8_t narrow_bit = 0x10;      ///< The decimal is rounded to float.
constexpr std::uint8_t quality_bit = 0x20;     ///< A status code follows; else good.
constexpr std::uint8_t same_time_bit = 0x40;   ///< As the sample before.
constexpr std::uint8_t next_point_bit = 0x80;  ///< One more than the sample before.
constexpr std::uint8_t most_decimals = storage::chunk::max_decimals;

struct Decimal {
  std::int64_t number;
  Grid grid;
};

/// What the first sample is a step from.
Sample before_all(Timestamp base) {
  Sample sample;
  sample.point = PointId{UINT32_MAX};
  sample.source_time = base;
  return sample;
}

/// The shortest decimal that gives the same bits: few numbers need more than three digits.
std::optional<Decimal> decimal_of(double value) {
  const bool is_float = static_cast<double>(static_cast<float>(value)) == value;
  for (std::uint8_t digits = 0; digits <= most_decimals; ++digits) {
    for (const bool narrow : {false, true}) {
      if (narrow && (!is_float || digits == 0)) continue;
      const Grid grid{digits, narrow};
      if (const auto number = storage::chunk::grid_number(value, grid))
        return Decimal{*number, grid};
    }
  }
  return std::nullopt;
}

void put_sample(std::string& out, const Sample& sample, const Sample& before) {
  const auto decimal = decimal_of(sample.value);
  std::uint8_t flags = decimal ? decimal->grid.decimals : whole_double;
  if (decimal && decimal->grid.narrow) flags |= narrow_bit;
  if (sample.quality != quality::good) flags |= quality_bit;
  if (sample.source_time == before.source_time) flags |= same_time_bit;
  const bool next = sample.point.value == before.point.value + 1;
  if (next) flags |= next_point_bit;
  out.push_back(static_cast<char>(flags));
  if (!next) put_varint(out, sample.point.value);
  if ((flags & same_time_bit) == 0) put_step(out, before.source_time, sample.source_time);
  if ((flags & quality_bit) != 0) put_fixed(out, sample.quality.status_code);
  if (decimal) {
    put_signed(out, decimal->number);
  } else {
    put_fixed(out, std::bit_cast<std::uint64_t>(sample.value));
  }
}

std::optional<double> take_value(Reader& in, std::uint8_t flags) {
  const std::uint8_t digits = flags & decimals_mask;
  if (digits == whole_double) return std::bit_cast<double>(in.fixed<std::uint64_t>());
  if (digits > most_decimals) return std::nullopt;
  return storage::chunk::grid_value(in.signed_number(), {digits, (flags & narrow_bit) != 0});
}

/// False: the bytes are not a sample.
bool take_sample(Reader& in, Sample& sample) {
  const auto flags = in.fixed<std::uint8_t>();
  // Wraps around: the first sample's neighbour is point 0.
  const std::uint64_t point = (flags & next_point_bit) != 0 ? sample.point.value + 1u : in.number();
  if (point > UINT32_MAX) return false;
  sample.point = PointId{static_cast<std::uint32_t>(point)};
  if ((flags & same_time_bit) == 0) sample.source_time = in.time_after(sample.source_time);
  sample.quality = {(flags & quality_bit) != 0 ? in.fixed<std::uint32_t>() : 0};
  const auto value = take_value(in, flags);
  sample.value = value.value_or(0);
  return value && !in.failed();
}

void put_interval(std::string& out, const LinkInterval& interval, Timestamp base) {
  put_step(out, base, interval.from);
  put_step(out, interval.from, interval.to);
  put_varint(out, interval.alive ? 1 : 0);
  put_text(out, interval.cause);
}

LinkInterval take_interval(Reader& in, Timestamp base) {
  LinkInterval interval;
  interval.from = in.time_after(base);
  interval.to = in.time_after(interval.from);
  interval.alive = in.number() == 1;
  interval.cause = in.text();
  return interval;
}

std::unexpected<Error> damaged() {
  return fail(Errc::corrupt, "a record of the spool is not one that this program writes");
}

}  // namespace

std::string encode_record(const Record& record, std::uint32_t points_id) {
  std::string out;
  out.reserve(32 + 8 * record.samples.size());
  out.push_back(static_cast<char>(version));
  put_fixed(out, points_id);
  const Timestamp base = !record.samples.empty()     ? record.samples.front().source_time
                         : !record.intervals.empty() ? record.intervals.front().from
                                                     : Timestamp{};
  put_step(out, Timestamp{}, base);
  put_varint(out, record.samples.size());
  put_varint(out, record.intervals.size());
  put_varint(out, record.alarms.size());
  put_varint(out, record.alarm_journal.size());
  Sample before = before_all(base);
  for (const Sample& sample : record.samples) {
    put_sample(out, sample, before);
    before = sample;
  }
  for (const LinkInterval& interval : record.intervals) put_interval(out, interval, base);
  for (const AlarmRow& row : record.alarms) put_alarm(out, row);
  for (const AlarmJournalRow& row : record.alarm_journal) put_journal(out, row);
  return out;
}

Result<DecodedRecord> decode_record(std::string_view bytes) {
  Reader in(bytes);
  if (in.fixed<std::uint8_t>() != version) return damaged();
  DecodedRecord decoded{.points_id = in.fixed<std::uint32_t>(), .record = {}};
  const Timestamp base = in.time_after(Timestamp{});
  const std::uint64_t samples = in.number();
  const std::uint64_t intervals = in.number();
  const std::uint64_t alarms = in.number();
  const std::uint64_t journal = in.number();
  // Two bytes at least for a sample, four for each of the others.
  const std::uint64_t most = bytes.size() / 4;
  if (in.failed() || samples > bytes.size() / 2) return damaged();
  if (intervals > most || alarms > most || journal > most) return damaged();
  Record& record = decoded.record;
  Sample sample = before_all(base);
  for (std::uint64_t i = 0; i < samples; ++i) {
    if (!take_sample(in, sample)) return damaged();
    record.samples.push_back(sample);
  }
  for (std::uint64_t i = 0; i < intervals && !in.failed(); ++i)
    record.intervals.push_back(take_interval(in, base));
  for (std::uint64_t i = 0; i < alarms && !in.failed(); ++i)
    record.alarms.push_back(take_alarm(in));
  for (std::uint64_t i = 0; i < journal && !in.failed(); ++i)
    record.alarm_journal.push_back(take_journal(in));
  if (in.failed() || !in.at_end()) return damaged();
  return decoded;
}

}  // namespace wl::collector
