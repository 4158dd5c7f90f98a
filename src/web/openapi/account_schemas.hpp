// Shapes of answers about accounts. Each stands in an operation or two, so they are no shared
// components.
#pragma once

#include <string_view>

namespace wl::web::openapi {

std::string_view done_schema();
std::string_view login_answer_schema();
std::string_view check_answer_schema();
std::string_view user_answer_schema();
std::string_view users_answer_schema();
std::string_view sessions_answer_schema();
std::string_view tokens_answer_schema();
std::string_view new_token_answer_schema();
std::string_view audit_answer_schema();

}  // namespace wl::web::openapi
