#include "opcua/pki.hpp"

#include <fmt/format.h>
#include <mbedtls/sha1.h>
#include <mbedtls/x509_crt.h>
#include <open62541/plugin/create_certificate.h>
#include <unistd.h>

#include <array>
#include <cctype>

#include "base/durable_file.hpp"
#include "opcua/open62541_log.hpp"
#include "opcua/open62541_value.hpp"

namespace wl::opcua {
namespace {

constexpr std::uint64_t max_certificate_bytes = 64 << 10;
constexpr std::size_t max_files = 500;
constexpr std::size_t max_rejected = 100;
constexpr UA_UInt16 key_bits = 2'048;
constexpr UA_UInt16 valid_days = 3'650;

/// Owns a chain of parsed certificates.
class Chain {
 public:
  Chain() { mbedtls_x509_crt_init(&raw_); }
  ~Chain() { mbedtls_x509_crt_free(&raw_); }
  Chain(const Chain&) = delete;
  Chain& operator=(const Chain&) = delete;

  /// False when the first bytes are no certificate; what follows it is a chain of issuers.
  bool add(std::string_view der) {
    return mbedtls_x509_crt_parse_der(&raw_, reinterpret_cast<const unsigned char*>(der.data()),
                                      der.size()) == 0;
  }
  mbedtls_x509_crt* raw() { return &raw_; }

 private:
  mbedtls_x509_crt raw_;
};

Timestamp time_of(const mbedtls_x509_time& time) {
  using namespace std::chrono;
  const year_month_day day{year{time.year}, month{static_cast<unsigned>(time.mon)},
                           std::chrono::day{static_cast<unsigned>(time.day)}};
  return sys_days{day} + hours{time.hour} + minutes{time.min} + seconds{time.sec};
}

std::string day_of(Timestamp time) {
  return to_iso8601(time).substr(0, 10);
}

std::string thumbprint_of(const mbedtls_x509_crt& crt) {
  std::array<unsigned char, 20> digest{};
  mbedtls_sha1(crt.raw.p, crt.raw.len, digest.data());
  std::string text;
  for (const unsigned char byte : digest) text += fmt::format("{:02x}", byte);
  return text;
}

std::vector<std::string> uris_of(const mbedtls_x509_crt& crt) {
  std::vector<std::string> uris;
  for (const auto* each = &crt.subject_alt_names; each && each->buf.p; each = each->next) {
    mbedtls_x509_subject_alternative_name name;
    if (mbedtls_x509_parse_subject_alt_name(&each->buf, &name) != 0) continue;
    if (name.type == MBEDTLS_X509_SAN_UNIFORM_RESOURCE_IDENTIFIER) {
      const auto& text = name.san.unstructured_name;
      uris.emplace_back(reinterpret_cast<const char*>(text.p), text.len);
    }
    mbedtls_x509_free_subject_alt_name(&name);
  }
  return uris;
}

CertificateInfo info_of(const mbedtls_x509_crt& crt) {
  std::array<char, 512> subject{};
  mbedtls_x509_dn_gets(subject.data(), subject.size(), &crt.subject);
  return {subject.data(), thumbprint_of(crt), time_of(crt.valid_from), time_of(crt.valid_to),
          uris_of(crt)};
}

/// The certificates of a folder, up to the limit; nothing when there is no such folder.
std::vector<std::filesystem::path> certificates_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    const bool is_certificate = name.ends_with(".der") && !name.ends_with(".key.der");
    if (is_certificate && paths.size() < max_files) paths.push_back(entry.path());
  }
  return paths;
}

std::vector<std::string> contents_of(const std::filesystem::path& folder) {
  std::vector<std::string> contents;
  for (const auto& path : certificates_in(folder)) {
    if (auto text = read_file(path, max_certificate_bytes)) contents.push_back(std::move(*text));
  }
  return contents;
}

std::string host_name() {
  std::array<char, 256> name{};
  const bool has_name = gethostname(name.data(), name.size() - 1) == 0 && name[0] != 0;
  const std::string text = has_name ? name.data() : "localhost";
  return text.size() > 60 ? "localhost" : text;  // The library has room for 64 bytes a name.
}

