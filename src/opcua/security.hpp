// How an OPC UA connection is protected (IEC 62541-2; policies of IEC 62541-7).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace wl::opcua {

enum class SecurityPolicy { none, basic256sha256, aes128_sha256_rsa_oaep, aes256_sha256_rsa_pss };
enum class SecurityMode { none, sign, sign_and_encrypt };

/// `None`, `Basic256Sha256`, `Aes128_Sha256_RsaOaep`, `Aes256_Sha256_RsaPss`, as .env spells them.
std::string security_policy_name(SecurityPolicy policy);
/// `http://opcfoundation.org/UA/SecurityPolicy#…`
std::string security_policy_uri(SecurityPolicy policy);
/// `None`, `Sign`, `SignAndEncrypt`.
std::string security_mode_name(SecurityMode mode);

/// What our client insists on: exactly this policy and mode, or no connection at all.
struct ClientSecurity {
  SecurityPolicy policy = SecurityPolicy::none;
  SecurityMode mode = SecurityMode::none;
  std::string username;  ///< Empty: anonymous.
  std::string password;
  std::filesystem::path pki_dir;  ///< `<data>/pki`; needed unless None and anonymous.
  std::string certificate_name;   ///< `collector`: own/collector.der.
  std::string application_uri = "urn:localhost:Wattline:Client";
  std::string application_name = "Wattline";

  /// A certificate of our own is used: for the channel, or to encrypt the password.
  bool needs_certificate() const { return policy != SecurityPolicy::none || !username.empty(); }
};

/// From the four keys of .env. Policy and mode are both None or both not.
Result<ClientSecurity> parse_client_security(const std::string& policy, const std::string& mode,
                                             const std::string& username,
                                             const std::string& password);

}  // namespace wl::opcua
