#include "opcua/pki.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/durable_file.hpp"
#include "opcua/temp_folder.hpp"

namespace wl::opcua {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* gateway_uri = "urn:localhost:Wattline:Gateway";

struct PkiTest : testing::Test {
  std::string made(const std::string& name) {
    const auto own = pki.own(name, gateway_uri, "Wattline Gateway");
    EXPECT_TRUE(own) << own.error().what;
    return own ? own->certificate : "";
  }
  TempFolder folder;
  Pki pki{folder.path()};
  TempFolder other_folder;
  Pki other{other_folder.path()};
};

TEST_F(PkiTest, a_certificate_is_made_once_for_the_application) {
  const std::string first = made("gateway");

  EXPECT_EQ(made("gateway"), first);
  const auto info = describe_certificate(first);
  ASSERT_TRUE(info);
  EXPECT_THAT(info->uris, ElementsAre(gateway_uri));
  EXPECT_THAT(info->subject, HasSubstr("CN=Wattline Gateway"));
  EXPECT_EQ(info->thumbprint.size(), 40u);
  EXPECT_NEAR(static_cast<double>(days_left(*info, wall_now())), 3'650, 2);
}

TEST_F(PkiTest, the_key_is_for_its_owner_only) {
  made("gateway");
  struct stat status {};

  ASSERT_EQ(stat((folder.path() / "own/gateway.key.der").c_str(), &status), 0);

  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(PkiTest, a_certificate_for_another_application_is_not_used_as_our_own) {
  made("gateway");

  const auto own = pki.own("gateway", "urn:other", "Other");

  ASSERT_FALSE(own);
  EXPECT_THAT(own.error().what, HasSubstr("belongs to 'urn:localhost:Wattline:Gateway'"));
  EXPECT_THAT(own.error().what, HasSubstr("remove "));
}

TEST_F(PkiTest, half_a_pair_is_named_and_not_made_anew) {
  made("gateway");
  std::filesystem::remove(folder.path() / "own/gateway.key.der");

  const auto own = pki.own("gateway", gateway_uri, "Wattline Gateway");

  ASSERT_FALSE(own);
  EXPECT_THAT(own.error().what, HasSubstr("gateway.key.der"));
}

TEST_F(PkiTest, an_unknown_certificate_is_put_aside_and_the_next_step_is_told) {
  const auto stranger = other.own("plc", "urn:plc", "Some PLC");
  ASSERT_TRUE(stranger);

  const auto verdict = pki.check(stranger->certificate, wall_now());

  EXPECT_EQ(verdict.fault, CertificateFault::untrusted);
  EXPECT_THAT(verdict.reason, HasSubstr("CN=Some PLC"));
  EXPECT_THAT(verdict.reason, HasSubstr("mv '" + folder.path().string() + "/rejected/Some_PLC-"));
  const auto begin = std::filesystem::directory_iterator(folder.path() / "rejected");
  EXPECT_EQ(read_file(begin->path()).value(), stranger->certificate);
}

TEST_F(PkiTest, what_was_moved_to_trusted_is_trusted_at_once) {
  const auto stranger = other.own("plc", "urn:plc", "Some PLC");
  ASSERT_TRUE(stranger);
  pki.check(stranger->certificate, wall_now());
  const auto rejected = std::filesystem::directory_iterator(folder.path() / "rejected")->path();

  std::filesystem::rename(rejected, folder.path() / "trusted" / rejected.filename());

  EXPECT_EQ(pki.check(stranger->certificate, wall_now()).fault, CertificateFault::none);
}

TEST_F(PkiTest, programs_of_one_installation_trust_each_other) {
  const std::string gateway = made("gateway");

  EXPECT_EQ(pki.check(gateway, wall_now()).fault, CertificateFault::none);
}

TEST_F(PkiTest, a_trusted_certificate_that_has_expired_is_refused_with_its_date) {
  const std::string gateway = made("gateway");

  const auto verdict = pki.check(gateway, wall_now() + std::chrono::days{4'000});

  EXPECT_EQ(verdict.fault, CertificateFault::expired);
  EXPECT_THAT(verdict.reason, HasSubstr("expired on 20"));
}

TEST_F(PkiTest, a_certificate_from_the_future_points_at_the_clocks) {
  const std::string gateway = made("gateway");

  const auto verdict = pki.check(gateway, wall_now() - std::chrono::days{400});

  EXPECT_EQ(verdict.fault, CertificateFault::not_yet_valid);
  EXPECT_THAT(verdict.reason, HasSubstr("check the clocks"));
}

TEST_F(PkiTest, what_is_no_certificate_is_refused) {
  EXPECT_EQ(pki.check("nonsense", wall_now()).fault, CertificateFault::unreadable);
  EXPECT_EQ(pki.check("", wall_now()).fault, CertificateFault::unreadable);
}

TEST_F(PkiTest, the_certificate_that_expires_first_is_found) {
  EXPECT_FALSE(pki.first_to_expire());
  made("gateway");

  const auto first = pki.first_to_expire();

  ASSERT_TRUE(first);
  EXPECT_EQ(first->file, folder.path() / "own/gateway.der");
  EXPECT_GT(days_left(first->info, wall_now()), 3'600);
}

TEST_F(PkiTest, the_uri_must_be_that_of_the_application) {
  const std::string gateway = made("gateway");

  EXPECT_EQ(pki.check_uri(gateway, gateway_uri).fault, CertificateFault::none);
  EXPECT_EQ(pki.check_uri(gateway, "urn:other").fault, CertificateFault::wrong_uri);
}

}  // namespace
}  // namespace wl::opcua
