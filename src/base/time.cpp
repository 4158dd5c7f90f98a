#include "base/time.hpp"

#include <fmt/format.h>

#include <optional>

namespace wl {
namespace {

constexpr Timestamp first_instant{};
constexpr Timestamp end_of_time = std::chrono::sys_days{std::chrono::year{10'000} / 1 / 1};

/// Reads digits and separators from the front of a text; any mismatch sticks.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  /// Exactly `count` digits.
  int number(std::size_t count) {
    int value = 0;
    if (text_.size() < count) ok_ = false;
    for (std::size_t i = 0; ok_ && i < count; ++i) {
      if (text_[i] < '0' || text_[i] > '9') {
        ok_ = false;
      } else {
        value = value * 10 + (text_[i] - '0');
      }
    }
    if (ok_) text_.remove_prefix(count);
    return value;
  }

  /// True and consumed when the next character is one of `any`.
  bool take(std::string_view any) {
    if (text_.empty() || any.find(text_.front()) == std::string_view::npos) return false;
    text_.remove_prefix(1);
    return true;
  }

  void expect(std::string_view any) { ok_ = take(any) && ok_; }
  void fail() { ok_ = false; }
  char peek() const { return text_.empty() ? '\0' : text_.front(); }
  bool at_end() const { return text_.empty(); }
  bool ok() const { return ok_; }

 private:
  std::string_view text_;
  bool ok_ = true;
};

std::chrono::milliseconds read_fraction(Reader& reader) {
  int ms = 0;
  int digits = 0;
  while (reader.peek() >= '0' && reader.peek() <= '9' && digits < 9) {
    const int digit = reader.number(1);
    if (digits < 3) ms = ms * 10 + digit;
    ++digits;
  }
  for (int i = digits; i < 3; ++i) ms *= 10;
  if (digits == 0) reader.expect("0");
  return std::chrono::milliseconds{ms};
}

std::chrono::minutes read_zone(Reader& reader) {
  if (reader.at_end() || reader.take("Zz")) return {};
  const bool west = reader.peek() == '-';
  reader.expect("+-");
  const int hours = reader.number(2);
  reader.take(":");
  const int minutes = reader.at_end() ? 0 : reader.number(2);
  if (hours > 23 || minutes > 59) reader.fail();
  const std::chrono::minutes offset{hours * 60 + minutes};
  return west ? -offset : offset;
}

std::optional<std::chrono::milliseconds> read_time_of_day(Reader& reader) {
  const int hour = reader.number(2);
  reader.expect(":");
  const int minute = reader.number(2);
  int second = 0;
  std::chrono::milliseconds fraction{};
  if (reader.take(":")) {
    second = reader.number(2);
    if (reader.take(".,")) fraction = read_fraction(reader);
  }
  if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second} +
         fraction;
}

void put_digits(std::string& text, std::size_t at, std::size_t count, std::uint64_t number) {
  for (std::size_t i = count; i > 0; --i, number /= 10)
    text[at + i - 1] = static_cast<char>('0' + number % 10);
}

}  // namespace

Timestamp wall_now() {
  return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
}

std::string to_iso8601(Timestamp time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  if (int(date.year()) < 0 || int(date.year()) > 9999) {
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", int(date.year()),
                       unsigned(date.month()), unsigned(date.day()), clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count(),
                       clock.subseconds().count());
  }
  // A chart has thousands of them: digit by digit it takes a tenth of the time.
  std::string text = "0000-00-00T00:00:00.000Z";
  put_digits(text, 0, 4, std::uint64_t(int(date.year())));
  put_digits(text, 5, 2, unsigned(date.month()));
  put_digits(text, 8, 2, unsigned(date.day()));
  put_digits(text, 11, 2, std::uint64_t(clock.hours().count()));
  put_digits(text, 14, 2, std::uint64_t(clock.minutes().count()));
  put_digits(text, 17, 2, std::uint64_t(clock.seconds().count()));
  put_digits(text, 20, 3, std::uint64_t(clock.subseconds().count()));
  return text;
}

Result<Timestamp> parse_iso8601(std::string_view text) {
  const auto refuse = [&] {
    return fail(Errc::invalid_argument,
                fmt::format("not a time: '{}' (want 2026-01-31T08:00:00Z or ...+08:00)", text));
  };
  Reader reader{text};
  const int year = reader.number(4);
  reader.expect("-");
  const int month = reader.number(2);
  reader.expect("-");
  const int day = reader.number(2);
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{unsigned(month)},
                                         std::chrono::day{unsigned(day)}};
  if (!reader.ok() || !date.ok() || year < 1970) return refuse();
  Timestamp time = std::chrono::sys_days{date};
  if (reader.at_end()) return time;

  reader.expect("Tt ");
  const auto time_of_day = read_time_of_day(reader);
  if (!time_of_day) return refuse();
  const auto zone = read_zone(reader);
  if (!reader.ok() || !reader.at_end()) return refuse();
  time += *time_of_day - zone;
  // A zone can carry it over the edge, to where it could not be printed and read again.
  if (time < first_instant || time >= end_of_time) return refuse();
  return time;
}

}  // namespace wl
