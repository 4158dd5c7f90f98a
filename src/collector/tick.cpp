#include "collector/tick.hpp"

namespace wl::collector {

void PointHealth::on_tick(const Tick& tick) {
  good_ = uncertain_ = bad_ = 0;
  for (const LiveValue& value : tick.values) {
    ++(value.quality.is_good() ? good_ : value.quality.is_uncertain() ? uncertain_ : bad_);
  }
}

}  // namespace wl::collector
