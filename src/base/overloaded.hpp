// One function of several, for std::visit.
#pragma once

namespace wl {

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};

}  // namespace wl
