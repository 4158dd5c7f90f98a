// How far a value may be trusted: an OPC UA StatusCode, as IEC 62541-4 defines it.
#pragma once

#include <cstdint>
#include <string_view>

namespace wl {

/// The whole StatusCode is kept from the PLC to the database; only its severity decides.
struct Quality {
  std::uint32_t status_code = 0;

  constexpr bool is_good() const { return (status_code >> 30) == 0; }
  constexpr bool is_uncertain() const { return (status_code >> 30) == 1; }
  constexpr bool is_bad() const { return (status_code >> 30) >= 2; }

  /// `good`, `uncertain` or `bad`: the words of the API and of the database views.
  constexpr std::string_view word() const {
    return is_good() ? "good" : is_uncertain() ? "uncertain" : "bad";
  }

  bool operator==(const Quality&) const = default;
};

namespace quality {
inline constexpr Quality good{0x00000000};
inline constexpr Quality uncertain_last_usable{0x40900000};
inline constexpr Quality bad{0x80000000};
inline constexpr Quality bad_no_communication{0x80310000};
inline constexpr Quality bad_waiting_for_initial_data{0x80320000};
inline constexpr Quality bad_out_of_service{0x808D0000};
inline constexpr Quality bad_device_failure{0x808B0000};
inline constexpr Quality bad_configuration_error{0x80890000};
}  // namespace quality

}  // namespace wl
