// Which controllers are down, as far as their points tell.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "collector/now.hpp"
#include "collector/tick.hpp"
#include "model/plant.hpp"

namespace wl::collector {

/// A controller is what the gateway has a device for: the first two parts of a tag,
/// `CodeSys_Channel.ProductionLine_PLC`. Its signs of life are its points scan_count and
/// boot_count; it is down when
/// - all of them are bad (one without such points: when all of its points are), for a second; in
///   the first seconds of a link, when the gateway itself waits for its first values, three; or
/// - scan_count stands still although the gateway was heard 2 s after it last moved.
/// While the link is dead nothing is known: it stays what it was. Pure; the core's thread uses it.
class PlcWatch {
 public:
  struct Controller {
    std::string name;
    bool down = false;
    double silent_s = 0;  ///< Since its last sign of life; 0 when it is not down.
  };

  /// `plant` must outlive it.
  explicit PlcWatch(const Plant& plant);

  void on_tick(const Tick& tick);
  /// It was down before a restart, and is until it is seen to live.
  void restore_down(std::string_view name);

  const std::vector<Controller>& controllers() const { return controllers_; }
  /// Index into controllers(); nothing for a point without a tag.
  std::optional<std::size_t> controller_of(PointId point) const { return of_point_[point.value]; }

  static constexpr Milliseconds bad_patience{1000};
  static constexpr Milliseconds link_grace{3000};
  static constexpr Milliseconds longest_standstill{2000};

 private:
  struct Signs {
    std::vector<PointId> life;      ///< scan_count and boot_count, or every point.
    std::optional<PointId> counts;  ///< scan_count.
    std::optional<Milliseconds> bad_since;
    Timestamp last_source{};
    Milliseconds last_moved{};
    Milliseconds last_life{};  ///< The last tick at which it was not suspicious.
  };

  bool all_bad(const Signs& signs, const Tick& tick) const;
  bool stands_still(Signs& signs, const Tick& tick) const;
  void judge(std::size_t index, const Tick& tick);

  std::vector<Controller> controllers_;
  std::vector<Signs> signs_;  ///< Same index.
  std::vector<std::optional<std::size_t>> of_point_;
  bool was_alive_ = false;
  Milliseconds alive_since_{};
  Timestamp proven_at_{};
  Milliseconds last_proof_{};  ///< The tick at which a newer proof of life was seen.
};

}  // namespace wl::collector
