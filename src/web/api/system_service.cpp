#include "web/api/system_service.hpp"

#include "web/metrics/metrics_writer.hpp"

namespace wl::web {

SystemService::SystemService(SystemSurroundings surroundings, const Plant& plant,
                             const LiveHub& hub, StoreDesk& store, Clock clock,
                             std::function<WebFigures()> figures)
    : surroundings_(surroundings),
      cache_(surroundings.system, clock),
      system_api_(cache_),
      point_api_(plant, surroundings.tags, hub, store, clock),
      log_api_(surroundings.system),
      backup_api_(surroundings.backups, *surroundings.audit, clock),
      command_api_({plant, surroundings.commands}, surroundings.command_desks, *surroundings.audit,
                   clock),
      figures_(std::move(figures)) {}

std::vector<Route> SystemService::routes() {
  std::vector<Route> all{
      {"GET", "/metrics", Access::local_or_user, Scope::read,
       [this](Call call, Reply reply) { metrics(std::move(call), std::move(reply)); }}};
  for (auto& route : point_api_.routes()) all.push_back(std::move(route));
  for (auto& route : system_api_.routes()) all.push_back(std::move(route));
  for (auto& route : log_api_.routes()) all.push_back(std::move(route));
  for (auto& route : backup_api_.routes()) all.push_back(std::move(route));
  for (auto& route : command_api_.routes()) all.push_back(std::move(route));
  return all;
}

void SystemService::tick() {
  backup_api_.tick();
  command_api_.tick();
}

WebFigures SystemService::figures() const {
  WebFigures figures = figures_();
  figures.desks.emplace_back("system", surroundings_.system.waiting());
  figures.desks.emplace_back("backups", surroundings_.backups.waiting());
  figures.desks.emplace_back("commands", surroundings_.command_desks.usual.waiting());
  figures.desks.emplace_back("emergency", surroundings_.command_desks.emergency.waiting());
  if (surroundings_.audit_lost) figures.audit_lost = surroundings_.audit_lost();
  return figures;
}

void SystemService::metrics(Call, Reply reply) {
  cache_.get([this, reply = std::move(reply)](Result<SystemCache::Facts> facts) mutable {
    Response response;
    response.content_type = metrics_content_type;
    response.headers.emplace_back("Cache-Control", "no-store");
    response.body = metrics_text(figures(), facts ? facts->get() : nullptr);
    reply(std::move(response));
  });
}

}  // namespace wl::web
