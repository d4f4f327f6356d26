-- purpose: whether a session that sent BEGIN BACKUP is still there: then its statement may take effect yet (rule 40)
-- versions: 12.1+
-- binds: inst_id, sid, serial_no, logon_at: text
-- grants: select on gv_$session
select status
from gv$session
where inst_id = to_number(:inst_id) and sid = to_number(:sid) and serial# = to_number(:serial_no)
  and to_char(logon_time, 'YYYY-MM-DD"T"HH24:MI:SS') = :logon_at
