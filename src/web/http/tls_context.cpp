#include "web/http/tls_context.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <array>
#include <cstring>
#include <ctime>
#include <string_view>

namespace wl::web {
namespace {

constexpr std::string_view ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr std::array<unsigned char, 9> http_1_1{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

/// The first of OpenSSL's complaints, which is the cause of the others, and forgets them all.
std::string openssl_reason() {
  const unsigned long code = ERR_peek_error();
  ERR_clear_error();
  if (ERR_SYSTEM_ERROR(code)) return std::strerror(ERR_GET_REASON(code));
  const char* reason = ERR_reason_error_string(code);
  return reason == nullptr ? "unknown reason" : reason;
}

int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_length,
                    const unsigned char* offered, unsigned offered_length, void*) {
  unsigned char* chosen = nullptr;
  const int found = SSL_select_next_proto(&chosen, out_length, http_1_1.data(), http_1_1.size(),
                                          offered, offered_length);
  *out = chosen;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

/// A key with a passphrase would make OpenSSL ask at the terminal.
int no_passphrase(char*, int, int, void*) {
  return 0;
}

void set_rules(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, ciphers.data());
  SSL_CTX_set_options(
      context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  // An idle WebSocket keeps no 32 KiB of buffers.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  SSL_CTX_set_default_passwd_cb(context, no_passphrase);
}

std::int64_t seconds_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return 0;
  return ::timegm(&parts);
}

std::string day_of(std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  return fmt::format("{:04}-{:02}-{:02}", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
}

std::unexpected<Error> bad_file(std::string_view key, const std::filesystem::path& path,
                                const std::string& why) {
  return fail(Errc::invalid_argument, fmt::format("{}: {}: {}", key, path.string(), why));
}

/// The end of the certificate's validity, which must not have come.
Result<std::int64_t> check_validity(SSL_CTX* context, const TlsFiles& files) {
  const X509* certificate = SSL_CTX_get0_certificate(context);
  const std::int64_t from = seconds_of(X509_get0_notBefore(certificate));
  const std::int64_t until = seconds_of(X509_get0_notAfter(certificate));
  const std::int64_t now = std::time(nullptr);
  if (now >= until) {
    return bad_file("WEB_TLS_CERT", files.certificate,
                    fmt::format("the certificate expired on {}: renew it", day_of(until)));
  }
  if (now < from) {
    return bad_file(
        "WEB_TLS_CERT", files.certificate,
        fmt::format("the certificate is valid only from {}: is the clock right?", day_of(from)));
  }
  return until;
}

Result<void> use_files(SSL_CTX* context, const TlsFiles& files) {
  ERR_clear_error();
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1) {
    return bad_file("WEB_TLS_CERT", files.certificate,
                    openssl_reason() +
                        " (a PEM file is needed: the server's certificate, then "
                        "the intermediate ones)");
  }
  if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    return bad_file("WEB_TLS_KEY", files.key,
                    openssl_reason() +
                        " (a PEM file without passphrase is needed, readable for "
                        "this user, that belongs to WEB_TLS_CERT)");
  }
  return {};
}

void stamp_file(const std::filesystem::path& path, std::int64_t* stamp) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return;
  stamp[0] = found.st_mtim.tv_sec * 1'000'000'000 + found.st_mtim.tv_nsec;
  stamp[1] = found.st_size;
  stamp[2] = static_cast<std::int64_t>(found.st_ino);
}

}  // namespace

Result<TlsContext> TlsContext::load(TlsFiles files) {
  TlsContext loaded;
  loaded.stamp_ = stamp_of(files);
  loaded.context_.reset(SSL_CTX_new(TLS_server_method()));
  if (!loaded.context_) return fail(Errc::unavailable, "TLS: " + openssl_reason());
  set_rules(loaded.context_.get());
  if (auto used = use_files(loaded.context_.get(), files); !used) {
    return std::unexpected(used.error());
  }
  const auto until = check_validity(loaded.context_.get(), files);
  if (!until) return std::unexpected(until.error());
  loaded.valid_until_ = *until;
  loaded.files_ = std::move(files);
  return loaded;
}

TlsContext::Stamp TlsContext::stamp_of(const TlsFiles& files) {
  Stamp stamp{};
  stamp_file(files.certificate, stamp.data());
  stamp_file(files.key, stamp.data() + 3);
  return stamp;
}

TlsSession TlsContext::new_session() const {
  return TlsSession(SSL_new(context_.get()));
}

Result<bool> TlsContext::renew() {
  const Stamp now = stamp_of(files_);
  if (now == stamp_) return false;
  stamp_ = now;
  auto loaded = load(files_);
  if (!loaded) return std::unexpected(loaded.error());
  *this = std::move(*loaded);
  return true;
}

}  // namespace wl::web
