-- purpose: who the database is, asked in one query so that no answer belongs to another moment (rule 1)
-- versions: 12.1+
-- binds: none
-- grants: select on v_$database, v_$database_incarnation
select d.dbid, d.name, d.db_unique_name, d.database_role, d.open_mode, d.log_mode, d.cdb, d.controlfile_type, d.force_logging, d.platform_name,
       to_char(d.resetlogs_change#) as resetlogs_scn, to_char(d.current_scn) as current_scn, i.resetlogs_id
from v$database d join v$database_incarnation i on i.resetlogs_change# = d.resetlogs_change# and i.status = 'CURRENT'
