// HTTPS through the real server: what openssl's own client sees.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "web/testing/running_server.hpp"

namespace wl::web {
namespace {

using testing::Answer;
using ::testing::HasSubstr;
using testing::RunningServer;

std::string output_of(const std::string& command) {
  std::string output;
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  char chunk[4096];
  for (std::size_t got = 1; got > 0;) {
    got = std::fread(chunk, 1, sizeof chunk, pipe);
    output.append(chunk, got);
  }
  ::pclose(pipe);
  return output;
}

/// A folder with certificates made by openssl.
class Tls : public ::testing::Test {
 protected:
  Tls() {
    std::string name = (std::filesystem::temp_directory_path() / "wl-tls-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    make("first");
    make("second");
    use("first");
  }
  ~Tls() override { std::filesystem::remove_all(folder_); }

  void make(const std::string& name) const {
    output_of(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=" +
        name + " -keyout " + path(name + ".key") + " -out " + path(name + ".pem"));
  }
  /// Replaces the files in use, each by a rename, as certbot does.
  void use(const std::string& name) const {
    for (const std::string kind : {".pem", ".key"}) {
      std::filesystem::copy_file(path(name + kind), path("new"),
                                 std::filesystem::copy_options::overwrite_existing);
      std::filesystem::rename(path("new"), path("web" + kind));
    }
  }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  TlsFiles files() const { return {folder_ / "web.pem", folder_ / "web.key"}; }

  /// What `openssl s_client` prints when it asks for `target`.
  static std::string asked(const RunningServer& server, const std::string& options,
                           const std::string& target = "/healthz") {
    return output_of("printf 'GET " + target +
                     " HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n' | "
                     "timeout 10 openssl s_client -ign_eof -connect 127.0.0.1:" +
                     std::to_string(server.port()) + " " + options);
  }

  std::filesystem::path folder_;
};

TEST_F(Tls, answers_with_1_2_and_1_3_and_asks_browsers_to_stay_with_it) {
  const RunningServer server{{.tls = files()}};

  for (const std::string version : {"-tls1_2", "-tls1_3"}) {
    const std::string seen = asked(server, version);
    EXPECT_THAT(seen, HasSubstr("HTTP/1.1 200 OK")) << version;
    EXPECT_THAT(seen, HasSubstr("Strict-Transport-Security: max-age=31536000")) << version;
  }
}

TEST_F(Tls, refuses_older_versions_and_ciphers_without_forward_secrecy) {
  const RunningServer server{{.tls = files()}};

  for (const std::string weak :
       {"-tls1 -cipher ALL:@SECLEVEL=0", "-tls1_1 -cipher ALL:@SECLEVEL=0",
        "-tls1_2 -cipher AES128-GCM-SHA256", "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA"}) {
    const std::string seen = asked(server, weak);
    EXPECT_THAT(seen, ::testing::Not(HasSubstr("HTTP/1.1 200"))) << weak;
    EXPECT_THAT(seen, HasSubstr("alert")) << weak;
  }
}

TEST_F(Tls, tells_a_client_of_plain_http_to_use_https) {
  const RunningServer server{{.tls = files()}};

  const Answer answer = testing::request(server.port(), "GET /healthz");

  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, HasSubstr("use https://"));
}

TEST_F(Tls, takes_a_renewed_certificate_without_a_restart) {
  RunningServer server{{.tls = files()}};
  EXPECT_THAT(asked(server, ""), HasSubstr("CN = first"));

  use("second");
  server.renew_tls();

  EXPECT_THAT(asked(server, ""), HasSubstr("CN = second"));
}

TEST_F(Tls, keeps_the_old_certificate_when_the_new_one_is_no_good) {
  RunningServer server{{.tls = files()}};

  std::ofstream(path("web.pem")) << "half a file";
  server.renew_tls();

  EXPECT_THAT(asked(server, ""), HasSubstr("CN = first"));
}

TEST_F(Tls, names_the_file_and_what_is_wrong_with_it) {
  const auto mistake = [](const TlsFiles& files) {
    const auto loaded = TlsContext::load(files);
    return loaded ? "" : loaded.error().what;
  };
  output_of("openssl ec -aes128 -passout pass:secret -in " + path("first.key") + " -out " +
            path("locked.key"));

  EXPECT_THAT(mistake({path("gone.pem"), path("web.key")}),
              HasSubstr("WEB_TLS_CERT: " + path("gone.pem")));
  EXPECT_THAT(mistake({path("web.pem"), path("second.key")}),
              HasSubstr("WEB_TLS_KEY: " + path("second.key") + ": key values mismatch"));
  EXPECT_THAT(mistake({path("web.pem"), path("locked.key")}), HasSubstr("without passphrase"));
}

TEST_F(Tls, does_not_start_with_an_expired_certificate) {
  output_of("openssl req -new -key " + path("first.key") +
            " -subj /CN=old | openssl x509 -req -days -1 " + "-signkey " + path("first.key") +
            " -out " + path("old.pem"));

  const auto loaded = TlsContext::load({path("old.pem"), path("first.key")});

  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().what, HasSubstr("the certificate expired on"));
}

}  // namespace
}  // namespace wl::web
