#include "tests/sim/trace.hpp"

#include <fmt/format.h>

namespace wl::sim {
namespace {
constexpr std::uint64_t prime = 1'099'511'628'211u;
}

bool Trace::write_to(const std::string& path) {
  file_.open(path);
  return file_.is_open();
}

void Trace::note(Milliseconds at, std::string_view what, std::uint64_t a, std::uint64_t b,
                 std::string_view text) {
  ++events_;
  mix(static_cast<std::uint64_t>(at.count()));
  mix(what);
  mix(a);
  mix(b);
  mix(text);
  if (file_.is_open())
    file_ << fmt::format("{:>12.3f} {:<28} {} {} {}\n", static_cast<double>(at.count()) / 1000,
                         what, a, b, text);
}

void Trace::mix(std::uint64_t number) {
  hash_ = (hash_ ^ number) * prime;
  hash_ ^= hash_ >> 29;
}

void Trace::mix(std::string_view text) {
  for (const char letter : text) hash_ = (hash_ ^ static_cast<unsigned char>(letter)) * prime;
}

}  // namespace wl::sim
