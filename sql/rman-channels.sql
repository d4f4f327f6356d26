-- purpose: server processes of RMAN that work for scripts of umbra: one that was lost may go on
-- versions: 12.1+
-- binds: none
-- grants: select on gv_$session
select inst_id, sid, client_info
from gv$session
where client_info like 'rman channel=umbra%'
order by inst_id, sid
