#include "opcua/certificate_check.hpp"

#include "base/log.hpp"
#include "opcua/open62541_value.hpp"

namespace wl::opcua {

void CertificateCheck::install(UA_CertificateVerification& into) {
  if (into.clear) into.clear(&into);
  into = {};
  into.context = this;
  into.verifyCertificate = &CertificateCheck::verify;
  into.verifyApplicationURI = &CertificateCheck::verify_uri;
}

CertificateVerdict CertificateCheck::check_uri(const std::string& application_uri) const {
  return pki_.check_uri(accepted_, application_uri);
}

UA_StatusCode CertificateCheck::verify(const UA_CertificateVerification* plugin,
                                       const UA_ByteString* der) {
  auto& self = *static_cast<CertificateCheck*>(plugin->context);
  try {
    const std::string text = to_std(*der);
    const CertificateVerdict verdict = self.pki_.check(text, wall_now());
    if (verdict.fault == CertificateFault::none) self.accepted_ = text;
    return self.status_of(verdict);
  } catch (const std::exception& error) {  // Must not pass through the library.
    spdlog::error("opcua: a certificate could not be checked: {}", error.what());
    return UA_STATUSCODE_BADINTERNALERROR;
  }
}

UA_StatusCode CertificateCheck::verify_uri(const UA_CertificateVerification* plugin,
                                           const UA_ByteString* der, const UA_String* uri) {
  auto& self = *static_cast<CertificateCheck*>(plugin->context);
  try {
    return self.status_of(self.pki_.check_uri(to_std(*der), to_std(*uri)));
  } catch (const std::exception& error) {
    spdlog::error("opcua: a certificate could not be checked: {}", error.what());
    return UA_STATUSCODE_BADINTERNALERROR;
  }
}

UA_StatusCode CertificateCheck::status_of(const CertificateVerdict& verdict) const {
  if (verdict.fault == CertificateFault::none) return UA_STATUSCODE_GOOD;
  if (on_refusal_) on_refusal_(verdict.reason);
  switch (verdict.fault) {
    case CertificateFault::not_yet_valid:
    case CertificateFault::expired:
      return UA_STATUSCODE_BADCERTIFICATETIMEINVALID;
    case CertificateFault::wrong_uri:
      return UA_STATUSCODE_BADCERTIFICATEURIINVALID;
    case CertificateFault::untrusted:
      return UA_STATUSCODE_BADCERTIFICATEUNTRUSTED;
    default:
      return UA_STATUSCODE_BADCERTIFICATEINVALID;
  }
}

}  // namespace wl::opcua
