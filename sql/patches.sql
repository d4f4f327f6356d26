-- purpose: the patches that SQL was run for: a copy is opened with the same ones (rule 11)
-- versions: 12.2+
-- binds: none
-- grants: select on dba_registry_sqlpatch
select patch_id, action, status, description
from dba_registry_sqlpatch
order by action_time, patch_id
