// Certificates on disk: our own, those we trust, and those that were refused.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace wl::opcua {

/// What a person compares before trusting a certificate (X.509 v3; IEC 62541-6, 6.2.2).
struct CertificateInfo {
  std::string subject;     ///< `O=Wattline, CN=Wattline Gateway`
  std::string thumbprint;  ///< SHA-1 as 40 hex digits: what OPC UA tools show.
  Timestamp valid_from{};
  Timestamp valid_until{};
  std::vector<std::string> uris;  ///< Of the subjectAltName: the application it belongs to.
};

/// Of the first certificate in `der`. `corrupt` when it is none.
Result<CertificateInfo> describe_certificate(std::string_view der);

/// Whole days; negative when it has expired.
std::int64_t days_left(const CertificateInfo& certificate, Timestamp now);

struct OwnCertificate {
  std::string certificate;  ///< DER.
  std::string key;          ///< DER. A secret.
};

enum class CertificateFault { none, unreadable, not_yet_valid, expired, wrong_uri, untrusted };

struct CertificateVerdict {
  CertificateFault fault = CertificateFault::none;
  std::string reason;  ///< For people, with the next step. Empty when there is no fault.
};

/// The one that a person must renew first.
struct ExpiringCertificate {
  std::filesystem::path file;
  CertificateInfo info;
};

/// A folder with `own/`, `trusted/` and `rejected/`, each with DER files. Reads it anew each time:
/// who moves a file needs no restart. No locks; any thread.
///
/// Trusted are the certificates in trusted/ and those that one in trusted/ has signed (no
/// revocation lists), and those in own/: our gateway and our collector share one folder. At most
/// 500 files are read, and rejected/ takes at most 100.
class Pki {
 public:
  explicit Pki(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// own/<name>.der with own/<name>.key.der (mode 0600). Makes both when neither exists: RSA 2048,
  /// ten years, for `application_uri` and this host. Refuses what has expired or belongs to another
  /// URI; the error names the file and the next step.
  Result<OwnCertificate> own(const std::string& name, const std::string& application_uri,
                             const std::string& application_name) const;

  /// May we talk to the owner of this certificate? When it is only not trusted, it is put into
  /// rejected/ and the reason says which file to move where.
  CertificateVerdict check(std::string_view der, Timestamp now) const;
  /// Of own/ and trusted/, the certificate that expires first; nothing when there is none.
  std::optional<ExpiringCertificate> first_to_expire() const;
  /// Does it belong to this application?
  CertificateVerdict check_uri(std::string_view der, const std::string& application_uri) const;

 private:
  bool is_trusted(std::string_view der) const;
  std::string reject(std::string_view der, const CertificateInfo& info) const;

  std::filesystem::path folder_;
};

}  // namespace wl::opcua
