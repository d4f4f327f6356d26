-- purpose: whether redo is applied to this standby (rule 26)
-- versions: 12.2+
-- binds: none
-- grants: select on v_$dataguard_process
select name as process, action as status
from v$dataguard_process
where name like 'MRP%'
