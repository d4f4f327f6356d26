-- purpose: the instances that run, one for each redo thread of a cluster
-- versions: 12.1+
-- binds: none
-- grants: select on gv_$instance
select instance_number, instance_name, host_name, version, edition, status, thread# as thread_no,
       to_char(startup_time, 'YYYY-MM-DD"T"HH24:MI:SS') as started_at
from gv$instance
order by instance_number
