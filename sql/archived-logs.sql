-- purpose: the archived logs of this incarnation from an SCN on, at local destinations
-- versions: 12.1+
-- binds: resetlogs_scn, from_scn: decimal text
-- grants: select on v_$archived_log
select dest_id, thread# as thread_no, sequence# as sequence_no, resetlogs_id, to_char(resetlogs_change#) as resetlogs_scn,
       to_char(first_change#) as first_scn, to_char(next_change#) as next_scn, blocks, block_size, archived, deleted, status, name
from v$archived_log
where resetlogs_change# = to_number(:resetlogs_scn) and next_change# > to_number(:from_scn) and standby_dest = 'NO' and name is not null
order by thread#, sequence#, dest_id
