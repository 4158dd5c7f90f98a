#include "collector/ledger/saved_state.hpp"

#include <algorithm>
#include <cstring>
#include <type_traits>

#include "base/durable_file.hpp"

namespace wl::collector::ledger {
namespace {

constexpr std::string_view magic = "WLEL";
constexpr std::uint32_t fixed_width = 1;  ///< The first format: each number in full.
constexpr std::uint32_t differences = 2;  ///< Numbers in 7-bit groups, readings as differences.
constexpr std::uint32_t version = 3;      ///< Readings of one pace without their times.
constexpr std::size_t head_size = 8;      ///< magic, version
constexpr std::size_t crc_size = 4;

std::uint32_t crc_of(std::string_view bytes) {
  return crc32c(std::as_bytes(std::span(bytes.data(), bytes.size())));
}

void put_fixed(std::string& bytes, std::uint32_t bits) {
  for (std::size_t i = 0; i < sizeof bits; ++i, bits >>= 8)
    bytes.push_back(static_cast<char>(bits & 0xFF));
}

/// Small numbers of either sign become small ones.
template <class T>
std::uint64_t fold(T value) {
  if constexpr (!std::is_signed_v<T>) {
    return static_cast<std::uint64_t>(value);
  } else {
    const auto wide = static_cast<std::int64_t>(value);
    return (static_cast<std::uint64_t>(wide) << 1) ^ static_cast<std::uint64_t>(wide >> 63);
  }
}

template <class T>
T unfold(std::uint64_t bits) {
  if constexpr (!std::is_signed_v<T>) {
    return static_cast<T>(bits);
  } else {
    return static_cast<T>(static_cast<std::int64_t>((bits >> 1) ^ (0 - (bits & 1))));
  }
}

/// Writes what transfer() below walks over.
class Writer {
 public:
  template <class T>
    requires std::is_integral_v<T> || std::is_enum_v<T>
  void operator()(const T& value) {
    char groups[10];
    std::size_t count = 0;
    std::uint64_t bits = fold(value);
    for (; bits >= 0x80; bits >>= 7) groups[count++] = static_cast<char>(bits | 0x80);
    groups[count++] = static_cast<char>(bits);
    bytes.append(groups, count);
  }
  template <class List>
  void count(const List& list) {
    (*this)(static_cast<std::uint32_t>(list.size()));
  }
  static constexpr std::uint32_t format() { return version; }
  std::string bytes;
};

/// Reads the same; past the end it gives zeros and remembers that it failed.
class Reader {
 public:
  Reader(std::string_view bytes, std::uint32_t format) : rest_(bytes), format_(format) {}

  template <class T>
    requires std::is_integral_v<T> || std::is_enum_v<T>
  void operator()(T& value) {
    value = format_ == fixed_width ? static_cast<T>(fixed(sizeof(T))) : unfold<T>(groups());
  }
  /// Elements take at least one byte each, so a count beyond the rest is damage, not a big list.
  std::uint32_t count() {
    std::uint32_t number = 0;
    (*this)(number);
    if (number <= rest_.size()) return number;
    failed_ = true;
    return 0;
  }
  std::uint32_t format() const { return format_; }
  bool whole() const { return !failed_ && rest_.empty(); }

 private:
  std::uint64_t fixed(std::size_t width) {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < width; ++i) bits |= std::uint64_t{next()} << (8 * i);
    return bits;
  }
  std::uint64_t groups() {
    std::uint64_t bits = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const unsigned char byte = next();
      bits |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) return bits;
    }
    failed_ = true;
    return 0;
  }
  unsigned char next() {
    if (rest_.empty()) {
      failed_ = true;
      return 0;
    }
    const char byte = rest_.front();
    rest_.remove_prefix(1);
    return static_cast<unsigned char>(byte);
  }

  std::string_view rest_;
  std::uint32_t format_;
  bool failed_ = false;
};

