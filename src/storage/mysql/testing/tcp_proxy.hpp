// For tests: a network between a program and a server that fails on command.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace wl::storage::mysql {

/// What happens to the connections of a TcpProxy.
enum class Network {
  whole,
  silent,             ///< Takes connections and bytes, passes nothing on.
  cut_before_commit,  ///< The next COMMIT never arrives: the connection is cut instead. Then whole.
  cut_after_commit,   ///< The next COMMIT is done, its answer is lost with the connection. Then
                      ///< whole.
};

/// Listens on a port of 127.0.0.1 and passes bytes on to `server_port` there. One thread.
class TcpProxy {
 public:
  explicit TcpProxy(std::uint16_t server_port);
  ~TcpProxy();
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;

  std::uint16_t port() const { return port_; }
  void set(Network network) { network_ = network; }
  /// How many connections it cut.
  int cuts() const { return cuts_; }

 private:
  struct Pair {
    int client = -1;
    int server = -1;
    bool dying = false;  ///< Its COMMIT is on the way: cut when the answer comes.
  };

  void run();
  void take_connection();
  bool from_client(Pair& pair);  ///< False: the pair is over.
  bool from_server(Pair& pair);

  std::uint16_t server_port_;
  std::uint16_t port_ = 0;
  int listener_ = -1;
  int wake_[2] = {-1, -1};
  std::atomic<Network> network_{Network::whole};
  std::atomic<int> cuts_{0};
  std::vector<Pair> pairs_;  // Of the thread.
  std::thread thread_;
};

}  // namespace wl::storage::mysql
