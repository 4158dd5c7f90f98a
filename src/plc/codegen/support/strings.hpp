// The STRING functions that compiled programs call. Strings are bytes that end with NUL.
//
// Contract of all: `out` has room for capacity + 1 bytes and overlaps no input; longer results
// are cut silently, as IEC 61131-3 asks; positions count from 1; a position or length outside
// the string is clamped, never a fault. Nothing allocates or throws.
#pragma once

#include <cstdint>

namespace wl::plc::support {

void string_assign(char* out, std::uint32_t capacity, const char* text) noexcept;
std::int32_t string_compare(const char* left, const char* right) noexcept;
std::int32_t string_length(const char* text) noexcept;
void string_concat(char* out, std::uint32_t capacity, const char* left, const char* right) noexcept;
void string_left(char* out, std::uint32_t capacity, const char* text, std::int64_t length) noexcept;
void string_right(char* out, std::uint32_t capacity, const char* text,
                  std::int64_t length) noexcept;

/// A part of a string as MID, DELETE and REPLACE name it.
/// MID('abcd', 2, 3) = 'cd': `length` characters from `position` on.
void string_mid(char* out, std::uint32_t capacity, const char* text, std::int64_t length,
                std::int64_t position) noexcept;
/// INSERT('ad', 'bc', 1) = 'abcd': after character `position`; 0 means in front.
void string_insert(char* out, std::uint32_t capacity, const char* text, const char* inserted,
                   std::int64_t position) noexcept;
void string_delete(char* out, std::uint32_t capacity, const char* text, std::int64_t length,
                   std::int64_t position) noexcept;
/// REPLACE('abcd', 'X', 2, 2) = 'aXd'.
void string_replace(char* out, std::uint32_t capacity, const char* text, const char* replacement,
                    std::int64_t length, std::int64_t position) noexcept;
/// 1-based place of the first occurrence; 0 if there is none or `part` is empty.
std::int32_t string_find(const char* text, const char* part) noexcept;

}  // namespace wl::plc::support
