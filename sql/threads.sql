-- purpose: the redo threads: all enabled ones count (rule 96)
-- versions: 12.1+
-- binds: none
-- grants: select on v_$thread
select thread# as thread_no, status, enabled
from v$thread
order by thread#
