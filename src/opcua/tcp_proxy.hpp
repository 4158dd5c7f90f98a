// For tests: a TCP proxy on 127.0.0.1 whose line can be cut, stalled and reset.
#pragma once

#include <atomic>
#include <cstdint>
#include <list>
#include <thread>

namespace wl::opcua {

/// Owns one thread. Everything is closed by the destructor. What a test does to it takes effect
/// within a few milliseconds.
class TcpProxy {
 public:
  explicit TcpProxy(std::uint16_t target);
  ~TcpProxy();
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;

  std::uint16_t port() const { return port_; }

  /// Closes all connections and each new one at once.
  void cut() { mode_ = Mode::cut; }
  /// As cut(), but with RST instead of FIN.
  void reset() { mode_ = Mode::reset; }
  /// No byte goes through, in either direction; connections stay open and new ones are taken.
  void stall() { mode_ = Mode::stall; }
  /// Bytes from the client vanish while those of the server still arrive: half of the line is dead.
  void deafen() { mode_ = Mode::deaf; }
  /// The line is whole again; what stalled goes on, what vanished is lost.
  void restore() { mode_ = Mode::pass; }

  /// Connections taken since the start.
  int accepted() const { return accepted_; }

 private:
  enum class Mode { pass, stall, deaf, cut, reset };
  struct Pair {
    int client = -1;
    int server = -1;
    bool is_open = true;
  };

  void run();
  void accept_one();
  void serve(Pair& pair);
  bool forward(int from, int to, bool drop) const;
  void close_all(bool with_reset);
  static void close_pair(Pair& pair, bool with_reset);

  std::uint16_t target_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<Mode> mode_{Mode::pass};
  std::atomic<int> accepted_{0};
  std::atomic<bool> stopping_{false};
  std::list<Pair> pairs_;
  std::thread thread_;
};

}  // namespace wl::opcua
