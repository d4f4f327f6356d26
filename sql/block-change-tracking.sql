-- purpose: the block change tracking file (rule 11)
-- versions: 12.1+
-- binds: none
-- grants: select on v_$block_change_tracking
select status, filename
from v$block_change_tracking
