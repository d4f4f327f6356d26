-- purpose: which instances do not write, and since when each of them runs (rule 72)
-- versions: 12.1+
-- binds: none
-- grants: select on gv_$instance
select instance_number, database_status, to_char(startup_time, 'YYYY-MM-DD"T"HH24:MI:SS') as started_at
from gv$instance
order by instance_number
