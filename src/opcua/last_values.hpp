// The newest value of each item, to be told again when a subscription is taken back.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "opcua/subscriber.hpp"

namespace wl::opcua {

/// A subscription that lived on over another connection sends only what changes. Whoever was told
/// that the link is down needs the others again: their last value is still the present one. One
/// thread.
class LastValues {
 public:
  explicit LastValues(std::size_t items) : values_(items), is_told_(items, false) {}

  void on_changes(const std::vector<ItemChange>& changes);
  /// From now on nothing is told.
  void on_down() { is_told_.assign(is_told_.size(), false); }
  /// What has a value and was not told since on_down(); it is told by that.
  std::vector<ItemChange> take_untold();

 private:
  std::vector<std::optional<DataValue>> values_;
  std::vector<bool> is_told_;
};

}  // namespace wl::opcua
