#include "collector/oee/saved_state.hpp"

#include <span>
#include <utility>

#include "base/durable_file.hpp"

namespace wl::collector::oee {
namespace {

constexpr std::string_view magic = "WLOE";
constexpr char version = 1;
constexpr std::size_t crc_size = 4;

std::uint32_t crc_of(std::string_view bytes) {
  return crc32c(std::as_bytes(std::span(bytes.data(), bytes.size())));
}

/// Writes what transfer() below walks over: numbers in 7-bit groups, small ones of either sign
/// short.
class Writer {
 public:
  static constexpr bool writes = true;

  void operator()(std::int64_t value) {
    auto bits = (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
    for (; bits >= 0x80; bits >>= 7) bytes.push_back(static_cast<char>(bits | 0x80));
    bytes.push_back(static_cast<char>(bits));
  }
  std::string bytes;
};

/// Reads the same; past the end it gives zeros and remembers that it failed.
class Reader {
 public:
  static constexpr bool writes = false;

  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  void operator()(std::int64_t& value) {
    std::uint64_t bits = 0;
    unsigned shift = 0;
    for (bool more = true; more && shift < 64; shift += 7) {
      const unsigned char byte = next();
      bits |= std::uint64_t{byte & 0x7FU} << shift;
      more = byte >= 0x80;
    }
    value = static_cast<std::int64_t>((bits >> 1) ^ (0 - (bits & 1)));
  }
  /// Elements take at least one byte each, so a count beyond the rest is damage, not a big list.
  std::size_t count() {
    std::int64_t number = 0;
    (*this)(number);
    if (number >= 0 && std::cmp_less_equal(number, rest_.size()))
      return static_cast<std::size_t>(number);
    failed_ = true;
    return 0;
  }
  bool whole() const { return !failed_ && rest_.empty(); }

 private:
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
  bool failed_ = false;
};

/// One walk for both ways, so that they cannot differ: what it visits is const for the Writer.
template <class Way>
class Transfer {
 public:
  explicit Transfer(Way& way) : way_(way) {}

  template <class State>
  void state(State& state) {
    list(state.key, [this](auto& letter) { number(letter); });
    carry(state.carry);
    before_ = state.carry.from;
    codes(state.readings.states);
    codes(state.readings.products);
    pieces(state.readings.counts);
    pieces(state.readings.rejects);
    list(state.alive, [this](auto& span) {
      step(span.from);
      step(span.to);
    });
    list(state.given, [this](auto& quarter) {
      step(quarter.start);
      sums(quarter.sums);
    });
  }

 private:
  template <class T>
  void number(T& value) {
    if constexpr (Way::writes) {
      way_(static_cast<std::int64_t>(value));
    } else {
      std::int64_t read = 0;
      way_(read);
      value = static_cast<T>(read);
    }
  }

  template <class Time>
  void time(Time& at) {
    auto ms = to_unix_ms(at);
    number(ms);
    if constexpr (!Way::writes) at = from_unix_ms(ms);
  }

  /// The time since the one before: small in a list.
  template <class Time>
  void step(Time& at) {
    auto ms = (at - before_).count();
    number(ms);
    if constexpr (!Way::writes) at = before_ + Milliseconds{ms};
    before_ = at;
  }

  template <class List, class Each>
  void list(List& list, Each each) {
    if constexpr (Way::writes) {
      way_(static_cast<std::int64_t>(list.size()));
    } else {
      list.resize(way_.count());
    }
    for (auto& element : list) each(element);
  }

  template <class Value, class Each>
  void optional(Value& value, Each each) {
    bool present = value.has_value();
    number(present);
    if constexpr (!Way::writes) {
      if (present) value.emplace();
    }
    if (present) each(*value);
  }

  template <class Reading>
  void code(Reading& reading) {
    step(reading.at);
    number(reading.code);
    number(reading.usable);
  }
  template <class List>
  void codes(List& readings) {
    list(readings, [this](auto& reading) { code(reading); });
  }

  template <class List>
  void pieces(List& readings) {
    std::int64_t last = 0;
    list(readings, [&, this](auto& reading) {
      step(reading.at);
      auto rise = reading.value - last;
      number(rise);
      if constexpr (!Way::writes) reading.value = last + rise;
      last = reading.value;
    });
  }

  template <class Counter>
  void counter(Counter& counter) {
    const auto reading = [this](auto& one) {
      time(one.at);
      number(one.value);
    };
    optional(counter.last, reading);
    list(counter.held, reading);
    time(counter.mark);
    optional(counter.hole, [this](auto& at) { time(at); });
  }

  template <class Carried>
  void carry(Carried& carry) {
    time(carry.from);
    before_ = {};
    code(carry.state);
    before_ = {};
    code(carry.product);
    optional(carry.run, [this](auto& run) {
      time(run.start);
      number(run.whole_ms);
      list(run.code_ms, [this](auto& entry) {
        number(entry.first);
        number(entry.second);
      });
    });
    counter(carry.count);
    counter(carry.reject);
    time(carry.long_stop_end);
    time(carry.break_shift);
    number(carry.break_used_ms);
  }

  template <class Sums>
  void sums(Sums& sums) {
    number(sums.planned_ms);
    number(sums.running_ms);
    number(sums.minor_stop_ms);
    number(sums.breakdown_ms);
    number(sums.setup_ms);
    number(sums.idle_ms);
    number(sums.unknown_ms);
    number(sums.free_break_ms);
    number(sums.produced);
    number(sums.rejected);
    number(sums.rated_produced);
    number(sums.rated_rejected);
    number(sums.rated_startup_rejected);
    number(sums.ideal_produced_us);
    number(sums.ideal_good_us);
    number(sums.ideal_startup_us);
  }

  Way& way_;
  Timestamp before_{};
};

}  // namespace

std::string save(const AccountState& state) {
  Writer writer;
  writer.bytes = magic;
  writer.bytes.push_back(version);
  Transfer<Writer>(writer).state(state);
  const std::uint32_t crc = crc_of(writer.bytes);
  for (unsigned shift = 0; shift < 32; shift += 8)
    writer.bytes.push_back(static_cast<char>(crc >> shift));
  return std::move(writer.bytes);
}

Result<AccountState> restore(std::string_view bytes) {
  if (bytes.size() < magic.size() + 1 + crc_size || !bytes.starts_with(magic))
    return fail(Errc::corrupt, "this is no saved state of the OEE");
  std::uint32_t crc = 0;
  for (std::size_t i = 0; i < crc_size; ++i)
    crc |= std::uint32_t{static_cast<unsigned char>(bytes[bytes.size() - crc_size + i])} << (8 * i);
  bytes.remove_suffix(crc_size);
  if (crc != crc_of(bytes))
    return fail(Errc::corrupt, "the saved state of the OEE is damaged (CRC)");
  const char written_by = bytes[magic.size()];
  if (written_by < 1 || written_by > version)
    return fail(Errc::conflict, "the saved state of the OEE has format " +
                                    std::to_string(int{written_by}) + ", this program knows " +
                                    std::to_string(int{version}) +
                                    ": use the program that wrote it");
  Reader reader(bytes.substr(magic.size() + 1));
  AccountState state;
  Transfer<Reader>(reader).state(state);
  if (!reader.whole()) return fail(Errc::corrupt, "the saved state of the OEE has a wrong length");
  return state;
}

}  // namespace wl::collector::oee
