-- purpose: where redo logs are archived to, and whether that works (rule 98)
-- versions: 12.1+
-- binds: none
-- grants: select on v_$archive_dest
select dest_id, status, target, destination, binding, error
from v$archive_dest
where status <> 'INACTIVE'
order by dest_id
