-- purpose: whether redo is applied to this standby (rule 26); the view of releases that have no v$dataguard_process
-- versions: 12.1+
-- binds: none
-- grants: select on v_$managed_standby
select process, status
from v$managed_standby
where process like 'MRP%'
