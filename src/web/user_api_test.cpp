// /api/users over real sockets: an administrator keeps the accounts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "web/testing/account_client.hpp"

namespace wl::web {
namespace {

using namespace std::chrono_literals;
using namespace wl::web::testing;
using ::testing::HasSubstr;
using ::testing::Not;

class Users : public ::testing::Test {
 protected:
  std::string path_of(const std::string& name) {
    return fmt::format("/api/users/{}", client.user_id(name));
  }
  Answer add(const std::string& name, const std::string& role = "user") {
    return client.send("POST", "/api/users",
                       fmt::format(R"({{"username":"{}","password":"long enough","role":"{}",)"
                                   R"("email":"a@plant.example"}})",
                                   name, role));
  }

  AccountClient client;
};

TEST_F(Users, are_added_shown_changed_and_removed) {
  const Answer added = add("anna");
  const std::string path = path_of("anna");

  EXPECT_EQ(added.status, 201);
  EXPECT_EQ(added.header("Location"), path);
  EXPECT_THAT(added.body,
              HasSubstr(R"("username":"anna","role":"user","email":"a@plant.example")"));
  EXPECT_EQ(login(client.server.port(), "anna", "long enough").status, 200);
  EXPECT_THAT(client.get("/api/users").body, HasSubstr(R"("total":3)"));
  const Answer changed = client.send("PUT", path, R"({"email":""})");
  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(changed.text("email"), "");
  EXPECT_EQ(client.send("DELETE", path).status, 200);
  EXPECT_EQ(client.get(path).status, 404);
  EXPECT_EQ(login(client.server.port(), "anna", "long enough").status, 401);
}

TEST_F(Users, never_show_a_password_or_its_hash) {
  const Answer added = add("anna");

  for (const std::string& body :
       {added.body, client.get("/api/users").body, client.get(path_of("anna")).body,
        client.send("PUT", path_of("anna"), R"({"password":"another good one"})").body}) {
    EXPECT_THAT(body, Not(HasSubstr("$2b$")));
    EXPECT_THAT(body, Not(HasSubstr("password_hash")));
    EXPECT_THAT(body, Not(HasSubstr("long enough")));
    EXPECT_THAT(body, Not(HasSubstr("another good one")));
  }
}

TEST_F(Users, are_for_administrators_only) {
  const SignedInClient user = sign_in(client.server.port(), "operator", "operator1");

  EXPECT_EQ(client.get("/api/users", user.cookie).status, 403);
  EXPECT_EQ(client.get(path_of("admin"), user.cookie).status, 403);
  EXPECT_EQ(client.send("PUT", path_of("operator"), R"({"role":"admin"})", user.all()).status, 403);
  EXPECT_EQ(client.send("POST", "/api/users", R"({"username":"x"})", user.all()).status, 403);
  EXPECT_EQ(client.send("DELETE", path_of("admin"), "", user.all()).status, 403);
  EXPECT_EQ(client.send("POST", path_of("admin") + "/unlock", "{}", user.all()).status, 403);
}

TEST_F(Users, take_no_member_that_is_not_theirs_to_set) {
  const auto refused = [this](const std::string& member) {
    const Answer answer =
        client.send("PUT", path_of("operator"), R"({"email":"a@b.example",)" + member + "}");
    return answer.status == 400 ? answer.text("message") : std::to_string(answer.status);
  };

  EXPECT_THAT(refused(R"("id":1)"), HasSubstr("id: is not a member"));
  EXPECT_THAT(refused(R"("password_hash":"$2b$12$x")"),
              HasSubstr("password_hash: is not a member"));
  EXPECT_THAT(refused(R"("failed_login_attempts":0)"), HasSubstr("failed_login_attempts"));
  EXPECT_THAT(refused(R"("locked_until":null)"), HasSubstr("locked_until"));
  EXPECT_THAT(refused(R"("Role":"admin")"), HasSubstr("Role"));
  EXPECT_THAT(refused(R"("role":"root")"), HasSubstr("admin or user"));
  EXPECT_THAT(refused(R"("role":["admin"])"), HasSubstr("role"));
  EXPECT_THAT(refused(R"("username":"other")"), HasSubstr("does not change"));
  EXPECT_EQ(client.server.accounts()->find_user("operator").value()->email, "");
}

TEST_F(Users, have_names_that_stand_safely_everywhere_and_are_taken_once) {
  const auto status = [this](const std::string& name) {
    return client
        .send("POST", "/api/users",
              R"({"password":"long enough","role":"user","username":")" + name + "\"}")
        .status;
  };

  EXPECT_EQ(status("张伟"), 201);
  EXPECT_EQ(status("OPERATOR"), 409);
  EXPECT_EQ(status("operator"), 409);
  EXPECT_EQ(status(""), 400);
  EXPECT_EQ(status("a b"), 400);
  EXPECT_EQ(status("=1+1"), 400);
  EXPECT_EQ(status("@SUM"), 400);
  EXPECT_EQ(status("<script>"), 400);
  EXPECT_EQ(status("a\\nb"), 400);
  EXPECT_EQ(status("a/token:b"), 400);
  EXPECT_EQ(status(std::string(65, 'a')), 400);
}

TEST_F(Users, have_passwords_by_the_rules) {
  const auto error = [this](const std::string& password) {
    return client
        .send("POST", "/api/users",
              R"({"username":"anna","role":"user","password":")" + password + "\"}")
        .text("error");
  };

