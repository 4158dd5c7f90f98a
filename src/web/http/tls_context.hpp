// Certificate and key of the server, and what TLS it speaks. By OpenSSL; knows no sockets.
#pragma once

#include <openssl/ssl.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "base/result.hpp"

namespace wl::web {

struct SslDeleter {
  void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
  void operator()(SSL* session) const noexcept { SSL_free(session); }
};
using TlsSession = std::unique_ptr<SSL, SslDeleter>;

struct TlsFiles {
  std::filesystem::path certificate;  ///< PEM: the server's own first, then the intermediate ones.
  std::filesystem::path key;          ///< PEM, without a passphrase.
};

/// Makes the sessions of new connections: TLS 1.2 and 1.3, forward secrecy and AEAD ciphers only,
/// no renegotiation, no compression, ALPN http/1.1. One thread uses it.
class TlsContext {
 public:
  /// The error names the file, what is wrong with it and the key of .env: missing, not PEM,
  /// expired, not yet valid, key of another certificate, key behind a passphrase.
  static Result<TlsContext> load(TlsFiles files);

  /// For one connection. Null only without memory.
  TlsSession new_session() const;
  /// Reads the files again when one of them has changed. True: new connections get the new
  /// certificate. An error leaves the old one in use, and is given once for each change.
  Result<bool> renew();
  /// Until when the certificate is valid, seconds of Unix time.
  std::int64_t valid_until() const { return valid_until_; }

 private:
  using Context = std::unique_ptr<SSL_CTX, SslDeleter>;
  /// What tells a changed file: time of change, size and inode of both.
  using Stamp = std::array<std::int64_t, 6>;

  TlsContext() = default;
  static Stamp stamp_of(const TlsFiles& files);

  TlsFiles files_;
  Stamp stamp_{};
  Context context_;
  std::int64_t valid_until_ = 0;
};

}  // namespace wl::web
