// Which point each number in a spooled record means, also after plant.json was edited.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/plant.hpp"

namespace wl::collector {

/// The keys of all points in the order of their numbers. `id` names the list in records and in the
/// file that keeps it beside the spool; two lists with one id are the same.
class PointNames {
 public:
  explicit PointNames(const Plant& plant);
  /// `corrupt` when the text is not one of text().
  static Result<PointNames> from_text(std::string_view text);

  std::uint32_t id() const { return id_; }
  std::string text() const;  ///< A key a line.
  std::string file() const { return file_of(id_); }
  static std::string file_of(std::uint32_t id);  ///< `points-0a1b2c3d.wlspool-names`
  static std::optional<std::uint32_t> id_of_file(std::string_view name);

  /// For each number of this list the point of `plant` with that key; nothing when it has none.
  std::vector<std::optional<PointId>> in(const Plant& plant) const;

 private:
  explicit PointNames(std::vector<std::string> keys);

  std::vector<std::string> keys_;
  std::uint32_t id_;
};

}  // namespace wl::collector
