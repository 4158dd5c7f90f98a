// Internal to the server: takes an HTTP connection over when it becomes a WebSocket.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <functional>
#include <set>
#include <string>

#include "web/http/service.hpp"
#include "web/http/transport.hpp"

namespace wl::web {

/// What a WebSocket runs on; its lowest layer is a beast::tcp_stream.
using LiveStream = Transport;

/// What a WebSocket needs beside its connection.
struct LiveConnection {
  LiveStream stream;
  boost::beast::http::request<boost::beast::http::string_body> handshake;
  LiveAdmission admission;  ///< Under which it was let in.
  std::chrono::seconds idle;
};

/// Accepts the handshake, joins the service's hub and serves until the client or we close.
boost::asio::awaitable<void> serve_live(LiveConnection connection, Service& service);

}  // namespace wl::web
