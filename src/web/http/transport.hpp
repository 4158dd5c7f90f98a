// Internal to the server: one client's bytes, over TCP or over TLS on it.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <memory>

#include "web/http/tls_context.hpp"

namespace wl::web {

/// An Asio stream that decides at run time whether it encrypts, so that HTTP and WebSocket are
/// compiled once for both. Time-outs are those of tcp(). Its address is stable when it is moved.
class Transport {
 public:
  using Tcp = boost::beast::tcp_stream;
  using Tls = boost::asio::ssl::stream<Tcp&>;
  using executor_type = Tcp::executor_type;

  explicit Transport(boost::asio::ip::tcp::socket socket)
      : tcp_(std::make_unique<Tcp>(std::move(socket))) {}

  executor_type get_executor() { return tcp_->get_executor(); }
  /// Beast finds the lowest layer by this name.
  Tcp& next_layer() { return *tcp_; }
  const Tcp& next_layer() const { return *tcp_; }
  Tcp& tcp() { return *tcp_; }
  boost::asio::ip::tcp::socket& socket() { return tcp_->socket(); }
  /// Null: plain.
  Tls* tls() { return tls_.get(); }
  bool secure() const { return tls_ != nullptr; }
  /// False for one that was moved away, too.
  bool is_open() const { return tcp_ && tcp_->socket().is_open(); }

  /// From here on everything is TLS; the handshake is the caller's. Takes `session`.
  void encrypt(TlsSession session) { tls_ = std::make_unique<Tls>(*tcp_, session.release()); }
  void expires_after(std::chrono::steady_clock::duration limit) { tcp_->expires_after(limit); }
  void expires_never() { tcp_->expires_never(); }
  void cancel() { tcp_->cancel(); }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    if (tls_) return tls_->async_read_some(buffers, std::forward<Token>(token));
    return tcp_->async_read_some(buffers, std::forward<Token>(token));
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    if (tls_) return tls_->async_write_some(buffers, std::forward<Token>(token));
    return tcp_->async_write_some(buffers, std::forward<Token>(token));
  }

 private:
  std::unique_ptr<Tcp> tcp_;
  std::unique_ptr<Tls> tls_;  // Refers to *tcp_.
};

/// Beast's WebSocket finds these two by their names when it ends a connection.
inline void teardown(boost::beast::role_type role, Transport& transport,
                     boost::system::error_code& error) {
  if (auto* tls = transport.tls()) {
    boost::beast::teardown(role, *tls, error);
  } else {
    boost::beast::teardown(role, transport.tcp(), error);
  }
}

template <class Handler>
void async_teardown(boost::beast::role_type role, Transport& transport, Handler&& handler) {
  if (auto* tls = transport.tls()) {
    boost::beast::async_teardown(role, *tls, std::forward<Handler>(handler));
  } else {
    boost::beast::async_teardown(role, transport.tcp(), std::forward<Handler>(handler));
  }
}

}  // namespace wl::web
