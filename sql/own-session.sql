-- purpose: which session this is, so that it can be told later whether it still works at a statement (rule 37)
-- versions: 12.1+
-- binds: none
-- grants: select on gv_$session
select inst_id, sid, serial# as serial_no, to_char(logon_time, 'YYYY-MM-DD"T"HH24:MI:SS') as logon_at
from gv$session
where inst_id = to_number(sys_context('USERENV', 'INSTANCE')) and sid = to_number(sys_context('USERENV', 'SID'))