template <class T>
inline constexpr bool writes = std::is_same_v<T, Writer>;

template <class Way, class Time>
void transfer_time(Way& way, Time& time) {
  std::int64_t ms = to_unix_ms(time);
  way(ms);
  if constexpr (!writes<Way>) time = from_unix_ms(ms);
}

template <class Way, class List, class Each>
void transfer_list(Way& way, List& list, Each each) {
  if constexpr (writes<Way>) {
    way.count(list);
  } else {
    list.resize(way.count());
  }
  for (auto& element : list) each(element);
}

template <class Way, class Value, class Each>
void transfer_optional(Way& way, Value& value, Each each) {
  bool present = value.has_value();
  way(present);
  if constexpr (!writes<Way>) {
    if (present) value.emplace();
  }
  if (present) each(*value);
}

template <class Way, class Sums>
void transfer_sums(Way& way, Sums& sums) {
  const auto transfer_sum = [&way](auto& sum) {
    way(sum.milli_wh);
    way(sum.covered_ms);
    way(sum.estimated);
    way(sum.uncertain);
  };
  if constexpr (writes<Way>) {
    way.count(sums);
    for (const auto& [start, sum] : sums) {
      transfer_time(way, start);
      transfer_sum(sum);
    }
  } else {
    for (std::uint32_t left = way.count(); left > 0; --left) {
      Timestamp start;
      transfer_time(way, start);
      transfer_sum(sums[start]);
    }
  }
}

/// Readings of a window, one after the other: what each adds to the one before. Of a counter that
/// is read each second, pace and rise are small numbers.
class Steps {
 public:
  explicit Steps(std::int64_t unit) : unit_(unit) {}

  bool keeps_pace(const Reading& next) const {
    return next.usable && next.at - before_.at == pace_;
  }
  std::int64_t rise(const Reading& next) const { return (next.value - before_.value) / unit_; }
  std::int64_t turn_and_usable(const Reading& next) const {
    return (next.at - before_.at - pace_).count() * 2 + (next.usable ? 0 : 1);
  }
  void go(const Reading& next) {
    pace_ = next.at - before_.at;
    before_ = next;
  }

  Reading next(std::int64_t turn_and_usable, std::int64_t rise) const {
    return {before_.at + pace_ + Milliseconds{turn_and_usable >> 1}, before_.value + rise * unit_,
            (turn_and_usable & 1) == 0};
  }

 private:
  std::int64_t unit_;
  Reading before_;
  Milliseconds pace_{};
};

constexpr std::int64_t watt_hour = 1000;  ///< What most counters rise by, in milli-Wh.

/// In turns: how many readings keep the pace, and their rises; one that does not, with its turn.
void write_window(Writer& way, const std::vector<Reading>& window) {
  const bool whole = std::ranges::all_of(
      window, [](const Reading& reading) { return reading.value % watt_hour == 0; });
  const std::int64_t unit = whole ? watt_hour : 1;
  way.count(window);
  way(unit);
  Steps steps(unit);
  for (auto at = window.begin(); at != window.end();) {
    auto end = at;
    for (Steps ahead = steps; end != window.end() && ahead.keeps_pace(*end); ++end) ahead.go(*end);
    way(static_cast<std::uint64_t>(end - at));
    for (; at != end; ++at) {
      way(steps.rise(*at));
      steps.go(*at);
    }
    if (at == window.end()) break;
    way(steps.turn_and_usable(*at));
    way(steps.rise(*at));
    steps.go(*at++);
  }
}

void read_window(Reader& way, std::vector<Reading>& window) {
  const std::uint32_t count = way.count();
  const bool with_runs = way.format() > differences;
  std::int64_t unit = 1;
  if (with_runs) way(unit);
  Steps steps(unit);
  const auto take = [&](std::int64_t turn_and_usable) {
    std::int64_t rise = 0;
    way(rise);
    window.push_back(steps.next(turn_and_usable, rise));
    steps.go(window.back());
  };
  window.reserve(count);
  while (window.size() < count) {
    std::uint64_t run = 0;
    if (with_runs) way(run);
    for (; run > 0 && window.size() < count; --run) take(0);
    if (window.size() == count) break;
    std::int64_t turn_and_usable = 0;
    way(turn_and_usable);
    take(turn_and_usable);
  }
}

