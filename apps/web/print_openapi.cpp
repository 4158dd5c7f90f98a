#include "apps/web/print_openapi.hpp"

#include "web/application.hpp"
#include "web/openapi/document.hpp"

namespace {

using namespace wl;
using namespace wl::web;

template <class R>
Result<std::unique_ptr<R>> nothing_to_open() {
  return fail(Errc::unavailable, "only the description is printed");
}

}  // namespace

std::string openapi_text(const std::string& version) {
  const Plant plant{};
  const StaticSite site{};
  const PostToLoop nowhere = [](Task) {};
  AccountDesk accounts(nothing_to_open<storage::AccountStore>, nowhere, 1);
  PasswordDesk passwords(nothing_to_open<PasswordBench>, nowhere, 1);
  StoreDesk store(nothing_to_open<storage::Store>, nowhere, 1);
  AlarmDesk alarms(nothing_to_open<storage::AlarmStore>, nowhere, 1);
  OrderDesk orders(nothing_to_open<OrderClient>, nowhere, 1);
  const Application application(
      {}, {plant, site, accounts, passwords, store, alarms, orders, [] { return Timestamp{}; }});
  return openapi::openapi_document(version,
                                   openapi::described_calls(application.router().routes()));
}
