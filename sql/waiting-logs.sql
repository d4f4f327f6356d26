-- purpose: the online logs, and which of them the archiver has not done with: too many stop the database (rule 99)
-- versions: 12.1+
-- binds: none
-- grants: select on v_$log
select thread# as thread_no, sequence# as sequence_no, to_char(first_change#) as first_scn, status, archived
from v$log
order by thread#, sequence#
