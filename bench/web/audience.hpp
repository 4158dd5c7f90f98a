// Many WebSocket clients of one web process, and when each line reached each of them.
#pragma once

#include <memory>
#include <vector>

#include "live_source.hpp"
#include "parts.hpp"
#include "websocket_client.hpp"

namespace wl::bench {

/// Times of arrival are those of the client's read, its own queue included.
class Audience {
 public:
  /// `source` tells when a line went out.
  Audience(Loop& loop, const LiveSource& source, const Site& site);

  /// Joins `clients`, at most `at_once` of them in their handshakes; throws when one is refused.
  void join(int clients, int at_once);
  void leave();
  /// Forgets what was counted so far.
  void clear();
  /// The last client reads no more (and its kernel takes little), or, later, joins anew.
  void stall_last();
  void wake_last();

  std::size_t joined() const;
  /// Milliseconds from the line to the client, of all clients but a stalled one.
  const std::vector<double>& ms() const { return ms_; }
  std::uint64_t lost() const { return lost_; }  ///< Connections that ended.
  std::uint64_t stalled_cut() const { return stalled_cut_; }

 private:
  std::unique_ptr<WebSocketClient> client(std::size_t number, int receive_buffer);
  void on_text(std::string_view text);
  void on_lost(std::size_t number);
  void replace_last(int receive_buffer);
  void stop_when_joined();

  Loop& loop_;
  const LiveSource& source_;
  const Site& site_;
  std::vector<std::unique_ptr<WebSocketClient>> clients_;
  std::vector<std::unique_ptr<WebSocketClient>> past_;  // The loop may still know them.
  bool stalled_ = false;
  std::uint64_t lost_ = 0;
  std::uint64_t stalled_cut_ = 0;
  std::vector<double> ms_;
};

}  // namespace wl::bench