  EXPECT_EQ(error("short"), "weak_password");
  EXPECT_EQ(error(std::string(73, 'a')), "weak_password");
  EXPECT_EQ(error(""), "weak_password");
}

TEST_F(Users, a_change_of_what_somebody_else_changed_meanwhile_is_refused) {
  const std::string path = path_of("operator");
  const std::string seen = client.get(path).header("ETag");
  client.send("PUT", path, R"({"email":"first@plant.example"})");
  const std::string late = client.admin.all() + "If-Match: " + seen + "\r\n";

  const Answer refused = client.send("PUT", path, R"({"role":"admin"})", late);

  EXPECT_EQ(refused.status, 412);
  EXPECT_EQ(client.send("DELETE", path, "", late).status, 412);
  EXPECT_EQ(client.get(path).text("role"), "user");
  EXPECT_EQ(client.get(path).text("email"), "first@plant.example");
}

TEST_F(Users, the_last_administrator_stays_one_and_nobody_removes_himself) {
  const std::string admin = path_of("admin");

  EXPECT_EQ(client.send("PUT", admin, R"({"role":"user"})").text("error"), "last_admin");
  EXPECT_EQ(client.send("DELETE", admin).text("error"), "not_oneself");
  add("second", "admin");
  const SignedInClient second = sign_in(client.server.port(), "second", "long enough");
  EXPECT_EQ(client.send("DELETE", path_of("second"), "", second.all()).text("error"),
            "not_oneself");
  EXPECT_EQ(client.send("DELETE", admin, "", second.all()).status, 200);
  EXPECT_EQ(client.get("/auth/check").status, 401);
  EXPECT_EQ(client.send("PUT", path_of("second"), R"({"role":"user"})", second.all()).status, 409);
}

TEST_F(Users, of_another_role_sign_in_again_and_their_live_view_closes) {
  const SignedInClient user = sign_in(client.server.port(), "operator", "operator1");
  Connection live(client.server.port());
  ASSERT_EQ(open_live(live, client.server.port(), user.cookie + own_origin(client.server.port())),
            101);
  live.receive_frame();

  EXPECT_EQ(client.send("PUT", path_of("operator"), R"({"role":"admin"})").status, 200);

  EXPECT_EQ(live.receive_frame(), "");
  EXPECT_EQ(client.get("/auth/check", user.cookie).status, 401);
  const SignedInClient again = sign_in(client.server.port(), "operator", "operator1");
  EXPECT_EQ(client.get("/api/users", again.cookie).status, 200);
}

TEST_F(Users, whose_password_an_administrator_sets_lose_sessions_and_tokens) {
  const SignedInClient user = sign_in(client.server.port(), "operator", "operator1");
  const std::string token =
      client.send("POST", "/api/tokens", R"({"name":"n","scopes":["read"]})", user.all())
          .text("secret");
  ASSERT_EQ(client.get("/api/devices", AccountClient::bearer(token)).status, 200);

  client.send("PUT", path_of("operator"), R"({"password":"set by the admin"})");

  EXPECT_EQ(client.get("/auth/check", user.cookie).status, 401);
  EXPECT_EQ(client.get("/api/devices", AccountClient::bearer(token)).status, 401);
  EXPECT_EQ(login(client.server.port(), "operator", "set by the admin").status, 200);
}

TEST_F(Users, do_not_set_their_own_password_without_the_current_one) {
  EXPECT_EQ(client.send("PUT", path_of("admin"), R"({"password":"taken over!"})").status, 400);
}

TEST_F(Users, that_are_locked_are_shown_and_unlocked) {
  for (int i = 0; i < 3; ++i) login(client.server.port(), "operator", "wrong");
  EXPECT_EQ(login(client.server.port(), "operator", "operator1").status, 403);
  EXPECT_TRUE(client.comes_to(200, path_of("operator"), client.admin.cookie));
  EXPECT_THAT(client.get(path_of("operator")).body, HasSubstr(R"("locked":true)"));

  const Answer unlocked = client.send("POST", path_of("operator") + "/unlock", "{}");

  EXPECT_EQ(unlocked.status, 200);
  EXPECT_THAT(unlocked.body, HasSubstr(R"("locked":false)"));
  EXPECT_EQ(login(client.server.port(), "operator", "operator1").status, 200);
}

TEST_F(Users, that_are_none_are_404) {
  EXPECT_EQ(client.get("/api/users/999").status, 404);
  EXPECT_EQ(client.get("/api/users/x").status, 404);
  EXPECT_EQ(client.send("PUT", "/api/users/999", R"({"email":""})").status, 404);
  EXPECT_EQ(client.send("DELETE", "/api/users/999").status, 404);
  EXPECT_EQ(client.send("POST", "/api/users/999/unlock", "{}").status, 404);
}

}  // namespace
}  // namespace wl::web
