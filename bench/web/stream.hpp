// A client's TCP connection, the ground of HTTP and WebSocket clients.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "loop.hpp"

namespace wl::bench {

struct Route {
  std::uint16_t port = 0;          ///< Of 127.0.0.1.
  std::string from = "127.0.0.1";  ///< Every 127.x.y.z is one of this machine's addresses.
  int receive_buffer = 0;          ///< Bytes; 0: as the system likes.
};

/// Never blocks, sends what it could not send when the socket takes it. It is not destroyed while
/// the loop runs.
class Stream : public Watched {
 public:
  Stream(Loop& loop, Route route) : loop_(loop), route_(std::move(route)) {}
  ~Stream() override { close(); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  /// Connects; what is sent meanwhile waits. Throws when the system has no socket left.
  void open();
  void close();
  bool is_open() const { return fd_ >= 0; }
  void send(std::string_view bytes);
  /// From now on nothing is read: the stalled client. on_end() still comes.
  void stop_reading() { reads_ = false; }
  const Route& route() const { return route_; }

  void on_ready() override;

 protected:
  /// Everything that came and was not taken yet; returns how much is taken now. May close().
  virtual std::size_t on_bytes(std::string_view received) = 0;
  /// The other end closed or broke off; is_open() is false already.
  virtual void on_end() = 0;

 private:
  enum class Input { drained, ended };
  Input read_all();
  bool write_rest();
  void take();

  Loop& loop_;
  Route route_;
  int fd_ = -1;
  std::uint64_t generation_ = 0;  ///< Which of its connections: on_bytes() may open another one.
  bool reads_ = true;
  bool connected_ = false;
  std::string in_;
  std::string out_;
};

}  // namespace wl::bench
