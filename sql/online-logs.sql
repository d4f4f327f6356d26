-- purpose: the online logs, their members, and which one is written: never copied (rule 8)
-- versions: 12.1+
-- binds: none
-- grants: select on v_$log, v_$logfile
select l.thread# as thread_no, l.group# as group_no, l.sequence# as sequence_no, to_char(l.bytes) as bytes, l.status, f.member
from v$log l join v$logfile f on f.group# = l.group#
order by l.thread#, l.group#, f.member
