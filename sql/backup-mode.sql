-- purpose: which datafiles are in backup mode, and since which SCN (rules 36, 38, 40, 43)
-- versions: 12.1+
-- binds: none
-- grants: select on v_$backup
select file# as file_no, status, to_char(change#) as change_scn, to_char(time, 'YYYY-MM-DD"T"HH24:MI:SS') as begun_at
from v$backup
order by file#
