-- purpose: whether redo is applied as it arrives or when its log is complete (rule 26)
-- versions: 12.1+
-- binds: none
-- grants: select on v_$archive_dest_status
select recovery_mode
from v$archive_dest_status
where recovery_mode like 'MANAGED%'
