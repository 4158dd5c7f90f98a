// Conversions between STRING and the other elementary types, called by compiled programs.
//
// `out` has room for capacity + 1 bytes; longer texts are cut. Reading skips leading blanks and
// takes the longest prefix that is a value; without one the result is 0. Nothing throws.
#pragma once

#include <cstdint>

namespace wl::plc::support {

void bool_to_string(char* out, std::uint32_t capacity, bool value) noexcept;  ///< TRUE, FALSE
void signed_to_string(char* out, std::uint32_t capacity, std::int64_t value) noexcept;
void unsigned_to_string(char* out, std::uint32_t capacity, std::uint64_t value) noexcept;

/// The shortest text that reads back as the same number, always with a point or an exponent:
/// `3.0`, `0.1`, `1e+20`, `nan`, `-inf`.
void real_to_string(char* out, std::uint32_t capacity, float value) noexcept;
void lreal_to_string(char* out, std::uint32_t capacity, double value) noexcept;

/// `T#1h2m3s4ms` without the parts that are zero; `T#0ms`.
void time_to_string(char* out, std::uint32_t capacity, std::uint64_t milliseconds) noexcept;
/// `LTIME#1s2us3ns`, `LTIME#-1s`, likewise; `LTIME#0ns`.
void ltime_to_string(char* out, std::uint32_t capacity, std::int64_t nanoseconds) noexcept;

/// `TRUE` in any case, or `1`.
bool string_to_bool(const char* text) noexcept;
/// Decimal with sign; a fraction is cut. Saturates at the limits of the `bits` wide result.
std::int64_t string_to_signed(const char* text, std::uint32_t bits) noexcept;
std::uint64_t string_to_unsigned(const char* text, std::uint32_t bits) noexcept;
double string_to_lreal(const char* text) noexcept;
/// Nanoseconds of `T#1h2m3s4ms`, `TIME#…`, `LTIME#…` or the bare `1h2m`; 0 if it is none.
std::int64_t string_to_duration(const char* text) noexcept;

}  // namespace wl::plc::support
