#include "plc/codegen/support/entry_points.hpp"

#include <array>
#include <cmath>
#include <cstring>

#include "plc/codegen/support/conversions.hpp"
#include "plc/codegen/support/run_context.hpp"
#include "plc/codegen/support/strings.hpp"

namespace wl::plc::support {
namespace {

template <class Function>
EntryPoint entry(std::string_view name, Function* function) {
  return {name, reinterpret_cast<void*>(function)};
}

using Real = float(float);
using Lreal = double(double);
using Real2 = float(float, float);
using Lreal2 = double(double, double);
using Copy = void*(void*, const void*, std::size_t);

}  // namespace

std::span<const EntryPoint> entry_points() {
  // LLVM itself emits calls of the C functions for intrinsics that the CPU does not have.
  static const std::array table{
      entry("raise_fault", raise_fault),
      entry("string_assign", string_assign),
      entry("string_compare", string_compare),
      entry("string_length", string_length),
      entry("string_concat", string_concat),
      entry("string_left", string_left),
      entry("string_right", string_right),
      entry("string_mid", string_mid),
      entry("string_insert", string_insert),
      entry("string_delete", string_delete),
      entry("string_replace", string_replace),
      entry("string_find", string_find),
      entry("bool_to_string", bool_to_string),
      entry("signed_to_string", signed_to_string),
      entry("unsigned_to_string", unsigned_to_string),
      entry("real_to_string", real_to_string),
      entry("lreal_to_string", lreal_to_string),
      entry("time_to_string", time_to_string),
      entry("ltime_to_string", ltime_to_string),
      entry("string_to_bool", string_to_bool),
      entry("string_to_signed", string_to_signed),
      entry("string_to_unsigned", string_to_unsigned),
      entry("string_to_lreal", string_to_lreal),
      entry("string_to_duration", string_to_duration),
      entry("memcpy", static_cast<Copy*>(std::memcpy)),
      entry("memmove", static_cast<Copy*>(std::memmove)),
      entry("memset", static_cast<void* (*)(void*, int, std::size_t)>(std::memset)),
      entry("logf", static_cast<Real*>(std::log)),
      entry("log10f", static_cast<Real*>(std::log10)),
      entry("expf", static_cast<Real*>(std::exp)),
      entry("sinf", static_cast<Real*>(std::sin)),
      entry("cosf", static_cast<Real*>(std::cos)),
      entry("tanf", static_cast<Real*>(std::tan)),
      entry("asinf", static_cast<Real*>(std::asin)),
      entry("acosf", static_cast<Real*>(std::acos)),
      entry("atanf", static_cast<Real*>(std::atan)),
      entry("powf", static_cast<Real2*>(std::pow)),
      entry("log", static_cast<Lreal*>(std::log)),
      entry("log10", static_cast<Lreal*>(std::log10)),
      entry("exp", static_cast<Lreal*>(std::exp)),
      entry("sin", static_cast<Lreal*>(std::sin)),
      entry("cos", static_cast<Lreal*>(std::cos)),
      entry("tan", static_cast<Lreal*>(std::tan)),
      entry("asin", static_cast<Lreal*>(std::asin)),
      entry("acos", static_cast<Lreal*>(std::acos)),
      entry("atan", static_cast<Lreal*>(std::atan)),
      entry("pow", static_cast<Lreal2*>(std::pow)),
      entry("sincosf", ::sincosf),
      entry("sincos", ::sincos),
      entry("exp2f", static_cast<Real*>(std::exp2)),
      entry("exp2", static_cast<Lreal*>(std::exp2)),
      entry("exp10f", ::exp10f),
      entry("exp10", ::exp10),
      entry("ldexpf", static_cast<float (*)(float, int)>(std::ldexp)),
      entry("ldexp", static_cast<double (*)(double, int)>(std::ldexp)),
      entry("cbrtf", static_cast<Real*>(std::cbrt)),
      entry("cbrt", static_cast<Lreal*>(std::cbrt)),
      entry("sqrtf", static_cast<Real*>(std::sqrt)),
      entry("sqrt", static_cast<Lreal*>(std::sqrt)),
      entry("truncf", static_cast<Real*>(std::trunc)),
      entry("trunc", static_cast<Lreal*>(std::trunc)),
      entry("rintf", static_cast<Real*>(std::rint)),
      entry("rint", static_cast<Lreal*>(std::rint)),
  };
  return table;
}

}  // namespace wl::plc::support
