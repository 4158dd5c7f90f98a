// Asks a Pki for open62541 whether the other side's certificate may be used.
#pragma once

#include <open62541/plugin/pki.h>

#include <functional>
#include <optional>
#include <string>

#include "opcua/pki.hpp"

namespace wl::opcua {

/// Stays where it is and outlives the configuration that it was installed in. One thread.
class CertificateCheck {
 public:
  /// `on_refusal` is told each reason; it may be empty.
  CertificateCheck(Pki pki, std::function<void(const std::string&)> on_refusal)
      : pki_(std::move(pki)), on_refusal_(std::move(on_refusal)) {}
  CertificateCheck(const CertificateCheck&) = delete;
  CertificateCheck& operator=(const CertificateCheck&) = delete;

  /// Replaces what is there.
  void install(UA_CertificateVerification& into);

  /// The certificate that was accepted last: does it belong to this application?
  CertificateVerdict check_uri(const std::string& application_uri) const;

 private:
  static UA_StatusCode verify(const UA_CertificateVerification* self, const UA_ByteString* der);
  static UA_StatusCode verify_uri(const UA_CertificateVerification* self, const UA_ByteString* der,
                                  const UA_String* uri);
  UA_StatusCode status_of(const CertificateVerdict& verdict) const;

  Pki pki_;
  std::function<void(const std::string&)> on_refusal_;
  std::string accepted_;
};

}  // namespace wl::opcua
