-- purpose: every archived log that the control file still knows, deleted ones too, with its age by the database's own clock
-- versions: 12.1+
-- binds: none
-- grants: select on v_$archived_log
select dest_id, thread# as thread_no, sequence# as sequence_no, resetlogs_id, to_char(first_change#) as first_scn,
       to_char(next_change#) as next_scn, blocks, block_size, archived, deleted, status, applied, standby_dest,
       to_char(round((sysdate - completion_time) * 86400)) as age_seconds, name
from v$archived_log
order by resetlogs_id, thread#, sequence#, dest_id
