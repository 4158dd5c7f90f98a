#include "opcua/last_values.hpp"

namespace wl::opcua {

void LastValues::on_changes(const std::vector<ItemChange>& changes) {
  for (const ItemChange& change : changes) {
    values_[change.item] = change.value;
    is_told_[change.item] = true;
  }
}

std::vector<ItemChange> LastValues::take_untold() {
  std::vector<ItemChange> untold;
  for (std::uint32_t item = 0; item < values_.size(); ++item) {
    if (values_[item] && !is_told_[item]) untold.push_back({item, *values_[item], false});
  }
  is_told_.assign(is_told_.size(), true);
  return untold;
}

}  // namespace wl::opcua