/// One walk for both ways, so that they cannot differ: `Book` is const for the Writer.
template <class Way, class Book>
void transfer_book(Way& way, Book& book) {
  const auto time = [&way](auto& at) { transfer_time(way, at); };
  const auto reading = [&way](auto& value) {
    transfer_time(way, value.at);
    way(value.value);
    way(value.usable);
  };
  transfer_list(way, book.key, [&way](auto& letter) { way(letter); });
  way(book.source);
  transfer_optional(way, book.settled.mark, time);
  way(book.settled.usable);
  transfer_optional(way, book.settled.last, reading);
  transfer_list(way, book.settled.held, reading);
  transfer_optional(way, book.settled.hole, time);
  way(book.settled.remainder);
  transfer_sums(way, book.settled.buckets);
  if (way.format() == fixed_width) {
    transfer_list(way, book.window, reading);
  } else {
    if constexpr (writes<Way>) {
      write_window(way, book.window);
    } else {
      read_window(way, book.window);
    }
  }
  transfer_sums(way, book.given);
  transfer_list(way, book.told, [&way](auto& event) {
    way(event.device.value);
    way(event.kind);
    transfer_time(way, event.at);
    way(event.before);
    way(event.after);
    if (way.format() > fixed_width) way(event.revision);
  });
  if (way.format() == fixed_width) return;
  way(book.revision);
  way(book.ahead);
}

template <class Way, class Books, class Spans>
void transfer(Way& way, Books& books, Spans& alive) {
  transfer_list(way, books, [&way](auto& book) { transfer_book(way, book); });
  transfer_list(way, alive, [&way](auto& span) {
    transfer_time(way, span.from);
    transfer_time(way, span.to);
  });
}

std::string save(const std::vector<MeterBook>& books, const std::vector<Span>& alive) {
  Writer writer;
  writer.bytes = magic;
  put_fixed(writer.bytes, version);
  transfer(writer, books, alive);
  put_fixed(writer.bytes, crc_of(writer.bytes));
  return std::move(writer.bytes);
}

std::uint32_t fixed_at(std::string_view bytes, std::size_t place) {
  std::uint32_t number = 0;
  Reader reader(bytes.substr(place, sizeof number), fixed_width);
  reader(number);
  return number;
}

}  // namespace

std::string save(const LedgerState& state) {
  return save(state.meters, state.alive);
}

std::string save(const Ledger& ledger) {
  return save(ledger.books(), ledger.alive());
}

Result<LedgerState> restore(std::string_view bytes) {
  if (bytes.size() < head_size + crc_size || !bytes.starts_with(magic))
    return fail(Errc::corrupt, "this is no saved state of the energy ledger");
  const std::uint32_t crc = fixed_at(bytes, bytes.size() - crc_size);
  bytes.remove_suffix(crc_size);
  if (crc != crc_of(bytes))
    return fail(Errc::corrupt, "the saved state of the energy ledger is damaged (CRC)");
  const std::uint32_t written_by = fixed_at(bytes, magic.size());
  if (written_by < fixed_width || written_by > version)
    return fail(Errc::conflict, "the saved state of the energy ledger has format " +
                                    std::to_string(written_by) + ", this program knows " +
                                    std::to_string(version) + ": use the program that wrote it");
  Reader reader(bytes.substr(head_size), written_by);
  LedgerState state;
  transfer(reader, state.meters, state.alive);
  if (!reader.whole())
    return fail(Errc::corrupt, "the saved state of the energy ledger has a wrong length");
  return state;
}

}  // namespace wl::collector::ledger