std::string file_name_of(const CertificateInfo& info) {
  const auto common = info.subject.find("CN=");
  std::string name = common == std::string::npos ? info.subject : info.subject.substr(common + 3);
  for (char& letter : name) {
    if (std::isalnum(static_cast<unsigned char>(letter)) == 0) letter = '_';
  }
  return fmt::format("{}-{}.der", name.substr(0, 40), info.thumbprint.substr(0, 12));
}

Result<OwnCertificate> generate(const std::string& application_uri,
                                const std::string& application_name) {
  const std::string common_name = "CN=" + application_name;
  const std::string dns = "DNS:" + host_name();
  const std::string uri = "URI:" + application_uri;
  const std::array subject{ua_view("O=Wattline"), ua_view(common_name)};
  const std::array names{ua_view(dns), ua_view(uri)};
  UA_UInt16 bits = key_bits;
  UA_UInt16 days = valid_days;
  static char bits_key[] = "key-size-bits";
  static char days_key[] = "expires-in-days";
  std::array<UA_KeyValuePair, 2> pairs{};
  pairs[0].key = UA_QUALIFIEDNAME(0, bits_key);
  UA_Variant_setScalar(&pairs[0].value, &bits, &UA_TYPES[UA_TYPES_UINT16]);
  pairs[1].key = UA_QUALIFIEDNAME(0, days_key);
  UA_Variant_setScalar(&pairs[1].value, &days, &UA_TYPES[UA_TYPES_UINT16]);
  UA_KeyValueMap parameters{pairs.size(), pairs.data()};
  UaByteString key;
  UaByteString certificate;
  const UA_StatusCode status = UA_CreateCertificate(
      server_logger(), subject.data(), subject.size(), names.data(), names.size(),
      UA_CERTIFICATEFORMAT_DER, &parameters, key.get(), certificate.get());
  if (status != UA_STATUSCODE_GOOD) {
    return fail(Errc::unavailable,
                fmt::format("a certificate cannot be made: {}", status_name(status)));
  }
  return OwnCertificate{to_std(*certificate), to_std(*key)};
}

}  // namespace

Result<CertificateInfo> describe_certificate(std::string_view der) {
  Chain chain;
  if (!chain.add(der)) return fail(Errc::corrupt, "not an X.509 certificate in DER form");
  return info_of(*chain.raw());
}

std::int64_t days_left(const CertificateInfo& certificate, Timestamp now) {
  return std::chrono::floor<std::chrono::days>(certificate.valid_until - now).count();
}

Result<OwnCertificate> Pki::own(const std::string& name, const std::string& application_uri,
                                const std::string& application_name) const {
  const auto certificate_path = folder_ / "own" / (name + ".der");
  const auto key_path = folder_ / "own" / (name + ".key.der");
  auto certificate = read_file(certificate_path, max_certificate_bytes);
  auto key = read_file(key_path, max_certificate_bytes);
  const bool is_new = !certificate && !key && certificate.error().code == Errc::not_found;
  if (is_new) {
    auto made = generate(application_uri, application_name);
    if (!made) return std::unexpected(made.error());
    const auto folder = ensure_writable_directory(folder_ / "own");
    if (!folder) return std::unexpected(folder.error());
    const auto written = write_file(key_path, made->key, Durability::synced, 0600);
    if (!written) return std::unexpected(written.error());
    const auto public_part = write_file(certificate_path, made->certificate, Durability::synced);
    if (!public_part) return std::unexpected(public_part.error());
    return made;
  }
  if (!certificate) return std::unexpected(certificate.error());
  if (!key) return std::unexpected(key.error());
  const auto info = describe_certificate(*certificate);
  const std::string remedy =
      fmt::format("remove {} and {} and start again; the other side must then trust the new one",
                  certificate_path.string(), key_path.string());
  if (!info) {
    return fail(Errc::corrupt,
                fmt::format("{}: {}; {}", certificate_path.string(), info.error().what, remedy));
  }
  if (days_left(*info, wall_now()) < 0) {
    return fail(Errc::unavailable,
                fmt::format("our own certificate {} expired on {}; {}", certificate_path.string(),
                            day_of(info->valid_until), remedy));
  }
  const auto uri = check_uri(*certificate, application_uri);
  if (uri.fault != CertificateFault::none) {
    return fail(Errc::conflict,
                fmt::format("{}: {}; {}", certificate_path.string(), uri.reason, remedy));
  }
  return OwnCertificate{std::move(*certificate), std::move(*key)};
}

