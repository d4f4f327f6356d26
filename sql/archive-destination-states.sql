-- purpose: how each archive destination does: the guard looks at failures (rule 98)
-- versions: 12.1+
-- binds: none
-- grants: select on v_$archive_dest
select dest_id, status, target, destination, binding, reopen_secs, failure_count, fail_sequence, error
from v$archive_dest
where status <> 'INACTIVE'
order by dest_id
