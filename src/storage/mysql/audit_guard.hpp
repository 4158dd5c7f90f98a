// Triggers that let nobody change or remove an entry of the audit log.
#pragma once

namespace wl::storage::mysql {

class Connection;

/// Makes them where they are missing: each `init-db` does it, because a dump carries no triggers. A
/// server that does not let us (no right TRIGGER, or a binary log without
/// log_bin_trust_function_creators) is left as it is: `wattline audit verify` says so, and the
/// chain still shows every change.
void guard_audit_log(Connection& connection);

/// Gives 1 when they are there.
inline constexpr const char* audit_guard_query =
    "SELECT COUNT(*) = 2 FROM information_schema.TRIGGERS "
    "WHERE TRIGGER_SCHEMA = DATABASE() AND EVENT_OBJECT_TABLE = 'audit_log'";

}  // namespace wl::storage::mysql
