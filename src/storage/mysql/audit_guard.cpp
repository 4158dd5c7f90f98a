#include "storage/mysql/audit_guard.hpp"

#include <mysqld_error.h>

#include "storage/mysql/connection.hpp"

namespace wl::storage::mysql {
namespace {

constexpr const char* triggers[] = {
    "CREATE TRIGGER IF NOT EXISTS audit_log_no_update BEFORE UPDATE ON audit_log FOR EACH ROW "
    "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the audit log is append-only'",
    "CREATE TRIGGER IF NOT EXISTS audit_log_no_delete BEFORE DELETE ON audit_log FOR EACH ROW "
    "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the audit log is append-only'"};

bool lacks_a_right(unsigned number) {
  return number == ER_TABLEACCESS_DENIED_ERROR || number == ER_SPECIFIC_ACCESS_DENIED_ERROR ||
         number == ER_BINLOG_CREATE_ROUTINE_NEED_SUPER;
}

}  // namespace

void guard_audit_log(Connection& connection) {
  for (const char* trigger : triggers) {
    try {
      connection.command(trigger);
    } catch (const ServerError& refusal) {
      if (!lacks_a_right(refusal.number())) throw;
    }
  }
}

}  // namespace wl::storage::mysql
