// Functions that the language brings along and that native code does itself.
#pragma once

#include <cstdint>

namespace wl::plc::lang {

/// Argument and result types are exact: the checker has converted every argument. `R` stands for
/// the type of the call expression. Positions and lengths in strings are 1-based; a position or
/// length outside the string is cut to it, never a fault.
enum class Builtin : std::uint8_t {
  abs,   ///< R abs(R): integer (wraps at the minimum), REAL, LREAL.
  sqrt,  ///< R f(R), R REAL or LREAL; so are all up to atan. NaN outside the domain.
  ln,
  log,  ///< Base 10.
  exp,
  sin,
  cos,
  tan,
  asin,
  acos,
  atan,
  expt,   ///< R expt(R base, R exponent), R REAL or LREAL. Also the operator `**`.
  trunc,  ///< DINT or INT (R) of REAL or LREAL, towards zero, saturating; NaN gives 0.
  min,    ///< R min(R, R, …), 2 … 32 arguments; number, bit string, TIME, LTIME or STRING.
  max,
  limit,  ///< R limit(R low, R in, R high) = min(max(in, low), high).
  sel,    ///< R sel(BOOL g, R in0, R in1): g ? in1 : in0. Both are evaluated. R elementary.
  mux,    ///< R mux(LINT k, R in0, R in1, …): in[k]; k outside gives the last. R elementary.
  shl,    ///< R shl(R, LINT n), R integer or bit string; n < 0 counts as 0, n >= width gives 0.
  shr,    ///< Likewise; zeros come in for bit strings and unsigned, the sign for signed integers.
  rol,    ///< R rol(R, LINT n): n modulo the width.
  ror,
  len,      ///< INT len(STRING).
  left,     ///< R left(STRING, LINT n); R is a STRING with capacity, as all string results.
  right,    ///< R right(STRING, LINT n).
  mid,      ///< R mid(STRING, LINT length, LINT position).
  concat,   ///< R concat(STRING, STRING, …), 2 … 32 arguments, cut at the capacity of R.
  insert,   ///< R insert(STRING in1, STRING in2, LINT p): in2 after the p-th character of in1.
  delete_,  ///< R delete(STRING, LINT length, LINT position).
  replace,  ///< R replace(STRING in1, STRING in2, LINT length, LINT position).
  find,     ///< INT find(STRING in, STRING what): 1-based, 0 when not there.
  time,     ///< TIME(): milliseconds of the scan time, modulo 2^32.
  ltime,    ///< LTIME(): nanoseconds of the scan time. Constant during a scan.
  size_of,  ///< UDINT sizeof(place): bytes of the argument's type in memory; not evaluated.
};

}  // namespace wl::plc::lang
