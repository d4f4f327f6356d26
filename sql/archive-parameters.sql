-- purpose: the parameters that say where redo logs are archived to, of every instance
-- versions: 12.1+
-- binds: none
-- grants: select on gv_$parameter
select to_char(inst_id) as instance_name, name, value
from gv$parameter
where (name like 'log_archive%' or name in ('archive_lag_target', 'db_recovery_file_dest', 'dg_broker_start', 'spfile')) and value is not null
order by name, inst_id