CertificateVerdict Pki::check(std::string_view der, Timestamp now) const {
  const auto info = describe_certificate(der);
  if (!info) return {CertificateFault::unreadable, "its certificate cannot be read"};
  const std::string who = fmt::format("its certificate '{}'", info->subject);
  if (now < info->valid_from) {
    return {CertificateFault::not_yet_valid,
            fmt::format("{} is valid from {} on; check the clocks of both machines", who,
                        day_of(info->valid_from))};
  }
  if (now > info->valid_until) {
    return {CertificateFault::expired,
            fmt::format("{} expired on {}; renew it there", who, day_of(info->valid_until))};
  }
  if (is_trusted(der)) return {};
  return {CertificateFault::untrusted, fmt::format("{} (SHA-1 {}) is not trusted; {}", who,
                                                   info->thumbprint, reject(der, *info))};
}

CertificateVerdict Pki::check_uri(std::string_view der, const std::string& application_uri) const {
  const auto info = describe_certificate(der);
  if (!info) return {CertificateFault::unreadable, "its certificate cannot be read"};
  for (const std::string& uri : info->uris) {
    if (uri == application_uri) return {};
  }
  return {CertificateFault::wrong_uri,
          fmt::format("its certificate '{}' belongs to '{}', not to the application '{}'",
                      info->subject, info->uris.empty() ? "no URI" : info->uris.front(),
                      application_uri)};
}

std::optional<ExpiringCertificate> Pki::first_to_expire() const {
  std::optional<ExpiringCertificate> first;
  for (const char* part : {"own", "trusted"}) {
    for (const auto& path : certificates_in(folder_ / part)) {
      const auto der = read_file(path, max_certificate_bytes);
      const auto info = describe_certificate(der ? *der : std::string{});
      if (!info || (first && first->info.valid_until <= info->valid_until)) continue;
      first = ExpiringCertificate{path, *info};
    }
  }
  return first;
}

bool Pki::is_trusted(std::string_view der) const {
  Chain trusted;
  bool has_trusted = false;
  for (const std::string& each : contents_of(folder_ / "own")) {
    if (each == der) return true;
  }
  for (const std::string& each : contents_of(folder_ / "trusted")) {
    if (each == der) return true;
    has_trusted = trusted.add(each) || has_trusted;
  }
  Chain asked;
  if (!has_trusted || !asked.add(der)) return false;
  std::uint32_t flags = 0;
  mbedtls_x509_crt_verify(asked.raw(), trusted.raw(), nullptr, nullptr, &flags, nullptr, nullptr);
  return (flags & ~std::uint32_t{MBEDTLS_X509_BADCERT_EXPIRED | MBEDTLS_X509_BADCERT_FUTURE}) == 0;
}

/// Returns the next step for a person.
std::string Pki::reject(std::string_view der, const CertificateInfo& info) const {
  const auto path = folder_ / "rejected" / file_name_of(info);
  const auto trusted = folder_ / "trusted";
  std::error_code error;
  std::filesystem::create_directories(trusted, error);
  std::filesystem::create_directories(path.parent_path(), error);
  if (!std::filesystem::exists(path, error)) {
    const auto begin = std::filesystem::directory_iterator(path.parent_path(), error);
    const auto files = static_cast<std::size_t>(std::distance(begin, {}));
    if (files >= max_rejected) {
      return fmt::format("{} is full: empty it and try again", path.parent_path().string());
    }
    if (const auto written = write_file(path, der, Durability::visible); !written) {
      return written.error().what;
    }
  }
  return fmt::format("to trust it: mv '{}' '{}/'", path.string(), trusted.string());
}

}  // namespace wl::opcua
