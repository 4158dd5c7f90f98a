#include "collector/ledger/saved_state.hpp"

#include <cstring>
#include <type_traits>

#include "base/durable_file.hpp"

namespace wl::collector::ledger {
namespace {

constexpr std::string_view magic = "WLEL";
constexpr std::uint32_t version = 1;
constexpr std::size_t head_size = 8;  ///< magic, version
constexpr std::size_t crc_size = 4;

std::uint32_t crc_of(std::string_view bytes) {
  return crc32c(std::as_bytes(std::span(bytes.data(), bytes.size())));
}

/// Writes what transfer() below walks over.
class Writer {
 public:
  template <class T>
    requires std::is_integral_v<T> || std::is_enum_v<T>
  void operator()(const T& value) {
    auto bits = static_cast<std::uint64_t>(value);
    for (std::size_t i = 0; i < sizeof(T); ++i, bits >>= 8)
      bytes.push_back(static_cast<char>(bits & 0xFF));
  }
  template <class List>
  void count(const List& list) {
    (*this)(static_cast<std::uint32_t>(list.size()));
  }
  std::string bytes;
};

/// Reads the same; past the end it gives zeros and remembers that it failed.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  template <class T>
    requires std::is_integral_v<T> || std::is_enum_v<T>
  void operator()(T& value) {
    std::uint64_t bits = 0;
    if (rest_.size() < sizeof(T)) {
      failed_ = true;
      rest_ = {};
    } else {
      for (std::size_t i = 0; i < sizeof(T); ++i)
        bits |= std::uint64_t{static_cast<unsigned char>(rest_[i])} << (8 * i);
      rest_.remove_prefix(sizeof(T));
    }
    value = static_cast<T>(bits);
  }
  /// Elements take at least one byte each, so a count beyond the rest is damage, not a big list.
  std::uint32_t count() {
    std::uint32_t number = 0;
    (*this)(number);
    if (number <= rest_.size()) return number;
    failed_ = true;
    return 0;
  }
  bool whole() const { return !failed_ && rest_.empty(); }

 private:
  std::string_view rest_;
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
  transfer_list(way, book.window, reading);
  transfer_sums(way, book.given);
  transfer_list(way, book.told, [&way](auto& event) {
    way(event.device.value);
    way(event.kind);
    transfer_time(way, event.at);
    way(event.before);
    way(event.after);
  });
}

template <class Way, class State>
void transfer(Way& way, State& state) {
  transfer_list(way, state.meters, [&way](auto& book) { transfer_book(way, book); });
  transfer_list(way, state.alive, [&way](auto& span) {
    transfer_time(way, span.from);
    transfer_time(way, span.to);
  });
}

}  // namespace

std::string save(const LedgerState& state) {
  Writer writer;
  writer.bytes = magic;
  writer(version);
  transfer(writer, state);
  writer(crc_of(writer.bytes));
  return std::move(writer.bytes);
}

Result<LedgerState> restore(std::string_view bytes) {
  if (bytes.size() < head_size + crc_size || !bytes.starts_with(magic))
    return fail(Errc::corrupt, "this is no saved state of the energy ledger");
  Reader tail(bytes.substr(bytes.size() - crc_size));
  std::uint32_t crc = 0;
  tail(crc);
  bytes.remove_suffix(crc_size);
  if (crc != crc_of(bytes))
    return fail(Errc::corrupt, "the saved state of the energy ledger is damaged (CRC)");
  Reader reader(bytes.substr(magic.size()));
  std::uint32_t written_by = 0;
  reader(written_by);
  if (written_by != version)
    return fail(Errc::conflict, "the saved state of the energy ledger has format " +
                                    std::to_string(written_by) + ", this program knows " +
                                    std::to_string(version) + ": use the program that wrote it");
  LedgerState state;
  transfer(reader, state);
  if (!reader.whole())
    return fail(Errc::corrupt, "the saved state of the energy ledger has a wrong length");
  return state;
}

}  // namespace wl::collector::ledger
