// Plays the collector's side of orders on run/live.sock, for tests.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>

#include "model/live_message.hpp"
#include "model/live_order.hpp"

namespace wl::web::testing {

/// A snapshot of a collector whose subscription is up.
LiveMessage nothing_yet();

/// Listens on <directory>/live.sock, sends a snapshot to everybody who connects, and answers each
/// order with what `answer` makes of it; nothing: it keeps silent. Owns a thread, on which `answer`
/// is called.
class OrderTaker {
 public:
  using Answer = std::function<std::optional<LiveAnswer>(const LiveOrder&)>;

  OrderTaker(const std::filesystem::path& directory, Answer answer,
             LiveMessage snapshot = nothing_yet());
  ~OrderTaker();
  OrderTaker(const OrderTaker&) = delete;
  OrderTaker& operator=(const OrderTaker&) = delete;

 private:
  void run();
  void welcome();
  /// False when the reader is gone.
  bool listen_to(int reader, std::string& heard);

  std::string path_;
  Answer answer_;
  LiveMessage snapshot_;
  int listener_;
  int stop_fd_;
  std::thread thread_;
  std::map<int, std::string> readers_;  ///< Descriptor, and what it sent so far.
};

}  // namespace wl::web::testing
