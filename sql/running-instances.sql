-- purpose: the instances that run, since when, and whether they let everybody in: saved before SHUTDOWN (rule 25)
-- versions: 12.1+
-- binds: none
-- grants: select on gv_$instance
select instance_name, version, status, logins, to_char(startup_time, 'YYYY-MM-DD"T"HH24:MI:SS') as started_at
from gv$instance
order by instance_number
