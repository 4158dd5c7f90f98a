// For tests: what a Subscriber told, from any thread, with bounded waiting.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "opcua/subscriber.hpp"

namespace wl::opcua {

class Recorder {
 public:
  struct Seen {
    std::vector<Notification> notifications;
    std::vector<ItemChange> changes;
    std::vector<std::pair<LinkState, std::string>> links;
    std::vector<HistoryFill> fills;
    std::size_t alive = 0;
    std::vector<Quality> write_results;

    LinkState link() const { return links.empty() ? LinkState::connecting : links.back().first; }
    std::string reason() const { return links.empty() ? "" : links.back().second; }
    /// The newest change of `item`, or a default one.
    ItemChange last(std::uint32_t item) const;
    /// Every good number of `item` that came, by data or by history: each once, in order.
    std::vector<std::uint64_t> numbers(std::uint32_t item) const;
    /// The state of the newest fill that is complete; `more` when there is none.
    HistoryFill::State filled() const;
  };

  SubscriberEvents events();
  /// With on_history as well.
  SubscriberEvents events_with_history();
  WriteResult write_result();

  /// True as soon as `done` holds; false after `limit`.
  bool wait(const std::function<bool(const Seen&)>& done,
            std::chrono::milliseconds limit = std::chrono::milliseconds{10'000});
  bool wait_link(LinkState state,
                 std::chrono::milliseconds limit = std::chrono::milliseconds{10'000});
  Seen seen();

 private:
  void change(const std::function<void(Seen&)>& how);

  std::mutex mutex_;
  std::condition_variable changed_;
  Seen seen_;
};

}  // namespace wl::opcua
