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
  PackerDesk packers(nothing_to_open<Packer>, nowhere, 1);
  SystemDesk system(nothing_to_open<SystemFiles>, nowhere, 1);
  BackupDesk backups(nothing_to_open<BackupKeeper>, nowhere, 1);
  CommandDesk commands(nothing_to_open<LineCommander>, nowhere, 1);
  const CommandTable takes{};
  const TagTable tags{};
  const Application application({}, {plant,
                                     site,
                                     accounts,
                                     passwords,
                                     store,
                                     alarms,
                                     orders,
                                     packers,
                                     [] { return Timestamp{}; },
                                     {system, backups, {commands, commands}, takes, tags, nullptr},
                                     {}});
  return openapi::openapi_document(version,
                                   openapi::described_calls(application.router().routes()));
}
